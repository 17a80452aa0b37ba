"""The verbs of the counter console: which of them an officer may use on a transaction, and where they stand.

What the life cycle allows comes from its table (`desk.domain.lifecycle.possible`); here stands only who may, and when.
Keys stand in `desk.domain.console`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from desk.domain.lifecycle import Action, Ending, State, possible
from desk.reads.colleagues import Colleague
from desk.reads.items import Item
from desk.wording import N_


class Slot(StrEnum):
    """Where a verb stands on the card: the obvious next step, beside it, in one of two columns, or among the ends."""

    FIRST = "first"
    BESIDE = "beside"
    LEFT = "left"
    RIGHT = "right"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb, by the name of its view."""

    name: str
    actions: frozenset[Action]
    label: str
    icon: str
    slot: Slot

    @property
    def endpoint(self) -> str:
        """The endpoint that carries the verb out."""
        return f"counter.{self.name}" if self.name != "resume_serving" else "counter.resume"


def _verb(name: str, label: str, icon: str, slot: Slot, *actions: Action) -> Verb:
    return Verb(name, frozenset(actions), label, icon, slot)


# In this order the first verb of the slot "first" is the big one.
VERBS: Final = (
    _verb("start", N_("Start serving"), "play-circle", Slot.FIRST, Action.START),
    _verb("complete", N_("Complete"), "check2", Slot.FIRST, Action.COMPLETE),
    _verb("resume", N_("Resume work"), "play-circle", Slot.FIRST, Action.RESUME),
    _verb("take", N_("Take from the pool"), "hand-index", Slot.FIRST, Action.TAKE),
    _verb("call", N_("Call this visitor now"), "megaphone", Slot.FIRST, Action.CALL),
    _verb("reopen", N_("Open again"), "folder2-open", Slot.FIRST, Action.REOPEN),
    _verb("recall", N_("Call again"), "arrow-repeat", Slot.BESIDE, Action.RECALL),
    _verb("miss", N_("Did not come"), "person-x", Slot.BESIDE, Action.NO_SHOW),
    _verb("resume_serving", N_("Go on serving"), "person-check", Slot.BESIDE, Action.RESUME_SERVING),
    _verb("reinstate", N_("Take the no-show back"), "person-plus", Slot.BESIDE, Action.REINSTATE),
    _verb("process", N_("Finish the visitor's part"), "person-walking", Slot.LEFT, Action.PROCESS),
    _verb("documents", N_("Documents complete"), "clipboard-check", Slot.LEFT, Action.DOCUMENTS),
    _verb("pause", N_("Pause"), "pause-circle", Slot.LEFT, Action.PAUSE),
    _verb("come_back", N_("The visitor is here again"), "house-check", Slot.LEFT, Action.COME_BACK),
    _verb(
        "hand_over",
        N_("Hand over"),
        "arrow-left-right",
        Slot.RIGHT,
        Action.OFFER,
        Action.TRANSFER,
        Action.POOL,
    ),
    _verb("give_back", N_("Back to whoever had it"), "forward", Slot.RIGHT, Action.OFFER),
    _verb("force", N_("Order a handover"), "person-badge", Slot.RIGHT, Action.FORCE, Action.FORCE_PROCESSING),
    _verb("seat", N_("Return to the queue"), "arrow-return-left", Slot.LEFT, Action.RETURN),
    _verb("leave", N_("The visitor has left"), "door-open", Slot.ENDS, Action.LEAVE),
    _verb("cancel", N_("Cancel"), "x-circle", Slot.ENDS, Action.CANCEL),
)


@dataclass(frozen=True, slots=True)
class Hands:
    """Who looks at the transaction and when; how long it may be opened again; to which pools they belong."""

    me: Colleague
    supervises: bool
    at: datetime
    reopen_days: int
    pools: frozenset[int] = frozenset()


Condition = Callable[[Item, Hands], bool]


def _holds(item: Item, hands: Hands) -> bool:
    return hands.supervises or item.handler_id == hands.me.id


def _mine(item: Item, hands: Hands) -> bool:
    return item.handler_id == hands.me.id


def _waits_or_held(item: Item, hands: Hands) -> bool:
    return item.state is State.WAITING or _holds(item, hands)


def _recently_completed(item: Item, hands: Hands) -> bool:
    if item.ending != Ending.COMPLETED.value or item.ended_at is None:
        return False
    return hands.at <= item.ended_at + timedelta(days=hands.reopen_days)


CONDITIONS: Final[dict[Action, Condition]] = {
    Action.CALL: lambda item, hands: hands.me.may_call,
    Action.RECALL: _holds,
    Action.START: _mine,
    Action.RETURN: _holds,
    Action.TRANSFER: _waits_or_held,
    Action.OFFER: _holds,
    Action.POOL: _holds,
    Action.TAKE: lambda item, hands: item.pool_id in hands.pools,
    Action.FORCE: lambda item, hands: hands.supervises,
    Action.FORCE_PROCESSING: lambda item, hands: hands.supervises,
    Action.PROCESS: _holds,
    Action.DOCUMENTS: lambda item, hands: _holds(item, hands) and item.promising and item.complete_at is None,
    Action.PAUSE: _holds,
    Action.RESUME: _holds,
    Action.RESUME_SERVING: lambda item, hands: _mine(item, hands) and item.here_today and hands.me.may_call,
    Action.COME_BACK: lambda item, hands: True,
    Action.COMPLETE: _holds,
    Action.CANCEL: _waits_or_held,
    Action.NO_SHOW: _holds,
    Action.LEAVE: _waits_or_held,
    Action.REOPEN: _recently_completed,
    Action.REINSTATE: lambda item, hands: item.missed_today,
}


def allowed(item: Item, hands: Hands) -> frozenset[Action]:
    """Return what the officer may do to the transaction now; answers to offers have their own place."""
    table = possible(item.state, offered=item.offer_id is not None)
    return frozenset(action for action in table if action in CONDITIONS and CONDITIONS[action](item, hands))


def verbs_for(actions: frozenset[Action]) -> tuple[Verb, ...]:
    """Return the verbs for these actions, in their order."""
    return tuple(verb for verb in VERBS if verb.actions & actions)
