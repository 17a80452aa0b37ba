"""Taking a number, and coming back for an open transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, select

from desk.domain import intake as rule
from desk.domain import queueing
from desk.domain.access import FRONT_LINE, ActorKind, require
from desk.domain.custody import Wait
from desk.domain.discipline import rank_time
from desk.domain.handoffs import supersede
from desk.domain.hours import is_open, next_opening
from desk.domain.identity import office_of
from desk.domain.intake import Arrival, CheckInChannel
from desk.domain.numbering import next_ordinal
from desk.domain.phones import read_phone
from desk.domain.reasons import Priority
from desk.domain.refusals import Reason, Refused
from desk.domain.tokens import TokenKind, derive
from desk.models import VisitContact
from desk.models.prepared import Prepared, at_most
from desk.operations.configuration import ServiceSetting
from desk.operations.finding import TRANSACTIONS, VISITS, get_transaction, today
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.operations.survey.linking import keep_token
from desk.reads.quotas import issued_on

LAST_NUMBER = Prepared(
    select(VISITS.c.ordinal)
    .where(
        VISITS.c.office_id == bindparam("office"),
        VISITS.c.day == bindparam("day"),
        VISITS.c.series == bindparam("series"),
    )
    .order_by(VISITS.c.ordinal.desc())
    .limit(at_most(1))
)


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What a visitor says on arrival; name, e-mail address and phone number stay out of the events.

    `phone` is a number as it was typed; one that is none is refused (INVALID). `beyond_quota`: somebody at the front
    confirmed that a number is to be given although those of the day are given out.
    """

    services: tuple[int, ...]
    channel: CheckInChannel = CheckInChannel.KIOSK
    priority_reason: str | None = None  # the code of a reason of the office
    language: str = "id"
    name: str | None = None
    email: str | None = None
    consent: bool = False
    phone: str | None = None
    beyond_quota: bool = False

    @property
    def priority(self) -> Priority:
        """The class the visitor queues in."""
        return Priority.NORMAL if self.priority_reason is None else Priority.PRIORITY


def check_in(streams: Streams, office_id: int, wish: CheckIn, request: Request) -> Done:
    """Issue one number for a visit of one or more services.

    Answers visit, transaction, transactions, number. Raises `Refused`: UNKNOWN, OFFICE_RETIRED, SERVICE_RETIRED,
    NOBODY_SERVES, CLOSED_NOW, INVALID, QUOTA_REACHED.
    """

    def work(unit: Unit) -> Done:
        _require_intake(unit)
        if wish.priority_reason and not unit.configuration.priorities.get(wish.priority_reason):
            raise Refused(Reason.INVALID, field="priority_reason")
        services = _open_services(unit, [unit.configuration.offered(each) for each in wish.services])
        beyond = _goes_beyond(unit, services, wish)
        visit_id, label = _begin_visit(unit, services[0].series, wish, beyond_quota=beyond)
        opened = [_open(unit, visit_id, service, wish.priority) for service in services]
        return unit.done(visit=visit_id, number=label, transaction=opened[0], transactions=opened)

    return streams.run(office_id, request, work)


def add_matter(streams: Streams, transaction_id: int, service_id: int, request: Request) -> Done:
    """Open one more service for a visitor who is at a counter: it waits under the same number, from now on.

    Answers transaction (the new one), visit, service. Raises `Refused`: NOT_POSSIBLE_NOW, NOT_CUSTODIAN, UNKNOWN,
    SERVICE_RETIRED, NOBODY_SERVES, CLOSED_NOW, QUOTA_REACHED, ALREADY_HERE_FOR_IT.
    """

    def work(unit: Unit) -> Done:
        present = get_transaction(unit, transaction_id)
        rule.require_at_counter(present, actor=unit.actor)
        services = _open_services(unit, [unit.configuration.offered(service_id)])
        if service_id in _open_matters(unit, present.visit_id):
            raise Refused(Reason.ALREADY_HERE_FOR_IT)
        _goes_beyond(unit, services, CheckIn((service_id,)))
        opened = _open(unit, present.visit_id, services[0], present.priority, added_to=present.id)
        return unit.done(transaction=opened, visit=present.visit_id, service=service_id)

    return streams.run(office_of(transaction_id), request, work)


def _open_matters(unit: Unit, visit_id: int) -> frozenset[int]:
    """Return the services of a visit that have not ended."""
    mine = TRANSACTIONS.c.office_id == unit.office_id, TRANSACTIONS.c.visit_id == visit_id
    query = select(TRANSACTIONS.c.service_id).where(*mine, TRANSACTIONS.c.ended_at.is_(None))
    return frozenset(unit.connection.execute(query).scalars())


def _require_intake(unit: Unit) -> None:
    """Of the staff, those at the front give out numbers; visitors take theirs at a kiosk or on a phone.

    Nobody does where the office is closed for good.
    """
    if unit.actor.kind is ActorKind.STAFF:
        require(unit.actor, FRONT_LINE)
    unit.configuration.require_in_use()


def _goes_beyond(unit: Unit, services: Sequence[ServiceSetting], wish: CheckIn) -> bool:
    """Tell whether a number is given beyond the day's quota, which only the front may do, and must have confirmed.

    Counted under the office's lock, so the last number of a day is given once; not at all where there is no quota.
    """
    limited = [(each, each.daily_quota) for each in services if each.daily_quota is not None]
    if not limited:
        return False
    issued = issued_on(unit.connection, unit.office_id, today(unit))
    try:
        for each, quota in limited:
            rule.require_room(quota, issued.get(each.id, 0), service_id=each.id, letter=each.series)
    except Refused:
        if wish.beyond_quota and unit.actor.kind is ActorKind.STAFF:
            return True
        raise
    return False


def _open_services(unit: Unit, services: Sequence[ServiceSetting]) -> Sequence[ServiceSetting]:
    if not services or len({each.id for each in services}) != len(services):
        raise Refused(Reason.INVALID, field="service")
    for service in services:
        if not is_open(service.calendar, unit.at):
            opens_at = next_opening(service.calendar, unit.at)
            raise Refused(Reason.CLOSED_NOW, opens_at=opens_at, zone=str(service.calendar.zone))
    return services


def _begin_visit(
    unit: Unit, series: str, wish: CheckIn, *, came_back: bool = False, beyond_quota: bool = False
) -> tuple[int, str]:
    day = unit.configuration.business_date(unit.at)
    last = LAST_NUMBER.first(unit.connection, {"office": unit.office_id, "day": day, "series": series})
    arrival = Arrival(
        date.fromisoformat(day),
        series,
        next_ordinal(last and last.ordinal),
        wish.channel,
        wish.priority,
        wish.priority_reason,
        came_back,
        wish.language,
        beyond_quota,
    )
    visit_id = unit.append(rule.start_visit(arrival, at=unit.at)).id
    _give_link(unit, visit_id)
    _keep_contact(unit, visit_id, wish)
    return visit_id, arrival.label


def _open(
    unit: Unit, visit_id: int, service: ServiceSetting, priority: Priority, *, added_to: int | None = None
) -> int:
    rank_at = rank_time(unit.at, priority, head_start=unit.configuration.rules.head_start)
    wait = Wait(service.id, unit.at, rank_at)
    fact = rule.open_transaction(
        visit_id,
        wait,
        head_id=service.head_id,
        priority=priority,
        wait_promise_s=service.wait_promise_s,
        added_to=added_to,
    )
    return unit.append(fact).id


def _give_link(unit: Unit, visit_id: int) -> None:
    token = derive(unit.keys.links, TokenKind.STATUS, visit_id)
    keep_token(unit, token, TokenKind.STATUS, visit_id, generation=1)


def _keep_contact(unit: Unit, visit_id: int, wish: CheckIn) -> None:
    if not wish.name and not wish.email and not wish.phone:
        return
    row: dict[str, Any] = {"office_id": unit.office_id, "visit_id": visit_id, "name": wish.name, "email": wish.email}
    row["phone"] = read_phone(wish.phone) if wish.phone else None
    row["consented_at"] = unit.at if (wish.email or wish.phone) and wish.consent else None
    unit.connection.execute(insert(VisitContact), row)


def come_back(streams: Streams, transaction_id: int, wish: CheckIn, request: Request) -> Done:
    """Issue a new number for a visitor who is here again for an open transaction (`wish.services` is not looked at).

    Custody stays with whoever has it in processing; an open offer is withdrawn. Answers visit, transaction, number.
    """

    def work(unit: Unit) -> Done:
        _require_intake(unit)
        # What was given at the first visit goes on, even if it is no longer chosen.
        if wish.priority_reason and wish.priority_reason not in unit.configuration.priorities:
            raise Refused(Reason.INVALID, field="priority_reason")
        transaction = get_transaction(unit, transaction_id)
        # Also for a service that was retired since: what is open is brought to its end.
        service = _open_services(unit, [unit.configuration.services[transaction.service_id]])[0]
        rank_at = rank_time(unit.at, wish.priority, head_start=unit.configuration.rules.head_start)
        wait = Wait(service.id, unit.at, rank_at)
        # Refused before a number is spent when the life cycle has no such step.
        queueing.come_back(transaction, wait, visit_id=transaction.visit_id, priority=wish.priority)
        if transaction.offer_id is not None:
            fact, transaction = supersede(transaction, transaction.offer_id)
            unit.append(fact)
        visit_id, label = _begin_visit(unit, service.series, wish, came_back=True)
        unit.append(queueing.come_back(transaction, wait, visit_id=visit_id, priority=wish.priority))
        return unit.done(visit=visit_id, number=label, transaction=transaction_id)

    return streams.run(office_of(transaction_id), request, work)
