"""Steps of editing a questionnaire: each returns a new one. Places count from 0; what is unfinished may stay so."""

from collections.abc import Sequence
from dataclasses import replace
from string import ascii_lowercase
from typing import Final

from desk.domain.questionnaires import COMMENT, Kind, Option, Question, Questionnaire, Words

NOTHING: Final = Words("", "")
MOST_OPTIONS: Final = 30
_FIRST_OPTIONS: Final[dict[Kind, tuple[Option, ...]]] = {
    Kind.SCALE: tuple(Option(value, NOTHING) for value in range(1, 5)),
    Kind.CHOICE: (Option("a", NOTHING), Option("b", NOTHING)),
    Kind.TEXT: (),
}


def moved(questionnaire: Questionnaire, place: int, by: int) -> Questionnaire:
    """Return it with a question moved; beyond an end it stays there. Raises `IndexError` for no such place."""
    questions = list(questionnaire.questions)
    if place >= len(questions):  # what is no index at all is beyond the last too
        raise IndexError(place)
    question = questions.pop(place)
    questions.insert(min(max(0, place + by), len(questions)), question)
    return replace(questionnaire, questions=tuple(questions))


def without(questionnaire: Questionnaire, place: int) -> Questionnaire:
    """Return it without a question; raises `IndexError` for no such place."""
    questions = list(questionnaire.questions)
    if place >= len(questions):
        raise IndexError(place)
    del questions[place]
    return replace(questionnaire, questions=tuple(questions))


def replaced(questionnaire: Questionnaire, place: int, question: Question) -> Questionnaire:
    """Return it with another question in a place; the place after the last adds it."""
    questions = questionnaire.questions
    return replace(questionnaire, questions=(*questions[:place], question, *questions[place + 1 :]))


def extended(questionnaire: Questionnaire, kind: Kind) -> Questionnaire:
    """Return it with a new question of a kind at the end, without words yet."""
    is_scale = kind is Kind.SCALE
    question = Question(
        next_key(questionnaire, kind),
        kind,
        NOTHING,
        options=_FIRST_OPTIONS[kind],
        required=is_scale,
        scored=is_scale,
    )
    return replaced(questionnaire, len(questionnaire.questions), question)


def next_key(questionnaire: Questionnaire, kind: Kind) -> str:
    """Return a key that no question has; the first open question is the comment."""
    taken = {each.key for each in questionnaire.questions}
    if kind is Kind.TEXT and COMMENT not in taken:
        return COMMENT
    number = len(taken) + 1
    while f"q{number}" in taken:
        number += 1
    return f"q{number}"


def lengthened(question: Question) -> Question:
    """Return a question with one more answer to choose from, without words yet."""
    if len(question.options) >= MOST_OPTIONS:
        return question
    option = Option(next_value(question.kind, question.options), NOTHING)
    variants = {
        series: replace(each, options=(*each.options, option)) if each.options else each
        for series, each in question.variants.items()
    }
    return replace(question, options=(*question.options, option), variants=variants)


def next_value(kind: Kind, options: Sequence[Option]) -> int | str:
    """Return a value that no option has: the next number of a scale, the next free letter of a choice."""
    values = [each.value for each in options]
    if kind is Kind.SCALE:
        return max((each for each in values if isinstance(each, int)), default=0) + 1
    free = (f"{letter}{more}" for more in ("", *range(2, 9)) for letter in ascii_lowercase)
    return next(each for each in free if each not in values)
