"""The forms of the questionnaires: what is asked where, how answers are kept, title and introduction, copies.

An unfinished draft may be saved, so these forms demand little; what keeps a draft from being published is said by
`desk.domain.questionnaire_check`. The form of one question stands in `forms/questions.py`.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange

from desk.domain.invitation import Privacy
from desk.domain.questionnaire_check import CODE, Fault
from desk.domain.questionnaires import LONGEST_WORDS, Kind, Measure, Questionnaire, Words
from desk.operations.survey.questionnaires import LONGEST_CORRECTION
from desk.reads.questionnaires import AskedService, Asking
from desk.web.forms.counter import StepForm, whole_number
from desk.web.forms.fields import CountField, choices, lazy, one_line
from desk.wording import N_
from desk.wording.questionnaires import FAULTS, KINDS, MEASURES, PRIVACIES

CHOOSE_ONE: Final = lazy(N_("Choose one of the list."))
AS_OFFICE: Final = ""
MOST_MINUTES: Final = int(LONGEST_CORRECTION.total_seconds() // 60)
MINUTES: Final = lazy(N_("Give a whole number of minutes, from 0 to 1,440."))
TOO_LONG: Final = lazy(N_("Use at most 500 characters."))
CODE_HINT: Final = N_("Small letters, digits and underscores, such as skm_lelang. It cannot be changed later.")


class Expected:
    """Marks a field that will be needed, without demanding it now."""

    field_flags: Final = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Accept everything."""


def words_field(label: str, *, expected: bool = True, rows: int = 2) -> TextAreaField:
    """Return a field for a text in one language."""
    validators = [*([Expected()] if expected else []), Length(max=LONGEST_WORDS, message=TOO_LONG)]
    return TextAreaField(lazy(label), validators, filters=[one_line], render_kw={"rows": rows})


def listed_field(label: str, words: Mapping[Any, str], **more: Any) -> SelectField:
    """Return a field that takes one of a list."""
    return SelectField(
        lazy(label),
        [InputRequired(CHOOSE_ONE)],
        choices=choices(words),
        invalid_choice_message=CHOOSE_ONE,
        **more,
    )


class DraftForm(StepForm):
    """What every form of a draft carries: the revision it was made from."""

    revision = HiddenField()

    @property
    def made_from(self) -> int:
        """The revision; 0, which no draft has, for what is none."""
        return whole_number(self.revision.data)


class TextsForm(DraftForm):
    """Title and introduction in both languages, and what is worked out of the answers."""

    title_id = words_field(N_("Title in Indonesian"), rows=1)
    title_en = words_field(N_("Title in English"), rows=1)
    intro_id = words_field(N_("Introduction in Indonesian"), expected=False)
    intro_en = words_field(N_("Introduction in English"), expected=False)
    measure = listed_field(
        N_("Figure"),
        MEASURES,
        description=lazy(N_("What is worked out of the answers. It needs certain questions, which the desk checks.")),
    )

    def change(self, questionnaire: Questionnaire) -> Questionnaire:
        """Return a questionnaire with what was typed."""
        title = Words(self.title_id.data or "", self.title_en.data or "")
        intro = Words(self.intro_id.data or "", self.intro_en.data or "")
        return replace(questionnaire, title=title, intro=intro, measure=Measure(self.measure.data))


def texts_form(questionnaire: Questionnaire, revision: int) -> TextsForm:
    """Return the form with what a draft says."""
    title, intro = questionnaire.title, questionnaire.intro
    return TextsForm(
        "texts",
        blank=True,
        revision=revision,
        title_id=title.id,
        title_en=title.en,
        intro_id=intro.id,
        intro_en=intro.en,
        measure=questionnaire.measure.value,
    )


class KindForm(DraftForm):
    """A new question: its kind."""

    kind = listed_field(N_("Kind of question"), KINDS, default=Kind.SCALE.value)


class CopyForm(StepForm):
    """A new questionnaire made from another one."""

    code = StringField(
        lazy(N_("Code of the new questionnaire")),
        [InputRequired(lazy(FAULTS[Fault.CODE]))],
        filters=[one_line],
        description=lazy(CODE_HINT),
    )
    title_id = words_field(N_("Title in Indonesian"), rows=1)
    title_en = words_field(N_("Title in English"), rows=1)
    taken: Collection[str] = ()

    def validate_code(self, code: Field) -> None:
        """Demand a code that nothing else has."""
        if not CODE.fullmatch(code.data or ""):
            raise ValidationError(lazy(FAULTS[Fault.CODE]))
        if code.data in self.taken:
            raise ValidationError(lazy(N_("There is a questionnaire with this code already. Choose another code.")))

    def copy_of(self, questionnaire: Questionnaire) -> Questionnaire:
        """Return the copy; a title that was left out stays as it is."""
        title = Words(self.title_id.data or questionnaire.title.id, self.title_en.data or questionnaire.title.en)
        return replace(questionnaire, code=self.code.data, title=title)


class KeepingForm(StepForm):
    """How answers are kept, and how long one may be corrected."""

    privacy = RadioField(
        lazy(N_("Who can lay an answer beside its transaction")),
        [InputRequired(CHOOSE_ONE)],
        choices=choices(PRIVACIES),
        invalid_choice_message=CHOOSE_ONE,
        description=lazy(
            N_(
                "Change it at the start of a quarter. Whoever reads linked answers one by one can take them off the"
                " totals of a period in which others are confidential or anonymous: until these are at least five, what"
                " is left tells what so few people said."
            )
        ),
    )
    minutes = CountField(
        lazy(N_("An answer may be corrected for (minutes)")),
        [InputRequired(MINUTES), NumberRange(0, MOST_MINUTES, MINUTES)],
        invalid_value_message=MINUTES,
        description=lazy(N_("Through the same link; what was said before stays on record. 0: not at all.")),
    )

    @property
    def kept(self) -> tuple[Privacy, timedelta]:
        """What was chosen."""
        return Privacy(self.privacy.data), timedelta(minutes=self.minutes.data)


class ChoicesForm(StepForm):
    """What is asked where; `choices_form` adds a field for each service."""

    office = listed_field(N_("In the office, unless a service has its own"), {})

    @property
    def codes(self) -> dict[int | None, str | None]:
        """Service to code (None: as the office); the office itself under None."""
        codes: dict[int | None, str | None] = {None: self.office.data}
        services = (each for each in self if each.short_name[1:].isdigit())
        return codes | {int(each.short_name[1:]): each.data or None for each in services}


def choices_form(asking: Asking, titles: Mapping[str, str], *, language: str, blank: bool) -> ChoicesForm:
    """Return the form over the office's services; `titles` by code are what can be chosen."""
    fields = {f"s{each.id}": _service_field(each, language) for each in asking.services}
    kind: Any = type("ChoicesForm", (ChoicesForm,), fields)
    chosen = {f"s{each.id}": each.code or AS_OFFICE for each in asking.services}
    form: ChoicesForm = kind("choices", blank=blank, office=asking.code, **chosen)
    offered = [SelectChoice(code, title) for code, title in titles.items()]
    form.office.choices = offered
    for each in asking.services:
        form[f"s{each.id}"].choices = [SelectChoice(AS_OFFICE, lazy(N_("As the office"))), *offered]
    return form


def _service_field(service: AskedService, language: str) -> SelectField:
    label = f"{service.series} · {service.name.in_language(language)}"
    return SelectField(label, [Expected()], invalid_choice_message=CHOOSE_ONE)
