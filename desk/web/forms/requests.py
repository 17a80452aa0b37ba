"""The forms of requests: asking somebody about a transaction, and answering."""

from typing import Any, Final

from wtforms import BooleanField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired

from desk.domain.refusals import Reason
from desk.web.forms.counter import CHOOSE, DueField, DueForm, StepForm, note_field
from desk.web.forms.fields import NoteLength, ReceiverField, choices, lazy, several_lines
from desk.wording import N_
from desk.wording.reasons import DECLINE_REASONS, REQUEST_KINDS
from desk.wording.refusals import SENTENCES

SAY_IT: Final = SENTENCES[Reason.WORDS_MISSING].text
CHOOSE_KIND: Final = N_("Choose what you ask for.")


def _words(label: str, hint: str) -> TextAreaField:
    return TextAreaField(
        lazy(label),
        [InputRequired(lazy(SAY_IT)), NoteLength()],
        filters=[several_lines],
        description=lazy(hint),
        render_kw={"rows": 3},
    )


class AskForm(DueForm):
    """Whom to ask, what, by when, and whether completion waits for the answer."""

    to = ReceiverField(lazy(N_("To")), [InputRequired(lazy(N_("Choose whom to ask.")))], kinds=("officer", "service"))
    kind = SelectField(
        lazy(N_("Kind")),
        [InputRequired(lazy(CHOOSE_KIND))],
        choices=choices(REQUEST_KINDS),
        invalid_choice_message=lazy(CHOOSE_KIND),
    )
    question = _words(N_("Question"), N_("The transaction stays with you. Whoever is asked sees its story."))
    due_at = DueField(
        lazy(N_("Answer by")),
        [InputRequired(lazy(N_("Say by when you need the answer.")))],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    blocks = BooleanField(lazy(N_("Completion as fulfilled waits for the answer")))

    def __init__(self, place: str, *, receivers: list[SelectChoice], **more: Any) -> None:
        """Make the form with these receivers."""
        super().__init__(place, **more)
        self.to.choices = [CHOOSE, *receivers]


class AnswerForm(StepForm):
    """The answer."""

    answer = _words(N_("Answer"), N_("Whoever has the transaction reads it on the card."))


class RefuseForm(StepForm):
    """Why a request is not answered."""

    reason = SelectField(
        lazy(N_("Reason")),
        [InputRequired(lazy(N_("Choose a reason.")))],
        choices=[CHOOSE, *choices(DECLINE_REASONS)],
        invalid_choice_message=lazy(N_("Choose a reason.")),
    )
    note = note_field()
