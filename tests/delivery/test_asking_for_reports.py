"""What is asked of a mail server about mail that it cannot deliver after all (RFC 3461)."""

import pytest

from desk.delivery.letter import Letter
from desk.delivery.report_asking import PLAINLY, AskedReport, report_asked
from desk.delivery.worker import Report
from tests.fixtures.delivery import WATI


def test_a_report_of_the_failure_with_the_headers_only(ask, courier, mail_server):
    asked = ask("wati+skm=a@example.go.id")
    courier.delivers()

    (letter,) = mail_server.letters
    reference = courier.links.reference(asked.delivery.idempotency_key)
    recipient = "ORCPT=rfc822;wati+2Bskm+3Da@example.go.id"
    assert letter.asked == ("RET=HDRS", f"ENVID={reference}", "NOTIFY=FAILURE", recipient)
    assert letter.id.startswith(f"<{reference}@")


def test_the_envelope_tells_neither_the_link_nor_the_address(ask, courier, mail_server):
    ask()
    courier.delivers()

    (letter,) = mail_server.letters
    envelope = letter.asked[1]
    assert letter.link.rpartition("/")[2] not in envelope
    assert not any(part in envelope for part in WATI.split("@"))


def test_a_server_that_does_not_offer_it_is_not_asked(ask, hire, make_mail_server):
    server = make_mail_server()
    ask()

    assert hire(server.settings()).delivers() == Report(sent=1)
    assert [each.asked for each in server.letters] == [()]


@pytest.mark.parametrize("place", ["MAIL", "RCPT"])
def test_a_server_that_does_not_understand_what_it_offers_is_asked_plainly(ask, courier, mail_server, place):
    ask("satu@example.go.id"), ask("dua@example.go.id")
    mail_server.will(place, "555 5.5.4 Unsupported option")

    assert courier.delivers() == Report(sent=2)
    assert [each.asked for each in mail_server.letters] == [(), ()]


def test_a_recipient_it_does_not_know_is_refused_as_without(ask, courier, mail_server):
    asked = ask()
    mail_server.will("RCPT", *["501 5.1.3 Bad recipient address syntax"] * 2)

    assert courier.delivers() == Report(dead=1)
    assert asked.delivery.last_error == "501 5.1.3 Bad recipient address syntax"


def test_of_an_address_in_another_script_only_the_envelope_is_told():
    asked = AskedReport(("RET=HDRS", "ENVID=ab12"), ("NOTIFY=FAILURE",))
    assert report_asked(Letter("wátì@example.go.id", b"", "ab12")) == asked


def test_nothing_of_a_letter_that_nobody_looks_for():
    assert report_asked(Letter(WATI, b"")) == PLAINLY
