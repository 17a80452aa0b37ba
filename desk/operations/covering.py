"""Absence: planned, begun, cancelled; while it lasts, the deputy gets what would be the absent person's."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, insert, select

from desk.domain import absence as rule
from desk.domain.absence import Absence, AbsenceReason
from desk.domain.access import SYSTEM
from desk.domain.custody import Transaction
from desk.domain.handoffs import HandoffKind, Offer, Terms
from desk.domain.handoffs import offer as offer_rule
from desk.domain.hours import business_day
from desk.domain.lifecycle import RESTING_STATES
from desk.domain.reasons import HandoffReason
from desk.domain.refusals import Reason, Refused
from desk.models import AbsenceReasonRow, AbsenceRow, Office
from desk.models.prepared import Prepared
from desk.operations.expiring import answer_in_open_hours
from desk.operations.finding import get_colleague, list_under_name, today
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

ABSENCES: Any = AbsenceRow.__table__
_STANDING = select(ABSENCES).where(ABSENCES.c.office_id == bindparam("office"), ABSENCES.c.cancelled_at.is_(None))
OF_PERSON = Prepared(
    _STANDING.where(ABSENCES.c.person_id == bindparam("person"), ABSENCES.c.ends_on >= bindparam("day"))
)


def find_cover(unit: Unit, person_id: int) -> int | None:
    """Return who stands in for somebody today, None when they are there."""
    day = today(unit)
    rows = OF_PERSON.all(unit.connection, {"office": unit.office_id, "person": person_id, "day": day})
    return rule.find_deputy([_absence(row) for row in rows], day=day)


def plan_absence(
    streams: Streams,
    office_id: int,
    wish: Absence,
    request: Request,
    *,
    reason: AbsenceReason,
    hand_over: bool = False,
) -> Done:
    """Plan an absence; one that begins today needs a handover of what the person still has.

    With `hand_over` that is offered to the deputy in the same unit; what begins later is offered on its first day.
    Answers absence, offers (ids). Raises `Refused` as `desk.domain.absence.plan`, UNKNOWN, and LEAVE_NEEDS_HANDOVER
    with the transactions that the person still has.
    """

    def work(unit: Unit) -> Done:
        get_colleague(unit, wish.person_id)
        get_colleague(unit, wish.deputy_id)
        day = today(unit)
        fact = rule.plan(wish, actor=unit.actor, today=day, others=_standing(unit, wish.begins_on))
        held = list_under_name(unit, wish.person_id) if wish.begins_on == day else []
        _require_handover(held, hand_over=hand_over)
        absence_id = unit.append(fact).id
        why = {"office_id": unit.office_id, "absence_id": absence_id, "reason": reason.value}
        unit.connection.execute(insert(AbsenceReasonRow), why)
        offers = _begin(unit, _numbered(wish, absence_id), held) if wish.begins_on == day else []
        return unit.done(absence=absence_id, offers=offers)

    return streams.run(office_id, request, work)


def _numbered(wish: Absence, absence_id: int) -> Absence:
    return Absence(wish.person_id, wish.deputy_id, wish.begins_on, wish.ends_on, absence_id)


def _require_handover(held: list[Transaction], *, hand_over: bool) -> None:
    """Refuse leave while a visitor is there, or while work would be left to nobody in particular."""
    left = [each.id for each in held if each.state not in RESTING_STATES or not (hand_over or each.offered)]
    if left:
        raise Refused(Reason.LEAVE_NEEDS_HANDOVER, count=len(left), transactions=left)


def _begin(unit: Unit, absence: Absence, held: list[Transaction]) -> list[int]:
    unit.append(rule.start(absence))
    resting = [each for each in held if each.state in RESTING_STATES and not each.offered]
    batch = unit.next_id
    return [_offer_to_deputy(unit, each, absence, batch) for each in resting]


def _offer_to_deputy(unit: Unit, transaction: Transaction, absence: Absence, batch: int) -> int:
    """Offer what rests to the deputy; unanswered it stays with somebody absent, and the supervisor's list says so."""
    terms, expires = Terms(HandoffReason.ABSENCE.value), answer_in_open_hours(unit, transaction)
    proposal = Offer(absence.deputy_id, HandoffKind.OFFICER, terms, expires=expires, batch=batch)
    return unit.append(offer_rule(transaction, proposal, actor=SYSTEM, wait=None)).id


def begin_due(streams: Streams, office_id: int, request: Request) -> Done:
    """Begin every absence whose first day has come: what rests with the person is offered to the deputy.

    Answers begun (ids of absences). A visitor who is there stays with the person, and the supervisor sees it.
    """

    def work(unit: Unit) -> Done:
        rows = unit.connection.execute(
            select(ABSENCES)
            .where(ABSENCES.c.office_id == unit.office_id, ABSENCES.c.cancelled_at.is_(None))
            .where(ABSENCES.c.began_at.is_(None), ABSENCES.c.begins_on <= today(unit))
            .order_by(ABSENCES.c.id)
        ).all()
        for row in rows:
            absence = _absence(row)
            held = list_under_name(unit, row.person_id) if absence.holds(today(unit)) else []
            _begin(unit, absence, held)
        return unit.done(begun=[row.id for row in rows])

    return streams.run(office_id, request, work)


def offices_with_due_absences(streams: Streams) -> list[int]:
    """Return the offices that have an absence to begin: not begun, and its first day has come there."""
    query = (
        select(ABSENCES.c.office_id, func.min(ABSENCES.c.begins_on).label("first"), Office.zone, Office.day_starts_at)
        .join(Office, Office.id == ABSENCES.c.office_id)
        .where(ABSENCES.c.cancelled_at.is_(None), ABSENCES.c.began_at.is_(None))
        .group_by(ABSENCES.c.office_id, Office.zone, Office.day_starts_at)
    )
    with streams.reading() as connection:
        rows = connection.execute(query).all()
    return [row.office_id for row in rows if row.first <= _business_day(row, streams.clock())]


def _business_day(row: Any, at: datetime) -> date:
    return business_day(at, ZoneInfo(row.zone), starts_at=time(*divmod(row.day_starts_at, 60)))


def cancel_absence(streams: Streams, absence_id: int, office_id: int, request: Request) -> Done:
    """Cancel an absence, or end it now; answers absence. What the deputy has accepted stays with the deputy."""

    def work(unit: Unit) -> Done:
        row = unit.connection.execute(
            select(ABSENCES).where(ABSENCES.c.office_id == unit.office_id, ABSENCES.c.id == absence_id)
        ).one_or_none()
        if row is None:
            raise Refused(Reason.UNKNOWN, id=absence_id)
        cancelled = row.cancelled_at is not None
        unit.append(rule.cancel(_absence(row), actor=unit.actor, cancelled=cancelled, today=today(unit)))
        return unit.done(absence=absence_id)

    return streams.run(office_id, request, work)


def _standing(unit: Unit, since: date) -> list[Absence]:
    """Return the absences of the office that were not cancelled and last until a day or longer."""
    rows = unit.connection.execute(
        select(ABSENCES).where(
            ABSENCES.c.office_id == unit.office_id, ABSENCES.c.cancelled_at.is_(None), ABSENCES.c.ends_on >= since
        )
    )
    return [_absence(row) for row in rows]


def _absence(row: Any) -> Absence:
    return Absence(row.person_id, row.deputy_id, row.begins_on, row.ends_on, row.id)
