"""The forms of complete documents: the step on the console, and a supervisor's correction of what was recorded."""

from typing import Final

from wtforms import DateField, HiddenField, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, NumberRange, Optional

from desk.domain.promises import MOST_OBJECTS
from desk.domain.reasons import NEED_NOTE
from desk.domain.refusals import Reason
from desk.web.forms.base import Form
from desk.web.forms.counter import CHOOSE, StepForm
from desk.web.forms.fields import CountField, NoteLength, choices, lazy, new_key, several_lines
from desk.wording import N_
from desk.wording.reasons import CORRECTION_REASONS
from desk.wording.refusals import SENTENCES

CHOOSE_QUANTITY: Final = N_("Give the number of objects as a whole number, at least 1.")


class DocumentsForm(StepForm):
    """For how many objects the documents are complete, and which papers were received."""

    quantity = CountField(
        lazy(N_("Number of objects")),
        [InputRequired(lazy(CHOOSE_QUANTITY)), NumberRange(1, MOST_OBJECTS, lazy(CHOOSE_QUANTITY))],
        invalid_value_message=lazy(CHOOSE_QUANTITY),
        default=1,
    )
    note = TextAreaField(
        lazy(N_("Papers received")),
        [NoteLength()],
        filters=[several_lines],
        render_kw={"rows": 3},
        description=lazy(N_("One paper a line; they stand on the receipt. No identity numbers.")),
    )


class CorrectionForm(Form):
    """Why, and what is right."""

    key = HiddenField(default=new_key)
    reason = SelectField(
        lazy(N_("Reason")),
        [InputRequired(lazy(SENTENCES[Reason.REASON_MISSING].text))],
        choices=[CHOOSE, *choices(CORRECTION_REASONS)],
        invalid_choice_message=lazy(SENTENCES[Reason.REASON_MISSING].text),
    )
    quantity = CountField(
        lazy(N_("Number of objects")),
        [Optional(), NumberRange(1, MOST_OBJECTS, lazy(CHOOSE_QUANTITY))],
        invalid_value_message=lazy(CHOOSE_QUANTITY),
    )
    complete_on = DateField(
        lazy(N_("Complete on")), [Optional()], description=lazy(N_("Left empty, the recorded day stays."))
    )
    note = TextAreaField(
        lazy(N_("Note")),
        [NoteLength()],
        filters=[several_lines],
        render_kw={"rows": 3},
    )

    def validate_note(self, note: TextAreaField) -> None:
        """Demand words where the chosen reason says too little by itself."""
        if self.reason.data in NEED_NOTE and not note.data:
            raise ValidationError(lazy(SENTENCES[Reason.NOTE_MISSING].text))
