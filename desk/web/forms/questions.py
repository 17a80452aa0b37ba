"""The form of one question of a draft: words, answers, when it is asked, and other words for single services."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import Length, NumberRange, Optional

from desk.domain.questionnaire_editing import MOST_OPTIONS, NOTHING, next_value
from desk.domain.questionnaires import About, Condition, Kind, Option, Question, Variant, Words
from desk.web.forms.fields import lazy, one_line
from desk.web.forms.questionnaires import DraftForm, Expected, listed_field, words_field
from desk.wording import N_
from desk.wording.questionnaires import ABOUT, KINDS

MOST_VARIANTS: Final = 20
LONGEST_VALUE: Final = 40
LARGEST: Final = 1_000
ALWAYS: Final = ""
NUMBER: Final = lazy(N_("Give a whole number, or leave it empty."))
SHORT: Final = lazy(N_("Use at most 40 characters."))


def _bound(label: str) -> IntegerField:
    limits = [Optional(), NumberRange(-LARGEST, LARGEST, NUMBER)]
    return IntegerField(lazy(label), limits, invalid_value_message=NUMBER)


class WordsForm(Form):  # type: ignore[misc]
    """A text in both languages."""

    text_id = words_field(N_("In Indonesian"), rows=1)
    text_en = words_field(N_("In English"), rows=1)

    @property
    def words(self) -> Words:
        """What was typed."""
        return Words(self.text_id.data or "", self.text_en.data or "")


class OptionForm(WordsForm):
    """One answer to choose from; `drop` takes it away."""

    value = StringField(lazy(N_("Value")), [Expected(), Length(max=LONGEST_VALUE, message=SHORT)], filters=[one_line])
    drop = BooleanField(lazy(N_("Remove")))

    @property
    def is_kept(self) -> bool:
        """Whether it stays: not taken away, and something was typed."""
        return not self.drop.data and (bool(self.value.data) or self.words != NOTHING)


class VariantForm(WordsForm):
    """Other words for the services of one number series; answers left empty are those of the question."""

    series = HiddenField()
    drop = BooleanField(lazy(N_("Remove these words")))
    options = FieldList(FormField(WordsForm), max_entries=MOST_OPTIONS)


class QuestionForm(DraftForm):
    """One question; `was` is the key it had, by which it is found again after somebody else's change."""

    was = HiddenField()
    code = StringField(
        lazy(N_("Code")),
        [Expected(), Length(max=LONGEST_VALUE, message=SHORT)],
        filters=[one_line],
        description=lazy(N_("Stands in files and keeps answers comparable. Leave it as it is in a new version.")),
    )
    kind = listed_field(N_("Kind of question"), KINDS)
    about = listed_field(N_("What it is about"), ABOUT)
    text_id = words_field(N_("Question in Indonesian"))
    text_en = words_field(N_("Question in English"))
    required = BooleanField(lazy(N_("Must be answered")))
    scored = BooleanField(lazy(N_("Counts for the figure (scored)")))
    options = FieldList(FormField(OptionForm), max_entries=MOST_OPTIONS)
    condition = SelectField(
        lazy(N_("When to ask")),
        [Expected()],
        choices=[],
        validate_choice=False,
        description=lazy(N_("Only an earlier scale can decide it.")),
    )
    at_least = _bound(N_("if its answer is at least"))
    at_most = _bound(N_("and at most"))
    variants = FieldList(FormField(VariantForm), max_entries=MOST_VARIANTS)
    new_variant = SelectField(lazy(N_("Services of number series")), [Optional()], choices=[], validate_choice=False)

    def offer(self, earlier: Iterable[tuple[str, str]], services: Iterable[tuple[str, str]]) -> None:
        """Offer earlier scales (key, words) that may decide, and services (letter, name) without words of their own."""
        known = [SelectChoice(key, text) for key, text in earlier]
        chosen = self.condition.data
        if chosen and chosen not in {each.value for each in known}:
            known.append(SelectChoice(chosen, chosen))
        self.condition.choices = [SelectChoice(ALWAYS, lazy(N_("always"))), *known]
        taken = {each.form.series.data for each in self.variants}
        free = [SelectChoice(series, f"{series} · {name}") for series, name in services if series not in taken]
        self.new_variant.choices = free

    @property
    def question(self) -> Question:
        """The question as typed."""
        kind = Kind(self.kind.data)
        places = [place for place, each in enumerate(self.options) if each.form.is_kept]
        options = _read_options(kind, [self.options[place].form for place in places])
        return Question(
            self.code.data or "",
            kind,
            Words(self.text_id.data or "", self.text_en.data or ""),
            About(self.about.data),
            options,
            bool(self.required.data),
            bool(self.scored.data),
            self._condition,
            {
                each.form.series.data: _read_variant(each.form, places, options)
                for each in self.variants
                if each.form.series.data and not each.form.drop.data
            },
        )

    @property
    def _condition(self) -> Condition | None:
        if not self.condition.data:
            return None
        return Condition(self.condition.data, self.at_least.data, self.at_most.data)

    @property
    def added_variant(self) -> str:
        """The series that gets words of its own, empty where none was chosen from the list."""
        offered = {each.value for each in self.new_variant.choices}
        return self.new_variant.data if self.new_variant.data in offered else ""


def with_variant(question: Question, series: str) -> Question:
    """Return a question with words of its own for a series, which are those of the question at first."""
    if not series or series in question.variants:
        return question
    return replace(question, variants={**question.variants, series: Variant(question.text, ())})


def question_form(question: Question, revision: int) -> QuestionForm:
    """Return the form with what a question says."""
    condition = question.shown_if
    return QuestionForm(
        "question",
        blank=True,
        revision=revision,
        was=question.key,
        code=question.key,
        kind=question.kind.value,
        about=question.about.value,
        text_id=question.text.id,
        text_en=question.text.en,
        required=question.required,
        scored=question.scored,
        options=[{"value": str(each.value), **_texts(each.text)} for each in question.options],
        condition="" if condition is None else condition.question,
        at_least=None if condition is None else condition.at_least,
        at_most=None if condition is None else condition.at_most,
        variants=[_variant_data(series, each, question) for series, each in sorted(question.variants.items())],
    )


def _variant_data(series: str, variant: Variant, question: Question) -> dict[str, Any]:
    own = [_texts(each.text) for each in variant.options] or [_texts(NOTHING) for _ in question.options]
    return {"series": series, **_texts(variant.text), "options": own}


def _texts(words: Words) -> dict[str, str]:
    return {"text_id": words.id, "text_en": words.en}


def _read_options(kind: Kind, forms: Sequence[OptionForm]) -> tuple[Option, ...]:
    options: tuple[Option, ...] = ()
    for form in forms:
        value = form.value.data or next_value(kind, options)
        options = (*options, Option(_number(value) if kind is Kind.SCALE else str(value), form.words))
    return options


def _number(value: int | str) -> int | str:
    """Return a typed value as a number where it is one; what is none stays as typed and is a fault of the scale."""
    text = str(value)
    return int(text) if text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 10 else text


def _read_variant(form: VariantForm, places: Sequence[int], options: tuple[Option, ...]) -> Variant:
    typed = [form.options[place].form.words if place < len(form.options) else NOTHING for place in places]
    if all(each == NOTHING for each in typed):
        return Variant(form.words, ())
    filled = (
        Option(option.value, Words(own.id or option.text.id, own.en or option.text.en))
        for option, own in zip(options, typed, strict=True)
    )
    return Variant(form.words, tuple(filled))
