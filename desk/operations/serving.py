"""Serving one transaction: from the start at the counter to its end, and back from it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select

from desk.domain import queueing, working
from desk.domain.custody import Transaction
from desk.domain.facts import Event, Fact
from desk.domain.handoffs import ReasonKind, supersede
from desk.domain.identity import office_of
from desk.domain.lifecycle import KEEPS_OFFER, Action, Ending, Outcome, State
from desk.domain.promises import reminder
from desk.domain.queueing import due_micros, pause_until, require_note
from desk.domain.reasons import CancelReason, PauseCause, ReopenReason, ReturnReason
from desk.domain.refusals import Reason, Refused
from desk.domain.slips import Stood
from desk.models import QueueEntry
from desk.operations.finding import (
    TRANSACTIONS,
    VISITS,
    find_call,
    find_post,
    get_transaction,
    today,
    transaction_from,
    transaction_query,
    visit_busy,
    wait_in,
)
from desk.operations.freezing import freeze
from desk.operations.requesting import close_all, require_unblocked
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.operations.survey.asking import ask
from desk.operations.survey.taking_back import take_back_question
from desk.operations.terms import require_reason

ENTRIES = QueueEntry.__table__
Decide = Callable[[Unit, Transaction], Fact]


def _step(streams: Streams, transaction_id: int, request: Request, decide: Decide, *, note: str | None = None) -> Done:
    """Take one step of one transaction; an open offer that does not survive the step is withdrawn first."""

    def work(unit: Unit) -> Done:
        event = take_step(unit, get_transaction(unit, transaction_id), decide, note=note)
        return unit.done(transaction=transaction_id, state=event.payload["after"], ending=event.payload["ending"])

    return streams.run(office_of(transaction_id), request, work)


def take_step(unit: Unit, transaction: Transaction, decide: Decide, *, note: str | None = None) -> Event:
    """Append the step that `decide` returns, with what must go before (the offer) and after it (the question)."""
    fact = decide(unit, transaction)
    if transaction.offer_id is not None and fact.payload["action"] not in KEEPS_OFFER:
        withdrawal, transaction = supersede(transaction, transaction.offer_id)
        unit.append(withdrawal)
        fact = decide(unit, transaction)
    if fact.payload["after"] == State.ENDED.value:
        fact.payload["clocks"] = freeze(unit, transaction.id)
    event = unit.append(fact, words=note)
    if event.payload["after"] == State.ENDED.value:
        close_all(unit, transaction)
        ask(unit, replace(transaction, ending=Ending(str(event.payload["ending"]))))
    return event


def start(streams: Streams, transaction_id: int, request: Request) -> Done:
    """The called visitor is at the counter."""
    return _step(streams, transaction_id, request, lambda unit, found: queueing.start(found, actor=unit.actor))


def return_to_queue(
    streams: Streams,
    transaction_id: int,
    request: Request,
    *,
    reason: ReturnReason,
    minutes: int = 0,
    note: str | None = None,
) -> Done:
    """Seat the visitor again; they keep their arrival time and are not called for the next `minutes` (0 to 240)."""
    require_note(reason, note)
    if not 0 <= minutes <= 240:
        raise Refused(Reason.INVALID, field="minutes")

    def decide(unit: Unit, found: Transaction) -> Fact:
        return queueing.return_to_queue(
            found,
            wait_in(unit, found),
            actor=unit.actor,
            head_id=unit.configuration.head_of(found.service_id),
            reason=reason,
            not_before=pause_until(unit.at, minutes=minutes),
            note=unit.seal(note),
        )

    return _step(streams, transaction_id, request, decide, note=note)


def miss(streams: Streams, transaction_id: int, request: Request) -> Done:
    """The called visitor did not come; after as many calls, and as long after the last, as is set for the service.

    Raises `Refused`: CALL_AGAIN_FIRST, WAIT_AFTER_CALL.
    """

    def decide(unit: Unit, found: Transaction) -> Fact:
        fact = queueing.miss(found, actor=unit.actor)
        rule = unit.configuration.no_show(found.service_id)
        if not rule.holds_after_one_call:
            times, last_called_at = find_call(unit, found.call_id)
            rule.require(times, last_called_at, at=unit.at)
        return fact

    return _step(streams, transaction_id, request, decide)


def leave(streams: Streams, transaction_id: int, request: Request) -> Done:
    """The visitor of this transaction went away."""
    return _step(streams, transaction_id, request, lambda unit, found: queueing.leave(found, actor=unit.actor))


def leave_visit(streams: Streams, visit_id: int, request: Request) -> Done:
    """The visitor goes: everything of the visit that still waits is left; what is called or served is not touched."""

    def work(unit: Unit) -> Done:
        rows = unit.connection.execute(
            transaction_query().where(
                TRANSACTIONS.c.office_id == unit.office_id,
                TRANSACTIONS.c.visit_id == visit_id,
                TRANSACTIONS.c.state == State.WAITING.value,
            )
        ).all()
        if not rows:
            raise Refused(Reason.NOT_POSSIBLE_NOW, action=Action.LEAVE)
        for row in rows:
            take_step(unit, transaction_from(row), lambda _, found: queueing.leave(found, actor=unit.actor))
        return unit.done(visit=visit_id, left=[row.id for row in rows])

    return streams.run(office_of(visit_id), request, work)


def process(streams: Streams, transaction_id: int, request: Request, *, due_at: datetime | None = None) -> Done:
    """The visitor's part is finished; work goes on without them."""

    def decide(unit: Unit, found: Transaction) -> Fact:
        return working.process(found, actor=unit.actor, due=due_micros(due_at, at=unit.at))

    return _step(streams, transaction_id, request, decide)


def pause(
    streams: Streams,
    transaction_id: int,
    request: Request,
    *,
    cause: PauseCause,
    due_at: datetime,
    remind_at: datetime | None = None,
    note: str | None = None,
) -> Done:
    """Wait for the visitor, another agency, a system or the next opening, until `due_at` at the latest.

    Reminds of it at `remind_at`, or as the working day before begins. Raises `Refused`: DUE_IN_THE_PAST for either,
    INVALID for a reminder after the due time, REASON_NOT_LISTED, NOTE_MISSING as the office has it.
    """

    def decide(unit: Unit, found: Transaction) -> Fact:
        require_reason(unit, ReasonKind.PAUSE, cause.value, note)
        due = due_micros(due_at, at=unit.at)
        calendar = unit.configuration.services[found.service_id].calendar
        remind = due_micros(remind_at or reminder(calendar, due_at, at=unit.at), at=unit.at)
        return working.pause(found, actor=unit.actor, cause=cause, due=due, remind=remind, note=unit.seal(note))

    return _step(streams, transaction_id, request, decide, note=note)


def resume(streams: Streams, transaction_id: int, request: Request, *, serving: bool = False) -> Done:
    """End a pause: go on working without the visitor, or (`serving`) with the visitor who stayed."""

    def decide(unit: Unit, found: Transaction) -> Fact:
        if not serving:
            return working.resume(found, actor=unit.actor)
        return working.resume_serving(
            found,
            actor=unit.actor,
            post=find_post(unit, officer_id=unit.actor.person_id),
            visit_busy=visit_busy(unit, found.visit_id, but=found.id),
            same_day=_visit_day(unit, found) == today(unit),
        )

    return _step(streams, transaction_id, request, decide)


def _visit_day(unit: Unit, transaction: Transaction) -> date:
    query = select(VISITS.c.day).where(VISITS.c.office_id == unit.office_id, VISITS.c.id == transaction.visit_id)
    day: date = unit.connection.execute(query).scalar_one()
    return day


def complete(
    streams: Streams, transaction_id: int, request: Request, *, outcome: Outcome, note: str | None = None
) -> Done:
    """Finish the transaction; the decision to ask the visitor is made in the same unit.

    As fulfilled not while a request that blocks is open, as refused not without a note that says why: raises
    `Refused`: BLOCKED_BY_REQUEST, NOTE_MISSING.
    """
    require_note(outcome, note)

    def decide(unit: Unit, found: Transaction) -> Fact:
        fact = working.complete(found, actor=unit.actor, outcome=outcome, note=unit.seal(note))
        require_unblocked(unit, transaction_id, outcome)
        return fact

    return _step(streams, transaction_id, request, decide, note=note)


def cancel(
    streams: Streams, transaction_id: int, request: Request, *, reason: CancelReason, note: str | None = None
) -> Done:
    """Call the transaction off."""
    require_note(reason, note)

    def decide(unit: Unit, found: Transaction) -> Fact:
        return working.cancel(found, actor=unit.actor, reason=reason, note=unit.seal(note))

    return _step(streams, transaction_id, request, decide, note=note)


def reopen(
    streams: Streams, transaction_id: int, request: Request, *, reason: ReopenReason, note: str | None = None
) -> Done:
    """Open a completed transaction again; a question nobody has been sent yet is taken back."""
    require_note(reason, note)

    def work(unit: Unit) -> Done:
        event = reopen_in(unit, get_transaction(unit, transaction_id), reason=reason, note=note)
        return unit.done(transaction=transaction_id, state=event.payload["after"], ending=None)

    return streams.run(office_of(transaction_id), request, work)


def reopen_in(
    unit: Unit, transaction: Transaction, *, reason: ReopenReason, note: str | None = None, stood: Stood | None = None
) -> Event:
    """Open a completed transaction again within a unit, as it `stood` where the end was a slip.

    Nothing begins anew where the office is closed for good: `Refused(OFFICE_RETIRED)`.
    """
    unit.configuration.require_in_use()
    days = unit.configuration.rules.reopen_days
    fact = working.reopen(transaction, actor=unit.actor, reason=reason, at=unit.at, days=days, note=unit.seal(note))
    event = unit.append(fact if stood is None else stood.told_in(fact), words=note)
    take_back_question(unit, transaction)
    return event


def reinstate(streams: Streams, transaction_id: int, request: Request) -> Done:
    """Undo a no-show of today: the visitor waits again with the original arrival time."""

    def work(unit: Unit) -> Done:
        event = reinstate_in(unit, get_transaction(unit, transaction_id))
        return unit.done(transaction=transaction_id, state=event.payload["after"], ending=None)

    return streams.run(office_of(transaction_id), request, work)


def reinstate_in(unit: Unit, transaction: Transaction) -> Event:
    """Undo a no-show of today within a unit; raises `Refused(OFFICE_RETIRED)` as opening again does."""
    unit.configuration.require_in_use()
    fact = queueing.reinstate(
        transaction,
        wait_in(unit, transaction),
        actor=unit.actor,
        head_id=unit.configuration.head_of(transaction.service_id),
        missed_on=_missed_on(unit, transaction),
        today=today(unit),
    )
    if transaction.offer_id is not None:
        withdrawal, transaction = supersede(transaction, transaction.offer_id)
        unit.append(withdrawal)
    event = unit.append(fact)
    take_back_question(unit, transaction)
    return event


def _missed_on(unit: Unit, transaction: Transaction) -> date | None:
    """Return the business day of the visit whose wait, the transaction's last, ended as a no-show."""
    row = unit.connection.execute(
        select(ENTRIES.c.ended_by, VISITS.c.day)
        .join(VISITS, (VISITS.c.office_id == ENTRIES.c.office_id) & (VISITS.c.id == ENTRIES.c.visit_id))
        .where(ENTRIES.c.office_id == unit.office_id, ENTRIES.c.transaction_id == transaction.id)
        .order_by(ENTRIES.c.id.desc())
        .limit(1)
    ).one_or_none()
    return row.day if row is not None and row.ended_by == Action.NO_SHOW.value else None
