"""Queue discipline: who is next, why, and who was passed over.

First come, first served by *rank time*: the arrival time less the head start of the priority class. The head start is
fixed, so nobody starves: whoever arrives more than the head start after you can never come before you, whatever their
class. A visitor handed over or returned to the queue keeps the original arrival time. Who needs more time lets somebody
pass (`desk.domain.giving_way`): being called after those is their own wish, and they were not passed over.

Queued is each service of a visit; passed over are people. Who waits for several is one of them, named by the service
that stood furthest ahead, and by how long they were here before; nobody is passed over by a service of their own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from desk.domain.facts import JSON
from desk.domain.reasons import Priority
from desk.domain.refusals import Reason, Refused


class WhyCode(StrEnum):
    """The rule that made somebody the next one; the sentences are in `desk.wording.whys`."""

    LONGEST_WAIT = "longest_wait"
    PRIORITY = "priority"
    ADDRESSED = "addressed"
    WAY_GIVEN = "way_given"
    ONLY_ONE = "only_one"
    PICKED = "picked"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A waiting queue entry as the discipline sees it."""

    entry_id: int
    transaction_id: int
    visit_id: int
    service_id: int
    label: str
    arrived_at: datetime
    rank_at: datetime
    priority: Priority = Priority.NORMAL
    addressee_id: int | None = None
    not_before: datetime | None = None
    offered: bool = False
    visit_busy: bool = False
    own_rank_at: datetime | None = None  # where it stood before its visitor let somebody pass

    @property
    def order(self) -> tuple[datetime, int]:
        """Sort key: earlier rank first, then the older entry."""
        return self.rank_at, self.entry_id

    def yields_to(self, other: "Candidate") -> bool:
        """Tell whether it comes after another only because its visitor let somebody pass."""
        return self.own_rank_at is not None and (self.own_rank_at, self.entry_id) < other.order < self.order


@dataclass(frozen=True, slots=True)
class Why:
    """One sentence's worth of reason, as a code and its numbers (seconds)."""

    code: WhyCode
    facts: dict[str, JSON] = field(default_factory=dict)

    def payload(self) -> dict[str, JSON]:
        """Return the reason as an event carries it."""
        return {"code": self.code.value, **self.facts}


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Somebody eligible who had waited longer than the one called, by how many seconds."""

    transaction_id: int
    label: str
    by_seconds: int

    def payload(self) -> dict[str, JSON]:
        """Return the passed-over visitor as an event carries it."""
        return {"transaction": self.transaction_id, "label": self.label, "by": self.by_seconds}


@dataclass(frozen=True, slots=True)
class Choice:
    """The next one, why, and who of the eligible had waited longer."""

    candidate: Candidate
    why: Why
    passed_over: tuple[PassedOver, ...]


GAVE_WAY: Final = "gave_way"  # in a reason: who had arrived before, and wished others to go first


def rank_time(arrived_at: datetime, priority: Priority, *, head_start: timedelta) -> datetime:
    """Return the time a visitor queues as if having arrived at."""
    return arrived_at - head_start if priority is Priority.PRIORITY else arrived_at


def eligible(candidate: Candidate, *, officer_id: int, at: datetime) -> bool:
    """Tell whether the officer may be given this entry now.

    Not: an entry addressed to a colleague, one whose handoff awaits an answer, one of a visit that is called or served
    elsewhere, one whose visitor asked for time until later.
    """
    if candidate.offered or candidate.visit_busy:
        return False
    if candidate.addressee_id not in (None, officer_id):
        return False
    return candidate.not_before is None or candidate.not_before <= at


def choose(candidates: Sequence[Candidate], *, officer_id: int, at: datetime) -> Choice:
    """Return who is next for the officer; raise `Refused(NOBODY_WAITING)` when nobody eligible waits."""
    queue = [each for each in candidates if eligible(each, officer_id=officer_id, at=at)]
    if not queue:
        raise Refused(Reason.NOBODY_WAITING)
    chosen = min(queue, key=lambda each: each.order)
    ahead, wished = overtaken(chosen, queue), _wished(chosen, queue)
    return Choice(chosen, _why(chosen, queue, ahead, wished, at=at), ahead)


def pick(chosen: Candidate, candidates: Iterable[Candidate], *, officer_id: int, at: datetime) -> Choice:
    """Return the choice of a particular visitor, with everybody eligible who should have come before."""
    queue = [each for each in candidates if eligible(each, officer_id=officer_id, at=at)]
    before = [each for each in queue if each.order < chosen.order]
    ahead = {each.visit_id for each in before} - {chosen.visit_id}
    facts: dict[str, JSON] = {"before": len(ahead), "waited": _seconds(at - chosen.arrived_at)}
    why = Why(WhyCode.PICKED, {**facts, **_told(_wished(chosen, queue))})
    passed = {each.entry_id: each for each in before}
    passed.update({each.entry_id: each for each in _earlier(chosen, queue) if not each.yields_to(chosen)})
    passed.pop(chosen.entry_id, None)
    return Choice(chosen, why, _passed(chosen, passed.values()))


def overtaken(chosen: Candidate, queue: Iterable[Candidate]) -> tuple[PassedOver, ...]:
    """Return those of the queue who arrived before the one chosen, longest overtaken first; not who wished it so."""
    return _passed(chosen, [each for each in _earlier(chosen, queue) if not each.yields_to(chosen)])


def _wished(chosen: Candidate, queue: Iterable[Candidate]) -> tuple[PassedOver, ...]:
    return _passed(chosen, [each for each in _earlier(chosen, queue) if each.yields_to(chosen)])


def _earlier(chosen: Candidate, queue: Iterable[Candidate]) -> list[Candidate]:
    return [each for each in queue if each.arrived_at < chosen.arrived_at]


def _told(wished: Sequence[PassedOver]) -> dict[str, JSON]:
    return {GAVE_WAY: [dict(each.payload()) for each in wished]} if wished else {}


def _passed(chosen: Candidate, others: Iterable[Candidate]) -> tuple[PassedOver, ...]:
    people: dict[int, list[Candidate]] = {}
    for each in sorted(others, key=lambda each: (each.arrived_at, each.entry_id)):
        if each.visit_id != chosen.visit_id:
            people.setdefault(each.visit_id, []).append(each)
    return tuple(_person(chosen, theirs) for theirs in people.values())


def _person(chosen: Candidate, theirs: Sequence[Candidate]) -> PassedOver:
    """Return one visitor by what they wait for, the earliest arrival first."""
    first = min(theirs, key=lambda each: each.order)
    return PassedOver(first.transaction_id, first.label, max(0, _seconds(chosen.arrived_at - theirs[0].arrived_at)))


def _why(
    chosen: Candidate,
    queue: Sequence[Candidate],
    ahead: Sequence[PassedOver],
    wished: Sequence[PassedOver],
    *,
    at: datetime,
) -> Why:
    facts: dict[str, JSON] = {"waited": _seconds(at - chosen.arrived_at), **_told(wished)}
    if chosen.addressee_id is not None:
        return Why(WhyCode.ADDRESSED, facts)
    if len({each.visit_id for each in queue}) == 1:
        return Why(WhyCode.ONLY_ONE, facts)
    if ahead and chosen.priority is Priority.PRIORITY:
        head_start = _seconds(chosen.arrived_at - chosen.rank_at)
        return Why(WhyCode.PRIORITY, {**facts, "head_start": head_start, "overtaken": len(ahead)})
    if wished:
        return Why(WhyCode.WAY_GIVEN, facts)
    return Why(WhyCode.LONGEST_WAIT, facts)


def _seconds(span: timedelta) -> int:
    return span // timedelta(seconds=1)
