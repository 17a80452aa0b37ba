"""The forms of the counter console, one for each verb that needs words.

Many stand on one page, so each has a place of its own ("pause-17"), which leads the ids of its fields.
"""

from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask_babel import gettext
from wtforms import (
    DateTimeLocalField,
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Optional

from desk.domain.handoffs import ReasonKind
from desk.domain.lifecycle import Outcome
from desk.domain.reasons import NEED_NOTE
from desk.domain.refusals import Reason
from desk.web.forms.base import Form
from desk.web.forms.fields import NoteLength, choices, lazy, new_key, several_lines, tell_needed
from desk.web.priority_words import priority_choices
from desk.web.reason_words import reason_choices, reasons_with_note
from desk.wording import N_
from desk.wording.reasons import (
    BREAK_REASONS,
    CANCEL_REASONS,
    OUTCOMES,
    PICK_REASONS,
    REOPEN_REASONS,
    RETURN_REASONS,
)
from desk.wording.refusals import SENTENCES

LATEST_DUE: Final = timedelta(days=5 * 366)
CHOOSE: Final = SelectChoice("", lazy(N_("– choose –")))
DUE: Final = N_("Due")
CHOOSE_CAUSE: Final = N_("Choose what it waits for.")
CHOOSE_TIME: Final = N_("Choose when to call again.")
CHOOSE_OUTCOME: Final = N_("Choose the outcome.")
MINUTES: Final = {
    0: N_("as soon as it is their turn"),
    5: N_("not before 5 minutes"),
    10: N_("not before 10 minutes"),
    15: N_("not before 15 minutes"),
    30: N_("not before 30 minutes"),
    60: N_("not before one hour"),
}


def whole_number(value: Any) -> int:
    """Return an id as a number; 0, which is nobody's, for what is none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def note_field(**more: Any) -> TextAreaField:
    return TextAreaField(
        lazy(N_("Note")),
        [NoteLength()],
        filters=[several_lines],
        render_kw={"rows": 3},
        **more,
    )


def _reason(words: Any, label: str = N_("Reason")) -> SelectField:
    return SelectField(
        lazy(label),
        [InputRequired(lazy(SENTENCES[Reason.REASON_MISSING].text))],
        choices=[CHOOSE, *choices(words)],
        invalid_choice_message=lazy(SENTENCES[Reason.REASON_MISSING].text),
    )


class DueField(DateTimeLocalField):  # type: ignore[misc]
    """Date and time on the office's wall clock."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was typed; raise `ValueError` in words that say what to do."""
        try:
            super().process_formdata(valuelist)
            if self.data is not None and not MINYEAR < self.data.year < MAXYEAR:
                raise OverflowError
        except (ValueError, OverflowError) as error:
            self.data = None
            raise ValueError(gettext("Give both date and time, or leave both out.")) from error


def due_field(label: str, *validators: Any, **more: Any) -> DueField:
    return DueField(lazy(label), [*validators], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **more)


class StepForm(Form):
    """What all forms of the console share: a key of its own, and ids that tell it from its neighbors."""

    key = HiddenField(default=new_key)
    # The reasons that say too little by themselves.
    vague: frozenset[str] = frozenset(NEED_NOTE)

    def __init__(self, place: str, *, blank: bool = False, **more: Any) -> None:
        """Make the form of a place; a `blank` one ignores what was posted, which belongs to another form."""
        given = {"formdata": None, **more} if blank else more
        super().__init__(**given)
        self.place = place
        for field in self:
            field.id = f"{place}-{field.name}"
            field.label.field_id = field.id

    def validate_note(self, note: Field) -> None:
        """Demand words where the chosen reason says too little by itself."""
        reason = self._fields.get("reason")
        if reason is not None and reason.data in self.vague and not note.data:
            raise ValidationError(lazy(SENTENCES[Reason.NOTE_MISSING].text))


class DueForm(StepForm):
    """A form with a due time, which the officer gives in the office's own time."""

    due_at: DueField

    def __init__(self, place: str, *, zone: ZoneInfo, now: datetime, **more: Any) -> None:
        """Make the form in the office's zone; a due time must lie after `now`."""
        self._zone, self._now = zone, now
        super().__init__(place, **more)

    @property
    def due(self) -> datetime | None:
        """The due time as an instant."""
        given: datetime | None = self.due_at.data
        return None if given is None else given.replace(tzinfo=self._zone).astimezone(UTC)

    def validate_due_at(self, field: Field) -> None:
        """Refuse what is over, or so far ahead that it must be a slip of the pen."""
        local = self._now.astimezone(self._zone).replace(tzinfo=None)
        if field.data is None:
            return
        if field.data <= local:
            raise ValidationError(lazy(SENTENCES[Reason.DUE_IN_THE_PAST].text))
        if field.data > local + LATEST_DUE:
            raise ValidationError(lazy(N_("Choose a time within the next five years.")))


class ReturnForm(StepForm):
    """Why a visitor goes back to the queue, and from when on they may be called again."""

    reason = _reason(RETURN_REASONS)
    minutes = SelectField(
        lazy(N_("Call again")),
        choices=choices(MINUTES),
        coerce=int,
        default=0,
        invalid_value_message=lazy(CHOOSE_TIME),
        invalid_choice_message=lazy(CHOOSE_TIME),
    )
    note = note_field()


class ProcessForm(DueForm):
    """The visitor's part is over; by when the rest should be done."""

    due_at = due_field(DUE, Optional())


class PauseForm(DueForm):
    """What the transaction waits for, when to look again, and when to remind of it."""

    cause = SelectField(
        lazy(N_("Waits for")),
        [InputRequired(lazy(CHOOSE_CAUSE))],
        invalid_choice_message=lazy(CHOOSE_CAUSE),
    )
    due_at = due_field(N_("Look again"), InputRequired(lazy(N_("Say when to look at it again."))))
    remind_at = due_field(
        N_("Remind me"),
        Optional(),
        description=lazy(N_("Left empty, it reminds you as the working day before begins.")),
    )
    note = note_field()

    def __init__(self, *args: Any, **more: Any) -> None:
        """Make the form with the causes that the office offers, in its words."""
        super().__init__(*args, **more)
        offered = reason_choices(ReasonKind.PAUSE)
        self.cause.choices = [CHOOSE, *offered]
        tell_needed(self.note, reasons_with_note(ReasonKind.PAUSE), [each.value for each in offered])

    @property
    def remind(self) -> datetime | None:
        """The reminder as an instant."""
        given: datetime | None = self.remind_at.data
        return None if given is None else given.replace(tzinfo=self._zone).astimezone(UTC)

    def validate_remind_at(self, field: Field) -> None:
        """Refuse a reminder that is over, or does not come before the time to look again."""
        if field.data is None:
            return
        if field.data <= self._now.astimezone(self._zone).replace(tzinfo=None):
            raise ValidationError(lazy(SENTENCES[Reason.DUE_IN_THE_PAST].text))
        if self.due_at.data is not None and field.data >= self.due_at.data:
            raise ValidationError(lazy(N_("Choose a reminder before the time to look again.")))


class CompleteForm(StepForm):
    """What it brought the visitor."""

    outcome = RadioField(
        lazy(N_("Outcome")),
        [InputRequired(lazy(CHOOSE_OUTCOME))],
        choices=choices(OUTCOMES),
        invalid_choice_message=lazy(CHOOSE_OUTCOME),
        default=Outcome.FULFILLED.value,
    )
    note = note_field()

    def validate_note(self, note: Field) -> None:
        """Demand why a request was refused: the visitor may ask, and so may whoever opens it again."""
        if self.outcome.data in self.vague and not note.data:
            raise ValidationError(lazy(N_("Say in the note why the request was refused.")))


class CancelForm(StepForm):
    """Why the transaction is called off."""

    reason = _reason(CANCEL_REASONS)
    note = note_field()


class ReopenForm(StepForm):
    """Why a completed transaction is opened again."""

    reason = _reason(REOPEN_REASONS)
    note = note_field()


class PickForm(StepForm):
    """Whom of the queue to call out of order, and why."""

    # A number that was called meanwhile is refused by the rules, which can say why.
    transaction = SelectField(
        lazy(N_("Number")), [InputRequired(lazy(N_("Choose a number.")))], coerce=whole_number, validate_choice=False
    )
    reason = _reason(PICK_REASONS)
    note = note_field()

    def offer(self, numbers: list[SelectChoice]) -> None:
        """Give these numbers to choose from."""
        self.transaction.choices = [CHOOSE, *numbers]


class ComeBackForm(StepForm):
    """Whether the visitor who is here again has priority this time."""

    priority_reason = SelectField(
        lazy(N_("Priority")),
        [Optional()],
        invalid_choice_message=lazy(SENTENCES[Reason.PRIORITY_REASON_MISSING].text),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        """Make the form; the reason of the visit before can be chosen again, even if it is given no more."""
        super().__init__(*args, **more)
        given = more.get("priority_reason")
        self.priority_reason.choices = [SelectChoice("", gettext("No priority")), *priority_choices(given)]


class BreakForm(StepForm):
    """Why the officer is away from the counter."""

    reason = _reason(BREAK_REASONS)
