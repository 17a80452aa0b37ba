"""What displays show besides calls: messages in their time and place, emergencies, hours, where counters are."""

import re

import pytest
from sqlalchemy import select, update

from desk.domain.devices import DeviceKind, DeviceWish, code_of, secret_of
from desk.domain.displays import OwnTurn
from desk.models import Counter, DisplayMessage, DisplayWording, EventRow, Service
from desk.operations.settings import devices
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

BOARD = "/offices/1/display/board"
MESSAGES = "/offices/1/display-messages"
EMERGENCY = "/offices/1/emergency"
TARIFF = {"words_id": "Hanya tarif resmi.", "words_en": "Official fees only."}
PARKING = {"words_id": "Parkir di belakang.", "words_en": "Parking at the back."}


@pytest.fixture
def agus(web: Web) -> Web:
    """The administrator, in English."""
    browser = web.as_("Agus")
    browser.speak("en")
    return browser


def shown(web: Web) -> list[str]:
    """Return the messages on the board, by language."""
    return re.findall(r"Hanya tarif|Official fees|Biaya|Fees|Parkir|Parking", web.get(BOARD).said)


def paired(office: DeskOffice, web: Web, wish: DeviceWish) -> tuple[Web, int]:
    """Return another browser that is this display, and its id."""
    key = office.streams.keys.links
    code = code_of(key, devices.begin_pairing(office.streams))
    device = devices.pair(office.streams, office.id, code, wish, office.agus.asks("pair", wish=str(wish))).facts[
        "device"
    ]
    browser = web.another()
    browser.client.set_cookie("desk-device", secret_of(key, device))
    return browser, device


def test_a_message_is_worded_shown_in_its_time_and_retired(web: Web, agus: Web, desk_office: DeskOffice) -> None:
    web.speak("id")
    hours = {"since_day": "2026-03-02", "since_hour": "09:00", "until_day": "2026-03-02", "until_hour": "12:00"}
    page = agus.get(MESSAGES)
    for _ in range(2):  # once more: the same message
        agus.send(page, MESSAGES, **TARIFF, **hours)
    agus.send(agus.get(MESSAGES), MESSAGES, **PARKING, position="1")
    (first, second) = desk_office.rows(DisplayMessage)
    assert (second.position, first.position, second.until_at) == (0, 1, None)
    assert "Still to come" in agus.get(MESSAGES).said
    assert shown(web) == ["Parkir", "Parking"]
    desk_office.clock.tick(3600)
    assert shown(web) == ["Parkir", "Parking", "Hanya tarif", "Official fees"]
    one = f"{MESSAGES}/{first.id}"
    agus.send(agus.get(MESSAGES), one, words_id="Biaya resmi saja.", words_en="Fees by the list.", position="1")
    assert shown(web) == ["Biaya", "Fees", "Parkir", "Parking"]
    agus.send(agus.get(MESSAGES), f"{MESSAGES}/{second.id}", retired="y")
    assert shown(web) == ["Biaya", "Fees"]
    desk_office.clock.tick(3 * 3600)
    assert "wait until your number" in web.get(BOARD).said and shown(web) == []
    assert "Over" in agus.get(MESSAGES).said
    told = agus.get("/offices/1/changes-of-settings").said
    assert "Hanya tarif resmi." in told and "Biaya resmi saja." in told and "Parkir di belakang." in told
    trail = str([row.payload for row in desk_office.rows(EventRow)])
    assert not re.search(r"tarif|Biaya|Parkir|fees", trail), "the trail has digests of the words only"
    assert len(desk_office.rows(DisplayWording)) == 4
    assert desk_office.findings() == []


def test_what_cannot_be_is_said_in_its_field(agus: Web) -> None:
    page = agus.get(MESSAGES)
    for typed, field, said in (
        ({"words_en": ""}, "words_en", "both languages"),
        ({"words_id": "x" * 161}, "words_id", "160"),
        ({"since_hour": "09:00"}, "since_hour", "day as well"),
        ({"since_day": "2026-03-05", "until_day": "2026-03-04"}, "until_day", "later than"),
        ({"position": "0"}, "position", "1 to 60"),
    ):
        answer = agus.send(page, MESSAGES, status=422, **{**TARIFF, **typed})
        error = re.search(rf'id="new-{field}-error">(.*?)</p>', answer.text, re.DOTALL)
        assert error and said in error[1]
        assert (typed.get("words_id") or TARIFF["words_id"]) in answer.text, "what was typed stays"


def test_an_emergency_covers_every_display_until_it_is_ended(web: Web, agus: Web, desk_office: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    unmeant = budi.send(budi.get(EMERGENCY), EMERGENCY, status=422, kind="leave")
    assert "Tick this to confirm it" in unmeant.said
    assert "80 characters" in budi.send(budi.get(EMERGENCY), EMERGENCY, status=422, kind="own", is_meant="y").said
    page = budi.get(EMERGENCY)
    for _ in range(2):
        budi.send(page, EMERGENCY, kind="leave", is_meant="y")
    covered = web.get(BOARD).text
    assert "board-emergency" in covered and "Tinggalkan gedung" in covered and "leave the building" in covered
    assert "Budi" not in covered and "Budi" in budi.get(EMERGENCY).said
    own = {"kind": "own", "words_id": "Beri jalan.", "words_en": "Make way.", "is_meant": "y"}
    assert "End it first" in agus.follow(agus.post(EMERGENCY, **own)).text
    agus.send(agus.get(EMERGENCY), f"{EMERGENCY}/end")
    assert "board-emergency" not in web.get(BOARD).text
    assert "ended already" in agus.follow(agus.post(f"{EMERGENCY}/end")).text
    agus.send(agus.get(EMERGENCY), EMERGENCY, **own)
    assert (
        "Beri jalan." in web.get(BOARD).said and "Tinggalkan gedung" in agus.get("/offices/1/changes-of-settings").said
    )
    assert desk_office.findings() == []


def test_a_display_has_its_own_counters_waiting_messages_and_languages(
    web: Web, agus: Web, desk_office: DeskOffice
) -> None:
    counters = (desk_office.counters[1],)
    hall, hall_id = paired(desk_office, web, DeviceWish(DeviceKind.DISPLAY, "Lobi", counters=counters))
    services = (desk_office.services["C"],)
    wish = DeviceWish(DeviceKind.DISPLAY, "Atas", services=services, own_turn=OwnTurn("en", 20))
    upstairs, _ = paired(desk_office, web, wish)
    agus.post(MESSAGES, **TARIFF, devices=str(hall_id))
    agus.post(MESSAGES, **PARKING)
    assert shown(hall) == ["Hanya tarif", "Official fees", "Parkir", "Parking"]
    assert (shown(upstairs), shown(web)) == (["Parking"], ["Parkir", "Parking"])
    letters = re.compile(r'class="letter">(\w)<')
    assert letters.findall(hall.get(BOARD).text) == ["A", "B", "C"], "nobody is on duty there yet"
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    for letter in "ABC":
        desk_office.arrives(letter)
    desk_office.sari.calls(counter=1)
    desk_office.dewi.calls(counter=2)
    assert letters.findall(hall.get(BOARD).text) == ["A", "B"], "what Sari serves"
    assert letters.findall(upstairs.get(BOARD).text) == ["C"]
    assert ("B001" in hall.get(BOARD).text, "B001" in upstairs.get(BOARD).text) == (False, True)
    assert 'data-turn="20"' in upstairs.get(BOARD).text and 'data-languages="en"' in upstairs.get(BOARD).text
    assert 'data-turn="10"' in hall.get(BOARD).text and 'data-languages="id en"' in hall.get(BOARD).text
    agus.send(agus.get(MESSAGES), f"{MESSAGES}/languages", display_languages="id", display_turn_s="15")
    assert 'data-turn="15"' in hall.get(BOARD).text and 'data-languages="id"' in hall.get(BOARD).text
    assert "Bahasa Indonesia" not in hall.get(BOARD).text and 'data-languages="en"' in upstairs.get(BOARD).text


def test_who_is_called_elsewhere_now_was_not_called_before(web: Web, desk_office: DeskOffice) -> None:
    hall, _ = paired(desk_office, web, DeviceWish(DeviceKind.DISPLAY, "Lobi", counters=(desk_office.counters[1],)))
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    desk_office.arrives("A", "C")
    desk_office.sari.completes(desk_office.sari.serves())
    assert "A001" in hall.get(BOARD).text
    desk_office.clock.tick()
    transaction = desk_office.dewi.calls(counter=2).facts["transaction"]
    assert "A001" not in hall.get(BOARD).text and "A001" in web.get(BOARD).text
    desk_office.dewi.completes(desk_office.dewi.starts(transaction).facts["transaction"])
    assert "A001" in hall.get(BOARD).text


def test_outside_the_hours_it_says_when_the_office_opens_next(web: Web, desk_office: DeskOffice) -> None:
    web.speak("id")
    with desk_office.streams.setting_up() as connection:
        hours = select(Service.calendar_id).where(Service.series == "C").scalar_subquery()
        connection.execute(update(Service).values(calendar_id=hours))
        connection.execute(update(Counter).where(Counter.number == 1).values(location_id="Kiri", location_en="Left"))
    assert "Tutup" not in web.get(BOARD).said
    desk_office.clock.tick(4.5 * 3600)  # 12.30, between the hours of the counters
    lunch = web.get(BOARD).said
    assert "buka kembali hari ini pukul 13.00" in lunch and "open again today at 13:00" in lunch
    desk_office.clock.tick(5 * 3600)
    assert "besok pukul 08.00" in web.get(BOARD).said
    desk_office.clock.tick(4 * 24 * 3600)  # Friday evening
    night = web.get(BOARD)
    assert "Kami buka Senin, 9 Maret pukul 08.00." in night.said and "on Monday 9 March at 08:00" in night.said
    assert "menunggu sampai nomor" not in night.said
    desk_office.clock.tick((2 * 24 + 14.5) * 3600)
    desk_office.sari.signs_on(1)
    desk_office.arrives("A")
    desk_office.clock.tick(9 * 3600)
    assert "Tutup" not in web.get(BOARD).said, "whoever waits is still called"
    desk_office.sari.calls(counter=1)
    called = web.get(BOARD).text
    assert re.search(r'lang="id">[^\n]*Kiri<.*lang="en">.*Left<', called)
    assert re.search(r'data-program="[0-9a-f]{16}"', called)
