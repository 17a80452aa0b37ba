"""The answer to a survey: for each transaction a score without a default, and maybe a comment."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Form, FormField, HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from desk.operations.asking import COMMENT_LIMIT
from desk.web.forms.fields import choices, lazy, new_key, several_lines
from desk.wording import N_
from desk.wording.reasons import SCORES

CHOOSE_SCORE = N_("Choose a score from 1 to 5.")


class AnswerForm(Form):  # type: ignore[misc]
    """The answer about one transaction."""

    score = RadioField(
        lazy(N_("How satisfied are you with this service?")),
        [InputRequired(lazy(CHOOSE_SCORE))],
        choices=choices(SCORES),
        invalid_choice_message=lazy(CHOOSE_SCORE),
    )
    comment = TextAreaField(
        lazy(N_("What went well, what should be better?")),
        [Optional(), Length(max=COMMENT_LIMIT, message=lazy(N_("Use at most %(max)d characters for the comment.")))],
        filters=[several_lines],
    )

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said about this transaction."""
        return not self.score.data and not self.comment.data


class SurveyForm(FlaskForm):  # type: ignore[misc]
    """The whole page; `survey_form` adds an answer for each invitation. One of several may be left out, not all."""

    key = HiddenField(default=new_key)

    @property
    def answers(self) -> dict[int, Any]:
        """The answer fields by invitation."""
        return {int(each.short_name[1:]): each for each in self if isinstance(each, FormField)}

    @property
    def scores(self) -> Mapping[int, tuple[int, str | None]]:
        """What was answered, as the operation takes it."""
        return {
            invitation_id: (int(each.form.score.data), each.form.comment.data or None)
            for invitation_id, each in self.answers.items()
            if not each.form.is_empty
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was answered; where several are asked, an empty answer is no fault."""
        answers = self.answers.values()
        if len(answers) == 1:
            return bool(super().validate(extra_validators))
        if all(each.form.is_empty for each in answers):
            self.form_errors.append(gettext("Choose a score for at least one of the services."))
            return False
        faults = [each for each in answers if not each.form.is_empty and not each.validate(self)]
        return not faults


def survey_form(invitation_ids: Iterable[int]) -> SurveyForm:
    """Return the form that asks about these invitations."""
    fields = {f"q{each}": FormField(AnswerForm) for each in invitation_ids}
    form: SurveyForm = type("SurveyForm", (SurveyForm,), fields)()
    return form
