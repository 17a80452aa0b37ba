"""Devices: paired by a code that is typed once, seen, set, unpaired at once; no session of the staff, ever."""

import re
import socket
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from sqlalchemy import select

from desk.domain import devices as rule
from desk.domain.devices import CODE_LASTS, MISSING_AFTER, DeviceKind, DeviceWish, secret_of
from desk.domain.facts import EventName
from desk.domain.refusals import Reason
from desk.models import Device, DevicePairing, EventRow, SurveyPoint
from desk.operations.settings import devices as operations
from desk.operations.settings.devices import begin_pairing
from desk.web.lobby.device_cookie import LASTS_SECONDS
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Answer, Web, everything

BOARD = "/offices/1/display/board"
PLACE = "/offices/1/devices"


def code_on(page: Answer) -> str:
    """Return the code that a page shows."""
    found = [each for each in page.tree.root.iter() if each.get("class") == "pairing-code"]
    return "".join(found[0].itertext()).split()[-1]


def waiting(device: Web) -> str:
    """Let a browser wait for its pairing; return its code."""
    return code_on(device.follow(device.send(device.get("/pair"), "/pair")))


def paired(agus: Web, device: Web, kind: str, **fields: str) -> int:
    """Pair a device and let it take its secret; return it."""
    made = agus.send(agus.get(PLACE), PLACE, code=waiting(device), kind=kind, name=f"Alat {kind}", **fields)
    device.send(device.get("/pair"), "/pair/claims")
    return int(made.location.rpartition("/")[2])


def waiting_rows(office: DeskOffice) -> list[Any]:
    """Return what is kept of browsers that wait."""
    with office.streams.reading() as connection:
        return list(connection.execute(select(DevicePairing.__table__)).all())


@pytest.fixture
def agus(web: Web) -> Web:
    """The administrator's browser."""
    return web.as_("Agus")


def test_how_long_a_code_is_good_is_said_in_minutes(web: Web, desk_office: DeskOffice) -> None:
    web.speak("en")
    page = web.follow(web.send(web.get("/pair"), "/pair"))
    assert re.search(r"good for \d+ more minutes", page.said) and "good until" not in page.said


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_display_is_paired_set_seen_and_unpaired(web: Web, agus: Web, desk_office: DeskOffice, language: str) -> None:
    for each in (web, agus):
        each.speak(language)
    assert web.get("/pair/now").text.strip() == '{"state":"over"}'
    code = waiting(web)
    assert web.get("/pair/now").text.strip() == '{"state":"waiting"}'
    typed = f" {code.lower().replace('-', ' ')}"
    made = agus.send(agus.get(PLACE), PLACE, code=typed, kind="display", name="Layar lobi")
    assert "Layar lobi" in agus.follow(made).said
    assert web.get("/pair/now").text.strip() == '{"state":"paired"}'
    taken = web.send(web.get("/pair"), "/pair/claims")
    cookie = next(each for each in taken.headers.getlist("Set-Cookie") if each.startswith("desk-device="))
    assert {"HttpOnly", "SameSite=Strict", f"Max-Age={LASTS_SECONDS}"} <= set(cookie.split("; "))
    assert taken.location == "/device"
    face = web.get(web.get("/device", status=303).location)
    assert face.path == "/offices/1/display"
    assert 'data-beat="/device/beats"' in face.text
    _shows_its_counters(web, agus, desk_office, made.location)
    _is_seen(web, agus, desk_office)
    agus.send(agus.get(made.location), f"{made.location}/unpairing")
    for path in ("/offices/1/display", BOARD):
        assert web.get(path, status=303).location == "/pair"
    assert 'data-device-version=""' in web.get("/device/now").text
    assert web.post("/device/beats").location == "/pair"
    assert ("dilepas" if language == "id" else "unpaired") in web.get("/pair").said
    assert web.get("/device").said == web.get("/pair").said
    assert desk_office.findings() == []
    told = [row.payload for row in desk_office.rows(EventRow) if row.name.startswith("Device")]
    assert not any("Layar" in each for each in told)


def _shows_its_counters(web: Web, agus: Web, office: DeskOffice, place: str) -> None:
    office.sari.signs_on(1)
    office.dewi.signs_on(2)
    office.arrives("A")
    office.arrives("A")
    office.sari.calls(counter=1)
    office.dewi.calls(counter=2)
    before = web.get("/device/now").text
    assert "A001" in web.get(BOARD).text
    agus.send(agus.get(place), place, counters=str(office.counters[2]), sound=None)
    shown = web.get(BOARD).text
    assert "A001" not in shown
    assert "A002" in shown
    assert web.get("/device/now").text != before
    assert " data-silent" in web.get("/offices/1/display").text
    agus.send(agus.get(place), place, counters=str(office.counters[2]))
    assert [row.name for row in office.rows(EventRow)].count(EventName.DEVICE_CHANGED) == 1


def _is_seen(web: Web, agus: Web, office: DeskOffice) -> None:
    web.post("/device/beats", status=204)
    seen = office.row(Device).seen_at
    office.clock.tick(20)
    web.post("/device/beats", status=204)
    assert office.row(Device).seen_at == seen == office.clock() - timedelta(seconds=20)
    office.clock.tick(120)
    assert "2" in agus.get(PLACE).said
    office.clock.tick(MISSING_AFTER.total_seconds())
    assert "tag-bad" in agus.get(PLACE).text
    web.post("/device/beats", status=204)
    assert office.row(Device).seen_at == office.clock()
    assert "tag-bad" not in agus.get(PLACE).text


def test_a_code_is_good_once_for_ten_minutes_and_in_one_office(
    web: Web, agus: Web, desk_office: DeskOffice
) -> None:  # fmt: skip
    other = web.another()
    for wrong in ("ABCD", "ABCD-EFGH", "", "0000-1111"):
        agus.send(agus.get(PLACE), PLACE, status=422, code=wrong, kind="kiosk", name="Kios")
    late = waiting(other)
    desk_office.clock.tick(CODE_LASTS.total_seconds())
    assert '"over"' in other.get("/pair/now").text
    page = agus.send(agus.get(PLACE), PLACE, status=422, code=late, kind="kiosk", name="Kios")
    assert f'value="{late}"' in page.text
    used = waiting(web)
    agus.send(agus.get(PLACE), PLACE, code=used, kind="kiosk", name="Kios")
    agus.send(agus.get(PLACE), PLACE, status=422, code=used, kind="kiosk", name="Kios lain")
    elsewhere = desk_office.another()
    admin = elsewhere.budi.asks("pair")
    with desk_office.refuses(Reason.FORBIDDEN):
        operations.pair(elsewhere.streams, elsewhere.id, used, DeviceWish(DeviceKind.KIOSK, "Kios"), admin)
    assert web.send(web.get("/pair"), "/pair/claims").location == "/device"
    assert len(desk_office.rows(Device)) == 1
    waiting(web.another())  # sweeps away what is over
    assert len(waiting_rows(desk_office)) == 2


def test_guessing_codes_is_bounded(web: Web, agus: Web) -> None:
    for _ in range(20):
        agus.post(PLACE, status=422, code="ABCD-EFGH", kind="kiosk", name="Kios")
    agus.post(PLACE, status=429, code="ABCD-EFGH", kind="kiosk", name="Kios")
    for _ in range(60):
        web.post("/pair")
    web.post("/pair", status=429)


def test_a_device_is_nobody_of_the_staff(web: Web, agus: Web, desk_office: DeskOffice) -> None:
    device = paired(agus, web, "kiosk")
    for path in ("/offices/1/counter", PLACE, "/offices/1/floor", "/offices/1/staff"):
        assert web.get(path, status=302).location.startswith("/sign-in")
    web.post(f"{PLACE}/{device}/unpairing", status=401)
    secret = secret_of(desk_office.streams.keys.links, device)
    assert secret not in repr(everything(desk_office))
    assert all(secret not in agus.get(path).text for path in (PLACE, f"{PLACE}/{device}"))
    agus.client.set_cookie("desk-device", secret)  # the same browser may be both, and each stays what it is
    agus.get(PLACE)
    agus.send(agus.get(f"{PLACE}/{device}"), f"{PLACE}/{device}/unpairing")
    agus.get(PLACE)
    assert agus.get("/offices/1/kiosk", status=303).location == "/pair"
    stranger = web.another()
    for wrong in ("x", "ö", "a" * 400, secret[:-1]):
        stranger.client.set_cookie("desk-device", wrong)
        assert 'data-device-version=""' in stranger.get("/device/now").text
        stranger.get("/offices/1/kiosk")


def test_only_paired_devices_open_what_is_locked(web: Web, agus: Web, desk_office: DeskOffice) -> None:
    kiosk, display, service = web.another(), web.another(), str(desk_office.services["A"])
    made = paired(agus, kiosk, "kiosk")
    paired(agus, display, "display")
    before = everything(desk_office)
    web.get("/offices/1/kiosk")
    assert everything(desk_office) == before
    agus.send(agus.get(PLACE), f"{PLACE}/locks", kiosks="y", displays="y")
    agus.send(agus.get(PLACE), f"{PLACE}/locks", kiosks="y", displays="y")
    changed = [row.payload for row in desk_office.rows(EventRow) if row.name == EventName.SETTING_CHANGED]
    assert [each for each in changed if "paired_" in each] == changed[-2:]
    places = ("/offices/1/kiosk", f"/offices/1/kiosk/services/{service}", "/offices/1/kiosk/return", BOARD)
    for browser, opened in ((web, ()), (kiosk, places[:3]), (display, places[3:]), (agus, ())):
        for path in places:
            browser.get(path, status=200 if path in opened else 403)
    web.post("/offices/1/visits", status=403, service=service, channel="kiosk")
    display.post("/offices/1/visits", status=403, service=service, channel="kiosk")
    kiosk.post("/offices/1/visits", service=service, channel="kiosk")
    web.get("/offices/1/check-in")
    web.post("/offices/1/visits", service=service, channel="phone")
    agus.send(agus.get(f"{PLACE}/{made}"), f"{PLACE}/{made}", services=str(desk_office.services["B"]))
    assert f"/services/{service}" not in kiosk.get("/offices/1/kiosk").text
    kiosk.post("/offices/1/visits", status=404, service=service, channel="kiosk")
    other = desk_office.another()
    kiosk.get(f"/offices/{other.id}/kiosk")  # as anybody may, where nothing is locked


def test_a_tablet_has_a_link_that_ends_with_it(web: Web, agus: Web, desk_office: DeskOffice) -> None:
    agus.send(agus.get(PLACE), PLACE, status=422, code=waiting(web.another()), kind="tablet", name="Tablet")
    device = paired(agus, web, "tablet", counter=str(desk_office.counters[1]))
    shown = web.get(web.get("/device", status=303).location)
    assert "data-beat" in shown.text
    agus.send(agus.get(f"{PLACE}/{device}"), f"{PLACE}/{device}", name="Tablet loket 1")
    assert desk_office.row(Device).name == "Tablet loket 1"
    agus.send(agus.get(f"{PLACE}/{device}"), f"{PLACE}/{device}/unpairing")
    assert desk_office.row(SurveyPoint).closed_at is not None
    assert web.get(shown.path, status=303).location == "/pair"
    web.another().get(shown.path, status=404)
    assert desk_office.findings() == []


def test_a_printer_of_the_house_only(
    web: Web, agus: Web, desk_office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = f"{PLACE}/printers"
    for host in ("127.0.0.1", "169.254.169.254", "8.8.8.8", "printer.local", "::1", "192.168.1.5:9100", "0x7f.1", ""):
        agus.send(agus.get(PLACE), new, status=422, name="Cetak", host=host)
    for port in ("22", "9110", "x"):
        typed = {"name": "Cetak", "host": "192.168.1.50", "port": port}
        page = agus.send(agus.get(PLACE), new, status=422, **typed)
        assert 'value="192.168.1.50"' in page.text
    monkeypatch.setattr(rule, "PRIVATE", (*rule.PRIVATE, ip_network("127.0.0.0/8")))
    with Listener() as port:
        given = {"name": "Cetak", "host": "127.0.0.1", "port": str(port)}
        place = agus.send(agus.get(PLACE), new, **given).location
        agus.send(agus.get(place), f"{place}/tries")
        assert desk_office.row(Device).seen_at == desk_office.clock()
    agus.send(agus.get(place), f"{place}/tries")
    assert "message-error" in agus.get(place).text
    web.get("/pair")
    monkeypatch.undo()  # what was stored in another way is not reached either
    agus.post(f"{place}/tries", status=422)


class Listener:
    """Somebody who listens on a port of receipt printers."""

    def __enter__(self) -> int:
        for port in rule.PRINTER_PORTS:
            try:
                self._server = socket.create_server(("127.0.0.1", port))
            except OSError:
                continue
            return port
        raise AssertionError("every port is taken")

    def __exit__(self, *_: object) -> None:
        self._server.close()


def test_who_waits_writes_nothing_by_looking(web: Web, agus: Web, desk_office: DeskOffice) -> None:
    paired(agus, web, "display")
    other = web.another()
    waiting(other)
    before = everything(desk_office)
    for browser, path in (
        (web, "/offices/1/display"), (web, BOARD), (web, "/device/now"), (other, "/pair"), (other, "/pair/now"),
    ):  # fmt: skip
        browser.get(path)
    assert everything(desk_office) == before


def test_too_many_do_not_wait(desk_office: DeskOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MOST_WAITING", 2)
    first, second = begin_pairing(desk_office.streams), begin_pairing(desk_office.streams)
    assert first != second
    with desk_office.refuses(Reason.NOT_POSSIBLE_NOW):
        begin_pairing(desk_office.streams)
    assert first not in repr(waiting_rows(desk_office))
