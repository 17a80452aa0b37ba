"""A transaction as the rules see it, and the one shape of every step it takes.

Custody is never empty: every step that changes state, holder or counter closes the open segment and opens the next at
the same instant, so the segments of a transaction tile its life.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from desk.domain.clock import micros
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.lifecycle import AT_COUNTER_STATES, ENDINGS, RESTING_STATES, Action, Ending, State, target
from desk.domain.reasons import Priority


@dataclass(frozen=True, slots=True)
class Transaction:
    """One service for one visitor as it stands now."""

    id: int
    office_id: int
    visit_id: int
    service_id: int
    state: State
    holder_id: int | None
    counter_id: int | None
    segment: int
    opened_at: datetime
    arrived_at: datetime
    priority: Priority = Priority.NORMAL
    entry_id: int | None = None
    addressee_id: int | None = None
    offer_id: int | None = None
    call_id: int | None = None
    resting: State | None = None
    resting_holder_id: int | None = None
    ending: Ending | None = None
    ended_at: datetime | None = None
    served_at: datetime | None = None
    handoffs: int = 0
    pool_id: int | None = None
    alert_id: int | None = None

    @property
    def offered(self) -> bool:
        """Whether an offer to pass custody on is open."""
        return self.offer_id is not None

    def queue_holder(self, head_id: int) -> int:
        """Who is responsible while it waits: whoever still has it in processing, else the head of the queue."""
        return self.resting_holder_id if self.resting_holder_id is not None else head_id


@dataclass(frozen=True, slots=True)
class Wait:
    """The queue entry a step opens: in which service's queue, for whom, and with which claim to be next."""

    service_id: int
    arrived_at: datetime
    rank_at: datetime
    addressee_id: int | None = None
    not_before: datetime | None = None

    def payload(self) -> dict[str, JSON]:
        """Return the wait as an event carries it."""
        return {
            "service": self.service_id,
            "arrived": micros(self.arrived_at),
            "rank": micros(self.rank_at),
            "addressee": self.addressee_id,
            "not_before": None if self.not_before is None else micros(self.not_before),
        }


KEEP: Final = -1


@dataclass(frozen=True, slots=True)
class Step:
    """What one action does to one transaction, beside the change of state."""

    action: Action
    name: EventName
    holder_id: int | None = KEEP
    counter_id: int | None = None
    wait: Wait | None = None
    not_before: datetime | None = None
    pool_id: int | None = KEEP


def take(transaction: Transaction, step: Step, facts: dict[str, JSON] | None = None) -> Fact:
    """Return the event of `step`; raise `Refused(NOT_POSSIBLE_NOW)` where the life cycle has no such step.

    `facts` are what this verb alone tells (reason, why, due time …) and stand beside the common part in the payload.
    """
    after = target(transaction.state, step.action, resting=transaction.resting)
    holder_id = _holder_after(transaction, step, after)
    counter_id = step.counter_id if after in AT_COUNTER_STATES else None
    resting = _rest_after(transaction, after, holder_id)
    pool_id = _pool_after(transaction, step, after, resting)
    stood = (transaction.state, transaction.holder_id, transaction.counter_id, transaction.pool_id)
    changed = (after, holder_id, counter_id, pool_id) != stood
    payload: dict[str, JSON] = {
        "action": step.action.value,
        "before": transaction.state.value,
        "after": after.value,
        "holder": holder_id,
        "counter": counter_id,
        "service": step.wait.service_id if step.wait is not None else transaction.service_id,
        "rest": resting,
        "closes": transaction.segment if changed and transaction.state is not State.ENDED else None,
        "segment": transaction.segment + 1 if changed and after is not State.ENDED else None,
        "entry": _entry_change(transaction, step, after),
        "joins": None if step.wait is None else step.wait.payload(),
        "ending": ENDINGS[step.action].value if after is State.ENDED else None,
        "served_first": after is State.SERVING and transaction.served_at is None,
    }
    payload.update(_seldom(transaction, pool_id))
    payload.update(facts or {})
    return Fact(step.name, payload, transaction_id=transaction.id, visit_id=transaction.visit_id)


def _seldom(transaction: Transaction, pool_id: int | None) -> dict[str, JSON]:
    """Return what only some transactions have to tell: the pool they lie in, the alert that this step answers."""
    told: dict[str, JSON] = {}
    if (transaction.pool_id, pool_id) != (None, None):
        told["pool"] = pool_id
    if transaction.alert_id is not None:
        told["alert"] = "closes"
    return told


def _pool_after(transaction: Transaction, step: Step, after: State, resting: JSON) -> int | None:
    """Return the pool the work lies in: it stays there until a step says otherwise or somebody else has it at rest."""
    if step.pool_id != KEEP:
        return step.pool_id
    if after is State.ENDED or not isinstance(resting, list) or resting[1] != transaction.resting_holder_id:
        return None
    return transaction.pool_id


def _holder_after(transaction: Transaction, step: Step, after: State) -> int | None:
    if after is State.ENDED:
        return None
    if step.action in ENDINGS and after in RESTING_STATES:
        return transaction.resting_holder_id
    return transaction.holder_id if step.holder_id == KEEP else step.holder_id


def _rest_after(transaction: Transaction, after: State, holder_id: int | None) -> JSON:
    if after in RESTING_STATES:
        return [after.value, holder_id]
    if transaction.resting is None:
        return None
    return [transaction.resting.value, transaction.resting_holder_id]


def _entry_change(transaction: Transaction, step: Step, after: State) -> JSON:
    """Say what becomes of the open queue entry: called, waiting again, or over; None where there is none."""
    if transaction.entry_id is None:
        return None
    if after is State.CALLED:
        return {"id": transaction.entry_id, "place": "called"}
    if after is State.WAITING and step.wait is None:
        not_before = None if step.not_before is None else micros(step.not_before)
        return {"id": transaction.entry_id, "place": "waiting", "not_before": not_before}
    return {"id": transaction.entry_id, "place": "over", "ended_by": step.action.value}


def without_offer(transaction: Transaction) -> Transaction:
    """Return the transaction as it stands once its open offer is closed."""
    return replace(transaction, offer_id=None)
