"""The pages around complaints: agreeing to be told, what stands on Messages, whose totals hold what, who erases."""

import pytest

from desk.delivery.message import Links
from desk.domain.access import SYSTEM, VISITOR, Role
from desk.domain.complaints import VoiceKind
from desk.models import Delivery, Erasure, FollowUpRow, Membership, VoiceContact, VoiceRow
from desk.operations.complaints import complaining
from desk.operations.complaints.complaining import Wish
from desk.operations.complaints.escalating import look_after
from desk.operations.requests import Request
from desk.reads.follow_up_rules import get_follow_up_rules
from tests.fixtures.office import Colleague, DeskOffice
from tests.fixtures.web import Web

FORM, MESSAGES = "/offices/1/voice", "/offices/1/messages"
REPORT = "/offices/1/reports/follow-ups"
EMAIL = "wati@example.id"


@pytest.fixture
def office(desk_office: DeskOffice) -> DeskOffice:
    """Sari at counter 1 has served Wati, A001, to the end."""
    desk_office.sari.signs_on(1)
    desk_office.arrives("A", name="Wati", email=EMAIL, consent=True)
    desk_office.sari.completes(desk_office.sari.serves())
    return desk_office


def complains(office: DeskOffice, **more: str) -> int:
    said = {"number": "A001", "day": office.today.isoformat(), "email": EMAIL, **more}
    wish = Wish(VoiceKind.COMPLAINT, "Lama sekali", notify=True, **said)  # type: ignore[arg-type]
    voice: int = complaining.receive(office.streams, office.id, wish, Request(VISITOR, "say")).facts["voice"]
    return voice


def promote(office: DeskOffice, who: Colleague) -> None:
    with office.streams.setting_up() as connection:
        row = {"person_id": who.id, "office_id": office.id, "role": Role.SUPERVISOR.value}
        connection.execute(Membership.__table__.insert(), row)  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_visitor_agrees_on_the_form(web: Web, office: DeskOffice, language: str) -> None:
    web.speak(language)
    page = web.get(FORM)
    said = {"kind": "complaint", "words": "Lama sekali"}
    for typed in ({}, {"phone": "0812"}, {"email": " "}):
        assert office.rows(VoiceRow) == [], typed
        web.send(page, FORM, status=422, notify="y", **said, **typed)
    web.send(page, FORM, notify="y", email=EMAIL, **said)
    assert office.row(VoiceContact).consented_at == office.clock.now
    assert office.row(Delivery, kind="voice_received").address == EMAIL

    budi, voice = web.as_("Budi"), office.row(VoiceRow).id
    budi.speak(language)
    shown = budi.get(f"/offices/1/voices/{voice}").said
    assert {"id": "setuju", "en": "agreed"}[language] in shown
    assert {"id": "Kepada pengguna jasa: diterima", "en": "To a visitor: received"}[language] in shown


def test_without_the_tick_nothing_is_sent(web: Web, office: DeskOffice) -> None:
    web.send(web.get(FORM), FORM, kind="complaint", words="Lama sekali", email=EMAIL)
    assert office.row(VoiceContact).consented_at is None
    assert office.rows(Delivery, kind="voice_received") == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_messages_page_names_the_kind_and_not_to_a_handler(web: Web, office: DeskOffice, language: str) -> None:
    complains(office)
    promote(office, office.sari)
    word = {"id": "Kepada pengguna jasa: diterima", "en": "To a visitor: received"}[language]
    for who, sees in (("Budi", True), ("Agus", True), ("Sari", False)):
        browser = web.as_(who)
        browser.speak(language)
        page = browser.get(MESSAGES)
        assert (word in page.said) is sees, who
        assert EMAIL not in page.text
        assert (word in browser.get(f"{MESSAGES}?state=dead").said) is False


def test_a_message_given_up_is_sent_again_from_the_page(web: Web, office: DeskOffice) -> None:
    complains(office)
    delivery = office.row(Delivery, kind="voice_received")
    with office.streams.setting_up() as connection:
        mine = Delivery.__table__.c.id == delivery.id  # type: ignore[attr-defined]
        connection.execute(Delivery.__table__.update().where(mine).values(state="dead"))  # type: ignore[attr-defined]
    promote(office, office.sari)
    page = f"{MESSAGES}/{delivery.id}/resending"
    sari = web.as_("Sari")
    sari.client.post(page, data={"csrf_token": sari.csrf_token()})
    assert office.row(Delivery, id=delivery.id).state == "dead"
    budi = web.as_("Budi")
    budi.send(budi.get(MESSAGES), page)
    assert office.row(Delivery, id=delivery.id).state == "pending"


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_report_counts_for_its_reader_and_says_so(web: Web, office: DeskOffice, language: str) -> None:
    complains(office)
    promote(office, office.sari)
    words = {"id": "yang ikut Anda tangani sendiri", "en": "in which you had a hand yourself"}[language]
    for who, counted in (("Budi", True), ("Ratna", True), ("Sari", False)):
        browser = web.as_(who)
        browser.speak(language)
        page = browser.get(REPORT)
        assert words in page.said, who
        empty = {"id": "Tidak ada tindak lanjut", "en": "No follow-up was opened"}[language]
        assert (empty in page.said) is not counted, who
        if counted:
            assert browser.get(f"{REPORT}/tables/outcomes").status == 200


@pytest.mark.parametrize("language", ["id", "en"])
def test_who_had_a_hand_in_it_is_told_who_erases_instead(web: Web, office: DeskOffice, language: str) -> None:
    complains(office)
    promote(office, office.sari)
    place = "/offices/1/personal-data"
    sari, budi = web.as_("Sari"), web.as_("Budi")
    for browser in (sari, budi):
        browser.speak(language)
    typed = {"address": EMAIL, "reason": "asked", "notes": "y", "sure": "y"}
    found = sari.send(sari.get(place), f"{place}/searches", address=EMAIL, status=200)
    refused = sari.send(found, f"{place}/erasures", status=409, **typed)
    assert {"id": "Mintalah penyelia lain atau administrator", "en": "Ask another supervisor or an"}[
        language
    ] in refused.said
    assert office.rows(Erasure) == [] and office.row(VoiceRow).erased_at is None
    found = budi.send(budi.get(place), f"{place}/searches", address=EMAIL, status=200)
    budi.send(found, f"{place}/erasures", **typed)
    assert office.row(VoiceRow).erased_at is not None


def test_settings_are_changed_on_their_page(web: Web, office: DeskOffice) -> None:
    agus = web.as_("Agus")
    page = agus.get("/offices/1/facilities")
    agus.send(page, "/offices/1/follow-up-rules", complaint_answer_words="y", late_mail=None, late_raise_days="2")
    with office.streams.reading() as connection:
        rules = get_follow_up_rules(connection, office.id)
    assert (rules.complaint_answer_words, rules.late_mail, rules.late_raise_days) == (True, False, 2)
    agus.send(page, "/offices/1/follow-up-rules", status=422, late_raise_days="61")


def test_the_address_in_a_mail_is_that_of_the_page(web: Web, office: DeskOffice) -> None:
    voice = complains(office)
    office.clock.tick(20 * 86_400)
    look_after(office.streams, office.id, Request(SYSTEM, "look_after"))
    links = Links(office.streams.keys.links, "https://x", "https://x")
    budi = web.as_("Budi")
    for case, is_voice in ((voice, True), (office.row(FollowUpRow).id, False)):
        address = links.to_case(office.id, case, is_voice=is_voice)
        assert address is not None
        budi.get(address.removeprefix("https://x"))
