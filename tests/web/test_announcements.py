"""Calls by voice: what displays are given to play, how the office and one display set it, and the quiet hours."""

import json
import re

import pytest

from desk.announcing.shelf import Shelf
from desk.domain.announcing import Counter, announcement
from desk.domain.call_sounds import CallSounds, OwnSounds
from desk.domain.devices import DeviceKind, DeviceWish
from desk.domain.facts import EventName
from desk.domain.refusals import Reason, Refused
from desk.models import Counter as CounterRow
from desk.models import EventRow
from desk.reads.call_sounds import get_call_sounds
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

BOARD = "/offices/1/display/board"
PAGE = "/offices/1/call-sounds"
AUDIO = "/offices/1/announcements"


def sounds_of(office: DeskOffice) -> CallSounds:
    with office.streams.reading() as connection:
        return get_call_sounds(connection, office.id)


def told(office: DeskOffice) -> list[tuple[str, object]]:
    """Return what was said of changes in their order: the setting, and what it is now."""
    found = [json.loads(row.payload) for row in office.rows(EventRow) if row.name == EventName.SETTING_CHANGED]
    return [(each["setting"], each["to"]) for each in found if each["setting"].startswith(("voice_", "sound_"))]


def attributes(web: Web) -> str:
    found = re.search(r"data-sounds([^>]*?)data-sample", web.get(BOARD).text, re.DOTALL)
    assert found
    return " ".join(found[1].split())


def test_a_call_is_heard_as_the_office_has_set_it(web: Web, desk_office: DeskOffice, tmp_path):
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    for _ in range(6):
        desk_office.arrives("A")
    for officer, counter in ((desk_office.sari, 1), (desk_office.dewi, 2)):
        officer.calls(counter=counter)
        desk_office.clock.tick()
    found = re.findall(r'data-announce="[^"]+" data-number="(\w+)"[^>]*data-audio="([^"]*)"', web.get(BOARD).text)
    assert [number for number, _ in found] == ["A001", "A002"]  # in the order they were called
    (path,) = found[1][1].split()
    answer = web.client.get(path)
    assert answer.data == Shelf(tmp_path).join("id", announcement("id", "A002", Counter(2)))
    assert answer.mimetype == "audio/wav" and "max-age" in answer.headers["Cache-Control"]
    assert web.client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert len(web.client.get(f"{path}?short").data) < len(answer.data)
    assert web.client.get(f"{AUDIO}/en/sample").data[:4] == b"RIFF"
    for wrong in ("fr/A001/1", "id/A/1", "id/A001/99", "fr/sample", f"id/A001/{2**31}", f"id/A001/{'9' * 40}"):
        web.get(f"{AUDIO}/{wrong}", status=404)


def test_a_counter_with_a_name_is_called_by_it_or_by_its_number_where_nobody_can_speak_it(
    web: Web, desk_office: DeskOffice, tmp_path
):
    with desk_office.streams.setting_up() as connection:
        connection.execute(CounterRow.__table__.update().where(CounterRow.number == 2).values(name="Meja Informasi"))
    shelf = Shelf(tmp_path)
    clip = shelf.find_name("id", "Meja Informasi")  # None on a machine without a synthesiser
    where = Counter(2) if clip is None else Counter(2, clip, "Meja Informasi")
    assert web.client.get(f"{AUDIO}/id/A001/2").data == shelf.join("id", announcement("id", "A001", where))


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_administrator_sets_it_and_each_change_is_told(web: Web, desk_office: DeskOffice, language: str):
    agus = web.as_("Agus")
    agus.speak(language)
    page = agus.get(PAGE)
    assert ("Panggilan suara" if language == "id" else "Calls by voice") in page.said
    assert page.text.count("<audio") == 2
    typed = {"languages": "en id", "times": "2", "volume": "60", "quiet_from": "21:30", "quiet_until": "07:00"}
    agus.send(page, PAGE, **typed)
    assert sounds_of(desk_office) == CallSounds(("en", "id"), 2, 60, 1290, 420)
    assert told(desk_office) == [
        ("voice_languages", ["en", "id"]), ("voice_times", 2), ("sound_volume", 60), ("sound_quiet_from", 1290),
        ("sound_quiet_until", 420),
    ]  # fmt: skip
    agus.send(agus.get(PAGE), PAGE, **typed)
    assert len(told(desk_office)) == 5
    for wrong in ({"volume": "120"}, {"quiet_until": ""}, {"quiet_until": "21:30"}, {"quiet_from": "25"}):
        back = agus.send(agus.get(PAGE), PAGE, status=422, **{**typed, **wrong})
        assert back.text.count('class="field-error"') == 1
    assert "Bahasa Indonesia" in agus.get("/offices/1/changes-of-settings").said
    desk_office.clock.now = desk_office.clock.now.replace(hour=15, minute=0)  # 22:00 in Jakarta
    assert attributes(web) == 'data-volume="60" data-times="2" data-quiet'


def test_a_display_can_have_it_otherwise(desk_office: DeskOffice):
    own = OwnSounds(("en",), 3, 40)
    wish = DeviceWish(DeviceKind.DISPLAY, "Lobi", own_sounds=own)
    assert wish.settings == {"counters": [], "sound": True, "voice": ["en"], "times": 3, "volume": 40}
    assert CallSounds(quiet_from=60).on(own) == CallSounds(("en",), 3, 40, 60)
    assert CallSounds().on(OwnSounds()) == CallSounds()
    for wrong in (
        OwnSounds(("fr",)),
        OwnSounds(("id", "id")),
        OwnSounds(times=0),
        OwnSounds(times=4),
        OwnSounds(volume=101),
    ):
        with pytest.raises(Refused):
            wrong.require_fit()
    with desk_office.refuses(Reason.FORBIDDEN):
        desk_office.sari.changes_setting("call_sounds", sound_volume=1)


@pytest.mark.parametrize(
    ("sounds", "quiet", "loud"),
    [
        (CallSounds(), [], [0, 720, 1439]),
        (CallSounds(quiet_from=1290, quiet_until=420), [1290, 1439, 0, 419], [420, 1289]),
        (CallSounds(quiet_from=720, quiet_until=780), [720, 779], [719, 780, 0]),
    ],
)
def test_the_quiet_hours(sounds: CallSounds, quiet: list[int], loud: list[int]):
    assert [sounds.is_quiet(minute) for minute in quiet + loud] == [True] * len(quiet) + [False] * len(loud)
