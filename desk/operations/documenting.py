"""Complete documents (*dokumen lengkap*): the step from which the promise in working days runs, and its correction."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from desk.domain import promises
from desk.domain.custody import Transaction
from desk.domain.facts import JSON
from desk.domain.hours import hours_on
from desk.domain.identity import office_of
from desk.domain.promises import Promise
from desk.domain.queueing import require_note
from desk.domain.reasons import CorrectionReason
from desk.domain.refusals import Reason, Refused
from desk.operations.finding import TRANSACTIONS, get_transaction
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit


def complete_documents(
    streams: Streams, transaction_id: int, request: Request, *, quantity: int, papers: str | None = None
) -> Done:
    """Record that the documents are complete, for so many objects; `papers` are the papers received, as words.

    Answers transaction, state, promised_at, days, quantity. Raises `Refused`: DOCUMENTS_COMPLETE_ALREADY,
    NO_COMPLETION_PROMISE, QUANTITY_OUT_OF_RANGE, NOT_CUSTODIAN, NOT_POSSIBLE_NOW.
    """

    def work(unit: Unit) -> Done:
        found = get_transaction(unit, transaction_id)
        if _complete_at(unit, transaction_id) is not None:
            raise Refused(Reason.DOCUMENTS_COMPLETE_ALREADY)
        made = _promise(unit, found, quantity, unit.at)
        basis = _basis(unit, found, unit.at)
        fact = promises.documents(found, made, actor=unit.actor, calendar=basis, note=unit.seal(papers))
        event = unit.append(fact, words=papers)
        return unit.done(transaction=transaction_id, state=event.payload["after"], **_said(made))

    return streams.run(office_of(transaction_id), request, work)


def correct_documents(
    streams: Streams,
    transaction_id: int,
    request: Request,
    *,
    reason: CorrectionReason,
    quantity: int | None = None,
    complete_on: date | None = None,
    note: str | None = None,
) -> Done:
    """Correct, as a supervisor, how many objects or on which day; NOT_COMPLETE takes the promise back altogether.

    What is not given stays as it was recorded. Raises `Refused`: DOCUMENTS_NOT_COMPLETE, ALREADY_DONE where nothing
    differs, COMPLETE_ON_OUT_OF_RANGE (before the transaction began, or ahead), NO_LONGER_POSSIBLE once it has ended,
    FORBIDDEN, and as `complete_documents`.
    """
    require_note(reason, note)

    def work(unit: Unit) -> Done:
        found = get_transaction(unit, transaction_id)
        recorded = _recorded(unit, transaction_id)
        if recorded is None:
            raise Refused(Reason.DOCUMENTS_NOT_COMPLETE)
        made, basis = None, None
        if reason is not CorrectionReason.NOT_COMPLETE:
            at = recorded[0] if complete_on is None else _instant_on(unit, found, complete_on)
            if (at, quantity or recorded[1]) == recorded:
                raise Refused(Reason.ALREADY_DONE)
            made, basis = _promise(unit, found, quantity or recorded[1], at), _basis(unit, found, at)
        fact = promises.correct(
            found, made, actor=unit.actor, reason=reason, calendar=basis, note=unit.seal(note)
        )  # fmt: skip
        unit.append(fact, words=note)
        return unit.done(transaction=transaction_id, state=found.state.value, **_said(made))

    return streams.run(office_of(transaction_id), request, work)


def _complete_at(unit: Unit, transaction_id: int) -> datetime | None:
    recorded = _recorded(unit, transaction_id)
    return None if recorded is None else recorded[0]


def _recorded(unit: Unit, transaction_id: int) -> tuple[datetime, int] | None:
    """Return since when the documents are complete and for how many objects; None if they are not."""
    query = select(TRANSACTIONS.c.complete_at, TRANSACTIONS.c.quantity).where(
        TRANSACTIONS.c.office_id == unit.office_id, TRANSACTIONS.c.id == transaction_id
    )
    row = unit.connection.execute(query).one()
    return None if row.complete_at is None else (row.complete_at, row.quantity)


def _promise(unit: Unit, found: Transaction, quantity: int, at: datetime) -> Promise:
    service = unit.configuration.services[found.service_id]
    return promises.promise(service.calendar, service.steps, quantity=quantity, complete_at=at)


def _basis(unit: Unit, found: Transaction, at: datetime) -> JSON:
    service = unit.configuration.services[found.service_id]
    kept = service.calendar_on(at.astimezone(service.calendar.zone).date())
    return [kept.calendar_id, kept.version]


def _instant_on(unit: Unit, found: Transaction, day: date) -> datetime:
    """Return the instant for documents that were complete on an earlier date: as its service hours end."""
    calendar = unit.configuration.services[found.service_id].calendar
    first, last = (each.astimezone(calendar.zone).date() for each in (found.opened_at, unit.at))
    if not first <= day <= last:
        raise Refused(Reason.COMPLETE_ON_OUT_OF_RANGE, first=first.isoformat(), last=last.isoformat())
    hours = hours_on(calendar, day)
    midnight = datetime.combine(day + timedelta(days=1), time(0), calendar.zone)
    return min(unit.at, max(found.opened_at, midnight if hours is None else hours[1]))


def _said(made: Promise | None) -> dict[str, JSON]:
    if made is None:
        return {"promised_at": None, "days": None, "quantity": None}
    return {"promised_at": made.promised_at.isoformat(), "days": made.days, "quantity": made.quantity}
