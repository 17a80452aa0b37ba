"""Workers killed at every step of a send, and of taking a receipt in: nothing is lost, and at most one copy more goes
out, under the same key.
"""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from desk.delivery.claim import LEASE
from desk.delivery.receipts import Receipt, Receipts, ReceiptStatus
from desk.delivery.worker import Report
from desk.models import Delivery, GatewayReceipt, SurveyBlock
from desk.models.engine import open_engine
from tests.fixtures.delivery import WATI
from tests.fixtures.dying import mortal
from tests.fixtures.gateway import WATI_PHONE
from tests.fixtures.office import KEYS

pytestmark = pytest.mark.failure
LEASE_SECONDS = LEASE.total_seconds()
ARRIVED = Receipt("gw-1", ReceiptStatus.DELIVERED)
NO_SUCH_NUMBER = Receipt("gw-1", ReceiptStatus.FAILED, is_permanent=True, said="invalid_number")
# Where the worker is killed; how many copies have arrived by then; how the message stands.
INSIDE = [("commit 1", 0, "pending"), ("claimed", 0, "sending"), ("answered", 1, "sending"),
          ("commit 2", 1, "sending"), ("written", 1, "sent")]  # fmt: skip
AT_MAIL_SERVER = [("EHLO", 0), ("MAIL", 0), ("RCPT", 0), ("DATA", 1), ("TAKEN", 1)]
AT_GATEWAY = [("REQUEST", 0), ("TAKEN", 1), ("ANSWERING", 1)]


@dataclass
class Way:
    """A way out: the other side, a worker of this process, and one that can be killed."""

    other_side: Any
    courier: Any
    employ: Callable[..., Any]
    address: dict[str, str]
    taken: Callable[[], list[str]]


@pytest.fixture
def by_mail(mail_server, courier, employ):
    """By e-mail."""

    def start(**more):
        return employ(mail_server.settings(), **more)

    return Way(mail_server, courier, start, {"email": WATI}, lambda: [each.id for each in mail_server.letters])


@pytest.fixture
def by_phone(gateway, phone_courier, employ):
    """Through the gateway."""

    def start(**more):
        return employ(gateway=gateway.settings(), **more)

    address = {"email": None, "phone": WATI_PHONE}
    return Way(gateway, phone_courier, start, address, lambda: [each.id for each in gateway.sent])


@pytest.fixture(params=["by_mail", "by_phone"])
def way(request):
    """Each way out."""
    return request.getfixturevalue(request.param)


def comes_through(way, asked, arrived, state):
    """Expect that after the kill the message goes out, once more at most, and is written down."""
    office = asked.office
    assert (asked.delivery.state, len(way.taken())) == (state, arrived)
    if state == "sending":
        assert way.courier.delivers() == Report(), "nobody takes what is leased"
        office.clock.tick(LEASE_SECONDS)
    assert way.courier.delivers() == Report(sent=int(state != "sent"))
    office.clock.tick(LEASE_SECONDS * 10)
    assert way.courier.delivers() == Report()
    assert len(way.taken()) == arrived + int(state != "sent")
    assert len(set(way.taken())) == 1
    assert asked.delivery.state == "sent"
    assert asked.invitation.delivered_at == asked.delivery.sent_at
    assert office.findings() == []


@pytest.mark.parametrize(("place", "arrived", "state"), INSIDE)
def test_inside_the_worker(ask, way, place, arrived, state):
    asked = ask(**way.address)
    way.employ(dies_at=place).was_killed()
    comes_through(way, asked, arrived, state)


@pytest.mark.parametrize(("place", "arrived"), AT_MAIL_SERVER)
def test_in_the_conversation_with_a_mail_server(ask, by_mail, place, arrived):
    asked = ask(**by_mail.address)
    killed_at(by_mail, place)
    if arrived:
        by_mail.other_side.wait_for(1)
    comes_through(by_mail, asked, arrived, "sending")


@pytest.mark.parametrize(("place", "arrived"), AT_GATEWAY)
def test_in_the_request_to_a_gateway(ask, by_phone, place, arrived):
    asked = ask(**by_phone.address)
    killed_at(by_phone, place)
    comes_through(by_phone, asked, arrived, "sending")


def killed_at(way, place, *, nth=1):
    """Start a worker and kill it when it gets to this place for the nth time."""
    victims, passed = queue.Queue(), Counter()

    def kill():
        passed[place] += 1
        if passed[place] == nth:
            victims.get(timeout=20).is_killed()
            if place == "REQUEST":
                raise ConnectionAbortedError  # read, and not taken

    way.other_side.before(place, kill)
    victim = way.employ()
    victims.put(victim)
    victim.was_killed()
    way.other_side.before(place, lambda: None)


@pytest.mark.parametrize("nth", [1, 3, 5])
def test_among_messages_that_were_claimed_together(ask, way, desk_office, nth):
    """Those before were sent and perhaps not written down, those after were not tried."""
    for number in range(5):
        address = {"email": f"tamu{number}@example.go.id"}
        ask(**(address if way.address["email"] else {"email": None, "phone": f"+628120000000{number}"}))
    killed_at(way, "TAKEN", nth=nth)
    way.other_side.wait_for(nth)

    desk_office.clock.tick(LEASE_SECONDS)
    way.courier.delivers()
    copies = Counter(way.taken())
    assert len(copies) == 5
    assert max(copies.values()) <= 2
    # A message to a phone costs money: what became of the one before is written before the next is sent.
    assert sum(copies.values()) <= 5 + (nth if way.address["email"] else 1)
    assert {row.attempts for row in desk_office.rows(Delivery)} <= {1, 2}
    assert {row.state for row in desk_office.rows(Delivery)} == {"sent"}
    assert way.courier.delivers() == Report()


_RECEIVER = """
from datetime import datetime
from desk.delivery.receipts import Receipt, Receipts, ReceiptStatus
from desk.models.engine import open_engine
import sys

url, key, at, status = sys.argv[1:]
receipt = Receipt("gw-1", ReceiptStatus(status), is_permanent=status == "failed", said="invalid_number")
Receipts(open_engine(url), bytes.fromhex(key)).take(receipt, datetime.fromisoformat(at))
"""


def receiver_killed(office, receipt, dies_at):
    """Take a receipt in in a process that is killed there."""
    arguments = [office.url, KEYS.links.hex(), office.clock.now.isoformat(), receipt.status.value]
    command = [sys.executable, "-c", mortal(_RECEIVER), *arguments]
    done = subprocess.run(command, env={**os.environ, "DIES_AT": dies_at}, capture_output=True, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr


def receipts_of(office):
    """Return every receipt; they belong to no office."""
    with office.streams.reading() as connection:
        return connection.execute(select(GatewayReceipt.__table__)).all()


def is_applied_once(asked, receipt):
    """Expect that a receipt was written to its message."""
    (kept,) = receipts_of(asked.office)
    assert kept.applied_at is not None
    if receipt is ARRIVED:
        arrived_at = max(kept.received_at, asked.delivery.sent_at)
        assert (asked.delivery.state, asked.delivery.delivered_at) == ("sent", arrived_at)
    else:
        assert (asked.delivery.state, asked.invitation.delivered_at) == ("dead", None)
        assert [row.kind for row in asked.office.rows(SurveyBlock)] == ["bounced"]


@pytest.fixture
def sent(ask, phone_courier):
    """A message that the gateway has taken as gw-1."""
    asked = ask(None, phone=WATI_PHONE)
    assert phone_courier.delivers() == Report(sent=1)
    return asked


@pytest.mark.parametrize("receipt", [ARRIVED, NO_SUCH_NUMBER], ids=["arrived", "failed"])
@pytest.mark.parametrize(("dies_at", "kept"), [("commit 1", False), ("commit 2", True)])
def test_while_a_receipt_is_taken_in(sent, phone_courier, receipt, dies_at, kept):
    """The gateway got no answer, so it sends the receipt again; a worker looks for those that were only kept."""
    office = sent.office
    receiver_killed(office, receipt, dies_at)
    assert [each.applied_at for each in receipts_of(office)] == [None] * kept
    assert (sent.delivery.state, sent.delivery.delivered_at) == ("sent", None)

    receipts = Receipts(phone_courier.engine, KEYS.links)
    assert receipts.take(receipt, office.clock.now) is not kept
    assert receipts.apply_waiting(office.clock.now) == int(kept)
    is_applied_once(sent, receipt)


@pytest.mark.parametrize("receipt", [ARRIVED, NO_SUCH_NUMBER], ids=["arrived", "failed"])
def test_while_a_worker_writes_a_receipt_that_came_first(ask, phone_courier, by_phone, receipt):
    receipts, office = Receipts(phone_courier.engine, KEYS.links), phone_courier.office
    receipts.take(receipt, office.clock.now)
    asked = ask(None, phone=WATI_PHONE)
    phone_courier.delivers()
    by_phone.employ(dies_at="commit 1").was_killed()
    assert [each.applied_at for each in receipts_of(office)] == [None]
    assert receipts.apply_waiting(office.clock.now) == 1
    is_applied_once(asked, receipt)


def all_at_once(*works):
    """Do all of this at the same instant; return what came of each."""
    together = threading.Barrier(len(works))

    def do(work):
        together.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(do, works))


@pytest.mark.parametrize("receipt", [ARRIVED, NO_SUCH_NUMBER], ids=["arrived", "failed"])
def test_the_same_receipt_many_times_at_once(sent, receipt):
    office = sent.office
    engines = [open_engine(office.url) for _ in range(6)]
    takers = [Receipts(each, KEYS.links) for each in engines]
    works = [lambda taker=taker: taker.take(receipt, office.clock.now) for taker in takers]
    workers = [lambda taker=taker: taker.apply_waiting(office.clock.now) for taker in takers[:2]]
    news = all_at_once(*works, *workers)[: len(works)]
    for each in engines:
        each.dispose()
    assert news.count(True) == 1
    is_applied_once(sent, receipt)


def test_two_messages_to_one_number_fail_at_once(ask, phone_courier, desk_office):
    asked = [ask(None, phone=WATI_PHONE) for _ in range(2)]
    assert phone_courier.delivers() == Report(sent=2)
    receipts, at = Receipts(phone_courier.engine, KEYS.links), desk_office.clock.now
    failed = [Receipt(f"gw-{each}", ReceiptStatus.FAILED, is_permanent=True) for each in (1, 2)]
    assert all_at_once(*(lambda each=each: receipts.take(each, at) for each in failed)) == [True, True]
    assert {each.delivery.state for each in asked} == {"dead"}
    assert [row.kind for row in desk_office.rows(SurveyBlock)] == ["bounced"]
