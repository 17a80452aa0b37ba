"""The loop around the passes: in threads that are stopped, and in processes that are killed."""

import logging
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from desk.delivery import worker
from desk.delivery.claim import LEASE
from desk.delivery.worker import AT_ONCE, DATABASE_AWAY, IDLE, PASS_LIMIT, SERVER_AWAY, Report, run
from desk.domain.refusals import Reason
from desk.models import Delivery
from desk.settings import Mail, Settings
from tests.fixtures.mail import SENDER

LEASE_SECONDS = LEASE.total_seconds()


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.INFO, "desk")
    return caplog


@pytest.fixture
def settings(desk_office, tmp_path):
    return Settings(data=tmp_path, database_url=desk_office.url, base_url="https://antrean.example.go.id")


class Stop(threading.Event):
    """Stops the worker after so many passes; nobody really waits."""

    def __init__(self, passes):
        super().__init__()
        self.passes = passes
        self.waits = []

    def wait(self, timeout=None):
        self.waits.append(timeout)
        if len(self.waits) >= self.passes:
            self.set()
        return self.is_set()


def test_without_a_mail_server_messages_wait_and_the_log_says_so_once(ask, settings, log):
    asked = ask()

    run(settings, stop=Stop(1), clock=asked.office.clock)

    assert [record.message for record in log.records if record.levelno >= logging.WARNING] == [
        "mail is not set up (DESK_SMTP_HOST): messages wait in the outbox"
    ]
    assert (asked.delivery.state, asked.delivery.attempts) == ("pending", 0)


def test_the_worker_sends_what_is_due(ask, settings, mail_server, log):
    asked = ask()
    stop = Stop(2)

    run(replace(settings, mail=mail_server.settings()), stop=stop, clock=asked.office.clock)

    assert len(mail_server.letters) == 1
    assert stop.waits == [IDLE, IDLE]
    assert asked.delivery.state == "sent"
    assert f"delivery {asked.delivery.id}, attempt 1: sent" in log.messages


def test_the_worker_is_told_to_stop_between_two_messages(ask, courier, mail_server):
    first, second = ask("satu@example.go.id"), ask("dua@example.go.id")
    stop = threading.Event()
    mail_server.before("TAKEN", stop.set)

    report = worker.deliver_due(courier.outbox, courier.compose, courier.sender, first.office.clock, stop=stop)

    assert (report, second.delivery.state) == (Report(sent=1), "pending")


def test_a_sender_that_is_none_is_named_at_start(settings):
    with pytest.raises(ValueError, match="DESK_MAIL_FROM"):
        run(replace(settings, mail=Mail(host="127.0.0.1", sender="Meja Layanan")), stop=Stop(1))


def test_a_server_that_is_away_is_said_once(ask, settings, mail_server, log):
    asked = ask()
    mail_server.will("MAIL", *["451 4.3.0 Come back later"] * 2)
    stop = Stop(3)

    def clock():
        return asked.office.clock.tick(3600)

    run(replace(settings, mail=mail_server.settings()), stop=stop, clock=clock)

    assert stop.waits == [SERVER_AWAY, SERVER_AWAY, IDLE]
    said = [message for message in log.messages if message.startswith("messages ")]
    assert said == [
        "messages wait because of the mail server: 451 4.3.0 Come back later",
        "messages go out again",
    ]


@pytest.mark.parametrize(
    ("report", "pause"),
    [(Report(), IDLE), (Report(sent=PASS_LIMIT), AT_ONCE), (Report(postponed=1, unreachable="away"), SERVER_AWAY)],
)
def test_how_soon_the_next_pass_is_made(report, pause):
    assert worker._pass(lambda: report, worker._Trouble()) == pause


def test_a_database_that_is_away_is_waited_for(log):
    def away():
        raise OperationalError("SELECT 1", {"address": "wati@example.go.id"}, Exception("wati@example.go.id"))

    trouble = worker._Trouble()
    assert [worker._pass(away, trouble) for _ in range(3)] == [DATABASE_AWAY] * 3
    assert log.messages == ["messages wait because of the database: Exception"]


def test_a_message_that_cannot_be_made_holds_nobody_up(ask, courier, mail_server, log):
    broken, whole = ask("satu@example.go.id"), ask("dua@example.go.id")
    real = courier.compose

    def compose(claim, at):
        if claim.id == broken.delivery.id:
            raise KeyError(claim.address)
        return real(claim, at)

    report = worker.deliver_due(courier.outbox, compose, courier.sender, broken.office.clock)

    assert report == Report(sent=1, postponed=1)
    assert (broken.delivery.state, whole.delivery.state) == ("pending", "sent")
    assert broken.delivery.last_error == "KeyError while the message was made"
    assert "satu@example.go.id" not in log.text
    assert f"{Path(__file__).name}:" in log.text


def test_two_worker_processes_send_each_message_once(ask, employ, mail_server, desk_office):
    waiting = {f"tamu{number}@example.go.id" for number in range(20)}
    for address in waiting:
        ask(address)
    workers = [employ(mail_server.settings()) for _ in range(2)]

    mail_server.wait_for(len(waiting))
    logs = [each.stops() for each in workers]

    assert sorted(letter.recipient for letter in mail_server.letters) == sorted(waiting)
    assert {row.state for row in desk_office.rows(Delivery)} == {"sent"}
    assert not any(address in log for address in waiting for log in logs)


def test_a_worker_process_without_a_mail_server_fails_nothing(ask, employ):
    asked = ask()
    said = employ(Mail(host=None, sender=SENDER)).stops()

    assert said.count("mail is not set up") == 1
    assert asked.delivery.state == "pending"


def test_finishing_does_not_wait_for_the_mail_server(ask, employ, mail_server):
    """The worker hangs in the middle of a message: the office goes on."""
    asked = ask()
    reached = threading.Event()
    mail_server.before("DATA", reached.set)
    mail_server.will("DATA", "hang")
    worker_process = employ(mail_server.settings())
    assert reached.wait(20)

    office = asked.office
    office.arrives("A")
    office.sari.completes(office.sari.serves())
    with office.refuses(Reason.NOBODY_WAITING):
        office.sari.calls()
    worker_process.is_killed()
