"""The form that plans an absence."""

from datetime import date
from typing import Any, Final

from wtforms import BooleanField, DateField, HiddenField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from desk.domain.absence import AbsenceReason
from desk.domain.refusals import Reason
from desk.web.forms.base import Form
from desk.web.forms.fields import choices, lazy, new_key
from desk.wording import N_
from desk.wording.reasons import ABSENCE_REASONS
from desk.wording.refusals import SENTENCES

WHO: Final = N_("Choose who is absent.")
DEPUTY: Final = N_("Choose who stands in.")
DAY: Final = N_("Give the day as a date.")
REASON: Final = SENTENCES[Reason.REASON_MISSING].text


class DayField(DateField):  # type: ignore[misc]
    """A day; what is none is said in our words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was typed; raise `ValueError` in words that say what to do."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            self.data = None
            raise ValueError(lazy(DAY)) from error


class AbsenceForm(Form):
    """Who is away, from when to when, why, and who stands in."""

    key = HiddenField(default=new_key)
    person = SelectField(lazy(N_("Who")), [InputRequired(lazy(WHO))], coerce=str, invalid_choice_message=lazy(WHO))
    begins_on = DayField(lazy(N_("First day")), [InputRequired(lazy(DAY))])
    ends_on = DayField(lazy(N_("Last day")), [InputRequired(lazy(DAY))])
    reason = SelectField(
        lazy(N_("Reason")),
        [InputRequired(lazy(REASON))],
        choices=choices(ABSENCE_REASONS),
        default=AbsenceReason.LEAVE.value,
        invalid_choice_message=lazy(REASON),
        description=lazy(N_("Only the person and supervisors see it.")),
    )
    deputy = SelectField(
        lazy(N_("Deputy")),
        [InputRequired(lazy(DEPUTY))],
        invalid_choice_message=lazy(DEPUTY),
        description=lazy(N_("Offers and requests to the absent person go to the deputy.")),
    )
    hand_over = BooleanField(
        lazy(N_("Offer what is still on the desk to the deputy at once, if the absence begins today")), default=True
    )

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day, of a form that was found to be good."""
        first: Any = self.begins_on.data
        last: Any = self.ends_on.data
        return first, last

    def __init__(self, people: list[SelectChoice], deputies: list[SelectChoice], **more: Any) -> None:
        """Make the form with these people."""
        super().__init__(**more)
        self.person.choices = people
        self.deputy.choices = [SelectChoice("", lazy(N_("– choose –"))), *deputies]
