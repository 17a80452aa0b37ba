"""The delivery worker: one pass over what is due, and the loop around it.

Any number may run at the same time, in one process or on several machines. Log lines name a delivery by its id;
addresses, links and tokens are never in them.
"""

import logging
import os
import secrets
import socket
import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from desk.delivery.addresses import SenderIdentity, UnusableAddress
from desk.delivery.claim import Claim, Dropped
from desk.delivery.composing import compose, compose_for_phone
from desk.delivery.gateway import GatewaySender, PhoneMessage
from desk.delivery.letter import Letter
from desk.delivery.message import Links
from desk.delivery.outbox import Outbox
from desk.delivery.receipts import Receipts
from desk.delivery.sending import Interrupted, NoSuchMailbox, Postponed, Rejected, Sender, SendingFailed, Unreachable
from desk.delivery.smtp import SmtpSender
from desk.logs import working_on
from desk.models.engine import open_engine
from desk.secret_names import LINKS
from desk.settings import Settings

LOG: Final = logging.getLogger(__name__)
PASS_LIMIT: Final = 50
# How many messages are claimed together, and of how many the outcome is written together. What a killed worker had
# claimed waits for the end of the lease; what it had sent and not yet written goes out once more, under the same key.
TOGETHER: Final = 25
WRITTEN_TOGETHER: Final = 10
# A message to a phone costs money: each is claimed and written for itself, so that one at most is repeated.
BY_THEMSELVES: Final = 1
# How long the last of a claim may wait for its turn, in which nobody can take the question back; and what is prompt.
HOLDING_SECONDS: Final = 5.0
PROMPT_SECONDS: Final = 0.05
# Seconds until the next pass.
AT_ONCE, IDLE, DATABASE_AWAY, SERVER_AWAY = 0.0, 1.0, 5.0, 30.0

Clock = Callable[[], datetime]
Message = TypeVar("Message")
Compose = Callable[[Claim, datetime], Message]


@dataclass(frozen=True, slots=True)
class _Ended:
    """How an attempt ended: with a failure, or with what the other side calls the message."""

    failure: SendingFailed | None = None
    provider_id: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What one pass did; `unreachable` says why it ended early."""

    sent: int = 0
    postponed: int = 0
    dead: int = 0
    cancelled: int = 0
    unreachable: str | None = None

    @property
    def handled(self) -> int:
        """How many messages were looked at."""
        return self.sent + self.postponed + self.dead + self.cancelled


def deliver_due(
    outbox: Outbox,
    compose_one: Compose[Message],
    sender: Sender[Message],
    clock: Clock,
    *,
    stop: threading.Event | None = None,
) -> Report:
    """Send what is due, at most `PASS_LIMIT` messages; ends early when the server is away, or when told to stop."""
    handled = _Handled(outbox, compose_one, sender, clock, stop or threading.Event())
    try:
        while handled.goes_on and (found := outbox.claim_some(clock(), min(outbox.most_claimed, handled.left))):
            handled.all_of(found)
        outbox.write()
    finally:
        sender.close()
    return handled.report


@dataclass(slots=True)
class _Handled(Generic[Message]):
    """What one pass has done so far."""

    outbox: Outbox
    compose_one: Compose[Message]
    sender: Sender[Message]
    clock: Clock
    stop: threading.Event
    counts: Counter[str] = field(default_factory=Counter)
    unreachable: str | None = None

    @property
    def left(self) -> int:
        """How many messages this pass may still look at."""
        return PASS_LIMIT - self.counts.total()

    @property
    def goes_on(self) -> bool:
        """Whether this pass goes on."""
        return self.left > 0 and self.unreachable is None and not self.stop.is_set()

    @property
    def report(self) -> Report:
        """What the pass did."""
        counts = self.counts
        return Report(counts["sent"], counts["pending"], counts["dead"], counts["cancelled"], self.unreachable)

    def all_of(self, found: list[Claim | Dropped]) -> None:
        """Send what was claimed together, one after the other; what takes too long is given back in good time."""
        claims, until = deque[Claim](), time.monotonic() + HOLDING_SECONDS
        for each in found:
            if isinstance(each, Claim):
                claims.append(each)
            else:
                LOG.info("delivery %d %s: %s", each.id, each.state, each.why)
                self.counts[each.state] += 1
        while claims and self.goes_on and time.monotonic() < until:
            claim = claims.popleft()
            with working_on(delivery=claim.id, office=claim.office_id):
                self._send(claim)
        self.outbox.release(list(claims), self.clock())

    def _send(self, claim: Claim) -> None:
        began = time.monotonic()
        ended = _attempt(claim, self.compose_one, self.sender, self.clock)
        self.counts[_conclude(self.outbox, claim, ended, self.clock())] += 1
        if isinstance(ended.failure, Unreachable):
            self.unreachable = self.outbox.shown(str(ended.failure), claim)
        if time.monotonic() - began > PROMPT_SECONDS:
            self.outbox.write()  # where sending takes so long, writing at once costs nothing


def _attempt(claim: Claim, compose_one: Compose[Message], sender: Sender[Message], clock: Clock) -> _Ended:
    """Send one message; what went wrong is returned, so that it is written down."""
    try:
        return _Ended(provider_id=sender.send(compose_one(claim, clock())))
    except UnusableAddress as error:
        return _Ended(Rejected(str(error)))
    except SendingFailed as error:
        return _Ended(error)
    except Exception as error:  # noqa: BLE001 - a message that cannot be made must not hold up the others
        # Where, but not what it says: that may quote the address or the link.
        place = traceback.extract_tb(error.__traceback__)[-1]
        LOG.error("delivery %d: %s at %s:%d", claim.id, type(error).__name__, place.filename, place.lineno or 0)
        return _Ended(Postponed(f"{type(error).__name__} while the message was made"))


def _conclude(outbox: Outbox, claim: Claim, ended: _Ended, at: datetime) -> str:
    """Write down how an attempt ended; returns the state of the message now."""
    failure = ended.failure
    match failure:
        case None:
            state = outbox.sent(claim, at, ended.provider_id)
        case NoSuchMailbox():
            state = outbox.bounced(claim, str(failure), at)
        case Rejected():
            state = outbox.buried(claim, str(failure))
        case Unreachable() if not isinstance(failure, Interrupted):
            state = outbox.unreached(claim, str(failure), at)
        case _:
            state = outbox.postponed(claim, str(failure), at)
    level = logging.INFO if failure is None else logging.WARNING
    said = f": {outbox.shown(str(failure), claim)}" if failure else ""
    LOG.log(level, "delivery %d, attempt %d: %s%s", claim.id, claim.attempt, state, said)
    return state


def run(settings: Settings, *, stop: threading.Event | None = None, clock: Clock = lambda: datetime.now(UTC)) -> None:
    """Send e-mail until `stop` is set. Without a mail server nothing fails: messages wait, and the log says so once.

    Raises `ValueError` when DESK_MAIL_FROM is not an address.
    """
    stop = stop or threading.Event()
    if settings.mail.host is None:
        LOG.warning("mail is not set up (DESK_SMTP_HOST): messages wait in the outbox")
        stop.wait()
        return
    identity = identity_of(settings)
    links = Links(settings.secret(LINKS), settings.public_url, settings.base_url.rstrip("/"))

    def compose_one(claim: Claim, at: datetime) -> Letter:
        return compose(claim, links, identity, at=at)

    with _outbox(settings, "email", TOGETHER, WRITTEN_TOGETHER) as outbox:
        _Route(outbox, compose_one, SmtpSender(settings.mail, identity), "the mail server").run(clock, stop)


def run_gateway(
    settings: Settings, *, stop: threading.Event | None = None, clock: Clock = lambda: datetime.now(UTC)
) -> None:
    """Send to phones until `stop` is set, and write receipts to their messages; without a gateway nothing is sent.

    Raises `ValueError` when DESK_GATEWAY_BODY is neither JSON nor the fields of a form.
    """
    stop = stop or threading.Event()
    if not settings.gateway.url:
        stop.wait()
        return
    key, sender = settings.secret(LINKS), GatewaySender(settings.gateway)

    def compose_one(claim: Claim, at: datetime) -> PhoneMessage:
        return compose_for_phone(claim, Links(key, settings.public_url))

    with _outbox(settings, "phone", BY_THEMSELVES, BY_THEMSELVES) as outbox:
        receipts = Receipts(outbox.engine, key)
        _Route(outbox, compose_one, sender, "the gateway", before=receipts.apply_waiting).run(clock, stop)


@contextmanager
def _outbox(settings: Settings, channel: str, claimed: int, written: int) -> Iterator[Outbox]:
    engine = open_engine(settings.database)
    try:
        key = settings.secret(LINKS)
        owner = _worker_name()
        yield Outbox(engine, owner=owner, key=key, channel=channel, most_claimed=claimed, together=written)
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True)
class _Route(Generic[Message]):
    """One way out with all that it needs; `before` each pass something else may be due."""

    outbox: Outbox
    compose_one: Compose[Message]
    sender: Sender[Message]
    other_side: str
    before: Callable[[datetime], object] = lambda at: None

    def run(self, clock: Clock, stop: threading.Event) -> None:
        """Make passes until told to stop."""
        trouble = _Trouble()
        while not stop.is_set():
            stop.wait(_pass(lambda: self._deliver(clock, stop), trouble, self.other_side))

    def _deliver(self, clock: Clock, stop: threading.Event) -> Report:
        self.before(clock())
        return deliver_due(self.outbox, self.compose_one, self.sender, clock, stop=stop)


def _pass(deliver: Callable[[], Report], trouble: "_Trouble", other_side: str = "the mail server") -> float:
    """Make one pass; returns the seconds to wait before the next."""
    try:
        report = deliver()
    except SQLAlchemyError as error:
        trouble.say(f"the database: {type(getattr(error, 'orig', None) or error).__name__}")
        return DATABASE_AWAY
    trouble.say(report.unreachable and f"{other_side}: {report.unreachable}")
    if report.unreachable:
        return SERVER_AWAY
    return IDLE if report.handled < PASS_LIMIT else AT_ONCE


class _Trouble:
    """Says once what holds everything up, not every few seconds, and says when it is over."""

    def __init__(self) -> None:
        self._known: str | None = None

    def say(self, words: str | None) -> None:
        if words == self._known:
            return
        if words:
            LOG.error("messages wait because of %s", words)
        else:
            LOG.warning("messages go out again")
        self._known = words


def identity_of(settings: Settings) -> SenderIdentity:
    """Return who sends; raise `ValueError` when DESK_MAIL_FROM is not an address."""
    try:
        return SenderIdentity.parse(settings.mail.sender)
    except UnusableAddress as error:
        raise ValueError(f"DESK_MAIL_FROM is not an address: {error}") from error


def _worker_name() -> str:
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(8)}"
