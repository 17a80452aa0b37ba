"""What a gateway says afterwards: proved, taken in once, in whatever order it comes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from desk.delivery.receipts import KEPT, SIGNATURE, Receipt, Receipts, ReceiptStatus
from desk.delivery.worker import Report
from desk.models import GatewayReceipt, SurveyBlock
from tests.fixtures.gateway import WATI_PHONE, signed
from tests.fixtures.office import KEYS

PATH = "/gateway/receipts"
DELIVERED = {"id": "gw-1", "status": "delivered"}
UNKNOWN = {"id": "gw-1", "status": "failed", "error": "invalid_number"}


def kept_by(office):
    """Return every receipt; they belong to no office."""
    with office.streams.reading() as connection:
        return connection.execute(select(GatewayReceipt.__table__)).all()


@pytest.fixture
def phone_web(web, web_app, gateway):
    """The pages of a desk that has a gateway."""
    desk = web_app.extensions["desk"]
    web_app.extensions["desk"] = replace(desk, settings=replace(desk.settings, gateway=gateway.settings()))
    return web


@pytest.fixture
def tell(phone_web, desk_office):
    """Send a receipt as the gateway does and return the status of the answer."""

    def send(body, *, late=0, secret=None, **headers):
        more = {"secret": secret} if secret else {}
        given = signed(body, desk_office.clock.now - timedelta(seconds=late), **more)
        given["headers"] |= headers
        return phone_web.client.post(PATH, **given).status_code

    return send


@pytest.fixture
def sent(ask, phone_courier):
    """A message that the gateway has taken as gw-1."""
    asked = ask(None, phone=WATI_PHONE)
    assert phone_courier.delivers() == Report(sent=1)
    return asked


def test_a_message_that_arrived(tell, sent):
    assert [tell(DELIVERED) for _ in range(3)] == [204] * 3
    assert (sent.delivery.state, sent.delivery.delivered_at) == ("sent", sent.office.clock.now)
    assert len(kept_by(sent.office)) == 1


def test_one_that_did_not_is_given_up_where_somebody_sees_it(tell, sent):
    assert tell({"id": "gw-1", "status": "undelivered", "error": f"handset off {WATI_PHONE}"}) == 204
    assert sent.delivery.state == "dead"
    assert "handset off" in sent.delivery.last_error
    assert WATI_PHONE not in sent.delivery.last_error
    assert sent.invitation.delivered_at is None
    assert sent.office.rows(SurveyBlock) == []


def test_a_number_that_is_not_there_is_written_to_no_more(tell, sent, ask):
    assert tell(UNKNOWN) == 204
    assert sent.delivery.state == "dead"
    assert [row.kind for row in sent.office.rows(SurveyBlock)] == ["bounced"]
    assert ask(None, phone=WATI_PHONE).invitation.reason == "by_link"


@pytest.mark.parametrize("body", [DELIVERED, UNKNOWN])
def test_a_receipt_that_comes_first_is_kept(tell, ask, phone_courier, desk_office, body):
    assert tell(body) == 204
    (kept,) = kept_by(desk_office)
    assert kept.applied_at is None
    asked = ask(None, phone=WATI_PHONE)
    phone_courier.delivers()
    receipts = Receipts(phone_courier.engine, KEYS.links)
    assert receipts.apply_waiting(desk_office.clock.now) == 1
    assert receipts.apply_waiting(desk_office.clock.now) == 0
    if body is DELIVERED:
        assert asked.delivery.delivered_at is not None
    else:
        assert asked.delivery.state == "dead"


def test_what_never_matches_is_forgotten(tell, phone_courier, desk_office):
    tell(DELIVERED)
    receipts = Receipts(phone_courier.engine, KEYS.links)
    receipts.apply_waiting(desk_office.clock.now + KEPT)
    assert len(kept_by(desk_office)) == 1
    receipts.apply_waiting(desk_office.clock.now + KEPT + timedelta(seconds=1))
    assert kept_by(desk_office) == []


def test_a_number_that_a_receipt_quotes_is_not_kept(tell, desk_office):
    tell({"id": "gw-9", "status": "failed", "error": f"no route to {WATI_PHONE}"})
    assert [row.said for row in kept_by(desk_office)] == ["no route to ***"]


def test_what_arrived_after_all_is_not_dead(tell, sent):
    tell({"id": "gw-1", "status": "failed"})
    assert sent.delivery.state == "dead"
    tell(DELIVERED)
    assert (sent.delivery.state, sent.delivery.last_error) == ("sent", None)
    tell(UNKNOWN)
    assert sent.delivery.state == "sent"
    assert sent.office.rows(SurveyBlock) == []


def test_a_number_at_which_something_arrived_is_written_to_again(tell, sent, ask):
    tell(UNKNOWN)
    tell(DELIVERED)
    assert (sent.delivery.state, sent.office.rows(SurveyBlock)) == ("sent", [])
    assert ask(None, phone=WATI_PHONE).invitation.reason == "by_phone"


def test_what_blocked_the_number_before_stays(tell, sent, phone_courier, ask):
    ask(None, phone=WATI_PHONE)
    assert phone_courier.delivers() == Report(sent=1)
    tell({**UNKNOWN, "id": "gw-2"})
    sent.office.clock.tick(5)
    tell(UNKNOWN)
    tell(DELIVERED)
    assert [row.kind for row in sent.office.rows(SurveyBlock)] == ["bounced"]


@pytest.mark.parametrize("status", ["queued", "sent", "READ"])
def test_what_is_said_on_the_way_changes_nothing(tell, sent, status):
    assert tell({"id": "gw-1", "status": status}) == 204
    assert (sent.delivery.state, sent.delivery.delivered_at) == ("sent", None)
    assert kept_by(sent.office) == []


@pytest.mark.parametrize("late", [301, -301])
def test_not_out_of_time(tell, sent, late):
    assert tell(DELIVERED, late=late) == 401
    assert sent.delivery.delivered_at is None


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=00", "nonsense", "sha256=é"])
def test_not_without_proof(tell, sent, signature):
    assert tell(DELIVERED, **{SIGNATURE: signature}) == 401
    assert tell(DELIVERED, secret="another") == 401
    assert sent.delivery.delivered_at is None


def test_not_where_no_secret_is_set(web, desk_office):
    assert web.client.post(PATH, **signed(DELIVERED, desk_office.clock.now, "")).status_code == 401


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"{", b'{"id": "gw-1"}', b'{"status": "delivered"}', b"\xff", b'{"id": 1, "status": 2}'],
)
def test_a_body_that_says_nothing(tell, body):
    assert tell(body) == 422


def test_a_long_body_is_not_read(tell):
    assert tell(b" " * 20_000) == 413


def test_a_receipt_during_another_attempt(ask, phone_courier, gateway, desk_office):
    """The worker was killed after the gateway had taken the message: the receipt waits for the repeat's id."""
    asked = ask(None, phone=WATI_PHONE)
    receipts = Receipts(phone_courier.engine, KEYS.links)
    gateway.before("TAKEN", lambda: receipts.take(Receipt("gw-1", ReceiptStatus.DELIVERED), desk_office.clock.now))
    phone_courier.delivers()
    assert asked.delivery.delivered_at is None
    receipts.apply_waiting(desk_office.clock.now)
    assert asked.delivery.delivered_at == desk_office.clock.now


def test_a_link_that_an_early_receipt_quotes_is_not_kept(tell, desk_office):
    link = "https://antrean.example.go.id/s/2i7puodpvcelouilcmn2vqdvre"
    said = [f"blocked {link} today", f"blocked {link[:-9]} {link[-9:]}", f"blocked {link[:-9]}", "part vcelouilcmn2vq"]
    for number, each in enumerate(said):
        tell({"id": f"gw-{number}", "status": "failed", "error": each})
    kept = {row.provider_id: row.said for row in kept_by(desk_office)}
    assert [kept[f"gw-{number}"] for number in range(3)] == ["blocked https://antrean.example.go.id/***"] * 3
    assert kept["gw-3"] == "part ***"


def test_nothing_arrives_before_it_goes_out(tell, ask, phone_courier, desk_office):
    asked = ask(None, phone=WATI_PHONE)
    assert tell(DELIVERED) == 204
    desk_office.clock.tick(7)
    phone_courier.delivers()
    Receipts(phone_courier.engine, KEYS.links).apply_waiting(desk_office.clock.tick(5))
    assert asked.delivery.delivered_at == asked.delivery.sent_at == desk_office.clock.now - timedelta(seconds=5)
