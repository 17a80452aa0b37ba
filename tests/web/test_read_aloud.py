"""Pages of the kiosk read aloud by the server: what it says, what it never says, and who can make it speak."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from desk.announcing import reading
from desk.announcing.reading import Busy, Readings
from desk.announcing.shelf import Shelf, length_of
from desk.announcing.speaking import Saying, SpeakerFailed
from desk.announcing.wave_files import read
from desk.domain.announcing import BETWEEN
from desk.web.kiosk.spoken_parts import marked
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

on_one_database = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
TONE = b"\1\0" * 800


class Voice:
    """A synthesiser that says whatever it is asked, and remembers it."""

    def __init__(self) -> None:
        self.asked: list[Saying] = []
        self.is_broken = False

    def __call__(self, sayings: Sequence[Saying]) -> list[bytes]:
        if self.is_broken:
            raise SpeakerFailed
        self.asked += sayings
        return [TONE for _ in sayings]


@pytest.fixture
def voice(web: Web, tmp_path: Path) -> Voice:
    voice = Voice()
    web.client.application.extensions["desk.readings"] = Readings(tmp_path / "aloud", Shelf(tmp_path), voice)
    return voice


def places(page: str) -> list[str]:
    return re.findall(r'data-aloud="([^"]+)"', page)


def heard(web: Web, voice: Voice, page: str) -> list[str]:
    """Have every part of a page said, and return what the synthesiser was asked for."""
    voice.asked.clear()
    for place in places(page):
        assert web.client.get(place).mimetype == "audio/wav"
    return [each.words for each in voice.asked]


@on_one_database
def test_a_visitor_hears_the_services_what_to_bring_the_buttons_and_the_number(
    web: Web, desk_office: DeskOffice, voice: Voice
):
    start = web.get("/offices/1/kiosk").text
    words = heard(web, voice, start)
    assert {"Layanan apa yang Anda perlukan?", "Lelang", "Tidak ada yang menunggu"} <= set(words)
    assert {each.language for each in voice.asked} == {"id"}
    tile = places(web.get("/offices/1/kiosk/tiles").text)[0]
    assert tile in places(start), "what is fetched anew can be heard as well"
    words = heard(web, voice, web.get("/offices/1/kiosk/services/1?language=en").text)
    assert {"Longest wait", "Take a number", "I have priority"} <= set(words)
    assert {each.language for each in voice.asked} == {"en"}
    assert "" not in words and "Lelang" not in heard(web, voice, start), "nothing is spoken twice"

    taken = desk_office.arrives("A").facts["visit"]
    ticket = web.get(web.status_path(taken) + "/ticket").text
    number = next(each for each in places(ticket) if read(web.client.get(each).data).startswith(letter_a(web)))
    assert len(voice.asked) == 0 or "A001" not in {each.words for each in voice.asked}
    again = web.client.get(number)
    assert "max-age" in again.headers["Cache-Control"]
    assert web.client.get(number, headers={"If-None-Match": again.headers["ETag"]}).status_code == 304
    assert web.get("/offices/1/check-in").text.count("data-aloud") == 0, "a phone has a voice of its own"


def letter_a(web: Web) -> bytes:
    shelf = Shelf(Path("none"))
    return shelf.samples("en", "letter-a") + b"\0" * length_of(BETWEEN) + shelf.samples("en", "digit-0")


@on_one_database
def test_nobody_can_make_it_say_anything_else(web: Web, desk_office: DeskOffice, voice: Voice):
    place = places(web.get("/offices/1/kiosk").text)[0]
    packed, seal = place.rsplit("/", 1)[1].split(".")
    other = "SGFsbG8"  # "Hallo"
    for wrong in (f"{other}.{seal}", f"{packed}.{'0' * 32}", packed, f"{packed}.", "%C3%A9.0", f"{'A' * 7000}.{seal}"):
        web.get(f"/offices/1/kiosk/aloud/id/{wrong}", status=404)
    for language in ("en", "fr"):
        web.get(place.replace("/id/", f"/{language}/"), status=404)
    web.get(place.replace("/offices/1/", "/offices/99/"), status=404)
    assert voice.asked == []

    typed = {"code": "Abrakadabra"}
    answers = [web.send(web.get("/offices/1/kiosk/return"), "/offices/1/kiosk/return", status=422, **typed)]
    form = web.get("/offices/1/voice?via=kiosk")
    answers.append(web.send(form, "/offices/1/voice", status=422, kind="", words="Abrakadabra", name="Abrakadabra"))
    visit = desk_office.arrives("A").facts["visit"]
    ticket = web.get(web.status_path(visit) + "/ticket")
    token = ticket.path.split("/")[2] if hasattr(ticket, "path") else web.status_path(visit).rsplit("/", 1)[1]
    for answer in (*answers, ticket):
        said = "\n".join(heard(web, voice, answer.text))
        assert said and "Abrakadabra" not in said
        assert token[:4] not in said, "the code of a visitor's page is not read out in a hall"


@on_one_database
def test_where_no_synthesiser_is_only_the_number_is_said(
    web: Web, desk_office: DeskOffice, voice: Voice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reading, "has_speaker", lambda: False)
    web.client.application.extensions["desk.readings"] = Readings(tmp_path / "mute", Shelf(tmp_path))
    assert places(web.get("/offices/1/kiosk").text) == []
    visit = desk_office.arrives("A").facts["visit"]
    (number,) = places(web.get(web.status_path(visit) + "/ticket").text)
    assert web.client.get(number).mimetype == "audio/wav"


def test_what_is_kept_is_bounded_and_a_failure_concerns_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "MOST_KEPT", 3)
    voice = Voice()
    readings = Readings(tmp_path / "aloud", Shelf(tmp_path), voice)
    first = readings.say("id", "satu\nNomor A012 dan\nsatu\n…")
    assert first is not None and [each.words for each in voice.asked] == ["satu", "Nomor", "dan"]
    for words in ("empat", "lima"):
        assert readings.say("id", words)
    assert len(list((tmp_path / "aloud").rglob("*.wav"))) == 3
    voice.is_broken = True
    assert readings.say("id", "enam") is None and readings.say("id", "lima")
    assert readings.say("id", "…") is None and not readings.can_say("…")
    voice.is_broken = False
    assert readings.say("id", "enam")
    for _ in range(reading.MOST_WAITING):
        assert readings._places.acquire(blocking=False)
    with pytest.raises(Busy):
        readings.say("id", "tujuh")
    assert readings.say("id", "enam"), "what is kept needs nobody's turn"


def test_parts_are_read_as_a_whole_and_what_is_typed_or_hidden_is_not():
    page = """<html><body><header><p>Away</p></header><main>
      <h1>Head &amp; <b>bold</b></h1>
      <ul><li><a class="service" href="#"><svg><p>no</p></svg><span>One</span>
        <span>two</span><span hidden>no</span></a></li></ul>
      <p>A<br>B <span class="visually-hidden">C</span></p><p data-unread>no</p><p> </p>
      <label>Name <input value="no"><textarea>no</textarea></label><p lang="en">Hello</p>
    </main><dialog><p>Still there?</p></dialog></body></html>"""
    said: list[tuple[str, str]] = []

    def mark(language: str, words: str) -> str:
        said.append((language, words))
        return str(len(said))

    answer = marked(page, "id", mark)
    assert said == [
        ("id", "Head & bold"), ("id", "One\ntwo"), ("id", "A\nB C"), ("id", "Name"), ("en", "Hello"),
        ("id", "Still there?"),
    ]  # fmt: skip
    assert re.sub(r' data-aloud="\d"', "", answer) == page
    assert '<li data-aloud="2"><a class="service"' in answer and '<p lang="en" data-aloud="5">' in answer
