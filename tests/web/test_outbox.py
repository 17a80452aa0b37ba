"""Messages to visitors, as a supervisor sees them."""

import json
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from desk.domain.facts import EventName
from desk.models import Delivery, EventRow, Office, Remembered, VisitContact
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web


def a_message(office: DeskOffice) -> None:
    """Wati was served and agreed to be asked."""
    office.sari.signs_on()
    office.arrives("A", name="Wati", email="wati@example.org", consent=True)
    office.sari.completes(office.sari.serves())


def test_what_waits_is_shown_without_the_address(web: Web, desk_office: DeskOffice) -> None:
    a_message(desk_office)
    page = web.as_("Budi").get(f"/offices/{desk_office.id}/messages")
    assert "A001" in page.said
    assert "wati@example.org" not in page.text
    assert "/s/" not in page.text


def test_a_dead_message_is_sent_again(web: Web, desk_office: DeskOffice) -> None:
    a_message(desk_office)
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Delivery).values(state="dead", attempts=8, last_error="550 no such user"))
    budi = web.as_("Budi")
    page = budi.get(f"/offices/{desk_office.id}/messages?state=dead")
    assert "550 no such user" in page.said
    delivery = desk_office.row(Delivery).id
    action = f"/offices/{desk_office.id}/messages/{delivery}/resending"
    budi.follow(budi.send(page, action))
    assert desk_office.row(Delivery).state == "pending"
    budi.follow(budi.post(action))


def test_in_the_quiet_hours_it_says_until_when(web: Web, desk_office: DeskOffice) -> None:
    a_message(desk_office)
    local = desk_office.clock.now.astimezone(ZoneInfo("Asia/Jakarta"))
    hours = {"survey_quiet_from": local.hour * 60, "survey_quiet_until": local.hour * 60 + 90}
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Delivery).values(state="dead", attempts=8, last_error="550 no such user"))
        connection.execute(update(Office).values(**hours))
    budi = web.as_("Budi")
    budi.speak("en")
    action = f"/offices/{desk_office.id}/messages/{desk_office.row(Delivery).id}/resending"
    page = budi.follow(budi.send(budi.get(f"/offices/{desk_office.id}/messages?state=dead"), action))
    assert f"The office sends nothing now: it goes out from {local:%-d %b %Y}, {local.hour + 1:02}:30." in page.said


def test_nothing_yet(web: Web, desk_office: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    assert "No messages" in budi.get(f"/offices/{desk_office.id}/messages").said


def test_of_what_was_given_up_no_moment_is_told(web: Web, desk_office: DeskOffice) -> None:
    a_message(desk_office)
    budi, path = web.as_("Budi"), f"/offices/{desk_office.id}/messages"
    waits = budi.get(path).text.count("<time")
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Delivery).values(state="dead", attempts=8, last_error="550 no such user"))
    assert budi.get(path).text.count("<time") == waits - 1


def test_who_may_resend_may_look(web: Web, desk_office: DeskOffice) -> None:
    a_message(desk_office)
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Delivery).values(state="dead", attempts=8, last_error="550 no such user"))
    agus, path = web.as_("Agus"), f"/offices/{desk_office.id}/messages"
    agus.send(agus.get(path), f"{path}/{desk_office.row(Delivery).id}/resending")
    assert desk_office.row(Delivery).state == "pending"
    for name in ("Sari", "Ratna"):
        web.as_(name).get(f"/offices/{desk_office.id}/messages", status=403)


def dead(office: DeskOffice) -> str:
    """Wati's message came back; returns where its address is corrected."""
    a_message(office)
    with office.streams.setting_up() as connection:
        connection.execute(update(Delivery).values(state="dead", attempts=1, last_error="550 no such user"))
    return f"/offices/{office.id}/messages/{office.row(Delivery).id}/address"


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_address_of_a_dead_message_is_corrected(web: Web, desk_office: DeskOffice, language: str) -> None:
    path, before = dead(desk_office), desk_office.row(Delivery)
    budi = web.as_("Budi")
    budi.speak(language)
    assert path in budi.get(f"/offices/{desk_office.id}/messages?state=dead").text
    page = budi.get(path)
    assert "wati@example.org" not in page.text
    budi.send(page, path, address="not an address", status=422)
    budi.follow(budi.send(page, path, address="wati.lestari@example.org", reason="told_by_visitor"))
    row = desk_office.row(Delivery)
    assert (row.state, row.attempts, row.address) == ("pending", 0, "wati.lestari@example.org")
    assert row.idempotency_key != before.idempotency_key
    assert desk_office.row(VisitContact).email == "wati.lestari@example.org"
    event = desk_office.row(EventRow, name=EventName.MESSAGE_REDIRECTED)
    assert json.loads(event.payload) == {"channel": "email", "delivery": row.id, "reason": "told_by_visitor"}
    assert "lestari" not in str([each.answer for each in desk_office.rows(Remembered)])
    budi.get(path, status=409)


def test_only_who_may_resend_corrects(web: Web, desk_office: DeskOffice) -> None:
    path = dead(desk_office)
    web.as_("Agus").get(path)
    for name in ("Sari", "Ratna"):
        web.as_(name).get(path, status=403)


def test_a_phone_number_is_corrected_to_a_phone_number(web: Web, desk_office: DeskOffice) -> None:
    desk_office.sari.signs_on()
    desk_office.arrives("A", phone="081234567890", consent=True)
    desk_office.sari.completes(desk_office.sari.serves())
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Delivery).values(state="dead", attempts=1, last_error="invalid_number"))
    budi, path = web.as_("Budi"), f"/offices/{desk_office.id}/messages/{desk_office.row(Delivery).id}/address"
    page = budi.get(path)
    assert "+62***890" in page.said
    budi.send(page, path, address="021 345 678", status=422)
    budi.send(page, path, address="0812 9876 5432")
    assert (desk_office.row(Delivery).address, desk_office.row(VisitContact).phone) == ("+6281298765432",) * 2


def test_messages_to_phones_wait_where_no_gateway_is_set_up(web: Web, desk_office: DeskOffice) -> None:
    a_message(desk_office)
    budi, path = web.as_("Budi"), f"/offices/{desk_office.id}/messages"
    assert "DESK_GATEWAY_URL" not in budi.get(path).said
    desk_office.arrives("A", phone="081234567890", consent=True)
    desk_office.sari.completes(desk_office.sari.serves())
    page = budi.get(path)
    assert "DESK_GATEWAY_URL" in page.said
    assert "+62***890" in page.said
