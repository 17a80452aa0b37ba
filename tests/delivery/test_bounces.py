"""Mail that comes back: piped into `desk mail bounce` as mail servers write it, once, twice and about anything else."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import text, update

from desk.cli.main import main
from desk.delivery.bounces import LOOKED_BACK, Bounces, Outcome
from desk.delivery.notification import NotANotification, read_notification
from desk.delivery.worker import Report
from desk.domain.access import SYSTEM
from desk.models import Delivery, SurveyBlock
from desk.operations import delivering
from desk.operations.requests import Request
from desk.operations.survey.reminding import remind_due
from tests.fixtures.delivery import WATI
from tests.fixtures.office import KEYS
from tests.fixtures.returned import PERSON, exchange, exim, postfix

FULL = "552 5.2.2 <{to}>: mailbox is full"
BLOCKED = "550 5.7.1 message content rejected"


@pytest.fixture
def pipe(desk_office, tmp_path, caplog):
    """Pipe a message into the command as an alias does; return its exit code. The office works by the real clock."""
    desk_office.clock.now = max(desk_office.clock.now, datetime.now(UTC))
    caplog.set_level(logging.INFO, "desk")
    secrets = tmp_path / "var" / "secrets"
    secrets.mkdir(parents=True)
    (secrets / "links").write_text(KEYS.links.hex())

    def put(raw, **environ):
        environment = {"DESK_DATA": str(tmp_path / "var"), "DATABASE_URL": desk_office.url, **environ}
        put.result = CliRunner(env=environment).invoke(main, ["mail", "bounce"], input=raw, catch_exceptions=False)
        assert "Traceback" not in put.result.output
        return put.result.exit_code

    return put


@pytest.fixture
def sent(ask, courier, mail_server):
    """A message that a mail server has taken over."""
    asked = ask()
    assert courier.delivers() == Report(sent=1)
    return asked


@pytest.fixture
def letter(sent, mail_server):
    """That message."""
    return mail_server.letters[0]


def blocks(office):
    return [row.kind for row in office.rows(SurveyBlock)]


@pytest.mark.parametrize("returned", [postfix, exim, exchange])
def test_a_mailbox_that_is_not_there_is_written_to_no_more(pipe, ask, sent, letter, caplog, returned):
    assert pipe(returned(letter)) == 0

    assert sent.delivery.state == "dead"
    assert sent.delivery.last_error.startswith("the mail server: 5.1.1")
    assert sent.invitation.delivered_at is None
    assert blocks(sent.office) == ["bounced"]
    assert ask().invitation.reason == "by_link"
    for words in (sent.delivery.last_error, caplog.text, pipe.result.output):
        assert WATI not in words and WATI.partition("@")[0] not in words
    assert f"delivery {sent.delivery.id} (5.1.1" in caplog.text


def test_the_same_again_changes_nothing(pipe, sent, letter):
    pipe(postfix(letter))
    before = sent.delivery, sent.office.rows(SurveyBlock)
    assert [pipe(each(letter)) for each in (postfix, exim)] == [0, 0]
    assert (sent.delivery, sent.office.rows(SurveyBlock)) == before


@pytest.mark.parametrize(
    ("status", "said", "kinds"),
    [
        ("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled", ["bounced"]),
        ("5.1.3", "501 5.1.3 Bad recipient address syntax", ["bounced"]),
        ("5.1.10", "Domain example.id does not accept mail (nullMX)", ["bounced"]),
        ("5.0.0", "550 5.1.1 no such user", ["bounced"]),
        ("5.2.2", FULL, []),
        ("5.7.1", BLOCKED, []),
        ("5.1.8", "550 5.1.8 Sender address rejected: Domain not found", []),
        ("5.1.7", "553 5.1.7 Bad sender's mailbox address syntax", []),
        ("5.0.0", "550 Rejected because of spam", []),
        ("4.4.1", "connect to mx.example.id[192.0.2.7]:25: Connection timed out", []),
    ],
)
def test_only_a_bad_address_is_blocked(pipe, sent, letter, status, said, kinds):
    assert pipe(postfix(letter, status, said)) == 0
    assert (sent.delivery.state, blocks(sent.office)) == ("dead", kinds)
    assert "***" not in sent.delivery.last_error or "{to}" in said


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered", "expanded"])
def test_what_was_not_given_up_changes_nothing(pipe, sent, letter, action):
    assert pipe(postfix(letter, "4.4.7", "delivery temporarily suspended", action=action)) == 0
    assert (sent.delivery.state, blocks(sent.office)) == ("sent", [])


def test_a_message_that_is_forwarded_to_a_mailbox_that_is_gone(pipe, sent, letter):
    """Our address is there; only what it forwards to is not. The other address is in no record."""
    assert pipe(postfix(letter, to="wati@rumah.example.id")) == 0
    assert (sent.delivery.state, blocks(sent.office)) == ("dead", [])
    assert "wati@rumah" not in sent.delivery.last_error


def test_the_original_recipient_counts(pipe, sent, letter):
    original = WATI.replace(".", "+2E", 1)
    assert pipe(postfix(letter, to="mailbox-17@dalam.example.go.id", original=original)) == 0
    assert blocks(sent.office) == ["bounced"]


def test_a_notification_in_another_script(pipe, sent, letter):
    assert pipe(postfix(letter, global_="global-")) == 0
    assert blocks(sent.office) == ["bounced"]


def test_one_known_by_the_envelope_only(pipe, sent, letter):
    reference = letter.id.strip("<>").partition("@")[0]
    raw = postfix(letter).partition(b"Content-Description: Undelivered Message")[0]
    raw = raw.replace(b"X-Postfix-Queue-ID:", b"Original-Envelope-Id: " + reference.encode() + b"\nX-Queue:")
    assert pipe(raw) == 0
    assert blocks(sent.office) == ["bounced"]


@pytest.mark.parametrize("returned", [postfix, exim, exchange])
def test_about_something_unknown_it_says_so_and_the_mail_server_is_content(
    pipe, sent, letter, mail_server, caplog, returned
):
    reference = letter.id.strip("<>").partition("@")[0].encode()
    for other in (b"0" * 32, b"20260302.abc"):
        assert pipe(returned(letter).replace(reference, other)) == 0
    assert caplog.text.count("no message of ours") == 2
    assert (sent.delivery.state, blocks(sent.office)) == ("sent", [])


def test_one_whose_address_was_erased_is_unknown(pipe, sent, letter, caplog):
    with sent.office.streams.engine.begin() as connection:
        connection.execute(update(Delivery).values(address=None))
    assert pipe(postfix(letter)) == 0
    assert "no message of ours" in caplog.text


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        PERSON,
        b"\xff\x00" * 100,
    ],
    ids=["empty", "a person", "noise"],
)
def test_what_is_no_notification_is_refused_in_words(pipe, sent, raw):
    assert pipe(raw) == 1
    assert "no delivery status notification" in pipe.result.stderr
    assert WATI not in pipe.result.output
    assert sent.delivery.state == "sent"


def test_parts_without_end_are_refused():
    nested = b"".join(b"Content-Type: multipart/report; boundary=b%d\n\n--b%d\n" % (each, each) for each in range(3000))
    with pytest.raises(NotANotification):
        read_notification(nested)


def test_without_a_database_the_mail_server_tries_again(pipe, sent, letter, tmp_path):
    assert pipe(postfix(letter), DATABASE_URL=f"sqlite:///{tmp_path}/none.db") == 75
    assert "Not now." in pipe.result.stderr
    assert sent.delivery.state == "sent"


def test_nobody_is_reminded_of_what_came_back(pipe, sent, letter):
    office = sent.office
    remind_after(office, days=2)
    pipe(postfix(letter, "5.2.2", FULL))
    office.clock.now += timedelta(days=3)
    assert remind_due(office.streams, office.id, Request(SYSTEM, "remind")).facts["reminded"] == []


def test_a_reminder_that_waits_is_not_sent(pipe, sent, letter, courier, mail_server):
    office = sent.office
    remind_after(office, days=2)
    office.clock.now += timedelta(days=2)
    assert remind_due(office.streams, office.id, Request(SYSTEM, "remind")).facts["reminded"]
    pipe(postfix(letter))
    assert [(row.kind, row.state) for row in office.rows(Delivery)] == [("survey", "dead"), ("reminder", "cancelled")]
    assert courier.delivers() == Report()
    assert len(mail_server.letters) == 1


def remind_after(office, *, days):
    office.agus.changes_setting("survey", survey_reminder_days=days)


def test_one_that_was_brought_back_is_not_given_up_by_the_old_notification(pipe, sent, letter, courier):
    pipe(postfix(letter))
    delivering.resend(sent.office.streams, sent.office.id, sent.delivery.id, sent.office.budi.asks("resend"))
    pipe(postfix(letter))
    assert (sent.delivery.state, blocks(sent.office)) == ("pending", [])


def test_a_copy_that_comes_back_while_another_attempt_is_made(pipe, ask, courier, mail_server):
    """The worker was killed after the server had taken the message."""
    asked = ask()
    courier.sends(courier.claims())
    assert asked.delivery.state == "sending"
    assert pipe(postfix(mail_server.letters[0])) == 0
    assert (asked.delivery.state, asked.delivery.lease_owner, blocks(asked.office)) == ("dead", None, ["bounced"])


def test_at_the_same_instant_for_one_address(ask, courier, mail_server, desk_office):
    """Two messages to one mailbox come back twice each, all at once."""
    asked = [ask(), ask()]
    assert courier.delivers() == Report(sent=2)
    notifications = [read_notification(postfix(each)) for each in mail_server.letters] * 2
    together, bounces = threading.Barrier(4), Bounces(courier.engine, KEYS.links)

    def take(notification):
        together.wait()
        return bounces.take(notification, desk_office.clock.now)[0]

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(take, notifications))
    assert sorted(outcomes) == sorted([Outcome.BLOCKED] * 2 + [Outcome.SETTLED] * 2)
    assert ({each.delivery.state for each in asked}, blocks(desk_office)) == ({"dead"}, ["bounced"])


def test_only_the_newest_are_looked_at_by_their_index(sent, letter, courier, database_kind):
    notification = read_notification(postfix(letter))
    bounces, queued = Bounces(courier.engine, KEYS.links), sent.delivery.queued_at
    late = queued + LOOKED_BACK + timedelta(seconds=1)
    assert bounces.take(notification, late) == (Outcome.UNKNOWN, None)
    with courier.engine.connect() as connection:
        if database_kind == "postgres":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN " if database_kind == "postgres" else "EXPLAIN QUERY PLAN "
        query = "SELECT id FROM deliveries WHERE office_id = 1 AND address IS NOT NULL ORDER BY id DESC LIMIT 1000"
        assert "ix_deliveries_addressed" in str(connection.execute(text(explain + query)).all())
    assert bounces.take(notification, late - timedelta(seconds=1))[0] is Outcome.BLOCKED
