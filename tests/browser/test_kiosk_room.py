"""The kiosk where not all there is fits its screen: what does not is told, and reached; and paper from its browser."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from desk.domain.devices import DeviceKind, DeviceWish, code_of, secret_of
from desk.domain.printing import BrowserPrinting
from desk.operations.settings import devices
from tests.browser.many_services import MANY, offers_many, publishes_valuation
from tests.browser.test_survey import AXE_TRIES, address
from tests.browser.test_survey_points import is_clean
from tests.fixtures.office import DeskOffice

__all__ = ["address"]
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
OpenPage = Callable[..., Page]
LYING, STANDING, OLD_SCREEN, ZOOMED = (1280, 800), (800, 1280), (1024, 768), (640, 400)  # the last: 200 % of LYING
SIZES = pytest.mark.parametrize("size", [LYING, STANDING, OLD_SCREEN, ZOOMED], ids=str)
NETWORK = ("stream", *AXE_TRIES)
# Whether the button says how many tiles have their middle out of sight or under it; at the end it leads up, or is gone.
TELLS = """([words, end]) => { const more = document.querySelector("[data-more]");
    const edge = Math.min(innerHeight, document.querySelector(".kiosk-bar").getBoundingClientRect().top);
    const left = [...document.querySelectorAll(".services > li")].map((e) => e.getBoundingClientRect())
        .filter((box) => box.top + box.height / 2 > edge - more.offsetHeight).length;
    const said = more.textContent.trim();
    return left ? said === words.replace("{}", left) : more.hidden || said === end || !said.includes(":"); }"""
FURTHER = "(before) => scrollY > before"
AT_THE_END = "() => Math.ceil(scrollY + innerHeight) >= document.documentElement.scrollHeight - 1"
ABOVE_THE_BAR = """(e) => e.getBoundingClientRect().bottom
    <= Math.min(innerHeight, document.querySelector(".kiosk-bar").getBoundingClientRect().top)"""
COVERED = """() => { const more = document.querySelector(".kiosk-more button");
    const [one, other] = [more, [...document.querySelectorAll(".services > li, .service-page .kiosk-say > *")].at(-1)]
        .map((e) => e.getBoundingClientRect());
    return !more.hidden && one.top < other.bottom; }"""
PRINTED = "window.print = () => localStorage.setItem('printed', Number(localStorage.getItem('printed') ?? 0) + 1)"
TIMES = "() => Number(localStorage.getItem('printed') ?? 0)"


@pytest.fixture
def kiosk(open_page: OpenPage, address: str, desk_office: DeskOffice) -> Iterator[Callable[..., Page]]:
    """Open a page of the kiosk in a browser of this size; it is closed before the server is."""
    pages: list[Page] = []

    def opened(size: tuple[int, int] = LYING, path: str = "/offices/1/kiosk", **options: bool) -> Page:
        page = open_page(viewport=size, reduced_motion="reduce", expected_errors=NETWORK, **options)
        pages.append(page)
        page.goto(address + path)
        return page

    yield opened
    for page in pages:
        page.close()


@SIZES
@pytest.mark.parametrize(
    ("language", "words", "end"),
    [("id", "Layanan lain di bawah: {}", "Kembali ke atas"), ("en", "More services below: {}", "Back up")],
)
def test_services_below_the_edge_are_counted_and_reached(
    kiosk: Callable[..., Page], desk_office: DeskOffice, size: tuple[int, int], language: str, words: str, end: str
) -> None:
    offers_many(desk_office)
    page = kiosk(size, f"/offices/1/kiosk?language={language}")
    more = page.locator("[data-more]")
    expect(more).to_be_visible()
    while more.is_visible() and more.inner_text() != end:
        page.wait_for_function(TELLS, arg=[words, end])
        before = page.evaluate("scrollY")
        more.click()
        page.wait_for_function(FURTHER, arg=before)
        page.wait_for_function(TELLS, arg=[words, end])
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_function(AT_THE_END)
    assert not page.evaluate(COVERED)
    if size is not ZOOMED:  # there the bar is the end of the page, and nothing lies over it
        expect(more).to_have_text(end)
        more.click()
        page.wait_for_function("() => scrollY === 0")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_button_is_sound_and_gone_where_all_is_seen(kiosk: Callable[..., Page], desk_office: DeskOffice) -> None:
    page = kiosk()
    expect(page.locator(".services")).to_be_visible()
    expect(page.locator("[data-more]")).to_be_hidden()
    offers_many(desk_office)
    page.reload()
    expect(page.locator("[data-more]")).to_be_visible()
    is_clean(page)


@SIZES
def test_what_to_bring_is_seen_before_the_number_is_taken(
    kiosk: Callable[..., Page], desk_office: DeskOffice, size: tuple[int, int]
) -> None:
    publishes_valuation(desk_office)
    page = kiosk(size, f"/offices/1/kiosk/services/{desk_office.services['C']}")
    bring = page.get_by_role("heading", name="Yang perlu dibawa")
    more = page.locator("[data-more]")
    expect(more).to_be_visible()
    if size is ZOOMED:  # the button tells of it, and leads there
        expect(more).to_have_text("Di bawah: Yang perlu dibawa")
    else:
        assert bring.evaluate(ABOVE_THE_BAR)
        assert page.locator(".service-sheet ul li").nth(3).evaluate(ABOVE_THE_BAR)
        assert page.get_by_text("Tunggu terlama").evaluate(ABOVE_THE_BAR)
        assert page.get_by_role("button", name="Ambil nomor antrean").evaluate(ABOVE_THE_BAR)
        expect(more).to_contain_text("Di bawah: ")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_function(AT_THE_END)
    assert not page.evaluate(COVERED)


def test_what_is_opened_is_not_covered(kiosk: Callable[..., Page], desk_office: DeskOffice) -> None:
    publishes_valuation(desk_office)
    page = kiosk(STANDING, f"/offices/1/kiosk/services/{desk_office.services['C']}")
    expect(page.locator("[data-more]")).to_be_visible()
    page.locator("summary").first.click()
    expect(page.locator("[data-more]")).to_be_hidden()
    page.locator("summary").first.click()
    expect(page.locator("[data-more]")).to_be_visible()


def test_without_a_script_all_services_stand_on_the_page_and_are_counted(
    kiosk: Callable[..., Page], desk_office: DeskOffice
) -> None:
    offers_many(desk_office)
    page = kiosk(java_script_enabled=False)
    expect(page.locator(".services > li")).to_have_count(MANY)
    assert page.locator(".kiosk-say noscript").inner_text().strip() == "Seluruhnya 17 layanan."
    expect(page.locator("[data-more]")).to_be_hidden()
    page.locator("a.service").last.click()
    expect(page.get_by_role("button", name="Ambil nomor antrean")).to_be_visible()


@pytest.mark.parametrize("size", [LYING, STANDING, OLD_SCREEN], ids=str)
def test_in_the_easy_view_the_buttons_say_what_they_turn(
    kiosk: Callable[..., Page], desk_office: DeskOffice, size: tuple[int, int]
) -> None:
    offers_many(desk_office)
    publishes_valuation(desk_office)
    page = kiosk(size, "/offices/1/kiosk?easy=1")
    page.get_by_role("button", name="Layanan di bawah").click()
    page.wait_for_function("() => document.querySelector('.kiosk-do').scrollTop > 0")
    page.get_by_role("button", name="Layanan di atas").click()
    page.wait_for_function("() => document.querySelector('.kiosk-do').scrollTop === 0")
    is_clean(page)
    page.goto(page.url.split("/kiosk")[0] + f"/kiosk/services/{desk_office.services['C']}?language=en")
    page.get_by_role("button", name="Text on").click()
    page.wait_for_function("() => document.querySelector('.kiosk-say').scrollTop > 0")
    expect(page.get_by_role("button", name="Services below")).to_have_count(0)


def paired(page: Page, address: str, office: DeskOffice, printing: BrowserPrinting) -> None:
    """Make the browser a kiosk of the office that prints in this way."""
    streams = office.streams
    code = code_of(streams.keys.links, devices.begin_pairing(streams))
    wish = replace(DeviceWish(DeviceKind.KIOSK, "Kios"), printing=printing)
    device = devices.pair(streams, office.id, code, wish, office.agus.asks("pair")).facts["device"]
    page.context.add_cookies([{"name": "desk-device", "value": secret_of(streams.keys.links, device), "url": address}])


def takes(page: Page) -> None:
    """Take a number of the first service."""
    page.evaluate("sessionStorage.removeItem('desk.kiosk.tap')")  # nobody taps as fast as this walk, at one place
    page.locator("a.service").first.click()
    page.wait_for_url("**/services/*")
    page.evaluate("sessionStorage.removeItem('desk.kiosk.tap')")
    page.get_by_role("button", name="Ambil nomor antrean").click()
    page.wait_for_url("**/ticket")
    page.wait_for_load_state("load")


def test_by_itself_each_ticket_is_printed_once(
    kiosk: Callable[..., Page], address: str, desk_office: DeskOffice
) -> None:
    page = kiosk()
    page.add_init_script(PRINTED)
    paired(page, address, desk_office, BrowserPrinting.BY_ITSELF)
    page.goto(f"{address}/device")
    takes(page)
    page.wait_for_function("() => localStorage.getItem('printed') === '1'")
    expect(page.locator(".ticket-number")).to_have_text("A001")
    expect(page.locator(".qr")).to_be_visible()
    expect(page.locator("[data-print]")).to_have_count(0)
    is_clean(page)
    first = page.url
    page.reload()
    page.get_by_role("link", name="Selesai").click()
    page.wait_for_url("**/kiosk")
    page.go_back()
    page.goto(first)
    assert page.evaluate(TIMES) == 1
    page.goto(f"{address}/device")
    takes(page)
    page.wait_for_function("() => localStorage.getItem('printed') === '2'")
    page.goto(first)  # somebody else's by now
    assert page.evaluate(TIMES) == 2


def test_on_request_or_not_at_all_nothing_is_printed_by_itself(
    kiosk: Callable[..., Page], address: str, desk_office: DeskOffice
) -> None:
    page = kiosk()
    page.add_init_script(PRINTED)
    page.reload()
    takes(page)
    page.get_by_role("button", name="Cetak").click()
    assert page.evaluate(TIMES) == 1
    paired(page, address, desk_office, BrowserPrinting.NOT_AT_ALL)
    page.goto(f"{address}/device")
    takes(page)
    expect(page.locator(".ticket-number")).to_have_text("A002")
    expect(page.get_by_role("button", name="Cetak")).to_have_count(0)
    assert page.evaluate(TIMES) == 1
