"""What a questionnaire says differently from the version before, and whether its answers can still be compared."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from desk.domain.questionnaires import Kind, Question, Questionnaire


class Change(StrEnum):
    """What is different."""

    TITLE = "title"
    INTRO = "intro"
    MEASURE = "measure"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    KEY = "key"
    KIND = "kind"
    SCALE = "scale"
    OPTIONS = "options"
    TEXT = "text"
    ANSWERS = "answers"
    REQUIRED = "required"
    SCORED = "scored"
    ABOUT = "about"
    CONDITION = "condition"
    VARIANTS = "variants"


# After these the figures of a scored question, or of the whole, say something else than before.
BREAKING: Final = frozenset(
    {
        Change.MEASURE,
        Change.ADDED,
        Change.REMOVED,
        Change.KEY,
        Change.KIND,
        Change.SCALE,
        Change.SCORED,
        Change.ABOUT,
        Change.CONDITION,
    }
)


@dataclass(frozen=True, slots=True)
class Changed:
    """One difference; `question` as it is now (as it was: of a removed one), None: the questionnaire itself."""

    change: Change
    before: Question | None = None
    after: Question | None = None
    is_scored: bool = False

    @property
    def question(self) -> Question | None:
        """The question it is about."""
        return self.after or self.before

    @property
    def breaks(self) -> bool:
        """Whether figures from before cannot be laid beside those after it."""
        return self.change in BREAKING and (self.is_scored or self.change is Change.MEASURE)


def list_changes(before: Questionnaire, after: Questionnaire) -> tuple[Changed, ...]:
    """Return every difference, in the order of the new version; empty where both say the same."""
    return (*_whole(before, after), *_questions(before, after))


def _whole(before: Questionnaire, after: Questionnaire) -> Iterator[Changed]:
    if before.title != after.title:
        yield Changed(Change.TITLE)
    if before.intro != after.intro:
        yield Changed(Change.INTRO)
    if before.measure is not after.measure:
        yield Changed(Change.MEASURE)


def _questions(before: Questionnaire, after: Questionnaire) -> Iterator[Changed]:
    old = {each.key: each for each in before.questions}
    new = {each.key: each for each in after.questions}
    renamed = _renamed(old, new)
    for question in after.questions:
        was = old.get(question.key) or renamed.get(question.key)
        if was is None:
            yield Changed(Change.ADDED, None, question, question.scored)
            continue
        yield from (Changed(each, was, question, question.scored or was.scored) for each in _of_question(was, question))
    gone = old.keys() - new.keys() - {each.key for each in renamed.values()}
    for question in before.questions:
        if question.key in gone:
            yield Changed(Change.REMOVED, question, None, question.scored)
    yield from _moved(before, after)


def _renamed(old: dict[str, Question], new: dict[str, Question]) -> dict[str, Question]:
    """Return by new key which questions only got another key: same words, same answers."""
    gone = [each for key, each in old.items() if key not in new]
    fresh = [each for key, each in new.items() if key not in old]
    return {each.key: was for each in fresh for was in gone if (was.text, was.options) == (each.text, each.options)}


# What of a question is compared, and what a difference in it is called; its answers are looked at by `_answers`.
_COMPARED: Final[Mapping[Change, Callable[[Question], object]]] = {
    Change.KEY: lambda question: question.key,
    Change.KIND: lambda question: question.kind,
    Change.TEXT: lambda question: question.text,
    Change.REQUIRED: lambda question: question.required,
    Change.SCORED: lambda question: question.scored,
    Change.ABOUT: lambda question: question.about,
    Change.CONDITION: lambda question: question.shown_if,
    Change.VARIANTS: lambda question: question.variants,
}


def _of_question(was: Question, now: Question) -> Iterator[Change]:
    yield from (change for change, of in _COMPARED.items() if of(was) != of(now))
    if was.kind is now.kind and was.options != now.options:
        yield _answers(was, now)


def _answers(was: Question, now: Question) -> Change:
    """Return what became of the answers to choose from: other values, or the same in other words."""
    if [each.value for each in was.options] == [each.value for each in now.options]:
        return Change.ANSWERS
    return Change.SCALE if now.kind is Kind.SCALE else Change.OPTIONS


def _moved(before: Questionnaire, after: Questionnaire) -> Iterator[Changed]:
    """Yield one difference where those that stayed stand in another order."""
    old, new = [each.key for each in before.questions], [each.key for each in after.questions]
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield Changed(Change.MOVED)
