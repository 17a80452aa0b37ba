"""Questionnaires: what is asked, of whom, in which order, and what an answer may be. Versioned data, checked by rule.

A definition is a JSON object, so that it can be kept, compared and shown; `questionnaire_json.read` turns it into a
`Questionnaire`, `questionnaire_check.check` says everything that is wrong with it. A published version never changes,
and every answer points at its own.

    {"code": "one", "measure": "csat", "title": {"id": …, "en": …}, "intro": {…}, "questions": [
      {"key": "score", "kind": "scale", "about": "service", "text": {"id": …, "en": …}, "required": true,
       "scored": true, "options": [{"value": 1, "text": {…}}, …]},
      {"key": "comment", "kind": "text", "text": {…}, "shown_if": {"question": "score", "at_most": 2}}]}

Questions about the person (`"about": "person"`) are a profile: asked once of somebody who answers for several services,
never scored, never required, and kept apart from the answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

LANGUAGES: Final = ("id", "en")
LONGEST_WORDS: Final = 500
LONGEST_TEXT: Final = 4_000  # characters of an open answer
MOST_QUESTIONS: Final = 40
FULL: Final = 10_000  # satisfaction in ten-thousandths
COMMENT: Final = "comment"


class Kind(StrEnum):
    """How a question is answered."""

    SCALE = "scale"  # a whole number, each with a word
    CHOICE = "choice"  # one of several codes
    TEXT = "text"  # own words


class About(StrEnum):
    """What a question is about."""

    SERVICE = "service"
    PERSON = "person"


class Measure(StrEnum):
    """What a questionnaire measures, and thereby which figures are worked out of it."""

    CSAT = "csat"
    SKM_2017 = "skm2017"
    SKM_2004 = "skm2004"
    CES = "ces"
    NPS = "nps"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    id: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the text in a language; Indonesian for any other."""
        return self.en if language == "en" else self.id


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer: a number of a scale or the code of a choice, and its words."""

    value: int | str
    text: Words


@dataclass(frozen=True, slots=True)
class Condition:
    """Ask only where an earlier scale was answered between these bounds, both included."""

    question: str
    at_least: int | None = None
    at_most: int | None = None

    def holds(self, answers: Mapping[str, int | str]) -> bool:
        """Tell whether it holds; a question that was not answered fulfils no condition."""
        given = answers.get(self.question)
        if not isinstance(given, int):
            return False
        return (self.at_least is None or given >= self.at_least) and (self.at_most is None or given <= self.at_most)


@dataclass(frozen=True, slots=True)
class Variant:
    """Other words of a question for one service, by the letter of its number series."""

    text: Words
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `variants` are by number series (the fee question of a service that is free of charge)."""

    key: str
    kind: Kind
    text: Words
    about: About = About.SERVICE
    options: tuple[Option, ...] = ()
    required: bool = False
    scored: bool = False
    shown_if: Condition | None = None
    variants: Mapping[str, Variant] = field(default_factory=dict)

    def worded_for(self, series: str) -> "Question":
        """Return the question in the words for a service."""
        variant = self.variants.get(series)
        if variant is None:
            return self
        return Question(
            self.key,
            self.kind,
            variant.text,
            self.about,
            variant.options or self.options,
            self.required,
            self.scored,
            self.shown_if,
        )

    @property
    def bounds(self) -> tuple[int, int]:
        """The lowest and the highest number of a scale."""
        numbers = [each.value for each in self.options if isinstance(each.value, int)]
        return min(numbers), max(numbers)

    def word_of(self, value: int | str) -> Words | None:
        """Return the words of an answer; None for no answer of this question."""
        return next((each.text for each in self.options if each.value == value), None)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What is asked, in this order."""

    code: str
    measure: Measure
    title: Words
    intro: Words
    questions: tuple[Question, ...]

    def question(self, key: str) -> Question:
        """Return the question with this key; raises `KeyError`."""
        found = next((each for each in self.questions if each.key == key), None)
        if found is None:
            raise KeyError(key)
        return found

    def path(self, answers: Mapping[str, int | str], *, about: About | None = None) -> tuple[Question, ...]:
        """Return the questions that are asked of somebody who has answered so, in order."""
        asked: list[Question] = []
        seen: dict[str, int | str] = {}
        for question in self.questions:
            if question.shown_if is not None and not question.shown_if.holds(seen):
                continue
            asked.append(question)
            if question.key in answers:
                seen[question.key] = answers[question.key]
        return tuple(each for each in asked if about in (None, each.about))


class AnswerFault(StrEnum):
    """What is wrong with an answer."""

    MISSING = "missing"
    OFF_SCALE = "off_scale"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Filled:
    """Answers that were read: what may stand in an event (`answers`), the profile, own words; and what is wrong."""

    answers: Mapping[str, int | str]
    profile: Mapping[str, str]
    texts: Mapping[str, str]
    faults: Mapping[str, AnswerFault]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said about the service."""
        return not self.answers and not self.texts


def fill(questionnaire: Questionnaire, given: Mapping[str, str], *, require: bool = True) -> Filled:
    """Read answers as typed or posted (key to text); those to questions that were not asked are left out.

    `require` is False while somebody is still under way.
    """
    known = {each.key: each for each in questionnaire.questions}
    read = {key: _read(known[key], text.strip()) for key, text in given.items() if key in known and text.strip()}
    scales = {key: value for key, value in read.items() if isinstance(value, int)}
    asked = {each.key: each for each in questionnaire.path(scales)}
    faults = {key: value for key, value in read.items() if key in asked and isinstance(value, AnswerFault)}
    if require:
        missing = (key for key, each in asked.items() if each.required and key not in read)
        faults |= dict.fromkeys(missing, AnswerFault.MISSING)
    good = {key: value for key, value in read.items() if key in asked and not isinstance(value, AnswerFault)}
    return Filled(
        {key: value for key, value in good.items() if _is_answer(asked[key])},
        {key: str(value) for key, value in good.items() if asked[key].about is About.PERSON},
        {key: str(value) for key, value in good.items() if asked[key].kind is Kind.TEXT and not _is_person(asked[key])},
        faults,
    )


def _is_person(question: Question) -> bool:
    return question.about is About.PERSON


def _is_answer(question: Question) -> bool:
    return question.kind is not Kind.TEXT and not _is_person(question)


def _read(question: Question, text: str) -> int | str | AnswerFault:
    if question.kind is Kind.TEXT:
        return text if len(text) <= LONGEST_TEXT else AnswerFault.TOO_LONG
    found = next((each.value for each in question.options if str(each.value) == text), None)
    return AnswerFault.OFF_SCALE if found is None else found


def satisfaction(questionnaire: Questionnaire, answers: Mapping[str, int | str]) -> int | None:
    """Return the mean of the scored answers, each from lowest (0) to highest (10,000) of its scale; half up.

    None where no scored question was answered: no answers give no value, never 0.
    """
    numerator, denominator, count = 0, 1, 0  # the sum so far, in whole numbers: a file has tens of thousands of answers
    for question in questionnaire.questions:
        given = answers.get(question.key)
        if question.scored and isinstance(given, int):
            low, high = question.bounds
            numerator = numerator * (high - low) + (given - low) * denominator
            denominator *= high - low
            count += 1
    if not count:
        return None
    denominator *= count
    return (2 * FULL * numerator + denominator) // (2 * denominator)
