"""The kiosk as fingers, keys, scanners and a bad network meet it; and from a wheelchair."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from desk.announcing import reading
from desk.announcing.reading import Readings
from desk.announcing.shelf import Shelf
from desk.domain.devices import DeviceKind, DeviceWish, code_of, secret_of
from desk.models import Visit
from desk.operations.settings.devices import begin_pairing, pair
from tests.browser.test_survey import AXE_TRIES, address
from tests.browser.test_survey_points import is_clean
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

__all__ = ["address"]
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
OpenPage = Callable[..., Page]
NETWORK = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "stream", "404", "422", *AXE_TRIES)
LYING, STANDING, LARGE = (1280, 800), (800, 1280), (1080, 1920)
# What a finger may want: its middle, and how high the screen is.
# Whether a part is on the screen, and nothing covers its middle.
IN_SIGHT = """(e) => {
    const box = e.getBoundingClientRect();
    return e.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
}"""
OUT_OF_REACH = f"""() => (isThere => [...document.querySelectorAll("a[href], button, summary, label.choice, .input")]
    .filter((e) => e.checkVisibility({{visibilityProperty: true}}) && !e.matches(".skip-link"))
    .map((e) => [e.outerHTML.slice(0, 120), e.getBoundingClientRect(), isThere(e)])
    .filter(([, box, isThere]) => (box.top + box.height / 2 < innerHeight / 2 && isThere) || box.height < 44)
    .map(([html, box]) => `${{html}} at ${{box.top}} of ${{innerHeight}}, ${{box.height}} high`))({IN_SIGHT})"""
BELOW_DONE = """document.querySelector(".kiosk-bar").getBoundingClientRect().top
    - document.querySelector(".kiosk-foot a").getBoundingClientRect().bottom"""
READ = """() => { window.read = []; new MutationObserver((changes) => { for (const { target } of changes)
    if (target.matches(".is-read")) window.read.push(target.innerText.replace(/\\s+/g, " ").trim()) })
    .observe(document.body, { subtree: true, attributeFilter: ["class"] }) }"""
VOICES = """(() => {
    const said = [];
    const far = {lang: "id-ID", localService: false, name: "far"}, near = {...far, localService: true, name: "near"};
    const speak = (spoken) => {
        said.push([spoken.voice.name, spoken.text])
        setTimeout(() => spoken.dispatchEvent(new Event("end")))
    };
    const speech = {getVoices: () => [far, near], cancel() {}, speak};
    Object.defineProperty(window, "speechSynthesis", {value: speech});
    window.SpeechSynthesisUtterance = class extends EventTarget { constructor(text) { super(); this.text = text; } };
    window.said = said;
})()"""


@pytest.fixture
def kiosk(open_page: OpenPage, address: str, desk_office: DeskOffice) -> Iterator[Callable[..., Page]]:
    """Open a kiosk of this size at its start; it is closed before the server is."""
    pages: list[Page] = []

    def opened(viewport: tuple[int, int] = LYING, path: str = "/offices/1/kiosk") -> Page:
        page = open_page(viewport=viewport, has_touch=True, expected_errors=NETWORK)
        pages.append(page)
        page.goto(address + path)
        return page

    yield opened
    for page in pages:
        page.close()


def unreachable(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Sistem antrean tidak dapat dihubungi")


def survives(page: Page, touch: Locator, leads_to: str) -> None:
    """Touch something while the network is away: it is said, nothing is lost, and it goes on by itself."""
    before = page.url
    page.context.set_offline(True)
    touch.tap()
    expect(unreachable(page)).to_be_visible()
    assert page.url == before
    page.context.set_offline(False)
    page.wait_for_url(leads_to)


def test_no_step_ends_at_an_error_of_the_browser(kiosk: Callable[..., Page], desk_office: DeskOffice) -> None:
    page = kiosk()
    survives(page, page.locator("a.service").first, "**/kiosk/services/*")
    survives(page, page.get_by_role("link", name="Layanan lain", exact=True), "**/kiosk")
    survives(page, page.get_by_role("link", name="Kembali untuk urusan berjalan"), "**/kiosk/return")
    page.context.set_offline(True)
    page.get_by_role("button", name="Lanjutkan").tap()
    expect(unreachable(page).get_by_role("alert")).to_contain_text("Kami terus mencoba")
    is_clean(page)
    page.get_by_role("button", name="Berhenti mencoba").tap()
    page.get_by_role("button", name="Mengerti").tap()
    expect(unreachable(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Lanjutkan")).not_to_have_class("is-busy")
    page.context.set_offline(False)
    page.get_by_role("button", name="Lanjutkan").tap()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    is_clean(page)
    page.get_by_role("link", name="Kembali", exact=True).tap()
    page.wait_for_url("**/kiosk")
    survives(page, page.locator("a.service").first, "**/kiosk/services/*")
    survives(page, page.get_by_role("link", name="Tambah layanan lain"), "**/kiosk?with=*")
    is_clean(page)
    survives(page, page.locator("a.service").first, "**/services/*?with=*")
    is_clean(page)
    take = page.get_by_role("button", name="Ambil nomor antrean")
    survives(page, take, "**/ticket")
    expect(page.locator(".ticket-number")).to_have_text("A001")
    is_clean(page)
    survives(page, page.get_by_role("link", name="Selesai"), "**/kiosk")
    assert [each.label for each in desk_office.rows(Visit)] == ["A001"]
    assert page.evaluate("history.length") == 2, "nobody can go back to what another one saw"


def test_who_waits_for_a_number_is_told_and_not_sent_away(kiosk: Callable[..., Page], desk_office: DeskOffice) -> None:
    page = kiosk()
    page.locator("a.service").first.tap()
    page.wait_for_url("**/kiosk/services/*")
    page.clock.install()
    page.reload()
    take, idle = page.get_by_role("button", name="Ambil nomor antrean"), page.locator("[data-idle-warning]")
    page.context.set_offline(True)
    take.tap()
    expect(unreachable(page)).to_be_visible()
    for _ in range(9):
        page.clock.run_for(10_000)
    expect(unreachable(page).get_by_text("Anda hanya akan mendapat satu nomor")).to_be_visible()
    expect(idle).to_be_hidden()
    page.get_by_role("button", name="Berhenti mencoba").tap()
    expect(unreachable(page).get_by_text("tanyakan di loket")).to_be_visible()
    is_clean(page)
    page.get_by_role("button", name="Mengerti").tap()
    expect(unreachable(page)).to_be_hidden()
    take.tap()
    expect(unreachable(page).get_by_text("Anda hanya akan mendapat satu nomor")).to_be_visible()
    for _ in range(19):
        page.clock.run_for(10_000)
    expect(unreachable(page).get_by_text("tanyakan di loket")).to_be_visible()
    page.context.set_offline(False)
    page.clock.run_for(15_000)
    page.wait_for_url("**/kiosk")
    assert desk_office.rows(Visit) == [], "nobody who comes next is shown a number of somebody who left"


def test_an_answer_that_is_lost_and_two_taps_give_one_number(
    kiosk: Callable[..., Page], desk_office: DeskOffice
) -> None:
    page = kiosk()
    page.locator("a.service").first.tap()
    page.wait_for_url("**/kiosk/services/*")
    lost: list[str] = []

    def lose(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch(max_redirects=0).headers["location"])  # the server did it, and nobody heard
        return route.abort()

    page.route("**/visits", lose)
    page.get_by_role("button", name="Ambil nomor antrean").dblclick()
    page.wait_for_url("**/ticket")

    assert page.url.endswith(lost[0])
    for width, height in (
        LYING,
        (1280, 720),
        (1366, 768),
        (1024, 768),
    ):  # what ends the page stands above the bar at its foot
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("scrollY + innerHeight - document.documentElement.scrollHeight") == 0
        assert page.evaluate(BELOW_DONE) >= 0
    assert [each.label for each in desk_office.rows(Visit)] == ["A001"]


def test_a_tap_counts_as_soon_as_the_page_can_have_been_seen(
    kiosk: Callable[..., Page], desk_office: DeskOffice
) -> None:
    page = kiosk(path=f"/offices/1/kiosk/services/{desk_office.services['A']}")
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    page.reload()
    take = page.get_by_role("button", name="Ambil nomor antrean")
    box = take.bounding_box()
    assert box is not None
    middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    before = "(at) => sessionStorage.setItem('desk.kiosk.tap', JSON.stringify({...at, at: Date.now() - 100, began: 0}))"
    page.evaluate(before, middle)
    take.tap()  # the second of two taps, whose first one led here
    expect(take).not_to_have_class("is-busy")
    page.clock.run_for(500)
    page.evaluate(before, middle)
    take.tap()
    page.wait_for_url("**/ticket")
    assert [each.label for each in desk_office.rows(Visit)] == ["A001"]


def test_left_alone_it_returns_to_the_start_as_it_was(kiosk: Callable[..., Page]) -> None:
    page = kiosk(path="/offices/1/kiosk?language=en&easy=1")
    page.clock.install()
    page.reload()
    page.clock.run_for(106_000)
    warning = page.get_by_role("dialog", name="Are you still there?")
    expect(warning).to_be_visible()
    is_clean(page)
    page.get_by_role("button", name="Yes, continue").tap()
    expect(warning).to_be_hidden()
    page.context.set_offline(True)
    page.clock.run_for(121_000)
    expect(page.get_by_role("dialog", name="The queue system cannot be reached")).to_be_visible()
    page.context.set_offline(False)
    page.clock.run_for(12_000)
    page.wait_for_url("**/kiosk")
    expect(page.locator("html")).to_have_attribute("lang", "id")
    expect(page.locator("html")).not_to_have_class("is-easy")
    page.go_back()
    assert "easy=1" not in page.url


@pytest.mark.parametrize("size", [LYING, STANDING, LARGE])
def test_in_the_easy_view_everything_is_within_reach(
    kiosk: Callable[..., Page], desk_office: DeskOffice, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "has_speaker", lambda: False)
    page = kiosk(size)
    reads = page.locator("[data-read]")
    reads.tap()  # neither the server nor the machine has a voice here
    expect(reads).to_have_text("Tidak dapat membacakan di sini", use_inner_text=True)
    expect(page.get_by_role("status").get_by_text("Silakan tanyakan kepada petugas")).to_be_visible()
    page.get_by_role("link", name="Tampilan mudah").tap()
    page.wait_for_url("**easy=1")
    page.add_init_script(VOICES)
    page.reload()
    page.get_by_role("button", name="Bacakan").tap()
    expect(page.get_by_role("button", name="Bacakan")).to_be_visible()  # to the end
    said = page.evaluate("said")
    assert {voice for voice, _ in said} == {"near"}
    assert "Layanan apa yang Anda perlukan?" in said[0][1]
    assert any("Lelang" in words for _, words in said)
    within_reach(page)
    page.locator("a.service").first.tap()
    page.wait_for_url("**/kiosk/services/*")
    first, second = page.locator("summary").first, page.locator("summary").nth(1)
    take = page.get_by_role("button", name="Ambil nomor antrean")
    page.evaluate("sessionStorage.removeItem('desk.kiosk.tap')")  # nobody taps as fast as this walk, at one place
    first.tap()
    in_sight(take)
    in_sight(page.locator("label.choice").first)
    within_reach(page)
    first.tap()
    second.tap()
    in_sight(take)
    page.locator("#email").fill("x")
    take.tap()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    for each in (take, page.locator("#email"), page.locator("label.choice", has=page.locator("#consent"))):
        in_sight(each)
    page.reload()
    page.get_by_role("link", name="Tambah layanan lain").tap()
    page.wait_for_url("**/kiosk?with=*")
    page.locator("a.service").first.tap()
    page.wait_for_url("**/services/*?with=*")
    within_reach(page)
    page.get_by_role("button", name="Ambil nomor antrean").tap()
    page.wait_for_url("**/ticket")
    within_reach(page)
    expect(page.get_by_role("button", name="Bacakan")).to_be_visible()
    assert any("A 0 0 1" in words for _, words in page.evaluate("said")), "a number is said digit by digit"
    page.get_by_role("link", name="Selesai").tap()
    page.wait_for_url("**/kiosk")
    expect(page.get_by_role("button", name="Bacakan")).to_be_visible()
    expect(page.locator("html")).to_have_class("face-kiosk")


def test_it_is_read_aloud_in_the_voice_of_the_server(
    kiosk: Callable[..., Page], web: Web, desk_office: DeskOffice, tmp_path: Path
) -> None:
    """Each part is marked while it is heard; it can be stopped, goes on with the next page, ends with the visitor."""
    seconds = {"": 0.1}
    voice = Readings(tmp_path, Shelf(tmp_path), lambda said: [b"\0\1" * int(16_000 * seconds[""]) for _ in said])
    web.client.application.extensions["desk.readings"] = voice
    page = kiosk()
    heard: list[str] = []
    page.on("request", lambda asked: "/aloud/" in asked.url and heard.append(asked.url))
    page.evaluate(READ)
    page.get_by_role("button", name="Bacakan").press("Enter")
    expect(page.get_by_role("button", name="Berhenti membacakan")).to_be_visible()
    expect(page.get_by_role("button", name="Bacakan", exact=True)).to_be_visible(timeout=30_000)
    order = page.evaluate("read")
    assert order[0] == "Layanan apa yang Anda perlukan?" and len(order) == len(heard)
    assert [each.split()[0] for each in order if "Lelang" in each] == ["A"]
    assert order[-1] == "Tampilan mudah", "the bar comes last"

    seconds[""] = 60
    page.locator("a.service").first.tap()
    page.wait_for_url("**/kiosk/services/*")
    expect(page.locator("h1.is-read")).to_be_visible()  # by itself, the heading first
    is_clean(page)
    page.keyboard.press("Escape")
    expect(page.locator(".is-read")).to_have_count(0)
    expect(page.get_by_role("button", name="Bacakan", exact=True)).to_be_visible()
    page.get_by_role("button", name="Bacakan", exact=True).tap()
    expect(page.locator("h1.is-read")).to_be_visible()
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.tagName") != "SUMMARY":
        page.keyboard.press("Tab")
    expect(page.locator("summary.is-read")).to_be_focused()  # who goes by keys hears where they are
    page.goto(page.url.split("/services/")[0] + "/start")
    expect(page.get_by_role("button", name="Bacakan", exact=True)).to_be_visible()
    expect(page.locator(".is-read")).to_have_count(0)


def in_sight(part: Locator) -> None:
    """Demand that a part is on the screen, and nothing covers its middle."""
    part.page.wait_for_function(IN_SIGHT, arg=part.element_handle())


def within_reach(page: Page) -> None:
    is_clean(page)
    assert page.evaluate(OUT_OF_REACH) == []


def test_by_keys_and_scanner_on_a_paired_kiosk(
    kiosk: Callable[..., Page], address: str, web: Web, desk_office: DeskOffice
) -> None:
    streams = desk_office.streams
    code = code_of(streams.keys.links, begin_pairing(streams))
    wish = DeviceWish(DeviceKind.KIOSK, "Kios pintu masuk")
    device = pair(streams, desk_office.id, code, wish, desk_office.agus.asks("pair")).facts["device"]
    earlier = desk_office.arrives("A").facts["visit"]
    desk_office.sari.signs_on()
    desk_office.sari.processes(desk_office.sari.serves())
    page = kiosk()
    page.context.add_cookies([{"name": "desk-device", "value": secret_of(streams.keys.links, device), "url": address}])
    page.goto(f"{address}/device")
    page.wait_for_url("**/kiosk")
    assert not page.evaluate(
        "document.body.dispatchEvent(new MouseEvent('contextmenu', {cancelable: true, bubbles: true}))"
    )

    while page.evaluate("document.activeElement.className") != "service":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kiosk/services/*")
    while page.evaluate("document.activeElement.tagName") != "SUMMARY":
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    while "btn-large" not in page.evaluate("document.activeElement.className"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ticket")
    assert desk_office.rows(Visit)[-1].priority_reason is not None
    while "btn-large" not in page.evaluate("document.activeElement.className"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kiosk")

    page.keyboard.type(f"{address}{web.status_path(earlier)}?via=ticket\n")  # as a scanner does
    page.wait_for_url("**/open-matters")
    is_clean(page)
    page.get_by_role("button", name="Saya datang untuk ini").press("Enter")
    page.wait_for_url("**/ticket")
    assert desk_office.rows(Visit)[-1].came_back
