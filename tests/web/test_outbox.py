"""Messages to visitors, as a supervisor sees them."""

import json
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from desk.cli.worker import write_to_other_addresses
from desk.delivery.claim import LEASES_ENDED
from desk.domain.facts import EventName
from desk.domain.refusals import Reason
from desk.models import Delivery, EventRow, Membership, Office, Person, Remembered, VisitContact
from desk.operations.keeping.erasing_words import ERASED
from desk.web.administration import outbox
from desk.wording.messages import CANCELLED, CANCELLED_ABOUT_CASES, STOPPED
from tests.fixtures.office import OPENING, DeskOffice
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


def test_it_says_what_those_that_wait_met_with(web: Web, desk_office: DeskOffice) -> None:
    a_message(desk_office)
    budi, path = web.as_("Budi"), f"/offices/{desk_office.id}/messages"
    budi.speak("en")
    assert "Tried in vain" not in budi.get(path).said
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Delivery).values(attempts=2, last_error="Connection <refused>"))
    page = budi.get(path)
    assert "the next attempt: 1. What one of them met with: Connection <refused>" in page.said
    assert "<refused>" not in page.text


def test_why_one_was_cancelled_stands_in_words(web: Web, desk_office: DeskOffice) -> None:
    a_message(desk_office)
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Delivery).values(state="cancelled", address=None, last_error="link_used"))
    budi = web.as_("Budi")
    budi.speak("en")
    page = budi.get(f"/offices/{desk_office.id}/messages")
    assert "The visitor had answered already" in page.said
    assert "link_used" not in page.said


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


@pytest.mark.parametrize(
    ("language", "state", "words", "why_not"),
    [
        ("en", "sent", "A message to the phone went out instead", "nobody is asked twice"),
        ("id", "sent", "Pesan ke telepon sudah dikirim sebagai gantinya", "tidak ada yang ditanyai dua kali"),
        ("en", "pending", "A message to the phone waits to go out instead", "nobody is asked twice"),
        ("id", "pending", "Pesan ke telepon menunggu dikirim sebagai gantinya", "tidak ada yang ditanyai dua kali"),
    ],
)
def test_one_that_another_has_replaced_is_not_offered(
    web: Web, desk_office: DeskOffice, language: str, state: str, words: str, why_not: str
) -> None:
    desk_office.sari.signs_on()
    desk_office.arrives("A", name="Wati", email="wati@example.org", phone="+6281234567890", consent=True)
    desk_office.sari.completes(desk_office.sari.serves())
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Delivery).values(state="dead", attempts=1, last_error="550 no such user"))
    assert write_to_other_addresses(desk_office.streams) == 1
    with desk_office.streams.setting_up() as connection:
        sent = {"state": state, "sent_at": OPENING if state == "sent" else None}
        connection.execute(update(Delivery).where(Delivery.channel == "phone").values(**sent))
    budi, path = web.as_("Budi"), f"/offices/{desk_office.id}/messages"
    budi.speak(language)
    page = budi.get(f"{path}?state=dead")
    first = desk_office.row(Delivery, channel="email").id

    assert words in page.said
    assert "resending" not in page.text and "/address" not in page.text
    assert why_not in budi.follow(budi.post(f"{path}/{first}/resending")).text
    asked = budi.get(f"{path}/{first}/address")
    assert why_not in asked.said and 'name="address"' not in asked.text
    right = {"address": "wati@contoh.id", "reason": "mistyped", "key": "k" * 32}
    budi.post(f"{path}/{first}/address", status=409, **right)
    assert desk_office.row(Delivery, channel="email").state == "dead"


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


@pytest.mark.parametrize(("language", "words"), [("id", "nomor seorang petugas"), ("en", "a member of staff")])
@pytest.mark.parametrize("who", ["Budi", "Agus"])
@pytest.mark.parametrize("whose", ["Sari", "Ratna"])
def test_no_message_is_sent_to_somebody_on_the_staff(
    web: Web, desk_office: DeskOffice, who: str, whose: str, language: str, words: str
) -> None:
    path = dead(desk_office)
    desk_office.agus.changes_contact(desk_office.people[whose], email="pribadi@example.org")
    browser, before = web.as_(who), desk_office.head
    browser.speak(language)
    page = browser.send(browser.get(path), path, status=409, address=" Pribadi@Example.org", reason="told_by_visitor")
    assert words in page.said
    assert (desk_office.row(Delivery).state, desk_office.row(VisitContact).email) == ("dead", "wati@example.org")
    assert desk_office.head == before


def test_one_that_is_known_by_now_to_be_of_the_staff_is_not_sent_again(web: Web, desk_office: DeskOffice) -> None:
    dead(desk_office)
    desk_office.agus.changes_contact(desk_office.dewi, email="wati@example.org")
    budi, path = web.as_("Budi"), f"/offices/{desk_office.id}/messages"
    budi.speak("en")
    page = budi.follow(budi.post(f"{path}/{desk_office.row(Delivery).id}/resending"))
    assert "address or number of a member of staff" in page.text
    assert desk_office.row(Delivery).state == "dead"


def served_by_budi(office: DeskOffice) -> str:
    """Sari and Budi served Wati, whose message came back; returns where its address is corrected."""
    office.sari.signs_on(1)
    office.budi.signs_on(2)
    office.arrives("A", name="Wati", email="wati@example.org", consent=True)
    transaction = office.sari.serves()
    office.budi.accepts(office.sari.offers(transaction, office.budi))
    office.budi.completes(transaction)
    with office.streams.setting_up() as connection:
        connection.execute(update(Delivery).values(state="dead", attempts=1, last_error="550 no such user"))
    return f"/offices/{office.id}/messages/{office.row(Delivery).id}/address"


@pytest.mark.parametrize(("language", "words"), [("id", "dibetulkan oleh orang lain"), ("en", "somebody else must")])
def test_who_had_a_hand_in_the_matter_leaves_the_address_to_others(
    web: Web, desk_office: DeskOffice, language: str, words: str
) -> None:
    path, budi, agus = served_by_budi(desk_office), web.as_("Budi"), web.as_("Agus")
    budi.speak(language)
    asked = budi.get(path)
    assert (words in asked.said, 'name="address"' in asked.text) == (True, False)
    page = budi.post(path, status=403, address="wati.lestari@example.org", reason="mistyped")
    assert words in page.said
    assert desk_office.row(Delivery).address == "wati@example.org"
    agus.send(agus.get(path), path, address="wati.lestari@example.org")
    event = desk_office.row(EventRow, name=EventName.MESSAGE_REDIRECTED)
    assert "by_handler" not in json.loads(event.payload)


@pytest.mark.parametrize("is_admin", [True, False])
def test_where_nobody_else_is_there_an_administrator_corrects_it(
    web: Web, desk_office: DeskOffice, is_admin: bool
) -> None:
    path = served_by_budi(desk_office)
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == desk_office.agus.id).values(disabled_at=OPENING))
        if is_admin:
            row = {"office_id": desk_office.id, "person_id": desk_office.budi.id, "role": "admin"}
            connection.execute(Membership.__table__.insert(), row)
        else:  # somebody who administers the office, and served the visitor too
            row = {"office_id": desk_office.id, "person_id": desk_office.sari.id, "role": "admin"}
            connection.execute(Membership.__table__.insert(), row)
    budi = web.as_("Budi")
    page = budi.get(path)
    assert ('name="address"' in page.text) is is_admin
    if is_admin:
        budi.send(page, path, address="wati.lestari@example.org")
    events = [json.loads(each.payload) for each in desk_office.rows_of_event(EventName.MESSAGE_REDIRECTED)]
    assert [each["by_handler"] for each in events] == [True] * is_admin


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


SAID = [
    ("erased", "The personal data were erased"),
    ("unknown", "What it was about is not there any more"),
    ("no worker lived long enough to say what became of it", "Nobody knows what became of it"),
    ("the message itself came back", "The message that it reminds of came back"),
    ("KeyError while the message was made", "The message could not be made (KeyError)"),
    ("the gateway: 410 gone", "The gateway: 410 gone"),
    ("the gateway: not delivered", "The gateway: not delivered"),
    ("550 no such user", "550 no such user"),
]


@pytest.mark.parametrize(("kept", "told"), SAID)
@pytest.mark.parametrize("language", ["id", "en"])
def test_what_stopped_a_message_stands_in_words(
    web: Web, desk_office: DeskOffice, language: str, kept: str, told: str
) -> None:
    a_message(desk_office)
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Delivery).values(state="dead", attempts=1234, last_error=kept))
    budi = web.as_("Budi")
    budi.speak(language)
    page = budi.get(f"/offices/{desk_office.id}/messages").said
    assert ("1.234" if language == "id" else "1,234") in page
    if language == "en":
        assert told in page
    elif kept != told:
        assert told not in page and kept not in page


def test_every_reason_for_which_a_message_is_dropped_has_words() -> None:
    folder = Path(outbox.__file__).parents[1] / "delivery"
    source = "".join(each.read_text() for each in folder.glob("*.py"))
    raised = set(re.findall(r"raise Refused\(Reason\.(\w+)", source))
    assert {Reason[each].value for each in raised} <= CANCELLED_ABOUT_CASES.keys()
    assert ERASED in CANCELLED
    assert LEASES_ENDED in STOPPED
