"""Who works at the counters of an office, and where each of them stands just now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from desk.domain.access import FRONT_LINE
from desk.domain.counter_names import CounterName
from desk.domain.queueing import DutyState, Post
from desk.models import Counter, Duty, Membership, Person, Service, Skill, TransactionRow
from desk.models.transaction import at_counter
from desk.reads.counter_names import NAMED
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class DutyView:
    """Where an officer is signed on, since when, and whether on a break (with its reason)."""

    id: int
    counter_id: int
    counter: CounterName
    back_office: bool
    state: str
    reason: str | None
    since: datetime

    @property
    def on_break(self) -> bool:
        """Whether the officer is on a break."""
        return self.state == DutyState.BREAK.value


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works at the counters; `busy` while a visitor is called or served there."""

    id: int
    name: str
    duty: DutyView | None
    busy: bool

    @property
    def post(self) -> Post | None:
        """The officer's post as the rules see it, None off duty."""
        duty = self.duty
        if duty is None:
            return None
        return Post(duty.id, self.id, duty.counter_id, duty.back_office, DutyState(duty.state), self.busy)

    @property
    def may_call(self) -> bool:
        """Whether a visitor could be called to the officer now."""
        return self.duty is not None and not (self.duty.back_office or self.duty.on_break or self.busy)


@dataclass(frozen=True, slots=True)
class CounterPlace:
    """A counter or back-office desk, and who is on duty there."""

    id: int
    name: CounterName
    back_office: bool
    officer: str | None


def list_colleagues(reader: Reader, office_id: int) -> list[Colleague]:
    """Return everybody who may work at the counters of the office, by name; those off duty too."""
    rows = reader.execute(
        select(
            Person.id,
            Person.name,
            Duty.id.label("duty_id"),
            Duty.counter_id,
            NAMED.label("counter"),
            Duty.back_office,
            Duty.state,
            Duty.reason,
            Duty.since,
            TransactionRow.id.label("serves"),
        )
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(
            Duty, (Duty.office_id == Membership.office_id) & (Duty.officer_id == Person.id) & Duty.ended_at.is_(None)
        )
        .outerjoin(Counter, Counter.id == Duty.counter_id)
        .outerjoin(
            TransactionRow,
            (TransactionRow.office_id == Membership.office_id) & (TransactionRow.holder_id == Person.id) & at_counter(),
        )
        .where(Membership.office_id == office_id, Membership.role.in_(sorted(FRONT_LINE)), Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return list(_distinct(_colleague(row) for row in rows))


def _distinct(found: Iterable[Colleague]) -> Iterable[Colleague]:
    """Somebody with two roles comes twice."""
    return {each.id: each for each in found}.values()


def _colleague(row: Any) -> Colleague:
    duty = None
    if row.duty_id is not None:
        duty = DutyView(row.duty_id, row.counter_id, row.counter, row.back_office, row.state, row.reason, row.since)
    return Colleague(row.id, row.name, duty, row.serves is not None)


def list_skills(reader: Reader, office_id: int) -> frozenset[tuple[int, int]]:
    """Return who may be given visitors of which service, as pairs of their ids."""
    query = select(Skill.person_id, Skill.service_id).join(Service, Service.id == Skill.service_id)
    return frozenset(reader.execute(query.where(Service.office_id == office_id)).tuples())


def list_counters(reader: Reader, office_id: int) -> list[CounterPlace]:
    """Return the counters and back-office desks in use, with who is on duty there."""
    rows = reader.execute(
        select(Counter.id, NAMED, Counter.back_office, Person.name.label("officer"))
        .outerjoin(Duty, (Duty.office_id == office_id) & (Duty.counter_id == Counter.id) & Duty.ended_at.is_(None))
        .outerjoin(Person, Person.id == Duty.officer_id)
        .where(Counter.office_id == office_id, Counter.retired.is_(False))
        .order_by(Counter.back_office, Counter.number, Counter.id)
    )
    return [CounterPlace(*row) for row in rows.tuples()]
