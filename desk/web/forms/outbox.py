"""The right address of a message that did not arrive, and why it is right."""

from typing import Any

from wtforms import EmailField, HiddenField, RadioField, TelField
from wtforms.validators import DataRequired, Email, Length, ValidationError

from desk.domain.phones import read_phone
from desk.domain.redirecting import Correction
from desk.domain.refusals import Refused
from desk.operations.delivering import LONGEST_EMAIL
from desk.web.forms.base import Form
from desk.web.forms.fields import choices, lazy, new_key, one_line
from desk.web.forms.kiosk import MAX_PHONE
from desk.wording import N_
from desk.wording.answers import CORRECTIONS

WRITE = N_("Write the right address.")


class AddressForm(Form):
    """What both kinds of address have in common."""

    key = HiddenField(default=new_key)
    address: Any = None
    reason = RadioField(
        lazy(N_("Why is this address right?")),
        [DataRequired(lazy(N_("Choose why this address is right.")))],
        choices=choices(CORRECTIONS),
        default=Correction.MISTYPED.value,
        invalid_choice_message=lazy(N_("Choose why this address is right.")),
    )


class EmailAddressForm(AddressForm):
    """For a message by e-mail."""

    address = EmailField(
        lazy(N_("Right e-mail address")),
        [
            DataRequired(lazy(WRITE)),
            Length(max=LONGEST_EMAIL, message=lazy(N_("An e-mail address has at most %(max)d characters."))),
            Email(message=lazy(N_("Write the e-mail address like name@example.id."))),
        ],
        filters=[one_line],
    )


class PhoneNumberForm(AddressForm):
    """For a message to a phone."""

    address = TelField(
        lazy(N_("Right phone number")),
        [
            DataRequired(lazy(WRITE)),
            Length(max=MAX_PHONE, message=lazy(N_("A phone number has at most %(max)d characters."))),
        ],
        filters=[one_line],
    )

    def validate_address(self, field: Any) -> None:
        """Demand a number that can be sent to."""
        try:
            read_phone(field.data)
        except Refused as refused:
            words = N_("Write the number of a mobile phone like 0812 3456 7890, or one of another country with +.")
            raise ValidationError(lazy(words)) from refused


def address_form(channel: str) -> AddressForm:
    """Return the form for an address of this kind."""
    return EmailAddressForm() if channel == "email" else PhoneNumberForm()
