"""Mail that comes back after it was taken over: the message is given up, and nobody writes to a mailbox that is none.

A message is known by its reference, a keyed digest of its idempotency key, which is stored nowhere: whoever was not
sent it cannot name it, and whoever was can give up no message but that one, and no address but theirs. It is made again
for the messages that still have an address, the newest first and none older than `LOOKED_BACK`: 100,000 of them take
half a second of one processor here, and a notification that names nothing of that form has none looked at.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Engine, select, text, update

from desk.delivery.blocking import block_address
from desk.delivery.message import Links
from desk.delivery.notification import Failure, Notification
from desk.delivery.occasion import DELIVERIES, OFFICES
from desk.delivery.own_tokens import tokens_in
from desk.delivery.returning import give_up
from desk.domain.masking import scrubbed

# A link works for 90 days at most, and mail servers try for a week.
LOOKED_BACK: Final = timedelta(days=120)
AT_ONCE: Final = 1000
# As literal text: with bound parameters the partial index would not be used.
_ADDRESSED: Final = text("address IS NOT NULL")


class Outcome(StrEnum):
    """What a notification led to."""

    BLOCKED = "given up, and the address is written to no more"
    GIVEN_UP = "given up"
    SETTLED = "settled already"
    ON_ITS_WAY = "not given up by the mail server"
    UNKNOWN = "no message of ours"


class Bounces:
    """The mail of one database that comes back; `key` is that of visitors' links."""

    def __init__(self, engine: Engine, key: bytes) -> None:
        self._reading = engine.execution_options(desk_writes=False)
        self._writing = engine.execution_options(desk_writes=True)
        self._key = key
        self._links = Links(key, "")

    def take(self, notification: Notification, at: datetime) -> tuple[Outcome, int | None]:
        """Write down what a notification says, once however often it comes; returns also which message it is about."""
        if not notification.failures:
            return Outcome.ON_ITS_WAY, None
        found = self._find(notification.references, since=at - LOOKED_BACK)
        if found is None:
            return Outcome.UNKNOWN, None
        return self._settle(*found, notification, at), found[1]

    def _find(self, references: Sequence[str], *, since: datetime) -> tuple[int, int] | None:
        """Return office and id of the message that has the first of the references that any has; None when none has."""
        places = {reference: place for place, reference in enumerate(references)}
        found: dict[int, tuple[int, int]] = {}
        if not places:
            return None
        with self._reading.connect() as connection:
            for office_id in connection.execute(select(OFFICES.c.id)).scalars().all():
                for row in _addressed(connection, office_id, since):
                    place = places.get(self._links.reference(row.idempotency_key))
                    if place == 0:
                        return office_id, row.id
                    if place is not None:
                        found[place] = office_id, row.id
        return found[min(found)] if found else None

    def _settle(self, office_id: int, delivery_id: int, notification: Notification, at: datetime) -> Outcome:
        with self._writing.begin() as connection:
            mine = (DELIVERIES.c.office_id == office_id, DELIVERIES.c.id == delivery_id)
            message = connection.execute(select(DELIVERIES).where(*mine).with_for_update()).one()
            if not _went_out(message):
                return Outcome.SETTLED
            address = message.address or ""
            if not notification.is_given_up(address):
                return Outcome.ON_ITS_WAY
            failure = _about(notification.failures, address)
            said = f"the mail server: {failure.status} {failure.said}"
            secrets = tokens_in(connection, message, self._key)
            give_up(connection, message, scrubbed(said, address=address, secrets=secrets))
            _remind_no_more(connection, message)
            if not (address and failure.is_about_address and failure.is_at(address)):
                return Outcome.GIVEN_UP
            block_address(connection, office_id, address, self._key, at=at)
            return Outcome.BLOCKED


def _addressed(connection: Connection, office_id: int, since: datetime) -> Iterator[Any]:
    """Yield the e-mail of an office that still has an address, the newest first; ids follow the time of queueing."""
    columns = (DELIVERIES.c.id, DELIVERIES.c.idempotency_key, DELIVERIES.c.queued_at, DELIVERIES.c.channel)
    query = select(*columns).where(DELIVERIES.c.office_id == office_id, _ADDRESSED).order_by(DELIVERIES.c.id.desc())
    rows = connection.execute(query.limit(AT_ONCE)).all()
    while rows:
        for row in rows:
            if row.queued_at < since:
                return
            if row.channel == "email":
                yield row
        rows = connection.execute(query.where(DELIVERIES.c.id < rows[-1].id).limit(AT_ONCE)).all()


def _went_out(message: Any) -> bool:
    """Tell whether a copy went out of which nobody knows yet that it came back.

    One that waits went out if it was tried: a worker was killed, or the answer got lost. One that was brought back from
    the dead was not tried again yet.
    """
    return message.state in ("sent", "sending") or (message.state == "pending" and message.attempts > 0)


def _about(failures: Collection[Failure], address: str) -> Failure:
    """Return the failure for the address we wrote to; else any, of an address that it is forwarded to."""
    return next((each for each in failures if each.concerns(address)), next(iter(failures)))


def _remind_no_more(connection: Connection, message: Any) -> None:
    """Cancel the reminder that waits of a message nobody got; none is queued any more."""
    if not message.reminder:
        return
    mine = (DELIVERIES.c.office_id == message.office_id, DELIVERIES.c.id == message.reminder)
    waiting = update(DELIVERIES).where(*mine, DELIVERIES.c.state == "pending")
    connection.execute(waiting.values(state="cancelled", address=None, last_error="the message itself came back"))
