"""What an officer at the reception enters for a visitor, and how an earlier visit is looked up."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from wtforms import BooleanField, DateField, RadioField, SelectChoice, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from desk.web.forms.base import Form
from desk.web.forms.counter import whole_number
from desk.web.forms.fields import lazy, one_line
from desk.web.forms.kiosk import TakeForm
from desk.wording import N_

LANGUAGES: Final = [SelectChoice("id", "Bahasa Indonesia"), SelectChoice("en", "English")]
NUMBER: Final = re.compile(r"([A-Za-z]{1,3})[\s.-]*(\d{1,6})")
CHOOSE_SERVICES: Final = N_("Choose what the visitor comes for.")


class ReceptionForm(TakeForm):
    """One number for everything a visitor comes for; what is asked about the person is as optional as at the kiosk."""

    service = None
    channel = None
    services = SelectMultipleField(
        lazy(N_("What does the visitor come for?")),
        [DataRequired(lazy(CHOOSE_SERVICES))],
        coerce=whole_number,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        invalid_choice_message=lazy(CHOOSE_SERVICES),
    )
    beyond_quota = BooleanField(
        lazy(N_("Issue it although the numbers of the day are given out")),
        description=lazy(N_("Only where the visitor cannot come another day. It is recorded with the number.")),
    )
    language = RadioField(lazy(N_("Language of the visitor")), choices=LANGUAGES, default="id")

    def __init__(self, *, services: list[SelectChoice], **more: Any) -> None:
        """Make the form with the services that are open."""
        super().__init__(**more)
        self.services.choices = services
        self.priority.label.text = lazy(N_("Priority"))
        self.email.description = lazy(N_("For a few questions after the visit, only if the visitor agrees."))
        if "phone" in self:
            self.phone.description = lazy(N_("Instead of the e-mail address, only if the visitor agrees."))
        self.consent.label.text = lazy(N_("The visitor agrees to be written to about this visit"))


@dataclass(frozen=True, slots=True)
class Number:
    """A queue number as it is printed, taken apart."""

    series: str
    ordinal: int


class EarlierForm(Form):
    """An earlier visit by its number and day, or by the code on its ticket."""

    class Meta:
        """Looking something up changes nothing, so it needs no token against forgery."""

        csrf = False

    q = StringField(
        lazy(N_("Number or code on the earlier ticket")),
        [
            DataRequired(lazy(N_("Enter the number, for example A007, or the code on the ticket."))),
            Length(max=400, message=lazy(N_("This is neither a number nor a code of ours."))),
        ],
        filters=[one_line],
    )
    day = DateField(lazy(N_("Day of that visit")), [Optional()], description=lazy(N_("Today, if you leave it empty.")))

    @property
    def number(self) -> Number | None:
        """The number that was entered, None if it is something else."""
        found = NUMBER.fullmatch(self.q.data or "")
        return None if found is None else Number(found[1].upper(), int(found[2]))

    @property
    def code(self) -> str:
        """What was entered as a code: all of it, or what stands after /v/ in an address that was scanned."""
        typed = (self.q.data or "").split("?")[0].split("#")[0].rstrip("/")
        return "".join(typed.rpartition("/v/")[2].replace("-", "").split())

    @property
    def wanted_day(self) -> date | None:
        """The day that was entered."""
        found: date | None = self.day.data
        return found
