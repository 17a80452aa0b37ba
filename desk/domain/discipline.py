"""Queue discipline: who is next, why, and who was passed over.

First come, first served by *rank time*: the arrival time less the head start of the priority class. The head start is
fixed, so nobody starves: whoever arrives more than the head start after you can never come before you, whatever their
class. A visitor handed over or returned to the queue keeps the original arrival time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from desk.domain.facts import JSON
from desk.domain.reasons import Priority
from desk.domain.refusals import Reason, Refused


class WhyCode(StrEnum):
    """The rule that made somebody the next one; the sentences are in `desk.wording.whys`."""

    LONGEST_WAIT = "longest_wait"
    PRIORITY = "priority"
    ADDRESSED = "addressed"
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

    @property
    def order(self) -> tuple[datetime, int]:
        """Sort key: earlier rank first, then the older entry."""
        return self.rank_at, self.entry_id


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
    return Choice(chosen, _why(chosen, queue, at=at), overtaken(chosen, queue))


def pick(chosen: Candidate, candidates: Iterable[Candidate], *, officer_id: int, at: datetime) -> Choice:
    """Return the choice of a particular visitor, with everybody eligible who should have come before."""
    queue = [each for each in candidates if eligible(each, officer_id=officer_id, at=at)]
    before = [each for each in queue if each.order < chosen.order]
    why = Why(WhyCode.PICKED, {"before": len(before), "waited": _seconds(at - chosen.arrived_at)})
    passed = {each.entry_id: each for each in before}
    passed.update({each.entry_id: each for each in queue if each.arrived_at < chosen.arrived_at})
    passed.pop(chosen.entry_id, None)
    return Choice(chosen, why, _passed(chosen, passed.values()))


def overtaken(chosen: Candidate, queue: Iterable[Candidate]) -> tuple[PassedOver, ...]:
    """Return those of the queue who arrived before the one chosen, longest overtaken first."""
    return _passed(chosen, [each for each in queue if each.arrived_at < chosen.arrived_at])


def _passed(chosen: Candidate, others: Iterable[Candidate]) -> tuple[PassedOver, ...]:
    ordered = sorted(others, key=lambda each: (each.arrived_at, each.entry_id))
    return tuple(
        PassedOver(each.transaction_id, each.label, max(0, _seconds(chosen.arrived_at - each.arrived_at)))
        for each in ordered
        if each.entry_id != chosen.entry_id
    )


def _why(chosen: Candidate, queue: Sequence[Candidate], *, at: datetime) -> Why:
    facts: dict[str, JSON] = {"waited": _seconds(at - chosen.arrived_at)}
    if chosen.addressee_id is not None:
        return Why(WhyCode.ADDRESSED, facts)
    if len(queue) == 1:
        return Why(WhyCode.ONLY_ONE, facts)
    ahead = overtaken(chosen, queue)
    if ahead and chosen.priority is Priority.PRIORITY:
        head_start = _seconds(chosen.arrived_at - chosen.rank_at)
        return Why(WhyCode.PRIORITY, {**facts, "head_start": head_start, "overtaken": len(ahead)})
    return Why(WhyCode.LONGEST_WAIT, facts)


def _seconds(span: timedelta) -> int:
    return span // timedelta(seconds=1)
