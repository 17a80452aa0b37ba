"""What counters are called where people read or hear it: on displays, by the voice, on phones, on pages of staff."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from desk.announcing.shelf import Shelf
from desk.announcing.speaking import NoSpeaker, Saying, Unspeakable
from desk.domain.announcing import Counter as Called
from desk.domain.announcing import announcement
from desk.models import Counter, Office
from desk.web.administration import calls_by_voice
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

BOARD = "/offices/1/display/board"
COUNTERS = "/offices/1/counter-settings"
AUDIO = "/offices/1/announcements"
INFORMATION = {"name": "Meja Informasi", "name_en": "Information desk"}


def names(office: DeskOffice, number: int, **values: str) -> None:
    with office.streams.setting_up() as connection:
        connection.execute(Counter.__table__.update().where(Counter.number == number).values(**values))
    office.clock.tick()  # what was made for a display stands for a second, unless something happened


def says_in(office: DeskOffice, *languages: str) -> None:
    with office.streams.setting_up() as connection:
        connection.execute(Office.__table__.update().values(voice_languages=list(languages)))
    office.clock.tick()


class Voice:
    """A synthesiser that says everything but an ellipsis, and knows what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def __call__(self, saying: Saying) -> bytes:
        self.asked.append((saying.language, saying.words))
        if saying.words == "…":
            raise Unspeakable
        return b"\1\0" * 800


@pytest.fixture
def voice(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Voice:
    """Let this machine have a synthesiser."""
    voice = Voice()
    monkeypatch.setitem(web.app.extensions, "desk.voice", Shelf(tmp_path, voice))
    monkeypatch.setattr(calls_by_voice, "has_speaker", lambda: True)
    return voice


@pytest.fixture
def mute(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this machine have none."""

    def missing(_: Saying) -> bytes:
        raise NoSpeaker

    monkeypatch.setitem(web.app.extensions, "desk.voice", Shelf(tmp_path, missing))
    monkeypatch.setattr(calls_by_voice, "has_speaker", lambda: False)


@pytest.mark.usefixtures("voice")
def test_a_display_calls_to_the_name_in_each_language_in_turn(web: Web, desk_office: DeskOffice) -> None:
    web.speak("id")
    names(desk_office, 1, **INFORMATION)
    desk_office.sari.signs_on(1)
    desk_office.arrives("A")
    desk_office.sari.calls()
    page = web.get(BOARD).text
    both = '<span class="tongues"><span lang="id">Meja Informasi</span><span lang="en">Information desk</span></span>'
    assert both in page and "board-sign" not in page
    assert 'data-place="Meja Informasi"' in page
    assert "silakan menuju Meja Informasi" in page


@pytest.mark.usefixtures("voice")
@pytest.mark.parametrize("name", ["Teller 2", "Kasir 2", "Ruang Konsultasi 2"])
def test_a_name_that_ends_in_the_number_of_the_counter_is_shown_as_it_is(
    web: Web, desk_office: DeskOffice, name: str
) -> None:
    names(desk_office, 2, name=name)
    desk_office.sari.signs_on(2)
    desk_office.arrives("A")
    desk_office.sari.serves(counter=2)
    page = web.get(BOARD)
    assert name in page.said and "Loket" not in page.said
    assert page.text.count("board-served") == 1  # the number of the visitor, and no other


@pytest.mark.usefixtures("mute")
def test_where_the_voice_can_say_only_the_number_the_display_shows_both(web: Web, desk_office: DeskOffice) -> None:
    web.speak("id")
    names(desk_office, 3, **INFORMATION)
    desk_office.sari.signs_on(3)
    desk_office.arrives("A")
    transaction = desk_office.sari.calls(counter=3).facts["transaction"]
    called = web.get(BOARD)
    assert re.search(r"Information desk</span></span></span> <b class=\"board-sign\">3</b>", called.text)
    assert 'data-place="Meja Informasi, Loket 3"' in called.text
    assert web.client.get(f"{AUDIO}/id/A001/3").data == Shelf(Path("none")).join(
        "id", announcement("id", "A001", Called(3))
    )
    served = desk_office.sari.starts(transaction).facts["transaction"]
    assert '<b class="board-served">3</b> <span><span class="tongues">' in web.get(BOARD).text
    desk_office.sari.completes(served)
    assert re.search(r"A001 3 · Meja Informasi", web.get(BOARD).said)
    says_in(desk_office)  # nobody says a number then
    assert "3 ·" not in web.get(BOARD).said


def test_the_voice_says_the_name_of_each_language_and_the_number_of_one_it_cannot_say(
    web: Web, desk_office: DeskOffice, voice: Voice
) -> None:
    names(desk_office, 1, **INFORMATION)
    for language, name in (("id", "Meja Informasi"), ("en", "Information desk")):
        heard = web.client.get(f"{AUDIO}/{language}/A001/1")
        assert voice.asked.pop() == (language, name) and "max-age=3600" in heard.headers["Cache-Control"]
    names(desk_office, 2, name="…")
    desk_office.sari.signs_on(2)
    desk_office.arrives("A")
    desk_office.sari.calls(counter=2)
    assert "board-sign" not in web.get(BOARD).text
    web.client.get(f"{AUDIO}/id/A001/2")
    desk_office.clock.tick()
    assert "board-sign" in web.get(BOARD).text, "now it is known that nobody can say this name"
    says_in(desk_office, "id", "en")
    agus = web.as_("Agus")
    agus.speak("en")
    page = agus.get("/offices/1/call-sounds")
    assert page.text.count("<audio") == 2 + 4  # two examples, two counters in both languages
    assert f"{AUDIO}/en/A012/1" in page.text and "Information desk" in page.said


@pytest.mark.parametrize(("language", "one", "named"), [("id", "Loket 1", "Meja Informasi"), ("en", "Counter 1", "")])
def test_pages_of_staff_call_counters_in_their_own_language(
    web: Web, desk_office: DeskOffice, language: str, one: str, named: str
) -> None:
    agus, budi, sari = (web.as_(each) for each in ("Agus", "Budi", "Sari"))
    for each in (agus, budi, sari):
        each.speak(language)
    action = f"{COUNTERS}/{desk_office.counters[2]}"
    agus.send(agus.get(COUNTERS), action, **INFORMATION)
    named = named or "Information desk"
    assert f"1 · {one}" in agus.get(COUNTERS).said and f"2 · {named}" in agus.get(COUNTERS).said
    choice = sari.get("/offices/1/counter").said
    assert one in choice and named in choice
    desk_office.dewi.signs_on(2)
    for path in ("/offices/1/floor", "/offices/1/today", "/offices/1/staff"):
        assert named in budi.get(path).said, path
    desk_office.sari.signs_on(1)
    assert f"<h1>{one}</h1>" in sari.get("/offices/1/counter").text
    told = agus.get("/offices/1/changes-of-settings").said
    assert "Meja Informasi" in told and "Information desk" in told
    assert {"id": "Nama loket, dalam bahasa Inggris", "en": "Name of a counter, in English"}[language] in told


@pytest.mark.parametrize(("language", "name"), [("id", "Meja Informasi"), ("en", "Information desk")])
def test_the_phone_of_a_visitor_names_the_counter(web: Web, desk_office: DeskOffice, language: str, name: str) -> None:
    names(desk_office, 1, **INFORMATION)
    path = web.status_path(desk_office.arrives("A", language=language).facts["visit"])
    desk_office.sari.signs_on(1)
    desk_office.sari.calls()
    assert name in web.get(path).said


def test_the_form_keeps_an_english_name_and_takes_it_away_again(web: Web, desk_office: DeskOffice) -> None:
    agus = web.as_("Agus")
    agus.speak("en")
    agus.send(agus.get(COUNTERS), COUNTERS, number="8", place="counter", **INFORMATION)
    with desk_office.streams.reading() as connection:
        found = connection.execute(select(Counter.id, Counter.name_en).where(Counter.number == 8)).one()
    assert found.name_en == "Information desk"
    action = f"{COUNTERS}/{found.id}"
    page = agus.send(agus.get(COUNTERS), action, status=422, name_en="x" * 81)
    assert "Use at most 80 characters." in page.said
    agus.send(agus.get(COUNTERS), action, name_en="Desk", since="2026-03-09")
    assert "Name of a counter, in English" in agus.get("/offices/1/planned-changes").said
    agus.send(agus.get(COUNTERS), action, name_en="")
    assert desk_office.row(Counter, number=8).name_en == ""
