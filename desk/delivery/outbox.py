"""The outbox: taking messages for sending under a lease, and writing down what became of them.

Each is a short transaction of its own that ends before any network call and never takes an office's lock. On SQLite it
begins as a writer; on PostgreSQL the rows are locked and workers skip each other's (`FOR UPDATE SKIP LOCKED`). `due_at`
is when a row next needs somebody: while one is being sent, that is the end of its lease, so what a killed worker held
comes back by itself, with the same idempotency key.

An attempt counts when it has ended. What is taken alone counts at once, and what somebody died with is taken alone: a
message that workers die of is given up in the end, and those that were only taken together with it lose nothing.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, bindparam, null, or_, select, text, update

from desk.delivery.about import find_about
from desk.delivery.backoff import is_last, wait_after, wait_unreached
from desk.delivery.blocking import block_address
from desk.delivery.claim import LEASE, NONE_INSTEAD, Claim, Dropped, judged, taken_together, tokens_of
from desk.delivery.occasion import DELIVERIES, INVITATIONS
from desk.delivery.own_words import find_stored
from desk.delivery.putting_off import find_put_off
from desk.domain.masking import scrubbed
from desk.models.prepared import Prepared
from desk.models.writers import Writers

SENT: Final = Prepared(
    update(DELIVERIES)
    .values(
        state="sent",
        sent_at=bindparam("at"),
        provider_id=bindparam("provider"),
        attempts=bindparam("attempt"),
        unreached=0,
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


Write = Callable[[Connection], None]
"""What is to be written about a message."""


class Outbox:
    """The deliveries of one database over one channel, as one worker sees them; `owner` names it, once anywhere.

    `key` is that of visitors' links: where mail comes back from is remembered under it; nothing is without one. What
    became of `together` messages is written in one transaction, the last of them with `write`; at most `most_claimed`
    are to be claimed together.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        owner: str,
        chance: Callable[[], float] = random.random,
        key: bytes | None = None,
        channel: str = "email",
        most_claimed: int = 25,
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
        self.most_claimed = most_claimed
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
                rows = taken_together(connection.execute(query.limit(limit).with_for_update(skip_locked=True)).all())
                taken = self._take(connection, rows, at)
            if taken or not rows:
                return taken
        return []

    def _take(self, connection: Connection, rows: Sequence[Any], at: datetime) -> list[Claim | Dropped]:
        """Claim these rows, drop those that will not be sent, and put off those whose office is quiet now."""
        occasions = find_about(connection, rows, at=at)
        stored = find_stored(connection, {row.office_id for row in rows})
        found_of = [(row, judged(row, occasions[row.id], at, stored)) for row in rows]
        waits = find_put_off(connection, [row for row, found in found_of if isinstance(found, Claim)], at=at)
        for row, found in found_of:
            if isinstance(found, Dropped):
                _drop(connection, row, found)
            elif row.id in waits:
                _put_off(connection, row, waits[row.id])
        taken = [found for row, found in found_of if row.id not in waits]
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
        attempts = DELIVERIES.c.attempts + int(len(claims) == 1)
        connection.execute(update(DELIVERIES).where(_are(claims)).values(**values, attempts=attempts))

    def release(self, claims: list[Claim], at: datetime) -> None:
        """Give back what was not tried: it is due at once, and no attempt is counted."""
        for each in claims:
            untried = _settling(self._holds(each), "pending", due_at=at, attempts=each.attempt - 1)
            self._unwritten.append(untried)

    def sent(self, claim: Claim, at: datetime, provider_id: str | None = None) -> str:
        """Write down that the message was accepted: whoever has the lease by now, it need not go out again.

        `provider_id` is by what the other side knows it.
        """
        return self._keep(partial(_mark_sent, claim, at, provider_id), "sent")

    def postponed(self, claim: Claim, error: str, at: datetime) -> str:
        """Let the message wait for its next attempt; after the last one it is dead. Returns its state."""
        if is_last(claim.attempt):
            return self._settle(claim, error, state="dead", instead=NONE_INSTEAD)
        due_at = at + wait_after(claim.attempt, chance=self._chance)
        return self._settle(claim, error, state="pending", due_at=due_at)

    def unreached(self, claim: Claim, error: str, at: datetime) -> str:
        """Let the message wait until the other side is back: no attempt is counted, only its own end ends it."""
        due_at = at + wait_unreached(claim.unreached + 1, chance=self._chance)
        attempts, unreached = claim.attempt - 1, claim.unreached + 1
        return self._settle(claim, error, state="pending", due_at=due_at, attempts=attempts, unreached=unreached)

    def buried(self, claim: Claim, error: str) -> str:
        """Give the message up: only a person can bring it back (`desk.operations.delivering.resend`)."""
        return self._settle(claim, error, state="dead")

    def bounced(self, claim: Claim, error: str, at: datetime) -> str:
        """Give the message up, and write to this address no more: there is no such mailbox."""
        beside = None if self._key is None else partial(_mark_bounced, claim, self._key, at)
        return self._settle(claim, error, state="dead", beside=beside)

    def shown(self, error: str, claim: Claim) -> str:
        """Return what the other side said about a message as far as it may be kept."""
        return scrubbed(error, address=claim.address, secrets=tokens_of(claim, self._key))

    def _holds(self, claim: Claim) -> ColumnElement[bool]:
        mine = (DELIVERIES.c.lease_owner == self._owner) & (DELIVERIES.c.lease_until == claim.leased_until)
        held: ColumnElement[bool] = _is(claim) & (DELIVERIES.c.state == "sending") & mine
        return held

    def _settle(self, claim: Claim, error: str, *, state: str, beside: Write | None = None, **values: Any) -> str:
        ended = {"attempts": claim.attempt, "unreached": 0, "last_error": self.shown(error, claim), **values}
        return self._keep(_settling(self._holds(claim), state, beside, **ended), state)

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
    else:  # it may have arrived often: nobody is written to instead
        values["instead"] = NONE_INSTEAD
    connection.execute(update(DELIVERIES).where(_is(row)).values(**values))


def _put_off(connection: Connection, row: Any, until: datetime) -> None:
    """Let a row wait, unclaimed: no attempt is counted."""
    connection.execute(update(DELIVERIES).where(_is(row)).values(**_settled("pending", due_at=until)))


def _mark_sent(claim: Claim, at: datetime, provider_id: str | None, connection: Connection) -> None:
    """Write down that the message went out, also with every invitation it asked about; the first time counts."""
    ended = {"at": at, "provider": provider_id, "attempt": claim.attempt}
    SENT.run(connection, {"office": claim.office_id, "id": claim.id, **ended})
    DELIVERED.run(connection, {"office": claim.office_id, "visit": claim.visit_id, "at": at, "until": at})


def _mark_bounced(claim: Claim, key: bytes, at: datetime, connection: Connection) -> None:
    block_address(connection, claim.office_id, claim.address, key, at=at)
