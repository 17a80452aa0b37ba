"""What a gateway says afterwards about a message: that it arrived, or that it will not.

A receipt is proved by a signature over its time and body, taken in once however often it comes, and kept first: it may
come before the worker has written down by what the gateway knows the message. Each side writes its own part, commits,
and then looks for the other's, so that one of the two finds both; what fell between is found by the worker's next pass.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Engine, Select, delete, select, text, update
from sqlalchemy.exc import IntegrityError

from desk.delivery.blocking import block_address, unblock_address
from desk.delivery.gateway import at_path, provider_id, says
from desk.delivery.occasion import DELIVERIES
from desk.delivery.own_tokens import tokens_in
from desk.delivery.returning import give_up
from desk.domain.masking import guarded, numberless, scrubbed
from desk.models import GatewayReceipt
from desk.settings_messages import Gateway

RECEIPTS: Final[Any] = GatewayReceipt.__table__
SIGNATURE: Final = "X-Gateway-Signature"
TIMESTAMP: Final = "X-Gateway-Timestamp"
# A message nobody sent has no receipt to wait for, and one that was taken in is repeated for hours at most.
KEPT: Final = timedelta(days=7)
AT_ONCE: Final = 100
LONGEST_SAID: Final = 200
# As literal text: with bound parameters the partial index would not be used.
_WAITING: Final = text("applied_at IS NULL")


class ReceiptStatus(StrEnum):
    """What became of a message."""

    DELIVERED = "delivered"
    FAILED = "failed"


class UnprovenReceipt(Exception):
    """The signature is missing or wrong, or its time is not now."""


class UnreadableReceipt(Exception):
    """The body is not one that the settings describe."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt; `is_permanent` where there is no such number, `said` the gateway's own word for the failure."""

    provider_id: str
    status: ReceiptStatus
    is_permanent: bool = False
    said: str | None = None


def require_proof(settings: Gateway, body: bytes, timestamp: str, signature: str, *, at: datetime) -> None:
    """Raise `UnprovenReceipt` unless `signature` is `sha256=` and the HMAC of `timestamp.body`, made within the window.

    `timestamp` is in seconds since 1970. Without a secret nothing is proven.
    """
    if not settings.receipt_secret or not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 12:
        raise UnprovenReceipt
    if abs(at.timestamp() - int(timestamp)) > settings.receipt_window_s:
        raise UnprovenReceipt
    signed = timestamp.encode() + b"." + body
    expected = hmac.digest(settings.receipt_secret.encode(), signed, hashlib.sha256).hex()
    given = signature.removeprefix("sha256=").lower()
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
        raise UnprovenReceipt


def read_receipt(settings: Gateway, body: bytes) -> Receipt | None:
    """Return the receipt in a body; None for a status on the way that says nothing final.

    Raises `UnreadableReceipt` for a body without an id or a status.
    """
    try:
        document = json.loads(body)
    except ValueError as error:
        raise UnreadableReceipt from error
    found = provider_id(body.decode("utf-8", "replace"), settings.receipt_id_path)
    status = at_path(document, settings.receipt_status_path)
    if found is None or not isinstance(status, str):
        raise UnreadableReceipt
    if status.lower() in settings.delivered:
        return Receipt(found, ReceiptStatus.DELIVERED)
    if status.lower() not in settings.failed:
        return None
    word = at_path(document, settings.receipt_error_path)
    said = numberless(scrubbed(str(word)))[:LONGEST_SAID] if isinstance(word, str | int) else None
    return Receipt(found, ReceiptStatus.FAILED, says(f"{status} {word}", settings.unknown_number), said)


class Receipts:
    """The receipts of one database; `key` is that of visitors' links."""

    def __init__(self, engine: Engine, key: bytes) -> None:
        self._reading = engine.execution_options(desk_writes=False)
        self._writing = engine.execution_options(desk_writes=True)
        self._key = key

    def take(self, receipt: Receipt, at: datetime) -> bool:
        """Keep a receipt and write it to its message if that is known; tell whether it is a new one."""
        row = {
            "provider_id": receipt.provider_id,
            "status": receipt.status.value,
            "is_permanent": receipt.is_permanent,
            "received_at": at,
        }
        try:
            with self._writing.begin() as connection:
                message = connection.execute(_known_as(receipt.provider_id)).one_or_none()
                said = self._said_of(connection, message, receipt.said)
                connection.execute(RECEIPTS.insert(), {**row, "said": said})
        except IntegrityError:
            return False
        self._apply(receipt.provider_id, receipt.status, at)
        return True

    def apply_waiting(self, at: datetime) -> int:
        """Write what was kept to the messages that are known by now; returns how many. Forgets what is a week old."""
        matched = (
            select(RECEIPTS.c.provider_id, RECEIPTS.c.status)
            .join(DELIVERIES, DELIVERIES.c.provider_id == RECEIPTS.c.provider_id)
            .where(_WAITING)
            .order_by(RECEIPTS.c.received_at)
            .limit(AT_ONCE)
        )
        outdated = RECEIPTS.c.received_at < at - KEPT
        with self._reading.connect() as connection:
            rows = connection.execute(matched).tuples().all()
            is_outdated = connection.execute(select(RECEIPTS.c.status).where(outdated).limit(1)).first() is not None
        for found, status in rows:
            self._apply(found, ReceiptStatus(status), at)
        if is_outdated:
            with self._writing.begin() as connection:
                connection.execute(delete(RECEIPTS).where(outdated))
        return len(rows)

    def _apply(self, found: str, status: ReceiptStatus, at: datetime) -> None:
        with self._writing.begin() as connection:
            message = connection.execute(_known_as(found).with_for_update()).one_or_none()
            if message is None:
                return
            mine = (
                (RECEIPTS.c.provider_id == found)
                & (RECEIPTS.c.status == status.value)
                & RECEIPTS.c.applied_at.is_(None)
            )
            receipt = connection.execute(select(RECEIPTS).where(mine)).one_or_none()
            if receipt is None:
                return
            connection.execute(update(RECEIPTS).where(mine).values(applied_at=at))
            if status is ReceiptStatus.DELIVERED:
                _mark_arrived(connection, message, receipt.received_at)
                self._lift_block(connection, message)
            else:
                self._mark_failed(connection, message, receipt)

    def _lift_block(self, connection: Connection, message: Any) -> None:
        """Write to the number again, if it was blocked because of this very message."""
        failed = (RECEIPTS.c.provider_id == message.provider_id, RECEIPTS.c.status == ReceiptStatus.FAILED.value)
        at = select(RECEIPTS.c.received_at).where(*failed, RECEIPTS.c.is_permanent, RECEIPTS.c.applied_at.is_not(None))
        blocked_at = connection.execute(at).scalar()
        if blocked_at is not None and message.address:
            unblock_address(connection, message.office_id, message.address, self._key, since=blocked_at)

    def _mark_failed(self, connection: Connection, message: Any, receipt: Any) -> None:
        """Give a message up that did not arrive after all, so that somebody sees it; what did arrive stays so."""
        said = self._said_of(connection, message, receipt.said)
        mine = (RECEIPTS.c.provider_id == receipt.provider_id) & (RECEIPTS.c.status == receipt.status)
        connection.execute(update(RECEIPTS).where(mine).values(said=said))
        if message.delivered_at is not None:
            return
        if message.state == "sent":
            give_up(connection, message, f"the gateway: {said or 'not delivered'}")
        if receipt.is_permanent and message.address:
            block_address(connection, message.office_id, message.address, self._key, at=receipt.received_at)

    def _said_of(self, connection: Connection, message: Any, said: str | None) -> str | None:
        """Return what the gateway said as far as it may be kept, also before the message is known."""
        if said is None:
            return None
        if message is None:
            return guarded(said)
        return scrubbed(said, address=message.address, secrets=tokens_in(connection, message, self._key))


def _known_as(provider_id: str) -> Select[Any]:
    return select(DELIVERIES).where(DELIVERIES.c.provider_id == provider_id).limit(1)


def _mark_arrived(connection: Connection, message: Any, at: datetime) -> None:
    """Write down that a message arrived: also one that was given up, or is being sent once more."""
    # The receipt may have come before the worker had the gateway's answer: nothing arrives before it goes out.
    values: dict[str, Any] = {"delivered_at": max(at, message.sent_at or at)}
    if message.state == "dead":
        values |= {"state": "sent", "last_error": None}
    connection.execute(update(DELIVERIES).where(_is(message)).values(**values))


def _is(message: Any) -> Any:
    return (DELIVERIES.c.office_id == message.office_id) & (DELIVERIES.c.id == message.id)
