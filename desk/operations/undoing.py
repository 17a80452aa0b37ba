"""Taking back one's last step with a transaction: a new step that leads back to where it stood."""

import json
from functools import partial
from typing import Any

from sqlalchemy import select

from desk.domain import slips, working
from desk.domain.custody import Transaction
from desk.domain.facts import EventName, Fact
from desk.domain.identity import id_of, office_of
from desk.domain.lifecycle import Action, State
from desk.domain.reasons import CancelReason, ReopenReason
from desk.domain.refusals import Reason, Refused
from desk.domain.slips import Stood, Taken
from desk.models import EventRow, QueueEntry
from desk.operations.finding import TRANSACTIONS, VISITS, find_post, get_transaction, today, visit_busy
from desk.operations.requesting import reopen_closed
from desk.operations.requests import Done, Request
from desk.operations.serving import reinstate_in, reopen_in, take_step
from desk.operations.stream import Streams, Unit
from desk.operations.survey.taking_back import take_back_question

EVENTS: Any = EventRow.__table__
ENTRIES: Any = QueueEntry.__table__


def undo(streams: Streams, transaction_id: int, request: Request) -> Done:
    """Take back the acting officer's last step with a transaction, while nothing has followed it.

    By when the work is due, and the requests that an end had closed, come back with it; an offer that the step withdrew
    does not, for its receiver has been told. Answers transaction, state, ending, undone (the event), requests (those
    that wait again), offer_withdrawn. Raises `Refused`: UNKNOWN, OFFICE_RETIRED, NO_LONGER_UNDOABLE, and what the way
    back refuses (COUNTER_BUSY, NOT_ON_DUTY, ON_BREAK, VISIT_BUSY, OFFER_OPEN).
    """

    def work(unit: Unit) -> Done:
        unit.configuration.require_in_use()
        transaction = get_transaction(unit, transaction_id)
        taken = _last_step(unit, transaction_id)
        within_s = unit.configuration.rules.undo_s
        action = slips.require_undoing(taken, actor=unit.actor, at=unit.at, within_s=within_s)
        way_back = _unstart if action is Action.UNSTART else partial(_take_back, action=action)
        payload = way_back(unit, transaction, taken=taken)
        return unit.done(
            transaction=transaction_id,
            state=payload["after"],
            ending=payload["ending"],
            undone=taken.name.value,
            requests=_requests_again(unit, transaction, taken),
            offer_withdrawn=_withdrew_offer(unit, transaction_id, taken),
        )

    return streams.run(office_of(transaction_id), request, work)


def _last_step(unit: Unit, transaction_id: int) -> Taken:
    """Return the step that moved the transaction last."""
    found = TRANSACTIONS.c.office_id == unit.office_id, TRANSACTIONS.c.id == transaction_id
    number = select(TRANSACTIONS.c.moved_by).where(*found).scalar_subquery()
    row = unit.connection.execute(
        select(EVENTS.c.number, EVENTS.c.name, EVENTS.c.payload, EVENTS.c.actor_id, EVENTS.c.at).where(
            EVENTS.c.office_id == unit.office_id, EVENTS.c.number == number
        )
    ).one()
    before = slips.state_before(json.loads(row.payload))
    if before is None:
        raise Refused(Reason.NO_LONGER_UNDOABLE)
    return Taken(EventName(row.name), before, row.actor_id, row.at, row.number)


def _stood_before(unit: Unit, transaction_id: int, taken: Taken) -> Stood:
    mine = (EVENTS.c.office_id == unit.office_id, EVENTS.c.transaction_id == transaction_id)
    earlier = select(EVENTS.c.payload).where(*mine, EVENTS.c.number < taken.number).order_by(EVENTS.c.number.desc())
    return slips.stood_before([json.loads(each) for each in unit.connection.execute(earlier).scalars()])


def _requests_again(unit: Unit, transaction: Transaction, taken: Taken) -> list[int]:
    """What an end closed would otherwise keep nobody from the next end that it stood in the way of."""
    if transaction.state is not State.ENDED:
        return []
    return reopen_closed(unit, transaction, since=id_of(unit.office_id, number=taken.number))


def _withdrew_offer(unit: Unit, transaction_id: int, taken: Taken) -> bool:
    """Whether the step overtook an open offer, which was then withdrawn right before it in the same unit."""
    found = (EVENTS.c.office_id == unit.office_id, EVENTS.c.number == taken.number - 1)
    row = unit.connection.execute(select(EVENTS.c.name, EVENTS.c.transaction_id, EVENTS.c.payload).where(*found)).one()
    is_withdrawal = row.name == EventName.HANDOFF_WITHDRAWN.value and row.transaction_id == transaction_id
    return is_withdrawal and bool(json.loads(row.payload).get("superseded"))


def _take_back(unit: Unit, transaction: Transaction, *, action: Action, taken: Taken) -> dict[str, Any]:
    stood = _stood_before(unit, transaction.id, taken)
    match action:
        case Action.UNCALL:
            head_id = unit.configuration.head_of(transaction.service_id)
            return take_step(unit, transaction, lambda _, found: slips.uncall(found, head_id=head_id)).payload
        case Action.REINSTATE:
            return reinstate_in(unit, transaction).payload
        case Action.REOPEN:
            return reopen_in(unit, transaction, reason=ReopenReason.ENDED_BY_MISTAKE, stood=stood).payload
        case Action.CANCEL:
            reason = CancelReason.ADDED_BY_MISTAKE
            return take_step(
                unit, transaction, lambda _, found: working.cancel(found, actor=unit.actor, reason=reason)
            ).payload
        case Action.RESUME:
            return take_step(
                unit, transaction, lambda _, found: stood.told_in(working.resume(found, actor=unit.actor))
            ).payload
        case _:
            return _bring_back(unit, transaction, action, stood)


def _unstart(unit: Unit, transaction: Transaction, *, taken: Taken) -> dict[str, Any]:
    found = (EVENTS.c.office_id == unit.office_id, EVENTS.c.number == taken.number)
    told = json.loads(unit.connection.execute(select(EVENTS.c.payload).where(*found)).scalar_one())
    entry_id = told["entry"]["id"]
    addressed = select(ENTRIES.c.addressee_id).where(ENTRIES.c.office_id == unit.office_id, ENTRIES.c.id == entry_id)
    addressee_id = unit.connection.execute(addressed).scalar_one()

    def decide(_: Unit, stands: Transaction) -> Fact:
        return slips.unstart(stands, entry_id=entry_id, addressee_id=addressee_id, served_first=told["served_first"])

    return take_step(unit, transaction, decide).payload


def _bring_back(unit: Unit, transaction: Transaction, action: Action, stood: Stood) -> dict[str, Any]:
    """Have the visitor at the officer's counter again; a question that was decided on the end is taken back."""
    _require_today(unit, transaction)
    post = find_post(unit, officer_id=unit.actor.person_id)
    busy = visit_busy(unit, transaction.visit_id, but=transaction.id)

    def decide(_: Unit, found: Transaction) -> Fact:
        if action is Action.RESUME_SERVING:
            fact = working.resume_serving(found, actor=unit.actor, post=post, visit_busy=busy, same_day=True)
        else:
            fact = slips.go_on(found, action, actor=unit.actor, post=post, visit_busy=busy)
        return stood.told_in(fact)

    event = take_step(unit, transaction, decide)
    if transaction.state is State.ENDED:
        take_back_question(unit, transaction)
    return event.payload


def _require_today(unit: Unit, transaction: Transaction) -> None:
    query = select(VISITS.c.day).where(VISITS.c.office_id == unit.office_id, VISITS.c.id == transaction.visit_id)
    if unit.connection.execute(query).scalar_one() != today(unit):
        raise Refused(Reason.NO_LONGER_UNDOABLE)
