"""A visitor who needs more time lets one person pass: who that is, how often, and how it is taken back.

The wish moves the claim to be next right behind the one who is let pass; the time of arrival stays. Somebody who came
in between is not let pass by it more than by a later arrival, and whoever is called before the visitor by this wish was
not passing anybody over (docs/decisions/0021-more-time-and-the-code-at-the-door.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from desk.domain.access import FRONT_LINE, Actor, ActorKind, require
from desk.domain.clock import micros
from desk.domain.custody import Step, Transaction, take
from desk.domain.discipline import Candidate
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.lifecycle import Action
from desk.domain.refusals import Reason, Refused

MOST_TIMES: Final = 5  # that an office may allow; 0 is never
# So often as this for each time that is allowed a wish may be made in one wait, also one that was taken back.
WISHES_A_TIME: Final = 3
BEHIND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """A waiting visitor among those of the same queue, with what the wishes of this wait were so far.

    `times` are the wishes that stand, `wishes` all that were made. `wish_id` is the last one while it stands,
    `back_rank_at` the claim before it; `called_since` tells whether somebody of this queue was called after it.
    """

    mine: Candidate
    queue: tuple[Candidate, ...]
    times: int = 0
    wish_id: int | None = None
    back_rank_at: datetime | None = None
    called_since: bool = False
    wishes: int = 0

    def left(self, most: int) -> int:
        """Return how often somebody may still pass where an office allows `most` times."""
        return max(0, min(most - self.times, most * WISHES_A_TIME - self.wishes))

    @property
    def before(self) -> int:
        """How many come earlier."""
        return _before(self.queue, self.mine.order, self.mine)

    def before_after(self, passed: Candidate) -> int:
        """How many come earlier once this one was let pass."""
        return _before(self.queue, (behind(passed), self.mine.entry_id), self.mine)

    @property
    def can_undo(self) -> bool:
        """Whether the last wish can be taken back."""
        return self.wish_id is not None and not self.called_since


def next_behind(standing: Standing, *, at: datetime) -> Candidate | None:
    """Return who would be let pass: the first behind who can be called now; None where nobody is."""
    mine = standing.mine
    able = (each for each in standing.queue if each.order > mine.order and _can_be_called(each, mine, at=at))
    return min(able, key=lambda each: each.order, default=None)


def behind(passed: Candidate) -> datetime:
    """Return the claim of whoever stands right behind."""
    return passed.rank_at + BEHIND


def require_may(standing: Standing, *, most: int) -> None:
    """Raise `Refused`: GIVING_WAY_OFF where the office has none, GAVE_WAY_ENOUGH for who did it `most` times.

    CHANGED_MIND_ENOUGH where so many of the wishes were taken back that there is no end to it.
    """
    if most <= 0:
        raise Refused(Reason.GIVING_WAY_OFF)
    if standing.times >= most:
        raise Refused(Reason.GAVE_WAY_ENOUGH, times=standing.times)
    if standing.left(most) == 0:
        raise Refused(Reason.CHANGED_MIND_ENOUGH, wishes=standing.wishes)


def give_way(
    transaction: Transaction,
    standing: Standing,
    *,
    actor: Actor,
    most: int,
    at: datetime,
    expected: int | None = None,
) -> Fact:
    """Return the event of the wish; `expected` is the transaction that the visitor was told would pass.

    Only staff, who see the queue, may leave it out. Raises `Refused`: FORBIDDEN, NOT_POSSIBLE_NOW for who does not
    wait, OFFER_OPEN, GIVING_WAY_OFF, GAVE_WAY_ENOUGH, CHANGED_MIND_ENOUGH, NOBODY_BEHIND, QUEUE_MOVED where another
    would pass than the one expected.
    """
    mine = standing.mine
    fact = _step(transaction, mine, actor, Action.GIVE_WAY, EventName.VISITOR_GAVE_WAY)
    require_may(standing, most=most)
    passed = next_behind(standing, at=at)
    if passed is None:
        raise Refused(Reason.NOBODY_BEHIND)
    is_told = expected is not None or actor.kind is not ActorKind.STAFF
    if is_told and passed.transaction_id != expected:
        raise Refused(Reason.QUEUE_MOVED, label=passed.label)
    wish: dict[str, JSON] = {
        "wait": mine.entry_id,
        "passes": passed.transaction_id,
        "label": passed.label,
        "rank": micros(behind(passed)),
        "back_rank": micros(mine.rank_at),
        "own_rank": micros(mine.own_rank_at or mine.rank_at),
        "times": standing.times + 1,
        "wishes": standing.wishes + 1,
    }
    fact.payload.update(wish)
    return fact


def take_back(transaction: Transaction, standing: Standing, *, actor: Actor) -> Fact:
    """Return the event that puts the visitor back where they stood before the last wish.

    Raises `Refused`: FORBIDDEN, NOT_POSSIBLE_NOW, OFFER_OPEN, GIVING_WAY_OVER once somebody was called since.
    """
    mine = standing.mine
    fact = _step(transaction, mine, actor, Action.UNDO_GIVE_WAY, EventName.GIVING_WAY_UNDONE)
    if standing.wish_id is None or standing.back_rank_at is None:
        raise Refused(Reason.NOT_POSSIBLE_NOW, state=transaction.state, action=Action.UNDO_GIVE_WAY)
    if standing.called_since:
        raise Refused(Reason.GIVING_WAY_OVER)
    times = standing.times - 1
    own = mine.own_rank_at if times and mine.own_rank_at is not None else None
    wish: dict[str, JSON] = {
        "wait": mine.entry_id,
        "undoes": standing.wish_id,
        "rank": micros(standing.back_rank_at),
        "own_rank": None if own is None else micros(own),
        "times": times,
    }
    fact.payload.update(wish)
    return fact


def _step(transaction: Transaction, mine: Candidate, actor: Actor, action: Action, name: EventName) -> Fact:
    if actor.kind is ActorKind.STAFF:
        require(actor, FRONT_LINE)
    if transaction.offered:
        raise Refused(Reason.OFFER_OPEN)
    fact = take(transaction, Step(action, name, not_before=mine.not_before))
    fact.payload.pop("alert", None)  # what the visitor says answers no news of the officer
    return fact


def _can_be_called(candidate: Candidate, mine: Candidate, *, at: datetime) -> bool:
    if candidate.visit_id == mine.visit_id or candidate.offered or candidate.visit_busy:
        return False
    return candidate.not_before is None or candidate.not_before <= at


def _before(queue: Iterable[Candidate], order: tuple[datetime, int], mine: Candidate) -> int:
    return sum(each.order < order for each in queue if each.entry_id != mine.entry_id)
