"""The lobby display: numbers and counters, nobody's name, and only what is true now."""

import re

import pytest
from sqlalchemy import update

from desk.models import Office, Service
from desk.reads.directory import board
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

BOARD = "/offices/1/display/board"


def large(web: Web) -> list[tuple[str, ...]]:
    """Return the calls that stand large on the board, as number and counter."""
    rows = re.findall(r'board-number">(\w+)<.*?board-counter">.*?board-sign">(\d+)<', web.get(BOARD).text, re.DOTALL)
    return [(number, f"Counter {sign}") for number, sign in rows]


@pytest.fixture(autouse=True)
def _english(web: Web, desk_office: DeskOffice) -> None:
    """One language, so that each text stands once; both in turn have tests of their own."""
    web.speak("en")
    speaks(desk_office, "en")


def speaks(office: DeskOffice, languages: str) -> None:
    """Set in which languages the displays of the office speak."""
    with office.streams.setting_up() as connection:
        connection.execute(update(Office).values(display_languages=languages))
    office.clock.tick()  # what was made for a display stands for a second, unless something happened


@pytest.mark.parametrize(
    ("language", "words"), [("id", "Saat ini belum ada panggilan."), ("en", "Nobody is being called")]
)
def test_an_empty_board_says_so(web: Web, desk_office: DeskOffice, language: str, words: str):
    speaks(desk_office, language)

    assert words in web.get("/offices/1/display").said


def test_whoever_waits_for_a_retired_service_stands_on_the_board(web: Web, desk_office: DeskOffice):
    desk_office.arrives("A")
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Service).values(retired=True))
    assert re.findall(r'class="letter">(\w)<', web.get(BOARD).text) == ["A"]
    with desk_office.streams.reading() as connection:
        queues = board(connection, desk_office.id)["queues"]
    assert [(each["service"], each["waiting"]) for each in queues] == [(desk_office.services["A"], 1)]


def test_the_newest_call_stands_first(web: Web, desk_office: DeskOffice):
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(3)
    for _ in range(2):
        desk_office.arrives("A")
        desk_office.clock.tick()
    desk_office.sari.calls(counter=1)
    desk_office.clock.tick()
    desk_office.dewi.calls(counter=3)

    assert large(web) == [("A002", "Counter 3"), ("A001", "Counter 1")]
    assert "Queue number A002, please go to Counter 3" in web.get(BOARD).text
    speaks(desk_office, "id")
    assert "Nomor antrean A002, silakan menuju Loket 3" in web.get(BOARD).text


def test_a_repeated_call_is_noticed_and_stands_first_again(web: Web, desk_office: DeskOffice):
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(3)
    desk_office.arrives("A")
    desk_office.arrives("A")
    first = desk_office.sari.calls(counter=1).facts
    desk_office.clock.tick()
    desk_office.dewi.calls(counter=3)
    assert f'data-call="{first["call"]}:1"' in web.get(BOARD).text

    desk_office.clock.tick()
    desk_office.sari.recalls(first["transaction"])

    assert f'data-call="{first["call"]}:2"' in web.get(BOARD).text
    assert large(web)[0] == ("A001", "Counter 1")


def test_who_is_being_served_stands_with_the_counters(web: Web, desk_office: DeskOffice):
    desk_office.sari.signs_on(2)
    desk_office.arrives("A")
    desk_office.sari.serves(counter=2)

    assert large(web) == []
    assert re.search(r"At the counters\s*A001 Counter 2", web.get(BOARD).said)


def test_after_a_handoff_the_receiver_s_counter_is_shown(web: Web, desk_office: DeskOffice):
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(3)
    desk_office.arrives("A")
    transaction = desk_office.sari.serves(counter=1)
    desk_office.dewi.accepts(desk_office.sari.offers(transaction, desk_office.dewi))

    assert large(web) == [("A001", "Counter 3")]


def test_who_was_called_before_can_still_be_read(web: Web, desk_office: DeskOffice):
    desk_office.sari.signs_on(1)
    for _ in range(6):
        desk_office.arrives("A")
    for _ in range(5):
        desk_office.clock.tick()
        desk_office.sari.completes(desk_office.sari.serves())
    desk_office.clock.tick()
    desk_office.sari.calls()

    words = web.get(BOARD).said
    assert large(web) == [("A006", "Counter 1")]
    assert re.findall(r"A00\d", words.partition("Called before")[2]) == ["A005", "A004", "A003", "A002"]


def test_yesterday_is_not_on_the_board(web: Web, desk_office: DeskOffice):
    desk_office.sari.signs_on(1)
    desk_office.arrives("A")
    desk_office.sari.completes(desk_office.sari.serves())
    desk_office.clock.tick(24 * 3600)

    assert "A001" not in web.get(BOARD).said


def test_more_calls_than_fit_large_stand_with_the_counters(web: Web, desk_office: DeskOffice):
    for colleague, counter in ((desk_office.sari, 1), (desk_office.dewi, 2), (desk_office.budi, 3)):
        colleague.signs_on(counter)
        desk_office.arrives("A")
        colleague.calls(counter=counter)
        desk_office.clock.tick()

    assert [number for number, _ in large(web)] == ["A003", "A002", "A001"]


def test_the_waiting_are_counted_by_service(web: Web, desk_office: DeskOffice):
    desk_office.arrives("A")
    desk_office.arrives("A", "B")

    assert re.search(r"A Lelang\s*2 B Kekayaan negara\s*1 C Penilaian\s*0", web.get(BOARD).said)


def test_no_name_ever_reaches_the_board(web: Web, desk_office: DeskOffice):
    desk_office.sari.signs_on()
    desk_office.arrives("A", name="Wati Lestari", email="wati@contoh.id", consent=True)
    desk_office.sari.calls()

    for path in ("/offices/1/display", BOARD):
        text = web.get(path).text
        assert not [name for name in ("Wati", "wati@", "Sari", "Dewi", "Budi") if name in text]


def test_the_board_is_sent_again_only_when_it_changed(web: Web, desk_office: DeskOffice):
    first = web.get(BOARD)
    known = {"If-None-Match": first.headers["ETag"]}

    assert web.get(BOARD, status=304, headers=known).text == ""
    desk_office.arrives("A")
    assert web.get(BOARD, headers=known).headers["ETag"] != first.headers["ETag"]


def test_a_busy_board_costs_no_more_queries(web: Web, desk_office: DeskOffice):
    web.get(BOARD)  # the first one reads the opening hours, which are kept
    desk_office.clock.tick()
    before = web.get(BOARD).queries
    desk_office.sari.signs_on(1)
    for _ in range(4):
        desk_office.arrives("A")
    desk_office.sari.completes(desk_office.sari.serves())
    desk_office.sari.calls()

    assert web.get(BOARD).queries <= before <= 9
    assert web.get(BOARD).queries == 2  # the next display is given the same: only its office, and whether it is as new


def test_the_page_knows_which_event_it_was_made_from(web: Web, desk_office: DeskOffice):
    page = web.get("/offices/1/display").text

    assert f'data-number="{desk_office.head.number}"' in page
    assert 'data-live="/offices/1/stream"' in page
    assert "<noscript>" in page, "without a script the page is loaded anew"
