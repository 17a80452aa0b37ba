"""The form in which somebody says why the link of a survey is revoked."""

from wtforms import BooleanField, HiddenField, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired

from desk.domain.reasons import NEED_NOTE
from desk.domain.refusals import Reason
from desk.web.forms.base import Form
from desk.web.forms.counter import CHOOSE
from desk.web.forms.fields import NoteLength, choices, lazy, new_key, several_lines
from desk.wording import N_
from desk.wording.reasons import REVOKE_REASONS
from desk.wording.refusals import SENTENCES


class RevokeForm(Form):
    """Why, and that it is meant."""

    key = HiddenField(default=new_key)
    reason = SelectField(
        lazy(N_("Reason")),
        [InputRequired(lazy(SENTENCES[Reason.REASON_MISSING].text))],
        choices=[CHOOSE, *choices(REVOKE_REASONS)],
        invalid_choice_message=lazy(SENTENCES[Reason.REASON_MISSING].text),
    )
    note = TextAreaField(lazy(N_("Note")), [NoteLength()], filters=[several_lines], render_kw={"rows": 3})
    sure = BooleanField(
        lazy(N_("I know that this cannot be undone")),
        [InputRequired(lazy(N_("Confirm that you know that this cannot be undone.")))],
    )

    def validate_note(self, note: TextAreaField) -> None:
        """Demand words where the chosen reason says too little by itself."""
        if self.reason.data in NEED_NOTE and not note.data:
            raise ValidationError(lazy(SENTENCES[Reason.NOTE_MISSING].text))
