"""The answers to a survey on their way: all that was said travels in the form, and nothing is kept before it is sent.

`Posted` is what a form carried, `Wizard` the pages that follow from it: one question a page for each transaction, one
page about the person for all of them, and a review. Names of fields: `q<invitation>-<key>`, `p-<key>` of the person.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from werkzeug.datastructures import MultiDict

from desk.domain.questionnaires import About, AnswerFault, Filled, Kind, Question, fill
from desk.domain.texts import several_lines
from desk.reads.invitations import Asked

PERSON: Final = "person"
REVIEW: Final = "review"
DOUBLED: Final = "doubled"
LAST: Final = 2**63
_QUESTION: Final = re.compile(r"(?:q\d+|p)-")


@dataclass(frozen=True, slots=True)
class Posted:
    """What a form carried: `said` by field, as typed; of a field that came twice, the first."""

    said: Mapping[str, str] = field(default_factory=dict)
    at: str = ""
    skipped: frozenset[int] = frozenset()
    reviewed: bool = False
    large: bool = False
    correcting: bool = False
    doubled: frozenset[str] = frozenset()
    strange: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its questions by field, about which transaction (None: the person), and whether that is left out."""

    id: str
    questions: Mapping[str, Question]
    asked: Asked | None = None
    skipped: bool = False

    @property
    def about(self) -> int:
        """The invitation it belongs to; pages about the person come last."""
        return LAST if self.asked is None else self.asked.invitation.id


def field_of(question: Question, asked: Asked) -> str:
    """Return the name of a question's field."""
    return f"p-{question.key}" if question.about is About.PERSON else f"q{asked.invitation.id}-{question.key}"


def fields_of(asked: Asked) -> tuple[str, ...]:
    """Return the names of the fields of all questions about one transaction, those about the person left out."""
    return tuple(field_of(each, asked) for each in asked.questionnaire.questions if each.about is About.SERVICE)


def read_posted(form: "MultiDict[str, str]", asked: tuple[Asked, ...]) -> Posted:
    """Return what a form carried about these transactions; `strange` tells of a question that they do not have.

    That is also one of an invitation that is not asked here: of another visit, or answered meanwhile.
    """
    known = {field_of(each, one): each for one in asked for each in one.questionnaire.questions}
    given = {name: _clean(form[name], known[name]) for name in known if form.get(name)}
    skippable = {one.invitation.id for one in asked} if len(asked) > 1 else set()
    return Posted(
        given,
        form.get("at", ""),
        frozenset(each for each in skippable if form.get(f"skip{each}")),
        bool(form.get("reviewed")),
        bool(form.get("large")),
        bool(form.get("correcting")),
        frozenset(name for name in known if len(set(form.getlist(name))) > 1),
        any(_QUESTION.match(name) is not None and name not in known for name in form),
    )


def _clean(value: str, question: Question) -> str:
    return several_lines(value) if question.kind is Kind.TEXT else value


@dataclass(frozen=True, slots=True)
class Wizard:
    """The pages of a survey as they follow from what was said so far."""

    asked: tuple[Asked, ...]
    posted: Posted = field(default_factory=Posted)
    _read: dict[int, Filled] = field(default_factory=dict, init=False, repr=False, compare=False)

    def given(self, asked: Asked) -> dict[str, str]:
        """Return what was said about a transaction and the person, by question key; no answer of another scale."""
        return {
            each.key: said
            for each in asked.questionnaire.questions
            if (said := self.posted.said.get(field_of(each, asked))) is not None
            and (each.about is About.SERVICE or not each.options or said in {str(one.value) for one in each.options})
        }

    def filled(self, asked: Asked) -> Filled:
        """Return the answers about a transaction, with what is wrong with them."""
        found = self._read.get(asked.invitation.id)
        if found is None:
            found = self._read[asked.invitation.id] = fill(asked.questionnaire, self.given(asked))
        return found

    @property
    def answered(self) -> tuple[Asked, ...]:
        """The transactions that the visitor did not leave out."""
        return tuple(each for each in self.asked if each.invitation.id not in self.posted.skipped)

    @property
    def pages(self) -> tuple[Page, ...]:
        """Every page in order; of a transaction that is left out the first, from which it can be taken up again."""
        pages = [page for each in self.asked for page in self._pages_of(each)]
        person = self._person()
        if person:
            pages.append(Page(PERSON, person))
        return (*pages, Page(REVIEW, {}))

    def _pages_of(self, asked: Asked) -> list[Page]:
        skipped = asked.invitation.id in self.posted.skipped
        path = asked.questionnaire.path(self.filled(asked).answers, about=About.SERVICE)
        names = {field_of(each, asked): each for each in path}
        pages = [Page(name, {name: each}, asked, skipped) for name, each in names.items()]
        return pages[:1] if skipped else pages

    def _person(self) -> dict[str, Question]:
        """Return the questions about the person: those of all questionnaires, each once."""
        found: dict[str, Question] = {}
        for asked in self.answered:
            for each in asked.questionnaire.path(self.filled(asked).answers, about=About.PERSON):
                found.setdefault(field_of(each, asked), each)
        return found

    @property
    def page(self) -> Page:
        """The page on which the visitor stands; the first where there is no such page (any more)."""
        return next((each for each in self.pages if each.id == self.posted.at), self.pages[0])

    @property
    def place(self) -> tuple[int, int]:
        """The how manieth of how many pages with questions this is."""
        counted = [each.id for each in self.pages if not each.skipped and each.id != REVIEW]
        here = self.page.id
        return (counted.index(here) + 1 if here in counted else len(counted)), len(counted)

    @property
    def place_in_service(self) -> tuple[int, int]:
        """The how manieth question of how many about the service of this page."""
        page = self.page
        counted = [each.id for each in self.pages if not each.skipped and each.about == page.about]
        return (counted.index(page.id) + 1 if page.id in counted else 1), max(1, len(counted))

    @property
    def service_place(self) -> tuple[int, int]:
        """The how manieth of how many services the page is about."""
        abouts = [each.invitation.id for each in self.asked]
        return abouts.index(self.page.about) + 1, len(abouts)

    @property
    def is_first(self) -> bool:
        """Whether there is no page before."""
        return self.page.id == self.pages[0].id

    def faults(self, page: Page) -> dict[str, str]:
        """Return what is wrong on a page, by field: a code of `AnswerFault` or DOUBLED."""
        if page.skipped:
            return {}
        found: dict[str, str] = {name: DOUBLED for name in page.questions if name in self.posted.doubled}
        for name, question in page.questions.items():
            fault = self._fault(name, question, page.asked)
            if fault is not None:
                found.setdefault(name, fault.value)
        return found

    def _fault(self, name: str, question: Question, asked: Asked | None) -> AnswerFault | None:
        if asked is not None:
            return self.filled(asked).faults.get(question.key)
        alone = replace(self.asked[0].questionnaire, questions=(question,))
        return fill(alone, {question.key: self.posted.said.get(name, "")}).faults.get(question.key)

    @property
    def first_faulty(self) -> Page | None:
        """The first page with something wrong."""
        return next((each for each in self.pages if self.faults(each)), None)

    def gone(self, go: str, detail: str) -> "Wizard":
        """Return it after a button that records nothing; any other than these leaves the page as it is."""
        match go:
            case "next":
                return self.forth()
            case "back":
                return self.back()
            case "skip":
                return self.without()
            case "to":
                return self.turned(detail)
            case "large":
                return replace(self, posted=replace(self.posted, large=not self.posted.large))
            case _:
                return self

    def turned(self, page_id: str) -> "Wizard":
        """Return the survey opened at a page; a transaction that was left out is taken up again."""
        page = next((each for each in self.pages if each.id == page_id), self.page)
        skipped = self.posted.skipped - ({page.asked.invitation.id} if page.asked else set())
        reviewed = self.posted.reviewed or page.id == REVIEW
        return replace(self, posted=replace(self.posted, at=page.id, skipped=skipped, reviewed=reviewed))

    def forth(self) -> "Wizard":
        """Return it at the next page; after the review was seen, at what is still missing or the review again."""
        if self.posted.reviewed:
            missing = self.first_faulty
            return self.turned(REVIEW if missing is None else missing.id)
        following = self.pages[self._position + 1 :]
        return self.turned(next((each.id for each in following if not each.skipped), REVIEW))

    def back(self) -> "Wizard":
        """Return it at the page before."""
        return self.turned(self.pages[max(0, self._position - 1)].id)

    def without(self) -> "Wizard":
        """Return it with the transaction of this page left out, at the next page."""
        page = self.page
        if page.asked is None or len(self.asked) == 1:
            return self
        skipped = self.posted.skipped | {page.asked.invitation.id}
        left = replace(self, posted=replace(self.posted, skipped=skipped))
        first = next(each.id for each in left.pages if each.skipped and each.asked == page.asked)
        return replace(left, posted=replace(left.posted, at=first)).forth()

    @property
    def _position(self) -> int:
        return [each.id for each in self.pages].index(self.page.id)

    def hidden(self) -> Iterator[tuple[str, str]]:
        """Yield the fields that carry what is not asked on this page."""
        shown = self.page.questions
        yield from ((name, said) for name, said in self.posted.said.items() if name not in shown)
        yield from ((f"skip{each}", "1") for each in sorted(self.posted.skipped))
        yield "at", self.page.id
        for name in ("reviewed", "large", "correcting"):
            if getattr(self.posted, name):
                yield name, "1"
