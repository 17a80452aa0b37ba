"""The life cycle of a transaction: one table, from which buttons, the API, the docs and the tests are read."""

from enum import StrEnum
from typing import Final

from desk.domain.refusals import Reason, Refused


class State(StrEnum):
    """Where a transaction stands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PROCESSING = "processing"
    PAUSED = "paused"
    ENDED = "ended"


class Ending(StrEnum):
    """How a transaction ended."""

    COMPLETED = "completed"
    NO_SHOW = "no_show"
    LEFT = "left"
    CANCELLED = "cancelled"
    CLOSED_UNSERVED = "closed_unserved"


class Outcome(StrEnum):
    """What a completed transaction brought the visitor."""

    FULFILLED = "fulfilled"
    REFUSED = "refused"
    REFERRED = "referred"
    INCOMPLETE = "incomplete"


class Action(StrEnum):
    """What can be done to a transaction after its check-in."""

    CALL = "call"
    RECALL = "recall"
    START = "start"
    RETURN = "return"
    TRANSFER = "transfer"
    POOL = "hand_to_pool"
    TAKE = "take_from_pool"
    FORCE = "force"
    FORCE_PROCESSING = "force_processing"
    OFFER = "offer"
    ACCEPT_SERVING = "accept_serving"
    ACCEPT_WAITING = "accept_waiting"
    ACCEPT_PROCESSING = "accept_processing"
    ACCEPT_PAUSED = "accept_paused"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    PROCESS = "process"
    DOCUMENTS = "documents"
    PAUSE = "pause"
    RESUME = "resume"
    RESUME_SERVING = "resume_serving"
    COME_BACK = "come_back"
    COMPLETE = "complete"
    CANCEL = "cancel"
    NO_SHOW = "no_show"
    LEAVE = "leave"
    CLOSE_DAY = "close_day"
    REOPEN = "reopen"
    REINSTATE = "reinstate"
    GIVE_WAY = "give_way"
    UNDO_GIVE_WAY = "undo_give_way"
    UNCALL = "uncall"
    UNSTART = "unstart"
    KEEP_CALLING = "keep_calling"
    KEEP_SERVING = "keep_serving"


class Rest:
    """The target of a step that ends the queue entry only: back to where the transaction rested, or its end."""


REST: Final = Rest()
FIRST_STATE: Final = State.WAITING
OPEN_STATES: Final = frozenset(State) - {State.ENDED}
PRESENT_STATES: Final = frozenset({State.WAITING, State.CALLED, State.SERVING})
AT_COUNTER_STATES: Final = frozenset({State.CALLED, State.SERVING})
RESTING_STATES: Final = frozenset({State.PROCESSING, State.PAUSED})

TRANSITIONS: Final[dict[tuple[State, Action], State | Rest]] = {
    (State.WAITING, Action.CALL): State.CALLED,
    (State.WAITING, Action.OFFER): State.WAITING,
    (State.WAITING, Action.TRANSFER): State.WAITING,
    (State.WAITING, Action.POOL): State.PROCESSING,
    (State.WAITING, Action.FORCE): State.WAITING,
    (State.WAITING, Action.FORCE_PROCESSING): State.PROCESSING,
    (State.WAITING, Action.ACCEPT_SERVING): State.SERVING,
    (State.WAITING, Action.ACCEPT_WAITING): State.WAITING,
    (State.WAITING, Action.ACCEPT_PROCESSING): State.PROCESSING,
    (State.WAITING, Action.DECLINE): State.WAITING,
    (State.WAITING, Action.WITHDRAW): State.WAITING,
    (State.WAITING, Action.EXPIRE): State.WAITING,
    (State.WAITING, Action.KEEP_CALLING): State.CALLED,
    (State.WAITING, Action.KEEP_SERVING): State.SERVING,
    (State.WAITING, Action.GIVE_WAY): State.WAITING,
    (State.WAITING, Action.UNDO_GIVE_WAY): State.WAITING,
    (State.WAITING, Action.CANCEL): State.ENDED,
    (State.WAITING, Action.LEAVE): REST,
    (State.WAITING, Action.CLOSE_DAY): REST,
    (State.CALLED, Action.RECALL): State.CALLED,
    (State.CALLED, Action.UNCALL): State.WAITING,
    (State.CALLED, Action.START): State.SERVING,
    (State.CALLED, Action.RETURN): State.WAITING,
    (State.CALLED, Action.TRANSFER): State.WAITING,
    (State.CALLED, Action.FORCE): State.WAITING,
    (State.CALLED, Action.FORCE_PROCESSING): State.PROCESSING,
    (State.CALLED, Action.CANCEL): State.ENDED,
    (State.CALLED, Action.NO_SHOW): REST,
    (State.CALLED, Action.LEAVE): REST,
    (State.CALLED, Action.CLOSE_DAY): REST,
    (State.SERVING, Action.UNSTART): State.CALLED,
    (State.SERVING, Action.RETURN): State.WAITING,
    (State.SERVING, Action.TRANSFER): State.WAITING,
    (State.SERVING, Action.OFFER): State.WAITING,
    (State.SERVING, Action.POOL): State.PROCESSING,
    (State.SERVING, Action.FORCE): State.WAITING,
    (State.SERVING, Action.FORCE_PROCESSING): State.PROCESSING,
    (State.SERVING, Action.PROCESS): State.PROCESSING,
    (State.SERVING, Action.DOCUMENTS): State.SERVING,
    (State.SERVING, Action.PAUSE): State.PAUSED,
    (State.SERVING, Action.COMPLETE): State.ENDED,
    (State.SERVING, Action.CANCEL): State.ENDED,
    (State.SERVING, Action.LEAVE): REST,
    (State.PROCESSING, Action.OFFER): State.PROCESSING,
    (State.PROCESSING, Action.POOL): State.PROCESSING,
    (State.PROCESSING, Action.TAKE): State.PROCESSING,
    (State.PROCESSING, Action.FORCE): State.PROCESSING,
    (State.PROCESSING, Action.ACCEPT_PROCESSING): State.PROCESSING,
    (State.PROCESSING, Action.DECLINE): State.PROCESSING,
    (State.PROCESSING, Action.WITHDRAW): State.PROCESSING,
    (State.PROCESSING, Action.EXPIRE): State.PROCESSING,
    (State.PROCESSING, Action.DOCUMENTS): State.PROCESSING,
    (State.PROCESSING, Action.PAUSE): State.PAUSED,
    (State.PROCESSING, Action.KEEP_SERVING): State.SERVING,
    (State.PROCESSING, Action.COME_BACK): State.WAITING,
    (State.PROCESSING, Action.COMPLETE): State.ENDED,
    (State.PROCESSING, Action.CANCEL): State.ENDED,
    (State.PROCESSING, Action.REINSTATE): State.WAITING,
    (State.PAUSED, Action.OFFER): State.PAUSED,
    (State.PAUSED, Action.POOL): State.PAUSED,
    (State.PAUSED, Action.TAKE): State.PAUSED,
    (State.PAUSED, Action.FORCE): State.PAUSED,
    (State.PAUSED, Action.ACCEPT_PAUSED): State.PAUSED,
    (State.PAUSED, Action.DECLINE): State.PAUSED,
    (State.PAUSED, Action.WITHDRAW): State.PAUSED,
    (State.PAUSED, Action.EXPIRE): State.PAUSED,
    (State.PAUSED, Action.RESUME): State.PROCESSING,
    (State.PAUSED, Action.RESUME_SERVING): State.SERVING,
    (State.PAUSED, Action.COME_BACK): State.WAITING,
    (State.PAUSED, Action.CANCEL): State.ENDED,
    (State.PAUSED, Action.REINSTATE): State.WAITING,
    (State.ENDED, Action.KEEP_SERVING): State.SERVING,
    (State.ENDED, Action.REOPEN): State.PROCESSING,
    (State.ENDED, Action.REINSTATE): State.WAITING,
}

# What takes an end, or a missed call, back.
UNDOING: Final = frozenset({Action.REOPEN, Action.REINSTATE})
# What takes the last slip back (`desk.domain.slips`): only whoever made it, at once, and while nothing has followed.
OF_SLIPS: Final = frozenset({Action.UNCALL, Action.UNSTART, Action.KEEP_CALLING, Action.KEEP_SERVING})

ENDINGS: Final[dict[Action, Ending]] = {
    Action.COMPLETE: Ending.COMPLETED,
    Action.CANCEL: Ending.CANCELLED,
    Action.NO_SHOW: Ending.NO_SHOW,
    Action.LEAVE: Ending.LEFT,
    Action.CLOSE_DAY: Ending.CLOSED_UNSERVED,
}

# An open offer lives on through these; every other step withdraws it first.
KEEPS_OFFER: Final = frozenset({Action.DOCUMENTS, Action.PAUSE, Action.RESUME})
# What needs an answer to the open offer, or its withdrawal, first.
NOT_WHILE_OFFERED: Final = frozenset(
    {
        Action.OFFER,
        Action.CALL,
        Action.TRANSFER,
        Action.POOL,
        Action.TAKE,
        Action.GIVE_WAY,
        Action.UNDO_GIVE_WAY,
    }
)
# Steps that answer or close the offer themselves.
ANSWERS_OFFER: Final = frozenset(
    {
        Action.ACCEPT_SERVING,
        Action.ACCEPT_WAITING,
        Action.ACCEPT_PROCESSING,
        Action.ACCEPT_PAUSED,
        Action.DECLINE,
        Action.WITHDRAW,
        Action.EXPIRE,
    }
)


def target(state: State, action: Action, *, resting: State | None) -> State:
    """Return the state `action` leads to; raise `Refused(NOT_POSSIBLE_NOW)` where the table has no such step.

    `resting` is the state (processing or paused) the transaction was last in, None if it never was in either: a step
    that ends only the queue entry leads back there.
    """
    after = TRANSITIONS.get((state, action))
    if after is None:
        raise Refused(Reason.NOT_POSSIBLE_NOW, state=state, action=action)
    if isinstance(after, Rest):
        return resting if resting is not None else State.ENDED
    return after


def possible(state: State, *, offered: bool) -> frozenset[Action]:
    """Return what the table allows in `state`; answers only while an offer is open, a call only while none is.

    What takes a slip back is no choice of everybody's: `desk.domain.slips` says who may.
    """
    allowed = {action for (before, action) in TRANSITIONS if before is state} - OF_SLIPS
    if not offered:
        return frozenset(allowed - ANSWERS_OFFER)
    return frozenset(allowed - NOT_WHILE_OFFERED)


def undoable(ending: Ending | None, *, missed: bool) -> frozenset[Action]:
    """Return which of reopening and reinstating fit how it ended; `missed`: its last wait ended as a no-show."""
    if ending is Ending.COMPLETED:
        return frozenset({Action.REOPEN})
    return frozenset({Action.REINSTATE}) if missed and ending in (None, Ending.NO_SHOW) else frozenset()
