"""From a queued row to a letter in somebody's mail server, and every way that can go wrong on the way."""

import socket
from datetime import timedelta

import pytest

from desk.delivery.backoff import LONGEST_UNREACHED, MAX_ATTEMPTS
from desk.delivery.claim import LEASE
from desk.delivery.worker import Report
from desk.domain.tokens import TokenKind, derive
from desk.models import SurveyBlock
from desk.settings import Mail
from tests.fixtures.delivery import PUBLIC_URL, WATI
from tests.fixtures.mail import SENDER, only
from tests.fixtures.office import KEYS


def test_a_message_goes_to_the_visitor(ask, courier, mail_server):
    asked = ask()

    assert courier.delivers() == Report(sent=1)

    (letter,) = mail_server.letters
    assert (letter.sender, letter.recipient) == (SENDER, WATI)
    token = derive(KEYS.links, TokenKind.SURVEY, asked.invitation.id, channel="email", generation=1)
    assert letter.link == f"{PUBLIC_URL}/s/{token}"
    assert asked.delivery.state == "sent"
    assert asked.delivery.sent_at == asked.office.clock.now
    assert (asked.delivery.attempts, asked.delivery.lease_owner, asked.delivery.last_error) == (1, None, None)


def test_a_message_is_sent_once(ask, courier, mail_server):
    ask()
    courier.delivers()
    courier.office.clock.tick(LEASE.total_seconds() * 10)

    assert courier.delivers() == Report()
    assert len(mail_server.letters) == 1


def test_nothing_is_sent_before_it_is_due(ask, courier, mail_server):
    asked = ask(due=False)
    asked.office.clock.tick(299)

    assert courier.delivers() == Report()
    asked.office.clock.tick(1)
    assert courier.delivers().sent == 1


def test_the_longest_due_goes_first(ask, courier, mail_server):
    first, second = ask("satu@example.go.id"), ask("dua@example.go.id")
    courier.delivers()

    assert [letter.recipient for letter in mail_server.letters] == ["satu@example.go.id", "dua@example.go.id"]
    assert first.delivery.state == second.delivery.state == "sent"


def test_finishing_asks_for_no_message_without_consent_or_address(desk_office, courier):
    desk_office.sari.signs_on(1)
    for said in ({"email": WATI, "consent": False}, {"consent": True}):
        desk_office.arrives("A", **said)
        desk_office.sari.completes(desk_office.sari.serves())
    desk_office.clock.tick(3600)

    assert courier.delivers() == Report()


@pytest.mark.parametrize("place", ["RCPT", "DATA"])
def test_a_message_not_taken_now_is_sent_later(ask, courier, mail_server, place):
    asked = ask()
    mail_server.will(place, "451 4.7.1 Greylisted, come back later")

    assert courier.delivers() == Report(postponed=1)
    assert asked.delivery.state == "pending"
    assert asked.delivery.last_error == "451 4.7.1 Greylisted, come back later"
    assert asked.delivery.due_at == asked.office.clock.now + timedelta(minutes=1)

    assert courier.delivers() == Report()
    asked.office.clock.tick(60)
    assert courier.delivers() == Report(sent=1)
    assert asked.delivery.last_error is None


@pytest.mark.parametrize("place", ["RCPT", "DATA"])
def test_a_message_that_is_refused_for_good_is_dead_at_once(ask, courier, mail_server, place):
    asked = ask()
    mail_server.will(place, "550 5.1.1 No such mailbox here")

    assert courier.delivers() == Report(dead=1)
    assert asked.delivery.state == "dead"
    assert asked.delivery.last_error == "550 5.1.1 No such mailbox here"
    asked.office.clock.tick(10 * 24 * 3600)
    assert courier.delivers() == Report()


@pytest.mark.parametrize(
    ("said", "blocked"),
    [
        ("550 5.1.1 No such mailbox", True),
        ("550 5.2.1 Mailbox disabled", True),
        ("553 No such mailbox", True),
        ("550 5.1.8 Bad sender", False),
        ("552 5.2.2 Mailbox full", False),
        ("550 5.7.1 Not wanted", False),
    ],
)
def test_only_an_address_that_is_none_is_written_to_no_more(ask, courier, mail_server, said, blocked):
    asked = ask()
    mail_server.will("RCPT", said)

    assert courier.delivers() == Report(dead=1)
    assert len(asked.office.rows(SurveyBlock)) == blocked


def test_one_refused_message_does_not_hold_up_the_next(ask, courier, mail_server):
    refused, taken = ask("satu@example.go.id"), ask("dua@example.go.id")
    mail_server.will("RCPT", "550 5.1.1 No such mailbox here")

    assert courier.delivers() == Report(sent=1, dead=1)
    assert (refused.delivery.state, taken.delivery.state) == ("dead", "sent")


@pytest.mark.parametrize(
    "address", ["wati", "wati@", "@example.go.id", "wati@example.go.id\r\nBcc: joko@example.go.id"]
)
def test_an_address_nobody_can_write_to_is_dead_at_once(ask, courier, mail_server, address):
    asked = ask(address)

    assert courier.delivers() == Report(dead=1)
    assert mail_server.letters == []
    assert asked.delivery.last_error.startswith("the part ")


def test_after_the_last_attempt_a_message_is_dead(ask, courier, mail_server):
    asked = ask()
    mail_server.will("RCPT", *["450 4.2.1 Mailbox busy"] * MAX_ATTEMPTS)
    for _ in range(MAX_ATTEMPTS - 1):
        assert courier.delivers() == Report(postponed=1)
        asked.office.clock.now = asked.delivery.due_at

    assert courier.delivers() == Report(dead=1)
    assert (asked.delivery.state, asked.delivery.attempts) == ("dead", MAX_ATTEMPTS)
    assert asked.delivery.last_error == "450 4.2.1 Mailbox busy"


def test_a_server_that_is_away_ends_the_pass_and_kills_nothing(ask, hire):
    first, second = ask("satu@example.go.id"), ask("dua@example.go.id")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    courier = hire(Mail(host="127.0.0.1", port=port, sender=SENDER))

    assert courier.delivers() == Report(postponed=1, unreachable="Connection refused")
    assert (first.delivery.attempts, second.delivery.attempts) == (0, 0)
    assert (first.delivery.unreached, second.delivery.unreached) == (1, 0)
    assert first.delivery.last_error == "Connection refused"


def test_an_outage_of_a_week_kills_nothing(ask, hire, make_mail_server):
    """It is tried every half an hour at most, and goes out when the server is back, with one attempt counted."""
    asked = ask()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    away, waits = hire(Mail(host="127.0.0.1", port=port, sender=SENDER)), []
    while sum(waits, timedelta()) < timedelta(days=7):
        assert away.delivers().postponed == 1
        waits.append(asked.delivery.due_at - asked.office.clock.now)
        asked.office.clock.now = asked.delivery.due_at
    assert (max(waits), asked.delivery.state) == (LONGEST_UNREACHED, "pending")
    assert (asked.delivery.attempts, asked.delivery.unreached) == (0, len(waits))

    assert hire(make_mail_server().settings()).delivers() == Report(sent=1)
    assert asked.delivery.attempts == 1


def test_the_end_of_the_link_ends_the_waiting(ask, hire):
    asked = ask()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    away = hire(Mail(host="127.0.0.1", port=port, sender=SENDER))
    away.delivers()
    asked.office.clock.now = asked.invitation.expires_at

    assert away.delivers() == Report(cancelled=1)
    assert asked.delivery.last_error == "link_expired"


def test_a_server_that_says_421_is_away_and_one_that_breaks_off_is_not(ask, hire, mail_server):
    asked = ask()
    mail_server.will("DATA", "421 4.3.2 Closing")
    courier = hire(mail_server.settings(), timeout=0.3)
    assert courier.delivers().unreachable == "421 4.3.2 Closing"
    assert (asked.delivery.attempts, asked.delivery.unreached) == (0, 1)
    asked.office.clock.tick(60)
    mail_server.will("DATA", "hang")
    assert courier.delivers().unreachable
    assert (asked.delivery.attempts, asked.delivery.unreached) == (1, 0)


def test_a_server_that_never_greets_is_given_up(ask, hire):
    asked = ask()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        courier = hire(Mail(host="127.0.0.1", port=silent.getsockname()[1], sender=SENDER), timeout=0.1)
        report = courier.delivers()

    assert report.postponed == 1
    assert "timed out" in report.unreachable
    assert asked.delivery.state == "pending"


@pytest.mark.parametrize("place", ["EHLO", "RCPT", "DATA", "TAKEN"])
def test_a_server_that_falls_silent_is_given_up(ask, hire, mail_server, place):
    asked = ask()
    mail_server.will(place, "hang")
    courier = hire(mail_server.settings(), timeout=0.2)

    report = courier.delivers()

    assert (report.postponed, asked.delivery.state) == (1, "pending")
    assert "timed out" in report.unreachable
    asked.office.clock.tick(60)
    assert courier.delivers() == Report(sent=1)
    assert len({letter.id for letter in mail_server.letters}) == 1


def test_a_server_that_closes_says_nothing_about_the_message(ask, courier, mail_server):
    first, second = ask("satu@example.go.id"), ask("dua@example.go.id")
    mail_server.will("RCPT", "421 4.3.2 Shutting down")

    assert courier.delivers() == Report(postponed=1, unreachable="421 4.3.2 Shutting down")
    assert (first.delivery.state, second.delivery.attempts) == ("pending", 0)
    asked_again = courier.delivers()
    assert asked_again == Report(sent=1)


@pytest.mark.parametrize("answer", ["550 5.7.1 You may not send from here", "451 4.3.0 Come back later"])
def test_a_refused_sender_is_our_matter_not_the_message_s(ask, courier, mail_server, answer):
    asked = ask()
    mail_server.will("MAIL", answer)

    assert courier.delivers() == Report(postponed=1, unreachable=answer)
    assert asked.delivery.state == "pending"


def test_signing_in(ask, hire, make_mail_server):
    server = make_mail_server(authenticator=only("desk", "rahasia"), auth_require_tls=False)
    asked = ask()

    wrong = hire(server.settings(username="desk", password="salah"))
    assert wrong.delivers().unreachable.startswith("535 ")
    asked.office.clock.tick(60)
    without = hire(server.settings())
    server.will("MAIL", "530 5.7.0 Authentication required")
    assert without.delivers().unreachable.startswith("530 ")
    asked.office.clock.tick(120)
    assert hire(server.settings(username="desk", password="rahasia")).delivers() == Report(sent=1)
    assert asked.delivery.attempts == 1


def test_no_encryption_where_it_was_asked_for_sends_nothing(ask, hire, mail_server):
    asked = ask()
    courier = hire(mail_server.settings(starttls=True))

    assert "STARTTLS" in courier.delivers().unreachable
    assert (mail_server.letters, asked.delivery.state) == ([], "pending")


def test_an_address_outside_of_ascii(ask, courier, mail_server):
    ask("siti.nurhalizah.ñ@münchen.example")

    assert courier.delivers() == Report(sent=1)
    (letter,) = mail_server.letters
    assert letter.recipient == "siti.nurhalizah.ñ@xn--mnchen-3ya.example"


def test_an_address_outside_of_ascii_at_a_server_that_knows_none(ask, hire, make_mail_server):
    asked = ask("siti.ñ@example.go.id")
    courier = hire(make_mail_server(enable_SMTPUTF8=False).settings())

    assert courier.delivers() == Report(dead=1)
    assert asked.delivery.last_error == "the mail server does not take addresses outside of ASCII"
