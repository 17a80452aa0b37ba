"""What may be wrong with a questionnaire before it is published, all of it at once, each with the question it is in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from desk.domain.questionnaires import (
    COMMENT,
    LONGEST_WORDS,
    MOST_QUESTIONS,
    About,
    Kind,
    Measure,
    Option,
    Question,
    Questionnaire,
    Words,
)
from desk.domain.skm_elements import HIGHEST_SCORE, INSTRUMENTS, LOWEST_SCORE, Regulation

CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
WIDEST_SCALE: Final = 11  # 0 to 10


class Fault(StrEnum):
    """What is wrong."""

    CODE = "code"
    WORDS_MISSING = "words_missing"
    WORDS_TOO_LONG = "words_too_long"
    NO_QUESTIONS = "no_questions"
    TOO_MANY_QUESTIONS = "too_many_questions"
    KEY = "key"
    KEY_TWICE = "key_twice"
    SCALE = "scale"
    OPTIONS = "options"
    OPTIONS_UNWANTED = "options_unwanted"
    CONDITION = "condition"
    CONDITION_NEVER = "condition_never"
    SCORED = "scored"
    PERSON = "person"
    NOTHING_SCORED = "nothing_scored"
    MEASURE_NEEDS = "measure_needs"
    VARIANT = "variant"
    COMMENT_KIND = "comment_kind"


@dataclass(frozen=True, slots=True)
class Found:
    """One fault; `question` is the key (empty: the questionnaire itself), `detail` what it is about."""

    fault: Fault
    question: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Needed:
    """Scales that a measure is worked out of: their keys and bounds, scored and unconditional."""

    keys: tuple[str, ...]
    low: int
    high: int


NEEDED: Final[Mapping[Measure, Needed]] = {
    Measure.CSAT: Needed(("score",), 1, 5),
    Measure.SKM_2017: Needed(INSTRUMENTS[Regulation.RULE_2017].keys, LOWEST_SCORE, HIGHEST_SCORE),
    Measure.SKM_2004: Needed(INSTRUMENTS[Regulation.RULE_2004].keys, LOWEST_SCORE, HIGHEST_SCORE),
    Measure.CES: Needed(("ease",), 1, 7),
    Measure.NPS: Needed(("recommend",), 0, 10),
}


def check(questionnaire: Questionnaire) -> list[Found]:
    """Return everything that keeps a questionnaire from being published; empty when it is fit."""
    return [
        *_check_whole(questionnaire),
        *(found for place in range(len(questionnaire.questions)) for found in _check_question(questionnaire, place)),
        *_check_measure(questionnaire),
    ]


def _check_whole(questionnaire: Questionnaire) -> Iterator[Found]:
    if not CODE.fullmatch(questionnaire.code):
        yield Found(Fault.CODE)
    yield from _check_words(questionnaire.title, "", "title")
    if len(questionnaire.intro.id) > LONGEST_WORDS or len(questionnaire.intro.en) > LONGEST_WORDS:
        yield Found(Fault.WORDS_TOO_LONG, "", "intro")
    if not any(each.about is About.SERVICE for each in questionnaire.questions):
        yield Found(Fault.NO_QUESTIONS)
    elif not any(each.scored for each in questionnaire.questions):
        yield Found(Fault.NOTHING_SCORED)
    if len(questionnaire.questions) > MOST_QUESTIONS:
        yield Found(Fault.TOO_MANY_QUESTIONS, "", str(MOST_QUESTIONS))


def _check_words(words: Words, key: str, detail: str) -> Iterator[Found]:
    if not words.id.strip() or not words.en.strip():
        yield Found(Fault.WORDS_MISSING, key, detail)
    elif max(len(words.id), len(words.en)) > LONGEST_WORDS:
        yield Found(Fault.WORDS_TOO_LONG, key, detail)


def _check_question(questionnaire: Questionnaire, place: int) -> Iterator[Found]:
    question = questionnaire.questions[place]
    earlier = questionnaire.questions[:place]
    if not CODE.fullmatch(question.key):
        yield Found(Fault.KEY, question.key)
    if any(each.key == question.key for each in earlier):
        yield Found(Fault.KEY_TWICE, question.key)
    yield from _check_words(question.text, question.key, "text")
    yield from _check_kind(question)
    if question.shown_if is not None:
        yield from _check_condition(question, earlier)
    for series, variant in question.variants.items():
        yield from _check_words(variant.text, question.key, series)
        if [each.value for each in variant.options or question.options] != [each.value for each in question.options]:
            yield Found(Fault.VARIANT, question.key, series)


def _check_kind(question: Question) -> Iterator[Found]:
    if question.scored and (question.kind is not Kind.SCALE or question.about is About.PERSON):
        yield Found(Fault.SCORED, question.key)
    if question.about is About.PERSON and (question.required or question.kind is Kind.SCALE):
        yield Found(Fault.PERSON, question.key)
    if question.key == COMMENT and (question.kind is not Kind.TEXT or question.about is About.PERSON):
        yield Found(Fault.COMMENT_KIND, question.key)
    match question.kind:
        case Kind.TEXT if question.options:
            yield Found(Fault.OPTIONS_UNWANTED, question.key)
        case Kind.SCALE if not _is_scale(question.options):
            yield Found(Fault.SCALE, question.key)
        case Kind.CHOICE if not _is_choice(question.options):
            yield Found(Fault.OPTIONS, question.key)
    for option in question.options:
        yield from _check_words(option.text, question.key, str(option.value))


def _is_scale(options: tuple[Option, ...]) -> bool:
    """Tell whether the values are whole numbers one after the other, at least two and at most eleven."""
    numbers = [each.value for each in options]
    first = numbers[0] if numbers else None
    if not isinstance(first, int) or not 2 <= len(numbers) <= WIDEST_SCALE:
        return False
    return numbers == list(range(first, first + len(numbers)))


def _is_choice(options: tuple[Option, ...]) -> bool:
    """Tell whether the values are different codes, at least two."""
    codes = [each.value for each in options]
    fit = all(isinstance(each, str) and 0 < len(each) <= 40 for each in codes)
    return fit and len(codes) >= 2 and len(set(codes)) == len(codes)


def _check_condition(question: Question, earlier: tuple[Question, ...]) -> Iterator[Found]:
    condition = question.shown_if
    if condition is None:
        return
    asked = next((each for each in earlier if each.key == condition.question), None)
    if asked is None or asked.kind is not Kind.SCALE or not _is_scale(asked.options):
        yield Found(Fault.CONDITION, question.key, condition.question)
        return
    low, high = asked.bounds
    at_least = low if condition.at_least is None else condition.at_least
    at_most = high if condition.at_most is None else condition.at_most
    if condition.at_least is condition.at_most is None or max(low, at_least) > min(high, at_most):
        yield Found(Fault.CONDITION_NEVER, question.key, condition.question)


def _check_measure(questionnaire: Questionnaire) -> Iterator[Found]:
    needed = NEEDED.get(questionnaire.measure)
    if needed is None:
        return
    by_key = {each.key: each for each in questionnaire.questions}
    for key in needed.keys:
        found = by_key.get(key)
        if found is None or not _fits(found, needed):
            yield Found(Fault.MEASURE_NEEDS, key, f"{needed.low}–{needed.high}")
    for question in questionnaire.questions:
        if question.scored and question.key not in needed.keys:
            yield Found(Fault.SCORED, question.key)


def _fits(question: Question, needed: Needed) -> bool:
    is_asked = question.kind is Kind.SCALE and question.scored and question.shown_if is None
    return is_asked and _is_scale(question.options) and question.bounds == (needed.low, needed.high)
