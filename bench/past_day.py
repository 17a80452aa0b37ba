"""One day of the past as a plan: who comes when, who serves them, who is handed on, who gives up.

Visitors are taken in the order in which they arrive by the officer who is free first, so that waits come about as they
do in a hall; the day is drawn from its number, so that every run writes the same past.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from desk.domain.custody import KEEP, Step, Transaction, Wait
from desk.domain.facts import JSON, EventName
from desk.domain.lifecycle import Action

AT_WORK = 14  # counters that are open
OPEN_S, LAST_S = 0, 27_000  # 08.00 and 15.30, in seconds of the day's beginning
PATIENCE_S = 2_400
SECOND = 1_000_000
MakeWait = Callable[[Transaction], Wait]


@dataclass
class Move:
    """One step of one visitor: when (microseconds of the day), what, and what only this step tells."""

    at: int
    visitor: int
    name: EventName
    action: Action | None = None
    officer: int = KEEP  # the number of the officer who takes custody; KEEP for no change
    counter: int | None = None
    service: int | None = None  # the number of the service whose queue is joined
    addressee: int | None = None
    facts: dict[str, JSON] = field(default_factory=dict)


@dataclass
class Visitor:
    """Who comes: when, for which service, with priority or not."""

    arrives: int
    service: int
    priority: bool


class PastDay:
    """The plan of a day with so many visitors."""

    def __init__(self, number: int, visitors: int, services: int) -> None:
        self._random = Random(number)
        self._services = services
        self._free = [OPEN_S * SECOND] * AT_WORK
        self.moves: list[Move] = []
        arrivals = sorted(self._arrival() for _ in range(visitors))
        self.visitors = [Visitor(at, self._service(), self._random.random() < 0.06) for at in arrivals]
        for index, visitor in enumerate(self.visitors):
            self.moves += self._path(index, visitor)
        self.moves.sort(key=lambda move: move.at)

    def _arrival(self) -> int:
        return int(self._random.triangular(OPEN_S, LAST_S, 7_000) * SECOND)

    def _service(self) -> int:
        return min(int(self._random.expovariate(0.7)), self._services - 1)

    def _span(self, mean_s: float) -> int:
        return int((10 + self._random.expovariate(1 / mean_s)) * SECOND)

    def _taken(self, at: int, *, but: int = -1) -> tuple[int, int]:
        """Return the officer who is free first and when they call."""
        officer = min((each for each in range(AT_WORK) if each != but), key=self._free.__getitem__)
        return officer, max(at + 2 * SECOND, self._free[officer] + 2 * SECOND)

    def _path(self, index: int, visitor: Visitor) -> Iterator[Move]:
        chance, at = self._random.random(), visitor.arrives
        officer, called = self._taken(at)
        if chance < 0.1 and called - at > PATIENCE_S * SECOND * (0.3 + self._random.random()):
            yield Move(called - SECOND, index, EventName.VISITOR_LEFT, Action.LEAVE)
            return
        yield self._call(called, index, officer)
        if chance < 0.14:
            self._free[officer] = called + 60 * SECOND
            yield Move(self._free[officer], index, EventName.VISITOR_MISSED_CALL, Action.NO_SHOW)
            return
        started = called + self._span(15)
        yield Move(started, index, EventName.SERVICE_STARTED, Action.START, counter=officer)
        yield from self._served(index, visitor, officer, started, chance)

    def _served(self, index: int, visitor: Visitor, officer: int, at: int, chance: float) -> Iterator[Move]:
        done = self._free[officer] = at + self._span(160 + 40 * visitor.service + 12 * officer)
        if chance < 0.19:
            yield from self._transferred(index, visitor, officer, done)
        elif chance < 0.23:
            yield from self._offered(index, visitor, officer, done)
        elif chance < 0.27:
            yield Move(done, index, EventName.VISITOR_PART_FINISHED, Action.PROCESS, facts={"due": None})
            yield self._complete(done + self._span(1_500), index)
        elif chance < 0.28:
            yield Move(done, index, EventName.TRANSACTION_CANCELLED, Action.CANCEL,
                       facts={"reason": "visitor_asked", "note": None})  # fmt: skip
        else:
            yield self._complete(done, index)

    def _transferred(self, index: int, visitor: Visitor, officer: int, at: int) -> Iterator[Move]:
        service = (visitor.service + 1) % self._services
        yield Move(at, index, EventName.TRANSFERRED_TO_QUEUE, Action.TRANSFER, officer=-2, service=service,
                   facts={"from": officer, "reason": "wrong_service"})  # fmt: skip
        other, called = self._taken(at, but=officer)
        yield self._call(called, index, other)
        started = called + self._span(10)
        yield Move(started, index, EventName.SERVICE_STARTED, Action.START, counter=other)
        self._free[other] = started + self._span(200)
        yield self._complete(self._free[other], index)

    def _offered(self, index: int, visitor: Visitor, officer: int, at: int) -> Iterator[Move]:
        other, accepted = self._taken(at + 20 * SECOND, but=officer)
        yield Move(at, index, EventName.HANDOFF_OFFERED, Action.OFFER, service=visitor.service, addressee=other,
                   facts={"from": officer, "reason": "specialist" if at % 2 else "next_step"})  # fmt: skip
        yield Move(accepted, index, EventName.HANDOFF_ACCEPTED, Action.ACCEPT_SERVING, officer=other, counter=other)
        self._free[other] = accepted + self._span(220)
        yield self._complete(self._free[other], index)

    def _call(self, at: int, index: int, officer: int) -> Move:
        picked = (index + 3 * officer) % 50 == 0
        waited = (at - self.visitors[index].arrives) // SECOND
        why: dict[str, JSON] = {"code": "picked" if picked else "longest_wait", "waited": waited}
        reason = "frail_now" if picked else None
        facts: dict[str, JSON] = {"why": why, "passed_over": [], "picked": reason, "note": None}
        return Move(at, index, EventName.TRANSACTION_CALLED, Action.CALL, officer=officer, counter=officer, facts=facts)

    def _complete(self, at: int, index: int) -> Move:
        facts: dict[str, JSON] = {"outcome": "refused" if index % 20 == 0 else "fulfilled", "note": None}
        return Move(at, index, EventName.TRANSACTION_COMPLETED, Action.COMPLETE, facts=facts)

    @property
    def ends(self) -> int:
        """When the last of them has gone."""
        return max((move.at for move in self.moves), default=0) + SECOND


def step_of(move: Move, officers: list[int], counters: list[int], head_id: int, wait: Wait | None) -> Step:
    """Return the step that the rules take for a move."""
    holder = {KEEP: KEEP, -2: head_id}.get(move.officer)
    return Step(
        move.action or Action.CALL,
        move.name,
        holder_id=officers[move.officer] if holder is None else holder,
        counter_id=None if move.counter is None else counters[move.counter],
        wait=wait,
    )


def facts_of(move: Move, transaction: Any, officers: list[int], head_id: int, number: int | None) -> dict[str, JSON]:
    """Return what only this move tells, as its event carries it; `number` is the handoff that it answers."""
    facts = dict(move.facts)
    giver = facts.pop("from", None)
    match move.action:
        case Action.TRANSFER:
            return {"giver": officers[int(str(giver))], "receiver": head_id, "kind": "queue", "reason": facts["reason"],
                    "due": None, "handoffs": transaction.handoffs + 1, "note": None}  # fmt: skip
        case Action.OFFER:
            receiver = officers[move.addressee or 0]
            return {"offer": "opens", "giver": officers[int(str(giver))], "receiver": receiver, "kind": "officer",
                    "to_counter": None, "reason": facts["reason"], "due": None, "expires": None,
                    "note": None}  # fmt: skip
        case Action.ACCEPT_SERVING:
            return {"offer": "closes", "handoff": number, "handoffs": transaction.handoffs + 1}
        case _:
            return facts
