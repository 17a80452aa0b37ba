"""The forms of the calendars: hours of a week, closed dates, special hours, assignments, imports, the clock's rules."""

from typing import Any, Final

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    Field,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from desk.domain.clocks import CHOOSABLE_CAUSES
from desk.domain.closures import ClosureKind, name_fits
from desk.domain.hours import Week
from desk.domain.refusals import Reason, Refused
from desk.domain.typed_hours import read_hours, read_week
from desk.operations.settings.calendar_demands import LONGEST_NAME
from desk.web.forms.counter import StepForm, whole_number
from desk.web.forms.fields import choices, lazy, one_line
from desk.wording import N_
from desk.wording.reasons import CLOSURE_KINDS, PAUSE_CAUSES
from desk.wording.refusals import SENTENCES

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CHOOSE_DAY: Final = N_("Give a date.")
CHOOSE_ONE: Final = N_("Choose one of the list.")
CHOOSE_SHARE: Final = N_("Give a whole number from 1 to 100.")


def _name() -> StringField:
    return StringField(lazy(N_("Name")), [InputRequired(_said(Reason.NAME_UNFIT))], filters=[one_line])


def _calendar_name() -> StringField:
    too_long = lazy(N_("The name of a calendar has at most %(max)d characters."))
    checks = [InputRequired(lazy(N_("Enter a name."))), Length(max=LONGEST_NAME, message=too_long)]
    return StringField(lazy(N_("Name")), checks, filters=[one_line])


def _said(reason: Reason) -> Any:
    return lazy(SENTENCES[reason].text)


def _day(label: str) -> DateField:
    return DateField(lazy(label), [InputRequired(lazy(CHOOSE_DAY))])


class _OneOfTheWeek:
    """Marks a day of which the week needs one at least: not to be called optional seven times."""

    field_flags: Final = {"needed_by_some": True}

    def __call__(self, form: Any, field: Field) -> None:
        """Leave the check to the week as a whole."""


def _hours(label: str, description: str = "") -> StringField:
    more = {"description": lazy(description)} if description else {}
    example = {"placeholder": "08.00-12.15, 13.00-16.00"}
    return StringField(lazy(label), [_OneOfTheWeek()], filters=[one_line], render_kw=example, **more)


class HoursForm(StepForm):
    """What the forms with hours share."""

    def validate_name(self, name: Field) -> None:
        """Demand a name that can be kept."""
        if not name_fits(name.data or ""):
            raise ValidationError(_said(Reason.NAME_UNFIT))

    def _check_hours(self, field: Field) -> None:
        try:
            read_hours(field.data or "")
        except Refused as refused:
            raise ValidationError(_said(refused.reason)) from refused


class WeekForm(HoursForm):
    """The hours of a week from a date on; an empty day is closed."""

    since = _day(N_("In force from"))
    monday = _hours(N_("Monday"), N_("A day without hours is closed."))
    tuesday = _hours(N_("Tuesday"))
    wednesday = _hours(N_("Wednesday"))
    thursday = _hours(N_("Thursday"))
    friday = _hours(N_("Friday"))
    saturday = _hours(N_("Saturday"))
    sunday = _hours(N_("Sunday"))

    @property
    def week(self) -> Week:
        """The week; raises `Refused(NO_OPEN_HOURS)` for one that is never open."""
        return read_week([self[day].data or "" for day in WEEKDAYS])

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every day by itself."""
        sound: bool = super().validate({day: [lambda form, field: self._check_hours(field)] for day in WEEKDAYS})
        return sound


class CalendarForm(WeekForm):
    """A new calendar."""

    name = _calendar_name()


class RenameForm(HoursForm):
    """What a calendar is called."""

    name = _calendar_name()


class ReturnForm(RenameForm):
    """What a retired calendar is called from its return on: its name may be that of another by now."""


class ClosureForm(HoursForm):
    """A date to be closed all day."""

    day = _day(N_("Date"))
    name = _name()
    kind = SelectField(
        lazy(N_("Kind")),
        [InputRequired(lazy(CHOOSE_ONE))],
        choices=choices(CLOSURE_KINDS),
        default=ClosureKind.OWN.value,
        invalid_choice_message=lazy(CHOOSE_ONE),
    )


class OpeningForm(HoursForm):
    """A date with hours of its own."""

    day = _day(N_("Date"))
    name = _name()
    hours = StringField(lazy(N_("Hours")), [InputRequired(_said(Reason.NO_OPEN_HOURS))], filters=[one_line])

    def validate_hours(self, hours: Field) -> None:
        """Demand hours that can be read."""
        self._check_hours(hours)


class AssignmentForm(StepForm):
    """Which service keeps which calendar from when on."""

    service = SelectField(
        lazy(N_("Service")),
        [InputRequired(lazy(CHOOSE_ONE))],
        coerce=whole_number,
        invalid_choice_message=lazy(CHOOSE_ONE),
    )
    calendar = SelectField(
        lazy(N_("Calendar")),
        [InputRequired(lazy(CHOOSE_ONE))],
        coerce=whole_number,
        invalid_choice_message=lazy(CHOOSE_ONE),
    )
    since = _day(N_("In force from"))
    sure = BooleanField(lazy(N_("It is meant so: the service is closed until the calendar opens")))

    def offer(self, services: list[tuple[str, str]], calendars: list[tuple[str, str]]) -> None:
        """Give these to choose from."""
        self.service.choices, self.calendar.choices = services, calendars


class ClockRulesForm(StepForm):
    """Which pauses count for the office, and when a promise is at risk."""

    causes = SelectMultipleField(
        lazy(N_("Pauses that count for the office")),
        choices=choices({cause: PAUSE_CAUSES[cause] for cause in CHOOSABLE_CAUSES}),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    risk_percent = IntegerField(
        lazy(N_("A promise is at risk from this share of its time on (percent)")),
        [InputRequired(lazy(CHOOSE_SHARE)), NumberRange(1, 100, lazy(CHOOSE_SHARE))],
    )


class ImportForm(StepForm):
    """A file (or its lines) of dates and names."""

    file = FileField(lazy(N_("File")), description=lazy(N_("CSV with a date and a name in each line.")))
    rows = TextAreaField(lazy(N_("Or the lines themselves")), render_kw={"rows": 6})
    kind = SelectField(
        lazy(N_("Kind")),
        [InputRequired(lazy(CHOOSE_ONE))],
        choices=choices(CLOSURE_KINDS),
        default=ClosureKind.COLLECTIVE.value,
        invalid_choice_message=lazy(CHOOSE_ONE),
    )
    keep = BooleanField(lazy(N_("Take over the good lines and leave out the refused ones")))

    def data_given(self) -> bytes:
        """Return what was uploaded, else what was typed."""
        given = b"" if not self.file.data else self.file.data.read()
        return given or (self.rows.data or "").encode()
