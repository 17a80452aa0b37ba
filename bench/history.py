"""A past of many finished transactions, written straight to the tables.

Two weeks of days are planned (`bench/past_day.py`), their events numbered in the order of their times, made by rules
of the domain, signed, and folded into rows by the projection, so that the trail verifies and the doctor agrees. Further
days are these again, signed anew (`bench/repeating.py`).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bench.office import BenchOffice
from bench.past_day import AT_WORK, Move, PastDay, facts_of, step_of
from bench.repeating import ORDER, Place, PlayedDay, Rows, write_rows
from desk.domain import lifecycle, projection
from desk.domain.audit import Entry, canonical, link
from desk.domain.clock import instant, micros
from desk.domain.custody import Transaction, Wait, take
from desk.domain.facts import JSON, Event, EventName
from desk.domain.identity import id_of
from desk.domain.numbering import label
from desk.domain.reasons import Priority
from desk.domain.rows import Insert
from desk.models import Base, Duty, EventRow, Stream
from desk.operations.stream import Streams

BEGAN = datetime(2022, 10, 3, 1, 0, tzinfo=UTC)  # 08.00 in Jakarta; 1,000,000 transactions are three years
PER_DAY = 920
HEAD_START = timedelta(seconds=900)
PROMISED_S = 1800  # what services promise unless they say otherwise
DISTINCT = 14  # days that are played; the others are these again
AT = [column.name for column in EventRow.__table__.columns].index("at")
DAY = 86_400_000_000

State = dict[tuple[str, Any], dict[str, Any]]


@dataclass
class _Pen:
    """Where the next event goes, and the rows since the last portion."""

    office_id: int
    number: int
    mac: str
    at: int
    key_id: str
    key: bytes
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    duties: list[int] = field(default_factory=list)  # of the officers at work, by number


def write_history(streams: Streams, office: BenchOffice, transactions: int) -> None:
    """Append so many finished transactions to an office that has no visits yet."""
    with streams.engine.begin() as connection:
        head = connection.execute(select(Stream.__table__).where(Stream.office_id == office.id)).one()
        pen = _Pen(office.id, head.number, head.mac, micros(BEGAN), streams.keys.signing, streams.keys.key)
        duties = connection.execute(select(Duty.id).where(Duty.office_id == office.id).order_by(Duty.id)).scalars()
        pen.duties = list(duties)[:AT_WORK]
    played: list[PlayedDay] = []
    for day, first in enumerate(range(0, transactions, PER_DAY)):
        visitors = min(PER_DAY, transactions - first)
        place = Place(pen.number, day, (BEGAN + timedelta(hours=7, days=day)).date())
        if len(played) < DISTINCT or visitors < PER_DAY:
            rows = _keep(
                streams, pen, lambda state, day=day, visitors=visitors: _play(pen, office, day, visitors, state)
            )
            if day:  # the first one ends duties that were there before
                played.append(PlayedDay(rows, place))
        else:
            _keep_again(streams, pen, played[day % DISTINCT], place)
    _keep(streams, pen, lambda state: _sign_on(pen, office, state))


def _keep_again(streams: Streams, pen: _Pen, played: PlayedDay, place: Place) -> None:
    """Write a day that was played before."""
    rows, pen.mac = played.again(place, pen.mac, pen.key)
    pen.number += played.events
    pen.at = max(pen.at, rows["events"][-1][AT])
    with streams.engine.begin() as connection:
        write_rows(connection, rows)
        _advance(connection, pen)


def _keep(streams: Streams, pen: _Pen, play: Callable[[State], None]) -> Rows:
    """Write what happens in one transaction, with the duties that were there before; return its rows."""
    duties = Base.metadata.tables["duties"]
    before = {("duties", (pen.office_id, duty)): dict[str, Any]() for duty in pen.duties}
    state: State = dict(before)
    play(state)
    for (table, key), row in state.items():
        if (table, key) not in before:
            pen.rows.setdefault(table, []).append(row)
    with streams.engine.begin() as connection:
        for (_, key), row in before.items():
            if row:
                here = (duties.c.office_id == key[0]) & (duties.c.id == key[1])
                connection.execute(update(duties).where(here).values(row))
        _write(connection, pen.rows)
        _advance(connection, pen)
    rows, pen.rows = pen.rows, {}
    return rows


def _advance(connection: Connection, pen: _Pen) -> None:
    head = {"number": pen.number, "mac": pen.mac, "at": pen.at}
    connection.execute(update(Stream).where(Stream.office_id == pen.office_id).values(head))


def _write(connection: Connection, rows: dict[str, list[dict[str, Any]]]) -> None:
    for table in ORDER:
        if rows.get(table):
            connection.execute(insert(Base.metadata.tables[table]), rows[table])


def _play(pen: _Pen, office: BenchOffice, number: int, visitors: int, state: State) -> None:
    """Play one day: everybody signs on, works, and signs off."""
    begins = micros(BEGAN) + number * DAY
    plan = PastDay(number, visitors, len(office.services))
    people = [_Life(pen, office, plan, index, begins) for index in range(visitors)]
    happened: list[tuple[int, int | Move]] = [(visitor.arrives, n) for n, visitor in enumerate(plan.visitors)]
    happened += [(move.at, move) for move in plan.moves]
    pen.at = max(pen.at, begins)
    _sign_on(pen, office, state)
    for at, what in sorted(happened, key=lambda each: each[0]):
        pen.at = max(pen.at, begins + at)
        if isinstance(what, Move):
            people[what.visitor].move(what, state)
        else:
            people[what].arrive(state)
    _sign_off(pen, office, state)


def _sign_off(pen: _Pen, office: BenchOffice, state: State) -> None:
    for duty, officer, counter in zip(pen.duties, office.officers, office.counters, strict=False):
        payload = {"duty": duty, "officer": officer, "counter": counter}
        _append(pen, state, EventName.DUTY_ENDED, payload, None, None, officer)
    pen.duties = []


def _sign_on(pen: _Pen, office: BenchOffice, state: State) -> None:
    _sign_off(pen, office, state)
    for officer, counter in zip(office.officers[:AT_WORK], office.counters, strict=False):
        payload = {"officer": officer, "counter": counter, "back_office": False, "state": "available"}
        _append(pen, state, EventName.DUTY_STARTED, payload, None, None, officer)
        pen.duties.append(id_of(pen.office_id, number=pen.number))


def _channel(index: int) -> str:
    return "phone" if index % 9 == 0 else "staff" if index % 4 == 1 else "kiosk"


@dataclass
class _Life:
    """One visitor's way through the day, by the rules."""

    pen: _Pen
    office: BenchOffice
    plan: PastDay
    index: int
    begins: int
    transaction: Transaction | None = None
    offer: int | None = None

    def arrive(self, state: State) -> None:
        """Take a number and begin to wait."""
        pen, visitor = self.pen, self.plan.visitors[self.index]
        at, service = instant(pen.at), self.office.services[visitor.service]
        priority = Priority.PRIORITY if visitor.priority else Priority.NORMAL
        day = (instant(self.begins) + timedelta(hours=7)).date().isoformat()
        _append(pen, state, EventName.VISIT_STARTED, {
            "day": day, "series": "A", "ordinal": self.index + 1, "label": label("A", self.index + 1),
            "channel": _channel(self.index), "priority": priority.value,
            "priority_reason": "elderly" if visitor.priority else None, "came_back": False, "language": "id",
            "arrived": pen.at,
        }, None, pen.number + 1, self._clerk())  # fmt: skip
        visit = id_of(pen.office_id, number=pen.number)
        wait = Wait(service, at, at - HEAD_START if visitor.priority else at)
        opened = {"after": "waiting", "holder": self.office.head_id, "service": service, "priority": priority.value,
                  "segment": 1, "wait_promise_s": PROMISED_S, "joins": wait.payload()}  # fmt: skip
        _append(pen, state, EventName.TRANSACTION_OPENED, opened, pen.number + 1, visit, None)
        mine = id_of(pen.office_id, number=pen.number)
        self.transaction = Transaction(
            mine,
            pen.office_id,
            visit,
            service,
            lifecycle.State.WAITING,
            self.office.head_id,
            None,
            1,
            at,
            at,
            priority,
            mine,
        )
        self._leave_traces(visit)

    def _clerk(self) -> int | None:
        """Return who checked the visitor in, None where nobody did."""
        return self.office.officers[self.index % 5] if _channel(self.index) == "staff" else None

    def move(self, move: Move, state: State) -> None:
        """Take one step."""
        now, office, pen = self.transaction, self.office, self.pen
        if now is None:
            raise TypeError("nobody moves before arriving")
        wait = self._wait(now, move)
        step = step_of(move, office.officers, office.counters, office.head_id, wait)
        fact = take(now, step, facts_of(move, now, office.officers, office.head_id, self.offer))
        actor = now.holder_id if move.officer < 0 else office.officers[move.officer]
        _append(pen, state, fact.name, fact.payload, now.id, now.visit_id, actor)
        self.transaction = self._after(now, fact.payload)
        if fact.payload["after"] == lifecycle.State.ENDED.value:
            self._decide(now, state, served=now.served_at is not None)

    def _wait(self, now: Transaction, move: Move) -> Wait | None:
        if move.service is None:
            return None
        rank = now.arrived_at - HEAD_START if now.priority is Priority.PRIORITY else now.arrived_at
        addressee = None if move.addressee is None else self.office.officers[move.addressee]
        return Wait(self.office.services[move.service], now.arrived_at, rank, addressee)

    def _after(self, now: Transaction, payload: dict[str, Any]) -> Transaction:
        here = id_of(self.pen.office_id, number=self.pen.number)
        entry, rest = payload["entry"], payload["rest"]
        over = entry is not None and entry["place"] == "over"
        self.offer = {"opens": here, "closes": None}.get(payload.get("offer", ""), self.offer)
        return replace(
            now,
            state=lifecycle.State(payload["after"]),
            holder_id=payload["holder"],
            counter_id=payload["counter"],
            service_id=payload["service"],
            segment=payload["segment"] or now.segment,
            entry_id=here if payload["joins"] is not None else None if over else now.entry_id,
            offer_id=self.offer,
            resting=lifecycle.State(rest[0]) if rest else None,
            resting_holder_id=rest[1] if rest else None,
            served_at=instant(self.pen.at) if payload["served_first"] else now.served_at,
            handoffs=payload.get("handoffs", now.handoffs),
        )

    def _decide(self, now: Transaction, state: State, *, served: bool) -> None:
        decision = ("invited", "by_link") if served else ("not_invited", "not_served")
        expires = self.pen.at + 14 * DAY if served else None
        payload: dict[str, JSON] = {
            "decision": decision[0], "reason": decision[1], "invitation": None, "generation": 1, "expires": expires,
        }  # fmt: skip
        _append(self.pen, state, EventName.INVITATION_DECIDED, payload, now.id, now.visit_id, None)
        if served and self.index % 4 == 0:
            invitation = id_of(self.pen.office_id, number=self.pen.number)
            answer: dict[str, JSON] = {"invitation": invitation, "score": 1 + self.index % 5, "comment": None}
            _append(self.pen, state, EventName.RESPONSE_RECEIVED, answer, now.id, now.visit_id, None)

    def _leave_traces(self, visit: int) -> None:
        """Keep what a check-in leaves beside the events: the token's hash and the remembered answer."""
        pen = self.pen
        hashed = sha256(f"{pen.office_id}-{visit}".encode()).hexdigest()
        token = {
            "token_hash": hashed,
            "kind": "status",
            "office_id": pen.office_id,
            "subject_id": visit,
            "generation": 1,
        }
        pen.rows.setdefault("visitor_tokens", []).append(token)
        kept = {"office_id": pen.office_id, "scope": "kiosk:", "key": hashed[:36], "request_hash": hashed}
        answer = json.dumps({"facts": {"visit": visit}})
        pen.rows.setdefault("remembered", []).append({**kept, "answer": answer, "at": pen.at})


def _append(
    pen: _Pen,
    state: State,
    name: EventName,
    payload: dict[str, Any],
    transaction: int | None,
    visit: int | None,
    actor: int | None,
) -> None:
    """Number and sign one event and fold it into the rows; small ids are numbers of the event itself."""
    pen.number += 1
    here = id_of(pen.office_id, number=pen.number)
    about = here if transaction == pen.number else transaction
    of = here if visit == pen.number else visit
    kind = "kiosk" if actor is None else "staff"
    event = Event(pen.office_id, pen.number, 1, instant(pen.at), name, payload, about, of, kind, actor)
    pen.rows.setdefault("events", []).append(_signed(pen, event))
    _apply(state, event)


def _apply(state: State, event: Event) -> None:
    """Fold an event into whole rows, so that each is written once."""
    for change in projection.changes(event):
        empty, names = _shape(change.table)
        if isinstance(change, Insert):
            state[change.table, tuple(change.row[name] for name in names)] = {**empty, **change.row}
        else:
            state[change.table, tuple(change.key[name] for name in names)].update(change.values)


@cache
def _shape(name: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return an empty row of a table and the names of its key."""
    table = Base.metadata.tables[name]
    return dict.fromkeys(each.name for each in table.columns), tuple(each.name for each in table.primary_key)


def _signed(pen: _Pen, event: Event) -> dict[str, Any]:
    entry = Entry(
        event.office_id, event.number, 1, micros(event.at), event.name.value, event.actor_kind, event.actor_id,
        event.transaction_id, event.visit_id, canonical(event.payload), pen.key_id, "",
    )  # fmt: skip
    pen.mac = link(pen.key, pen.mac, entry)
    return {**{name: getattr(entry, name) for name in Entry.__slots__}, "mac": pen.mac}
