"""What a member of staff is called and how they are reached, as the pages of the staff have it."""

from typing import Any

from wtforms import EmailField, HiddenField, StringField, TelField
from wtforms.validators import Email, InputRequired, Length, Optional, ValidationError

from desk.domain.phones import read_phone
from desk.domain.refusals import Refused
from desk.domain.staff import LONGEST_NAME, Contact
from desk.web.forms.base import Form
from desk.web.forms.fields import lazy, new_key, one_line
from desk.web.forms.kiosk import MAX_EMAIL, MAX_PHONE
from desk.wording import N_


class NameForm(Form):
    """What somebody is called."""

    key = HiddenField(default=new_key)
    name = StringField(
        lazy(N_("Name")),
        [
            InputRequired(lazy(N_("Enter the name."))),
            Length(max=LONGEST_NAME, message=lazy(N_("A name has at most %(max)d characters."))),
        ],
        filters=[one_line],
        render_kw={"autocomplete": "off"},
    )


class ContactForm(Form):
    """The e-mail address and the phone number of a member of staff; either may be empty."""

    email = EmailField(
        lazy(N_("E-mail address")),
        [
            Optional(),
            Length(max=MAX_EMAIL, message=lazy(N_("An e-mail address has at most %(max)d characters."))),
            Email(message=lazy(N_("Write the e-mail address like name@example.id."))),
        ],
        filters=[one_line],
    )
    phone = TelField(
        lazy(N_("Mobile phone number")),
        [Optional(), Length(max=MAX_PHONE, message=lazy(N_("A phone number has at most %(max)d characters.")))],
        filters=[one_line],
    )

    def validate_phone(self, field: Any) -> None:
        """Demand a number that a message could be sent to."""
        try:
            read_phone(field.data or "")
        except Refused as refused:
            words = N_("Write the number of a mobile phone like 0812 3456 7890, or one of another country with +.")
            raise ValidationError(lazy(words)) from refused

    @property
    def wanted(self) -> Contact:
        """What was typed."""
        return Contact(self.email.data or None, self.phone.data or None)
