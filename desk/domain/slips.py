"""What keeps a slip of the hand from doing harm: when a call may end as a no-show, and taking back one's last step.

A step is taken back by a new step, never by changing what was written; at once, by whoever took it, and only while
nothing has followed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from desk.domain.access import Actor, acting_person
from desk.domain.custody import Step, Transaction, take
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.lifecycle import AT_COUNTER_STATES, FIRST_STATE, Action, State
from desk.domain.projecting_steps import due_after
from desk.domain.queueing import Post, require_free
from desk.domain.refusals import Reason, Refused

# What an office may set: calls, seconds after the last one, seconds in which a slip can be taken back (0: never).
BOUNDS: Final[dict[str, tuple[int, int]]] = {
    "no_show_calls": (1, 9),
    "no_show_after_s": (0, 900),
    "undo_s": (0, 300),
}
# The page hides the button when the time is over; whoever pressed it just then is not refused for the way to here.
GRACE: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class NoShowRule:
    """From so many calls, and so many seconds after the last one, a visitor may be said not to have come."""

    calls: int
    seconds: int

    @property
    def holds_after_one_call(self) -> bool:
        """Whether nothing is asked beyond the one call that everybody has who can be said not to have come."""
        return self.calls <= 1 and self.seconds <= 0

    def calls_left(self, times: int) -> int:
        """Return how many calls are missing."""
        return max(0, self.calls - times)

    def allowed_at(self, last_called_at: datetime) -> datetime:
        """Return from when on, if there were calls enough."""
        return last_called_at + timedelta(seconds=self.seconds)

    def require(self, times: int, last_called_at: datetime, *, at: datetime) -> None:
        """Raise `Refused`: CALL_AGAIN_FIRST while calls are missing, WAIT_AFTER_CALL with the seconds left."""
        missing = self.calls_left(times)
        if missing:
            raise Refused(Reason.CALL_AGAIN_FIRST, calls=self.calls, missing=missing, seconds=self.seconds)
        left = (self.allowed_at(last_called_at) - at).total_seconds()
        if left > 0:
            raise Refused(Reason.WAIT_AFTER_CALL, left=int(left) + 1, seconds=self.seconds)


_UNDOING: Final[dict[tuple[EventName, State], Action]] = {
    (EventName.TRANSACTION_CALLED, State.WAITING): Action.UNCALL,
    (EventName.SERVICE_STARTED, State.CALLED): Action.UNSTART,
    (EventName.VISITOR_MISSED_CALL, State.CALLED): Action.REINSTATE,
    (EventName.RETURNED_TO_QUEUE, State.CALLED): Action.KEEP_CALLING,
    (EventName.RETURNED_TO_QUEUE, State.SERVING): Action.KEEP_SERVING,
    (EventName.VISITOR_PART_FINISHED, State.SERVING): Action.KEEP_SERVING,
    (EventName.TRANSACTION_COMPLETED, State.SERVING): Action.KEEP_SERVING,
    (EventName.TRANSACTION_COMPLETED, State.PROCESSING): Action.REOPEN,
    (EventName.TRANSACTION_PAUSED, State.SERVING): Action.RESUME_SERVING,
    (EventName.TRANSACTION_PAUSED, State.PROCESSING): Action.RESUME,
    (EventName.TRANSACTION_OPENED, FIRST_STATE): Action.CANCEL,  # a service that was added for a visitor
}
UNDOABLE: Final = frozenset(name for name, _ in _UNDOING)
# What comes by itself with a step, or is only read or set for oneself: the step before it is still the last one.
NO_STEPS: Final = frozenset(
    {
        EventName.REQUEST_CLOSED,
        EventName.INVITATION_DECIDED,
        EventName.INVITATION_SUPERSEDED,
        EventName.INVITATION_HELD,
        EventName.INVITATION_RETIMED,
        EventName.REMINDER_QUEUED,
        EventName.HANDOFF_NEWS_SEEN,
        EventName.FLOOR_MESSAGE_READ,
        EventName.SETTING_CHANGED,
    }
)
# What brings the visitor to the counter again, which must be free for it.
BRINGS_BACK: Final = frozenset({Action.KEEP_CALLING, Action.KEEP_SERVING, Action.RESUME_SERVING})
_NAMES: Final = {
    Action.KEEP_CALLING: EventName.CALL_CONTINUED,
    Action.KEEP_SERVING: EventName.SERVICE_CONTINUED,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """The step that moved a transaction last: what happened, from which state, by whom, when, as which event."""

    name: EventName
    before: State
    actor_id: int | None
    at: datetime
    number: int = 0


def state_before(payload: Mapping[str, JSON]) -> State | None:
    """Return the state that a step began in, by its payload; an added service waits from the first. None for others."""
    if payload.get("added_to") is not None:
        return FIRST_STATE
    before = payload.get("before")
    return None if before is None else State(str(before))


@dataclass(frozen=True, slots=True)
class Stood:
    """What of a transaction a slip may have changed beside its state: where it rested with whom, and by when."""

    rest: JSON = None
    due: JSON = None
    remind: JSON = None

    def told_in(self, fact: Fact) -> Fact:
        """Return the way back as the event that brings all of it back."""
        more: dict[str, JSON] = {"due": self.due, "remind": self.remind}
        if fact.payload["after"] in AT_COUNTER_STATES:
            more["rest"] = self.rest
        return replace(fact, payload={**fact.payload, **more})


def stood_before(earlier: Iterable[Mapping[str, JSON]]) -> Stood:
    """Return how a transaction stood, by the payloads of the events before the slip, the newest first."""
    rest: JSON = None
    is_step_seen = False
    for payload in earlier:
        if not is_step_seen and "rest" in payload:
            rest, is_step_seen = payload["rest"], True
        due = due_after(payload)
        if due is not None:
            return Stood(rest, due["due"], due["remind"])
    return Stood(rest)


def undoing(taken: Taken, *, actor_id: int | None, at: datetime, within_s: int) -> Action | None:
    """Return what would take a step back now, None where nothing does: not one's own, too late, or no slip."""
    is_own = actor_id is not None and taken.actor_id == actor_id
    if not is_own or within_s <= 0 or at > taken.at + timedelta(seconds=within_s):
        return None
    return _UNDOING.get((taken.name, taken.before))


def require_undoing(taken: Taken, *, actor: Actor, at: datetime, within_s: int) -> Action:
    """Return what takes the step back; raise `Refused(NO_LONGER_UNDOABLE)`."""
    earlier = at - GRACE if within_s > 0 else at
    found = undoing(taken, actor_id=acting_person(actor), at=earlier, within_s=within_s)
    if found is None:
        raise Refused(Reason.NO_LONGER_UNDOABLE)
    return found


def uncall(transaction: Transaction, *, head_id: int) -> Fact:
    """Put a visitor who was called by mistake back to their place: the same wait goes on, as if nobody had called."""
    holder_id = transaction.addressee_id or transaction.queue_holder(head_id)
    step = Step(Action.UNCALL, EventName.CALL_TAKEN_BACK, holder_id=holder_id)
    return take(transaction, step, {"call": transaction.call_id})


def unstart(transaction: Transaction, *, entry_id: int, addressee_id: int | None, served_first: bool) -> Fact:
    """Have a visitor called whose service began by mistake: the same wait and the same call go on.

    `served_first` tells of the start that it was the first: then nobody has been served yet.
    """
    step = Step(Action.UNSTART, EventName.START_TAKEN_BACK, counter_id=transaction.counter_id)
    back: dict[str, JSON] = {"entry": entry_id, "addressee": addressee_id, "unserved": served_first}
    return take(transaction, step, {"call": transaction.call_id, "back": back})


def go_on(transaction: Transaction, action: Action, *, actor: Actor, post: Post | None, visit_busy: bool) -> Fact:
    """Have a visitor at the counter again who was sent away by mistake: called, or served, as before."""
    if transaction.offered:
        raise Refused(Reason.OFFER_OPEN)
    if visit_busy:
        raise Refused(Reason.VISIT_BUSY)
    step = Step(action, _NAMES[action], holder_id=acting_person(actor), counter_id=require_free(post).counter_id)
    return replace(take(transaction, step), visit_id=transaction.visit_id)
