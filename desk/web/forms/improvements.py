"""The forms of the follow-up plan and of publishing a survey."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask_babel import format_date, gettext
from wtforms import BooleanField, HiddenField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from desk.domain.improvement import LONGEST_PROGRAM, Status, Wish
from desk.domain.skm_elements import Instrument
from desk.domain.skm_period import Period, read_period
from desk.reads.improvements import Measure
from desk.web.context import language
from desk.web.forms.counter import CHOOSE, StepForm, note_field, whole_number
from desk.web.forms.fields import choices, lazy, several_lines
from desk.wording import N_
from desk.wording.skm import STATUSES

QUARTERS: Final = 8  # offered, from the first quarter of the plan's period on
MONTHS: Final = 12
CHOOSE_ELEMENT: Final = lazy(N_("Choose the element."))
CHOOSE_DUE: Final = lazy(N_("Choose until when."))
CHOOSE_OWNER: Final = lazy(N_("Choose who answers for it."))
SAY_WHAT: Final = lazy(N_("Say what is done."))
TOO_LONG: Final = lazy(N_("Use at most 1,000 characters."))


def _chosen(label: str, needed: Any) -> SelectField:
    return SelectField(lazy(label), [InputRequired(needed)], invalid_choice_message=needed)


class MeasureForm(StepForm):
    """One measure: for which element, what, until when, who."""

    element = _chosen(N_("Priority element"), CHOOSE_ELEMENT)
    program = TextAreaField(
        lazy(N_("Program or activity")),
        [InputRequired(SAY_WHAT), Length(max=LONGEST_PROGRAM, message=TOO_LONG)],
        filters=[several_lines],
        description=lazy(N_("It is published with the result: name nobody in it.")),
        render_kw={"rows": 3},
    )
    due = _chosen(N_("Time"), CHOOSE_DUE)
    owner = _chosen(N_("Person in charge"), CHOOSE_OWNER)

    @property
    def wish(self) -> Wish:
        """What was chosen."""
        return Wish(str(self.element.data), read_period(str(self.due.data)), whole_number(self.owner.data))


class ProgressForm(StepForm):
    """How far a measure is, with a note."""

    status = SelectField(lazy(N_("Status")), [InputRequired()], choices=choices(STATUSES))
    note = note_field(description=lazy(N_("What was done, or why it is dropped. It is not published.")))

    @property
    def reached(self) -> Status:
        """What was chosen."""
        return Status(str(self.status.data))


class PublishForm(StepForm):
    """Publishing what was seen; `confirmed` answers the warnings, `reason` says why anew."""

    seen = HiddenField()
    confirmed = BooleanField(lazy(N_("I have read the warnings above and publish all the same")))
    reason = note_field(description=lazy(N_("It is published beside the new version: name nobody in it.")))


def measure_form(
    place: str, instrument: Instrument, people: Mapping[int, str], first: date, *, blank: bool, **known: Any
) -> MeasureForm:
    """Return the form of a measure with what can be chosen; what is chosen already always can."""
    form = MeasureForm(place, blank=blank, **known)
    english = language() == "en"
    form.element.choices = [
        CHOOSE,
        *((each.key, each.english if english else each.name) for each in instrument.elements),
    ]
    form.owner.choices = [CHOOSE, *((str(person_id), name) for person_id, name in people.items())]
    form.due.choices = [CHOOSE, *_offered(first, known.get("due"))]
    return form


def known_of(measure: Measure) -> dict[str, Any]:
    """Return a measure as its form takes it."""
    return {
        "element": measure.element,
        "program": measure.program,
        "due": str(measure.due),
        "owner": str(measure.owner_id),
    }


def _offered(first: date, chosen: str | None) -> list[SelectChoice]:
    """Return the times to choose from: quarters, then months, and the one that is chosen."""
    found = _from(Period(first.year, 3, (first.month - 1) // 3 + 1), QUARTERS)
    found += _from(Period(first.year, 1, first.month), MONTHS)
    if chosen and chosen not in map(str, found):
        found.insert(0, read_period(chosen))
    return [SelectChoice(str(each), _words(each)) for each in found]


def _from(period: Period, count: int) -> list[Period]:
    found = [period]
    while len(found) < count:
        found.append(found[-1].after)
    return found


def _words(period: Period) -> str:
    if period.months == 3:
        return str(gettext("quarter %(number)d of %(year)d", number=period.number, year=period.year))
    return str(format_date(period.first, "MMMM y")) if period.months == 1 else str(period)
