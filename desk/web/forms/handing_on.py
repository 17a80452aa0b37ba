"""The forms by which custody is passed on or refused, notes are written, and a visitor is taken over by number.

Reasons are those of the office's own lists: make a form only after the office of the page is known.
"""

from typing import Any, Final

from flask_babel import gettext
from wtforms import BooleanField, Field, SelectChoice, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from desk.domain.handoffs import ReasonKind
from desk.domain.refusals import Reason
from desk.operations.terms import LONGEST_EXPECTATION, LONGEST_PAPER, MOST_PAPERS, Disposition
from desk.web.forms.counter import CHOOSE, DUE, DueForm, StepForm, due_field, note_field, whole_number
from desk.web.forms.fields import ReceiverField, lazy, several_lines
from desk.web.reason_words import reason_choices, reasons_with_note
from desk.wording import N_
from desk.wording.refusals import SENTENCES

LONGEST_NUMBER: Final = 300  # a scanned ticket gives the whole address of the visitor's page


def _reason(label: str = N_("Reason")) -> SelectField:
    return SelectField(
        lazy(label),
        [InputRequired(lazy(SENTENCES[Reason.REASON_MISSING].text))],
        choices=[],
        invalid_choice_message=lazy(SENTENCES[Reason.REASON_MISSING].text),
    )


def _to(*kinds: str) -> ReceiverField:
    return ReceiverField(lazy(N_("To")), [InputRequired(lazy(N_("Choose to whom.")))], kinds=kinds)


class HandOverForm(DueForm):
    """To whom, why, in which words, what is expected by when, with which papers; a queue or pool takes it at once."""

    to = _to("officer", "counter", "service", "pool")
    reason = _reason()
    note = note_field(
        description=lazy(
            N_("What was done, which papers are in hand, what is left to do: the visitor tells it only once.")
        )
    )
    expects = TextAreaField(
        lazy(N_("What you ask for")),
        [Length(max=LONGEST_EXPECTATION, message=lazy(N_("Say it in 500 characters at most.")))],
        filters=[several_lines],
        render_kw={"rows": 2},
    )
    papers = TextAreaField(
        lazy(N_("Papers passed on")),
        [Optional()],
        description=lazy(N_("One a line.")),
        filters=[several_lines],
        render_kw={"rows": 2},
    )
    due_at = due_field(DUE, Optional())
    walks_along = BooleanField(lazy(N_("The visitor walks along")))

    def __init__(self, place: str, *, receivers: list[SelectChoice], **more: Any) -> None:
        """Make the form with these receivers."""
        super().__init__(place, **more)
        self.to.choices = [CHOOSE, *receivers]
        self.reason.choices = [CHOOSE, *reason_choices(ReasonKind.HANDOFF)]
        self.vague = reasons_with_note(ReasonKind.HANDOFF)

    @property
    def disposition(self) -> Disposition:
        """What goes with the handoff beside its reason."""
        papers = tuple((self.papers.data or "").splitlines())
        walks_along = self._fields.get("walks_along")  # only where the visitor is there
        return Disposition(self.expects.data or None, papers, walks_along is not None and bool(walks_along.data))

    def validate_papers(self, field: Field) -> None:
        """Refuse more or longer lines than a slip has room for."""
        lines = (field.data or "").splitlines()
        if len(lines) > MOST_PAPERS or any(len(line) > LONGEST_PAPER for line in lines):
            raise ValidationError(lazy(N_("At most 30 papers, one a line, 200 characters each.")))


class ForceForm(StepForm):
    """To whom a supervisor passes custody on without asking, why, and in which words."""

    to = _to("officer", "pool")
    reason = _reason()
    note = note_field()

    def __init__(self, place: str, *, receivers: list[SelectChoice], **more: Any) -> None:
        """Make the form with these receivers."""
        super().__init__(place, **more)
        self.to.choices = [CHOOSE, *receivers]
        self.reason.choices = [CHOOSE, *reason_choices(ReasonKind.HANDOFF)]

    def validate_note(self, note: Field) -> None:
        """An order always says why in words."""
        if not note.data:
            raise ValidationError(lazy(N_("An order needs a note: say in a few words why.")))


class DeclineForm(StepForm):
    """Why an offer is not accepted."""

    reason = _reason()
    note = note_field()

    def __init__(self, place: str, **more: Any) -> None:
        """Make the form with the office's reasons."""
        super().__init__(place, **more)
        self.reason.choices = [CHOOSE, *reason_choices(ReasonKind.DECLINE)]
        self.vague = reasons_with_note(ReasonKind.DECLINE)


class NoteForm(StepForm):
    """A note beside the transaction, or what an earlier one should have said."""

    note = note_field()
    corrects = SelectField(lazy(N_("Corrects")), [Optional()], coerce=whole_number, validate_choice=False)

    def __init__(self, place: str, *, earlier: list[SelectChoice], **more: Any) -> None:
        """Make the form with the notes there are."""
        super().__init__(place, **more)
        self.note.flags.required = True  # without words there is nothing to keep
        self.corrects.choices = [SelectChoice("0", gettext("– a new note –")), *earlier]

    def validate_note(self, note: Field) -> None:
        """Demand words."""
        if not note.data:
            raise ValidationError(lazy(SENTENCES[Reason.WORDS_MISSING].text))


class WithVisitorForm(StepForm):
    """The number of the visitor who stands here, typed or scanned from the ticket."""

    number = StringField(
        lazy(N_("Number")),
        [
            InputRequired(lazy(N_("Type or scan the visitor's number."))),
            Length(max=LONGEST_NUMBER, message=lazy(N_("This is too long for a number. Type or scan it again."))),
        ],
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )
