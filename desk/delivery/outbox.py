"""The outbox: taking messages for sending under a lease, and writing down what became of them.

Each is a short transaction of its own that ends before any network call and never takes an office's lock. On SQLite it
begins as a writer; on PostgreSQL the rows are locked and workers skip each other's (`FOR UPDATE SKIP LOCKED`). `due_at`
is when a row next needs somebody: while one is being sent, that is the end of its lease, so what a killed worker held
comes back by itself, with the same idempotency key.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, bindparam, delete, null, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from desk.delivery.backoff import is_last, wait_after
from desk.delivery.occasion import DELIVERIES, INVITATIONS, Occasion, find_occasions
from desk.delivery.putting_off import find_put_off
from desk.domain.masking import scrubbed
from desk.domain.refusals import Refused
from desk.domain.sampling import person_digest
from desk.models import SurveyBlock
from desk.models.prepared import Prepared
from desk.models.writers import Writers

BLOCKS: Final[Any] = SurveyBlock.__table__
# Longer than all the time-outs of one message together (desk.delivery.smtp).
LEASE: Final = timedelta(minutes=8)
LEASES_ENDED: Final = "no worker lived long enough to say what became of it"
SENT: Final = Prepared(
    update(DELIVERIES)
    .values(
        state="sent",
        sent_at=bindparam("at"),
        provider_id=bindparam("provider"),
        last_error=null(),
        lease_until=null(),
        lease_owner=null(),
    )
    .where(
        DELIVERIES.c.office_id == bindparam("office"), DELIVERIES.c.id == bindparam("id"), DELIVERIES.c.state != "sent"
    )
)
DELIVERED: Final = Prepared(
    update(INVITATIONS)
    .values(delivered_at=bindparam("at"))
    .where(
        INVITATIONS.c.office_id == bindparam("office"),
        INVITATIONS.c.visit_id == bindparam("visit"),
        text("invitations.reason IN ('by_email', 'by_phone', 'same_visit')"),
        INVITATIONS.c.decided_at <= bindparam("until"),
        INVITATIONS.c.delivered_at.is_(None),
    )
)
# As literal text: with bound parameters the partial index would not be used.
_UNSETTLED: Final = text("state IN ('pending', 'sending')")


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this worker, and no other, may send until the lease ends."""

    office_id: int
    id: int
    attempt: int
    idempotency_key: str
    address: str = field(repr=False)
    language: str
    occasion: Occasion
    visit_id: int = 0
    is_reminder: bool = False
    channel: str = "email"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A message that was due and will not be sent: `cancelled` or `dead`."""

    id: int
    state: str
    why: str


Write = Callable[[Connection], None]
"""What is to be written about a message."""


class Outbox:
    """The deliveries of one database over one channel, as one worker sees them; `owner` names it, once anywhere.

    `key` is that of visitors' links: where mail comes back from is remembered under it; nothing is without one. What
    became of `together` messages is written in one transaction, the last of them with `write`.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        owner: str,
        chance: Callable[[], float] = random.random,
        key: bytes | None = None,
        channel: str = "email",
        together: int = 1,
    ) -> None:
        self.engine = engine
        self._reading = engine.execution_options(desk_writes=False)
        self._writing = engine.execution_options(desk_writes=True)
        self._owner = owner
        self._chance = chance
        self._key = key
        self._channel = channel
        self._together = together
        self._unwritten: list[Write] = []
        self._writers = Writers(engine)

    def claim(self, at: datetime) -> Claim | Dropped | None:
        """Take the message that has been due longest; None when none is due."""
        return next(iter(self.claim_some(at, 1)), None)

    def claim_some(self, at: datetime, limit: int) -> list[Claim | Dropped]:
        """Take those that have been due longest, at most `limit` of them; what its office wants sent later waits on.

        What became of earlier messages is written first, if the database was away when it should have been.
        """
        self.write()
        while self._is_any_due(at):
            with self._writing.begin() as connection:
                query = select(DELIVERIES).where(*self._due(at)).order_by(DELIVERIES.c.due_at)
                rows = connection.execute(query.limit(limit).with_for_update(skip_locked=True)).all()
                taken = self._take(connection, rows, at)
            if taken or not rows:
                return taken
        return []

    def _take(self, connection: Connection, rows: Sequence[Any], at: datetime) -> list[Claim | Dropped]:
        """Claim these rows, drop those that will not be sent, and put off those whose office is quiet now."""
        occasions = find_occasions(connection, rows, at=at)
        judged = [(row, _judged(row, occasions[row.id])) for row in rows]
        waits = find_put_off(connection, [row for row, found in judged if isinstance(found, Claim)], at=at)
        for row, found in judged:
            if isinstance(found, Dropped):
                _drop(connection, row, found)
            elif row.id in waits:
                _put_off(connection, row, waits[row.id])
        taken = [found for row, found in judged if row.id not in waits]
        self._lease(connection, [each for each in taken if isinstance(each, Claim)], at)
        return taken

    def _is_any_due(self, at: datetime) -> bool:
        """Look without taking the write lock, which an idle worker would do every second for nothing."""
        with self._reading.connect() as connection:
            return connection.execute(select(DELIVERIES.c.id).where(*self._due(at)).limit(1)).first() is not None

    def _due(self, at: datetime) -> tuple[Any, ...]:
        return _UNSETTLED, DELIVERIES.c.channel == self._channel, DELIVERIES.c.due_at <= at

    def _lease(self, connection: Connection, claims: list[Claim], at: datetime) -> None:
        if not claims:
            return
        values = {"state": "sending", "due_at": at + LEASE, "lease_until": at + LEASE, "lease_owner": self._owner}
        attempts = DELIVERIES.c.attempts + 1
        connection.execute(update(DELIVERIES).where(_are(claims)).values(**values, attempts=attempts))

    def release(self, claims: list[Claim], at: datetime) -> None:
        """Give back what was not tried: it is due at once, and no attempt is counted."""
        if claims:
            attempts = DELIVERIES.c.attempts - 1
            mine = _are(claims) & (DELIVERIES.c.lease_owner == self._owner) & (DELIVERIES.c.state == "sending")
            self._unwritten.append(_settling(mine, "pending", due_at=at, attempts=attempts))

    def sent(self, claim: Claim, at: datetime, provider_id: str | None = None) -> str:
        """Write down that the message was accepted: whoever has the lease by now, it need not go out again.

        `provider_id` is by what the other side knows it.
        """
        return self._keep(partial(_mark_sent, claim, at, provider_id), "sent")

    def postponed(self, claim: Claim, error: str, at: datetime) -> str:
        """Let the message wait for its next attempt; after the last one it is dead. Returns its state."""
        if is_last(claim.attempt):
            return self.buried(claim, error)
        due_at = at + wait_after(claim.attempt, chance=self._chance)
        return self._settle(self._holds(claim), state="pending", due_at=due_at, last_error=_shown(error, claim))

    def buried(self, claim: Claim, error: str) -> str:
        """Give the message up: only a person can bring it back (`desk.operations.delivering.resend`)."""
        return self._settle(self._holds(claim), state="dead", last_error=_shown(error, claim))

    def bounced(self, claim: Claim, error: str, at: datetime) -> str:
        """Give the message up, and write to this address no more: there is no such mailbox."""
        beside = None if self._key is None else partial(_mark_bounced, claim, self._key, at)
        return self._settle(self._holds(claim), state="dead", beside=beside, last_error=_shown(error, claim))

    def _holds(self, claim: Claim) -> ColumnElement[bool]:
        mine = (DELIVERIES.c.lease_owner == self._owner) & (DELIVERIES.c.attempts == claim.attempt)
        held: ColumnElement[bool] = _is(claim) & (DELIVERIES.c.state == "sending") & mine
        return held

    def _settle(self, condition: ColumnElement[bool], *, state: str, beside: Write | None = None, **values: Any) -> str:
        return self._keep(_settling(condition, state, beside, **values), state)

    def _keep(self, write: Write, state: str) -> str:
        self._unwritten.append(write)
        if len(self._unwritten) >= self._together:
            self.write()
        return state

    def write(self) -> None:
        """Write what is to be written, in one transaction; when it fails, all of it waits for the next time."""
        if not self._unwritten:
            return
        with self._writers.transaction() as connection:
            for each in self._unwritten:
                each(connection)
        self._unwritten.clear()


def _judged(row: Any, occasion: Occasion | Refused) -> Claim | Dropped:
    """Tell what is to become of a row that is due."""
    if isinstance(occasion, Refused):
        return Dropped(row.id, "cancelled", occasion.reason.value)
    if is_last(row.attempts):
        return Dropped(row.id, "dead", row.last_error or LEASES_ENDED)
    to = row.idempotency_key, row.address, row.language
    return Claim(
        row.office_id, row.id, row.attempts + 1, *to, occasion, row.visit_id, row.kind == "reminder", row.channel
    )


def _settling(condition: ColumnElement[bool], state: str, beside: Write | None = None, **values: Any) -> Write:
    """Return what writes the end of an attempt where the condition still holds, and what belongs to it."""

    def write(connection: Connection) -> None:
        connection.execute(update(DELIVERIES).where(condition).values(**_settled(state, **values)))
        if beside is not None:
            beside(connection)

    return write


def _settled(state: str, **values: Any) -> dict[str, Any]:
    return {"state": state, **values, "lease_until": None, "lease_owner": None}


def _is(delivery: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = (DELIVERIES.c.office_id == delivery.office_id) & (DELIVERIES.c.id == delivery.id)
    return found


def _are(deliveries: Iterable[Any]) -> ColumnElement[bool]:
    ids: dict[int, list[int]] = {}
    for each in deliveries:
        ids.setdefault(each.office_id, []).append(each.id)
    return or_(*((DELIVERIES.c.office_id == office) & DELIVERIES.c.id.in_(mine) for office, mine in ids.items()))


def _drop(connection: Connection, row: Any, dropped: Dropped) -> None:
    """Settle a row without sending it; a cancelled one needs its address no more."""
    values = _settled(dropped.state, last_error=dropped.why)
    if dropped.state == "cancelled":
        values["address"] = None
    connection.execute(update(DELIVERIES).where(_is(row)).values(**values))


def _put_off(connection: Connection, row: Any, until: datetime) -> None:
    """Let a row wait, unclaimed: no attempt is counted."""
    connection.execute(update(DELIVERIES).where(_is(row)).values(**_settled("pending", due_at=until)))


def _mark_sent(claim: Claim, at: datetime, provider_id: str | None, connection: Connection) -> None:
    """Write down that the message went out, also with every invitation it asked about; the first time counts."""
    SENT.run(connection, {"office": claim.office_id, "id": claim.id, "at": at, "provider": provider_id})
    DELIVERED.run(connection, {"office": claim.office_id, "visit": claim.visit_id, "at": at, "until": at})


def _mark_bounced(claim: Claim, key: bytes, at: datetime, connection: Connection) -> None:
    block_address(connection, claim.office_id, claim.address, key, at=at)


def block_address(connection: Connection, office_id: int, address: str, key: bytes, *, at: datetime) -> None:
    """Write down under a keyed digest that messages to this address come back."""
    row: dict[str, Any] = {"office_id": office_id, "digest": person_digest(key, office_id, address), "kind": "bounced"}
    on = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(on.insert(BLOCKS).on_conflict_do_nothing(), {**row, "since": at})  # two may learn it at once


def unblock_address(connection: Connection, office_id: int, address: str, key: bytes, *, since: datetime) -> None:
    """Take back that messages to this address come back, if it was written down at this very instant."""
    digest = person_digest(key, office_id, address)
    mine = (BLOCKS.c.office_id == office_id, BLOCKS.c.digest == digest, BLOCKS.c.kind == "bounced")
    connection.execute(delete(BLOCKS).where(*mine, BLOCKS.c.since == since))


def _shown(error: str, claim: Claim) -> str:
    return scrubbed(error, address=claim.address)
