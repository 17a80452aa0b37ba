"""The office in which a day is played: who and what there is, and what everybody on it shares."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, Protocol

from sqlalchemy import Connection, select

from desk.demo.agenda import Agenda
from desk.domain.access import SYSTEM, Actor, Role
from desk.domain.lifecycle import State
from desk.domain.refusals import Refused
from desk.models import (
    Counter,
    CustodySegment,
    HandoffRow,
    Membership,
    Office,
    Person,
    Pool,
    Service,
    Skill,
    TransactionRow,
)
from desk.operations.handing_off import expire_due
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams

DISTURBED: Final = timedelta(seconds=2)
TRANSACTIONS: Final[Any] = TransactionRow.__table__
HANDOFFS: Final[Any] = HandoffRow.__table__
SEGMENTS: Final[Any] = CustodySegment.__table__


class Disturbed(Exception):
    """Somebody else works in the office while the day is played, so the past is over there."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"played until {at:%H:%M} UTC")
        self.at = at


@dataclass(frozen=True, slots=True)
class Matter:
    """A transaction as the players need to know it."""

    id: int
    visit_id: int
    series: str
    state: str
    has_rested: bool


@dataclass(frozen=True, slots=True)
class Case:
    """Work that goes on without the visitor: with whom, and how a handoff ended whose news they have not seen."""

    id: int
    series: str
    username: str
    news: str | None


class Player(Protocol):
    """Somebody at work: who may be offered a transaction, and is told that somebody waits."""

    person_id: int
    counter_id: int
    present: bool
    still_called: int | None

    def asks(self, verb: str, **body: object) -> Request:
        """Return a request of theirs."""

    def offered(self, handoff_id: int, matter: Matter, giver: "Player") -> None:
        """Hear that a transaction is offered."""

    def wake(self) -> None:
        """Hear that somebody began to wait."""


@dataclass
class Stage:
    """Ids by the names people use, the agenda, the dice, and everybody who plays."""

    streams: Streams
    office_id: int
    agenda: Agenda
    dice: Random
    ends: datetime
    services: dict[str, int]
    counters: dict[int, int]
    people: dict[str, tuple[int, Role]]
    skills: frozenset[tuple[int, int]]
    pool_id: int
    players: list[Player] = field(default_factory=list)
    # Which cases nobody is going to finish today, in the order in which that became clear.
    lasting: list[int] = field(default_factory=list)
    promised: dict[int, datetime] = field(default_factory=dict)
    ended: list[Callable[[Matter], None]] = field(default_factory=list)
    finished: list[Matter] = field(default_factory=list)

    @property
    def minutes_left(self) -> float:
        """How much of the day is still to be played."""
        return (self.ends - self.agenda.now).total_seconds() / 60

    def staff(self, username: str) -> Actor:
        """Return a member of staff as one who acts."""
        person_id, role = self.people[username]
        return Actor.staff(person_id, role)

    def asks(self, username: str, verb: str, **body: object) -> Request:
        """Return a request of a member of staff."""
        return Request(self.staff(username), verb, body)

    def did(self, done: Done) -> Done:
        """Pass on what was done; raise `Disturbed` when it was done later than it was played."""
        if done.time > self.agenda.now + DISTURBED:
            raise Disturbed(self.agenda.now)
        return done

    def attempt(self, act: Callable[[], Done]) -> Done | None:
        """Do something that the course of events may have made impossible; None then."""
        try:
            return self.did(act())
        except Refused:
            return None

    def matter(self, transaction_id: int) -> Matter:
        """Return a transaction as it stands."""
        row = TRANSACTIONS.c
        query = select(row.visit_id, row.service_id, row.state, row.resting).where(
            row.office_id == self.office_id, row.id == transaction_id
        )
        with self.streams.reading() as connection:
            visit_id, service_id, state, resting = connection.execute(query).one()
        return Matter(transaction_id, visit_id, self._series(service_id), state, resting is not None)

    def _series(self, service_id: int) -> str:
        return next(series for series, each in self.services.items() if each == service_id)

    def cases(self) -> list[Case]:
        """Return what is in processing with somebody in person and not offered to anybody, the oldest first."""
        row, handoff = TRANSACTIONS.c, HANDOFFS.c
        alert = (handoff.office_id == row.office_id) & (handoff.id == row.alert_id)
        query = (
            select(row.id, row.service_id, row.holder_id, handoff.state)
            .outerjoin(HANDOFFS, alert)
            .where(row.office_id == self.office_id, row.state == "processing", row.ended_at.is_(None))
            .where(row.pool_id.is_(None), row.offer_id.is_(None))
            .order_by(row.id)
        )
        names = {person_id: name for name, (person_id, _) in self.people.items()}
        with self.streams.reading() as connection:
            rows = connection.execute(query).all()
        return [Case(each.id, self._series(each.service_id), names[each.holder_id], each.state) for each in rows]

    def in_pool(self) -> list[int]:
        """Return the transactions that lie in the pool, the oldest first."""
        row = TRANSACTIONS.c
        query = select(row.id).where(row.office_id == self.office_id, row.pool_id == self.pool_id)
        with self.streams.reading() as connection:
            found = connection.execute(query.where(row.state == "processing").order_by(row.since, row.id)).scalars()
            return list(found)

    def may_serve(self, person_id: int, matter: Matter) -> bool:
        """Whether somebody is assigned to the service of a transaction."""
        return (person_id, self.services[matter.series]) in self.skills

    def latest_without(self, username: str, passed: Collection[int] = ()) -> Matter | None:
        """Return what ended last, was not passed over, and somebody never had in hand; None for nothing like it."""
        person_id, _ = self.people[username]
        fresh = (each for each in reversed(self.finished) if each.id not in passed)
        return next((each for each in fresh if person_id not in self._handlers(each.id)), None)

    def _handlers(self, transaction_id: int) -> set[int]:
        row = SEGMENTS.c
        mine = (row.office_id == self.office_id) & (row.transaction_id == transaction_id)
        query = select(row.holder_id).where(mine, row.state != State.WAITING.value)
        with self.streams.reading() as connection:
            return set(connection.execute(query).scalars())

    def wake(self) -> None:
        """Somebody waits: whoever is free looks up."""
        for player in self.players:
            player.wake()

    def expire(self) -> None:
        """Let the system take back offers whose time is over."""
        self.did(expire_due(self.streams, self.office_id, Request(SYSTEM, "expire")))
        self.wake()

    def has_ended(self, matter: Matter) -> None:
        """Tell those who want to know that a transaction has ended."""
        self.finished.append(matter)
        for hear in self.ended:
            hear(matter)


def set_stage(streams: Streams, code: str, agenda: Agenda, dice: Random, *, ends: datetime) -> Stage:
    """Return the stage in the office with this code; raise `LookupError` when there is none."""
    with streams.reading() as connection:
        office_id = connection.execute(select(Office.id).where(Office.code == code)).scalar()
        if office_id is None:
            raise LookupError(code)
        services = _ids(connection, Service.series, Service, office_id)
        counters = _ids(connection, Counter.number, Counter, office_id)
        staff = (
            select(Person.username, Person.id, Membership.role)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.office_id == office_id)
        )
        people = {name: (person_id, Role(role)) for name, person_id, role in connection.execute(staff).tuples()}
        belonging = select(Skill.person_id, Skill.service_id).where(Skill.service_id.in_(services.values()))
        skills = frozenset(connection.execute(belonging).tuples().all())
        pool_id = connection.execute(select(Pool.id).where(Pool.office_id == office_id).order_by(Pool.id)).scalar()
    if pool_id is None:
        raise LookupError(f"{code}: no pool")
    return Stage(streams, office_id, agenda, dice, ends, services, counters, people, skills, pool_id)


def _ids(connection: Connection, name: Any, model: Any, office_id: int) -> dict[Any, int]:
    return dict(connection.execute(select(name, model.id).where(model.office_id == office_id)).tuples().all())
