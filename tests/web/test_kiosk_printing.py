"""How a kiosk prints tickets through its browser: set for each, by itself only what was asked for there, and once."""

import re

import pytest

from desk.domain.printing import BrowserPrinting, browser_printing
from desk.models import Device, EventRow
from tests.fixtures.office import DeskOffice
from tests.fixtures.printer import LocalPrinter
from tests.fixtures.web import Answer, Web
from tests.web.test_devices import PLACE, paired
from tests.web.test_printing import printer_at, takes
from tests.web.test_setting_changes import FILE

BUTTON = "data-print hidden"
MARK = re.compile(r'data-print-once="([^"]+)"')


@pytest.fixture
def agus(web: Web) -> Web:
    return web.as_("Agus")


def set_to(agus: Web, device: int, way: BrowserPrinting) -> None:
    place = f"{PLACE}/{device}"
    agus.send(agus.get(place), place, printing=way.value)


def marks(page: Answer) -> list[str]:
    return MARK.findall(page.text)


def test_whoever_is_no_paired_kiosk_prints_on_request(web: Web, agus: Web, desk_office: DeskOffice) -> None:
    for browser in (web.another(), web.another()):
        page = takes(browser, desk_office, f"key-{id(browser)}")
        assert BUTTON in page.text and not marks(page)
    door = web.another()
    paired(agus, door, "door")
    assert BUTTON in takes(door, desk_office, "at-the-door").text
    kiosk = web.another()
    paired(agus, kiosk, "kiosk")
    assert BUTTON in takes(kiosk, desk_office, "paired").text


def test_by_itself_it_prints_what_was_taken_there_under_one_mark(web: Web, agus: Web, desk_office: DeskOffice) -> None:
    kiosk = web.another()
    set_to(agus, paired(agus, kiosk, "kiosk"), BrowserPrinting.BY_ITSELF)
    first = takes(kiosk, desk_office, "k1")
    assert len(marks(first)) == 1 and BUTTON not in first.text
    assert marks(takes(kiosk, desk_office, "k1")) == marks(first), "two taps are one wish"
    assert marks(kiosk.get(first.path)) == marks(first), "loaded anew it is the same wish"
    second = takes(kiosk, desk_office, "k2")
    assert len(marks(second)) == 1 and marks(second) != marks(first)
    assert not marks(kiosk.get(first.path)), "going back prints nobody's ticket"
    assert not marks(web.get(second.path)), "nor does another browser"
    kiosk.get("/offices/1/kiosk/start", status=303)
    assert not marks(kiosk.get(second.path)), "the next visitor prints nothing of the last one"


def test_who_lost_a_ticket_gets_it_once_more_at_a_kiosk_that_prints_by_itself(
    web: Web, agus: Web, desk_office: DeskOffice
) -> None:
    kiosk = web.another()
    set_to(agus, paired(agus, kiosk, "kiosk"), BrowserPrinting.BY_ITSELF)
    ticket = takes(kiosk, desk_office, "k1")
    kiosk.get("/offices/1/kiosk/start", status=303)
    stands = ticket.path.removesuffix("/ticket")
    matters = kiosk.get(f"{stands}/open-matters")
    again = kiosk.follow(kiosk.send(matters, f"{stands}/prints"))
    assert len(marks(again)) == 1 and marks(again) != marks(ticket)


def test_without_a_printer_no_button_opens_a_window_of_the_system(web: Web, agus: Web, desk_office: DeskOffice) -> None:
    kiosk = web.another()
    set_to(agus, paired(agus, kiosk, "kiosk"), BrowserPrinting.NOT_AT_ALL)
    page = takes(kiosk, desk_office, "k1")
    assert "data-print" not in page.text
    assert "nomor Anda berlaku tanpa kertas" in page.said and 'class="qr"' in page.text


@pytest.mark.usefixtures("house")
def test_a_printer_of_the_house_comes_before_the_browser(web: Web, agus: Web, desk_office: DeskOffice) -> None:
    kiosk = web.another()
    device = paired(agus, kiosk, "kiosk")
    set_to(agus, device, BrowserPrinting.BY_ITSELF)
    with LocalPrinter() as local:
        printer_at(agus, local, kiosks=str(device))
        page = takes(kiosk, desk_office, "k1")
    assert "data-paper" in page.text and not marks(page)


@pytest.mark.parametrize(
    ("language", "label", "usual", "chosen"),
    [
        ("en", "Tickets through the browser", "on request", "by itself"),
        ("id", "Tiket lewat peramban", "bila diminta", "sendiri"),
    ],
)
def test_it_is_set_and_told_in_words(
    web: Web, agus: Web, desk_office: DeskOffice, language: str, label: str, usual: str, chosen: str
) -> None:
    agus.speak(language)
    place = f"{PLACE}/{paired(agus, web.another(), 'kiosk')}"
    assert label in agus.get(place).said
    agus.send(agus.get(place), place, printing="by_itself")
    agus.send(agus.get(place), place)  # nothing differs
    agus.send(agus.get(place), place, status=422, printing="nonsense")
    told = agus.get(FILE, query_string={"kind": "devices"}).text
    assert told.index(f"{label}: {usual}") < told.index(f"{label}: {chosen}")
    assert [row.name for row in desk_office.rows(EventRow)].count("DeviceChanged") == 1
    assert desk_office.findings() == []


def test_a_kiosk_that_was_paired_before_is_as_usual(web: Web, agus: Web, desk_office: DeskOffice) -> None:
    """What nobody was asked yet is no change where it is kept as it stands."""
    place = f"{PLACE}/{paired(agus, web.another(), 'kiosk')}"
    with desk_office.engine.begin() as connection:
        connection.execute(Device.__table__.update().values(settings={"services": []}))
    assert agus.get(place).form(place)["printing"] == "on_request"
    agus.send(agus.get(place), place)
    assert desk_office.rows(EventRow, name="DeviceChanged") == []
    for said in (None, {}, {"printing": 3}, {"printing": "later"}):
        assert browser_printing(said) is BrowserPrinting.ON_REQUEST
