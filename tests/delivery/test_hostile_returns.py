"""Returned mail that is forged, oversized, broken or about several recipients: nobody is silenced by who guesses."""

import re
from random import Random

import pytest

from desk.delivery.notification import NotANotification, read_notification
from desk.models import SurveyBlock
from tests.delivery.test_bounces import blocks, letter, pipe, sent
from tests.fixtures.delivery import WATI
from tests.fixtures.office import KEYS
from tests.fixtures.returned import AWAY, exchange, exim, postfix

__all__ = ["letter", "pipe", "sent"]  # fixtures

GROUP = "Final-Recipient: rfc822; {to}\nOriginal-Recipient: rfc822;{original}\nAction: {action}\nStatus: {status}\n"
MEGABYTE = 1024 * 1024
FULL = 3000


def group(action, status, to=WATI, original=WATI):
    return GROUP.format(to=to, original=original, action=action, status=status)


def reference_of(letter):
    return letter.id.strip("<>").partition("@")[0]


def test_the_envelope_counts_before_the_returned_headers(pipe, ask, courier, mail_server):
    first, second = ask("satu@example.go.id"), ask("dua@example.go.id")
    courier.delivers()
    one, two = mail_server.letters

    assert pipe(postfix(two, envelope=reference_of(one), to=one.recipient)) == 0
    assert (first.delivery.state, second.delivery.state) == ("dead", "sent")


def test_an_envelope_of_somebody_else_does_not_hide_the_headers(pipe, sent, letter):
    assert pipe(postfix(letter, envelope="f" * 32)) == 0
    assert blocks(sent.office) == ["bounced"]


def test_whoever_guesses_silences_nobody(pipe, sent, letter):
    """The address, the time, even the key under which the row lies are not the id that was sent."""
    key = sent.delivery.idempotency_key.encode()
    for guess in (key, b"1" * 32, str(sent.delivery.id).encode(), sent.invitation.id.to_bytes(16).hex().encode()):
        assert pipe(postfix(letter).replace(reference_of(letter).encode(), guess)) == 0
    assert (sent.delivery.state, blocks(sent.office)) == ("sent", [])


def test_whoever_got_a_message_silences_nobody_else(pipe, ask, courier, mail_server):
    own, other = ask("satu@example.go.id"), ask("dua@example.go.id")
    courier.delivers()
    mine, _ = mail_server.letters
    forged = postfix(mine, to=other.delivery.address, others=group("failed", "5.1.1", other.delivery.address))

    assert pipe(forged) == 0
    assert (own.delivery.state, other.delivery.state, blocks(own.office)) == ("dead", "sent", [])


def test_an_address_never_written_to_is_not_remembered(pipe, sent, letter):
    assert pipe(postfix(letter, to="korban@example.go.id", envelope="0" * 32)) == 0
    assert sent.office.rows(SurveyBlock) == []


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered", "expanded"])
def test_a_copy_that_comes_back_does_not_give_up_what_arrived(pipe, sent, letter, action):
    gone = group("failed", "5.1.1", "wati@rumah.example.id")
    assert pipe(postfix(letter, "4.4.7", "greylisted", action=action, others=gone)) == 0
    assert (sent.delivery.state, blocks(sent.office)) == ("sent", [])


def test_of_several_recipients_ours_counts(pipe, sent, letter):
    ours = group("failed", "5.2.1")
    raw = postfix(letter, "5.2.2", "552 full", to="wati@rumah.example.id", others=f"{ours}\n{ours}")
    assert pipe(raw) == 0
    assert sent.delivery.last_error.startswith("the mail server: 5.2.1")
    assert blocks(sent.office) == ["bounced"]


@pytest.mark.parametrize(
    ("final", "kinds"), [("wati@rumah.example.id", []), ("joko@go.id", ["bounced"]), ("x@notexample.go.id", [])]
)
def test_where_an_address_is_forwarded_to_in_another_domain(pipe, sent, letter, final, kinds):
    """Our address goes with the message through all forwarding: there may be a copy in a mailbox that is read."""
    assert pipe(postfix(letter, to=final, original=WATI)) == 0
    assert (sent.delivery.state, blocks(sent.office)) == ("dead", kinds)


def test_the_number_of_a_machine_is_no_status(pipe, sent, letter):
    assert pipe(postfix(letter, "5.0.0", "host mx[192.5.1.1] said: 550 [5.1.1.9] no")) == 0
    assert (sent.delivery.state, blocks(sent.office)) == ("dead", [])


@pytest.mark.parametrize(
    "raw",
    [
        AWAY,
        AWAY.replace(b"Auto-Submitted: auto-replied (vacation)\n", b"").replace(
            b"<wati.lestari@example.go.id>", b"<>", 1
        ),
        AWAY.replace(b"Auto-Submitted: auto-replied (vacation)\n", b"").replace(WATI.encode(), b"MAILER-DAEMON", 1),
        b"Content-Type: multipart/report; report-type=feedback-report; boundary=x\n\n--x\n\n--x--\n",
        b"Content-Type: multipart/report; report-type=disposition-notification; boundary=x\n\n--x\n\n--x--\n",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\nhi\n--x--\n",
        b"Content-Type: multipart/report; report-type=delivery-status\n\nnothing\n",
    ],
    ids=["away", "to nobody", "to nobody as Postfix says it", "complaint", "receipt", "no status", "no parts"],
)
def test_what_a_program_answers_is_passed_over(pipe, sent, letter, raw):
    """Whoever is away is not told that nobody reads the mailbox."""
    assert pipe(raw + b"\n" + letter.raw) == 0
    assert "Nothing to do" in pipe.result.stderr
    assert WATI not in pipe.result.output
    assert (sent.delivery.state, blocks(sent.office)) == ("sent", [])


def test_a_hundred_megabytes_are_read_to_the_end_and_only_the_beginning_counts(pipe, sent, letter):
    assert pipe(b"Subject: x\n\n" + b"x" * (100 * MEGABYTE)) == 1
    assert pipe(postfix(letter) + b"x" * (100 * MEGABYTE)) == 0
    assert blocks(sent.office) == ["bounced"]


@pytest.mark.parametrize("filling", [b"x", b"a@", b"5.1", b"wati.lestari@example.go.id ", b"\x00", b"\xff"])
def test_what_the_mail_server_says_is_kept_short(pipe, sent, letter, filling):
    raw = postfix(letter, said="550 5.1.1 MARK").replace(b"smtp; 550 5.1.1 MARK", b"smtp; 550 5.1.1 " + filling * FULL)
    assert pipe(raw) == 0
    assert len(sent.delivery.last_error) <= 300
    assert "wati.lestari" not in sent.delivery.last_error


def test_recipients_without_end(pipe, sent, letter, caplog):
    many = "\n".join([group("failed", "5.1.1")] * 1000)
    assert pipe(postfix(letter, envelope=reference_of(letter), others=many)) == 0
    assert blocks(sent.office) == ["bounced"]
    assert caplog.text.count("5.1.1") == 1


def test_broken_ones_are_refused_or_understood(sent, letter):
    chance, kinds = Random(3464), [postfix(letter), exim(letter), exchange(letter), postfix(letter, global_="global-")]
    rubble = [
        b"\0",
        b"\xff\xfe",
        b"=?x?b?%%?=",
        b"\n\n",
        b"\r",
        b"*0*=utf-9''%ff",
        b'"',
        b"--",
        b"base64",
        b"+00",
        b"@",
        b";",
    ]
    outcomes = set()
    for _ in range(600):
        raw = bytearray(chance.choice(kinds))
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(raw))
            raw[at : at + chance.choice((0, 1, 8, 60, 400))] = chance.choice(rubble)
        try:
            outcomes.add(read_notification(bytes(raw)).is_given_up(WATI))
        except NotANotification:
            outcomes.add(None)
    assert outcomes == {True, False, None}


def test_another_data_folder_makes_the_mail_server_try_again(pipe, sent, letter, tmp_path):
    """Secrets of its own would know no message, and the notification would be lost."""
    other = tmp_path / "other"
    assert pipe(postfix(letter), DESK_DATA=str(other)) == 75
    assert not other.exists()
    assert sent.delivery.state == "sent"


def test_the_id_of_a_message_has_128_bits_and_is_kept_nowhere(sent, letter):
    assert re.fullmatch(r"[0-9a-f]{32}", reference_of(letter))
    assert KEYS.links.hex() not in letter.raw.decode()
    assert reference_of(letter) not in {str(value) for value in sent.delivery}
