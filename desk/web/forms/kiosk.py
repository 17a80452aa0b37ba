"""What a visitor says when taking a number, and the code of an earlier visit."""

from typing import Any

from flask_babel import gettext
from wtforms import BooleanField, EmailField, HiddenField, RadioField, SelectChoice, StringField, TelField
from wtforms.validators import Email, InputRequired, Length, Optional, ValidationError

from desk.domain.phones import read_phone
from desk.domain.refusals import Refused
from desk.web.context import desk
from desk.web.forms.base import Form
from desk.web.forms.fields import lazy, new_key, one_line
from desk.web.priority_words import priority_choices
from desk.wording import N_

NO_PRIORITY = ""
MAX_NAME = 120
MAX_EMAIL = 254
MAX_PHONE = 30
MAX_CODE = 400


class TakeForm(Form):
    """One number for one service, or for several of one visit; everything a person types is optional."""

    key = HiddenField(default=new_key)
    service = HiddenField()
    more = HiddenField()  # further services of the same visit, between commas
    channel = HiddenField()
    another = HiddenField()  # a second number with the same phone is wanted indeed
    priority = RadioField(
        lazy(N_("Do you have priority?")),
        [Optional()],
        default=NO_PRIORITY,
        invalid_choice_message=lazy(N_("Choose one of the reasons, or no priority.")),
        description=lazy(N_("The reason is recorded, and the supervisor sees how priority is used.")),
    )
    email = EmailField(
        lazy(N_("E-mail address")),
        [
            Optional(),
            Length(max=MAX_EMAIL, message=lazy(N_("An e-mail address has at most %(max)d characters."))),
            Email(message=lazy(N_("Write the e-mail address like name@example.id."))),
        ],
        filters=[one_line],
        description=lazy(N_("For one message after you have been served, with a few questions about the service.")),
    )
    phone = TelField(
        lazy(N_("Mobile phone number")),
        [Optional(), Length(max=MAX_PHONE, message=lazy(N_("A phone number has at most %(max)d characters.")))],
        filters=[one_line],
        description=lazy(N_("Instead of the e-mail address: one message to this number.")),
    )
    consent = BooleanField(lazy(N_("Yes, you may write to me about this visit")))
    name = StringField(
        lazy(N_("Name")),
        [Optional(), Length(max=MAX_NAME, message=lazy(N_("Use at most %(max)d characters for the name.")))],
        filters=[one_line],
        description=lazy(N_("Only the officers see it. It is never called out or shown on the display.")),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        """Make the form; nobody is asked for a number where no message can go to one."""
        super().__init__(*args, **more)
        self.priority.choices = [SelectChoice(NO_PRIORITY, gettext("No priority")), *priority_choices()]
        if not desk().settings.gateway.url:
            del self.phone

    def validate_phone(self, field: Any) -> None:
        """Keep the number in the one form that is sent to."""
        if not field.data:
            return
        try:
            field.data = read_phone(field.data)
        except Refused as refused:
            words = N_("Write the number of a mobile phone like 0812 3456 7890, or one of another country with +.")
            raise ValidationError(lazy(words)) from refused

    def validate_consent(self, field: Any) -> None:
        """Demand both or neither: an address without consent could not be used, consent alone says nothing."""
        given, faulty = any(each.data for each in self.ways), any(each.errors for each in self.ways)
        if given and not field.data and len(self.ways) > 1:
            raise ValidationError(lazy(N_("Tick this so that we may write to you, or leave address and number empty.")))
        if given and not field.data:
            raise ValidationError(lazy(N_("Tick this so that we may write to you, or leave the e-mail address empty.")))
        if field.data and not given and not faulty:
            raise ValidationError(lazy(N_("Write your e-mail address too, or take this tick away.")))

    @property
    def ways(self) -> tuple[Any, ...]:
        """The fields of how a person can be written to."""
        return (self.email, self.phone) if "phone" in self else (self.email,)

    @property
    def typed_phone(self) -> str | None:
        """The number that was given."""
        return self.phone.data or None if "phone" in self else None

    @property
    def says_contact(self) -> bool:
        """Whether the part about e-mail holds something that the person must see."""
        return any(each.data or each.errors for each in (*self.ways, self.consent, self.name))

    @property
    def priority_offered(self) -> list[tuple[str, str]]:
        """The reasons that can be chosen, as the visitor reads them."""
        return [(str(each.value), str(each.label)) for each in self.priority.choices if each.value != NO_PRIORITY]

    @property
    def priority_reason(self) -> str | None:
        """The code of the chosen reason for priority."""
        return self.priority.data or None


class ReturnForm(Form):
    """The code of an earlier visit, typed, or scanned as the whole address."""

    key = HiddenField(default=new_key)
    code = StringField(
        lazy(N_("Code of your earlier visit")),
        [
            InputRequired(lazy(N_("Scan the code of your earlier ticket, or type it."))),
            Length(max=MAX_CODE, message=lazy(N_("This is not a code of ours. Scan the ticket once more."))),
        ],
        filters=[one_line],
        description=lazy(N_("Hold the QR code of your earlier ticket under the scanner, or type the code below it.")),
    )

    @property
    def token(self) -> str:
        """The token in what was typed: all of it, or what stands after /v/ in an address."""
        typed = (self.code.data or "").split("?")[0].split("#")[0].rstrip("/")
        return "".join(typed.rpartition("/v/")[2].replace("-", "").split())
