"""Every face in its main states, photographed from the real server as a visitor, an officer or a lobby sees it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Error, Page

from docs.gallery.house import PASSWORD, House

SCREENS: Final = {
    "phone": (360, 740),
    "narrow": (320, 640),
    "desktop": (1280, 800),
    "portrait": (800, 1280),
    "wall": (1920, 1080),
}
PATIENCE_MS: Final = 30_000


@dataclass(frozen=True)
class Shot:
    """One picture: whose face, in which state, where it is and how it is looked at."""

    face: str
    state: str
    path: str
    screen: str = "desktop"
    language: str = "id"
    scheme: str = "light"
    who: str | None = None
    act: Callable[[Page], None] | None = None
    whole: bool = False  # the page to its end, not what the screen holds
    forced: bool = False  # the colors of the system
    device: str | None = None  # which of the paired devices the browser is

    @property
    def name(self) -> str:
        """The name of its file."""
        words = (self.face, self.state, self.screen, self.language, self.scheme)
        return "-".join(words).lower().replace(" ", "-").replace(",", "")


def take_number(page: Page) -> None:
    """Choose the first service and take a number."""
    page.locator("a[href*='/kiosk/services/']").first.click()
    page.locator("form[action$='/visits'] button").first.click()
    page.wait_for_url("**/ticket*")


def choose_service(page: Page) -> None:
    """Open the page of the first service."""
    page.locator("a[href*='/kiosk/services/'], a[href*='/check-in/services/']").first.click()
    page.wait_for_url("**/services/*")


def open_priority(page: Page) -> None:
    """Open the page of the first service, and what gives priority there."""
    choose_service(page)
    page.locator("details.priority > summary").click()


def choose_two(page: Page) -> None:
    """Choose the first service and another one as well."""
    choose_service(page)
    page.locator("a[href*='with=']").first.click()
    page.wait_for_url("**/kiosk?with=*")
    page.locator("a.service").first.click()
    page.wait_for_url("**/services/*?with=*")


def go_on(page: Page) -> None:
    """Touch the button that leads to what is below the edge."""
    page.locator("[data-more]").click()
    page.wait_for_function("() => scrollY > 0")


def show_code(page: Page) -> None:
    """Wait for the code that pairs the device."""
    page.locator(".pairing-code").wait_for()


def find_mute(page: Page) -> None:
    """Wait until the display has found that its browser lets it make no sound."""
    page.locator("[data-mute]").wait_for()


def keep_quiet(page: Page) -> None:
    """Wait until the display says that these are quiet hours."""
    page.locator("[data-hush]").wait_for()


def lose_network(page: Page) -> None:
    """Cut the network and touch the first service."""
    page.context.set_offline(True)
    page.locator("a[href*='/kiosk/services/']").first.click()
    page.locator("[data-unreachable][open]").wait_for()


def go_stale(page: Page) -> None:
    """Cut the network, an open stream with it, and wait until the page says so."""
    page.context.route("**/stream*", lambda route: route.abort())
    page.reload()
    page.wait_for_load_state("load")
    page.context.set_offline(True)
    page.locator("[data-stale-words]").wait_for(timeout=PATIENCE_MS)
    age = page.locator("[data-stale-age]")
    if age.count():
        page.wait_for_function("() => document.querySelector('[data-stale-age]').textContent !== ''")


def finish_offline(page: Page) -> None:
    """Cut the network and press what comes first at the console."""
    page.wait_for_load_state("load")
    page.context.set_offline(True)
    page.locator(".verbs button, .console form[data-once] button").first.click()
    page.locator("[data-unsent]").first.wait_for(timeout=PATIENCE_MS)


def find_nothing(page: Page) -> None:
    """Look for a number that there is not."""
    page.locator("main form input:not([type=hidden])").first.fill("Z999")
    page.locator("main form button").first.click()
    page.locator(".field-error, .error-summary, [data-error-summary]").first.wait_for()


def send_nothing(page: Page) -> None:
    """Send the main form as it is."""
    page.locator("main form[method=post] button:not([type=button])").first.click()
    page.locator(".field-error, [data-error-summary]").first.wait_for()


def weak_colors(page: Page) -> None:
    """Ask for a color that cannot be read."""
    page.locator("#colors-main_color").fill("#ffd100")
    page.locator("form[action$='/colors'] button").first.click()
    page.locator("#colors-main_color-error").wait_for()


def plain(house: House) -> list[Shot]:
    """Return what is photographed in the colors of the desk."""
    one, two = f"/offices/{house.busy.id}", f"/offices/{house.empty.id}"
    known = house.visitors
    return [
        Shot("Kiosk", "busy", f"{one}/kiosk"),
        Shot("Kiosk", "busy", f"{one}/kiosk", language="en", scheme="dark"),
        Shot("Kiosk", "busy", f"{one}/kiosk", "portrait"),
        Shot("Kiosk", "nobody waiting", f"{two}/kiosk"),
        Shot("Kiosk", "easy view", f"{one}/kiosk?easy=1"),
        Shot("Kiosk", "service", f"{one}/kiosk", act=choose_service),
        Shot("Kiosk", "number taken", f"{one}/kiosk", act=take_number),
        Shot("Kiosk", "coming back, not found", f"{one}/kiosk/return", act=find_nothing),
        Shot("Kiosk", "offline", f"{one}/kiosk", act=lose_network),
        Shot("Display", "calls", f"{one}/display", "wall"),
        Shot("Display", "calls", f"{one}/display", "portrait", language="en"),
        Shot("Display", "empty", f"{two}/display", "wall"),
        Shot("Display", "offline", f"{one}/display", "wall", act=go_stale),
        Shot("Phone", "waiting", known["waiting"], "phone", whole=True),
        Shot("Phone", "waiting", known["waiting"], "phone", language="en", scheme="dark", whole=True),
        Shot("Phone", "waiting", known["waiting"], "narrow", scheme="contrast", whole=True),
        Shot("Phone", "called", known["called"], "phone", whole=True),
        Shot("Phone", "called", known["called"], "phone", language="en", scheme="dark", whole=True),
        Shot("Phone", "still processed", known["processing"], "phone", whole=True),
        Shot("Phone", "ended", known["ended"], "phone", whole=True),
        Shot("Phone", "offline", known["waiting"], "phone", act=go_stale),
        Shot("Phone", "no such number", "/v/nonsense", "phone"),
        Shot("Check-in by phone", "services", f"{one}/check-in", "phone", whole=True),
        Shot("Check-in by phone", "service", f"{one}/check-in", "phone", act=choose_service, whole=True),
        Shot("Survey", "question", known["survey"], "phone", whole=True),
        Shot("Survey", "nothing chosen", known["survey"], "phone", language="en", act=send_nothing, whole=True),
        Shot("Survey tablet", "waiting for its question", known["tablet"], "desktop"),
        Shot("Sign-in", "form", "/sign-in", "desktop"),
        Shot("Sign-in", "form", "/sign-in", "phone", language="en", scheme="dark"),
        Shot("Console", "called", f"{one}/counter", who="Sari"),
        Shot("Console", "serving", f"{one}/counter", language="en", scheme="dark", who="Dewi"),
        Shot("Console", "serving", f"{one}/counter", "phone", who="Dewi", whole=True),
        Shot("Console", "high contrast", f"{one}/counter", scheme="contrast", who="Sari"),
        Shot("Console", "colors of the system", f"{one}/counter", who="Sari", forced=True),
        Shot("Console", "nobody waiting", f"{two}/counter", who="Sari of the empty office"),
        Shot("Console", "offline", f"{one}/counter", who="Sari", act=finish_offline),
        Shot("Reception", "form", f"{one}/reception", who="Sari", whole=True),
        Shot("Supervisor", "today", f"{one}/today", who="Budi"),
        Shot("Supervisor", "today", f"{one}/today", "phone", language="en", scheme="dark", who="Budi", whole=True),
        Shot("Supervisor", "nothing yet", f"{two}/today", who="Budi of the empty office"),
        Shot("Supervisor", "floor", f"{one}/floor", who="Budi"),
        Shot("Supervisor", "gaps", f"{one}/gaps", language="en", who="Budi", whole=True),
        Shot("Supervisor", "not there", f"{one}/transactions/999", who="Budi"),
        Shot("Administration", "services", f"{one}/administration/services", who="Agus", whole=True),
        Shot("Administration", "unreadable color", f"{one}/identity", who="Agus", act=weak_colors, whole=True),
        Shot("Administration", "planned changes", f"{one}/planned-changes", language="en", who="Agus", whole=True),
        Shot("Administration", "account and theme", "/account", "phone", who="Agus", whole=True),
    ]  # fmt: skip


def rare(house: House) -> list[Shot]:
    """Return what is photographed of states that are met seldom."""
    large, closed, known = f"/offices/{house.large.id}", f"/offices/{house.closed.id}", house.visitors
    one, many = f"/offices/{house.busy.id}", f"{large}/kiosk/services/{house.large.services['B']}"
    full = f"{large}/kiosk/services/{house.large.services['D']}"
    return [
        Shot("Kiosk", "seventeen services", f"{large}/kiosk"),
        Shot("Kiosk", "seventeen services, further down", f"{large}/kiosk", language="en", act=go_on),
        Shot("Kiosk", "seventeen services", f"{large}/kiosk", "portrait"),
        Shot("Kiosk", "seventeen services, easy view", f"{large}/kiosk?easy=1"),
        Shot("Kiosk", "a long standard", many),
        Shot("Kiosk", "a long standard", many, "portrait", language="en"),
        Shot("Kiosk", "priority opened", f"{one}/kiosk", act=open_priority),
        Shot("Kiosk", "priority opened, easy view", f"{one}/kiosk?easy=1", act=open_priority),
        Shot("Kiosk", "two services", f"{one}/kiosk", act=choose_two),
        Shot("Kiosk", "out of numbers", full),
        Shot("Kiosk", "closed", f"{closed}/kiosk", device="closed kiosk"),
        Shot("Kiosk", "closed, a service", f"{closed}/kiosk", language="en", device="closed kiosk", act=choose_service),
        Shot("Kiosk", "locked", f"{closed}/kiosk"),
        Shot("Kiosk", "unpaired", f"{large}/kiosk", device="unpaired kiosk"),
        Shot("Kiosk", "without paper", f"{known['without paper']}/ticket"),
        Shot("Kiosk", "prints by itself", f"{large}/kiosk", device="kiosk that prints", act=take_number),
        Shot("Kiosk", "no printer", f"{large}/kiosk", "portrait", device="kiosk without a printer", act=take_number),
        Shot("Door", "code", f"{large}/door/screen", "portrait", device="door"),
        Shot("Door", "code, lying", f"{large}/door/screen", language="en", device="door"),
        Shot("Pairing", "code", "/pair", act=show_code),
        Shot("Pairing", "code", "/pair", "phone", language="en", act=show_code),
        Shot("Display", "mute", f"{one}/display", "wall", act=find_mute),
        Shot("Display", "quiet hours", f"{large}/display", "wall", act=keep_quiet),
        Shot("Phone", "next", known["next"], "phone", whole=True),
        Shot("Phone", "may go away", known["may go away"], "phone", whole=True),
        Shot("Phone", "may go away", known["may go away"], "narrow", language="en", scheme="dark", whole=True),
        Shot("Reception", "slip", f"{one}/reception/visits/{house.slip}", who="Sari", whole=True),
    ]  # fmt: skip


def branded(house: House) -> list[Shot]:
    """Return what is photographed once the office has chosen colors of its own."""
    one, known = f"/offices/{house.busy.id}", house.visitors
    return [
        Shot("In the colors of an office", "kiosk", f"{one}/kiosk"),
        Shot("In the colors of an office", "easy view", f"{one}/kiosk?easy=1"),
        Shot("In the colors of an office", "display", f"{one}/display", "wall"),
        Shot("In the colors of an office", "phone", known["waiting"], "phone", whole=True),
        Shot("In the colors of an office", "phone", known["called"], "phone", language="en", scheme="dark", whole=True),
        Shot("In the colors of an office", "console", f"{one}/counter", who="Sari"),
        Shot("In the colors of an office", "console", f"{one}/counter", language="en", scheme="dark", who="Dewi"),
        Shot("In the colors of an office", "identity", f"{one}/identity", who="Agus", whole=True),
    ]


def alarmed(house: House) -> list[Shot]:
    """Return what is photographed during an emergency."""
    return [Shot("Display", "emergency", f"/offices/{house.busy.id}/display", "wall")]


def photograph(browser: Browser, house: House, folder: Path, say: Callable[[str], None]) -> Iterator[Shot]:
    """Write every picture and yield what it shows; what a browser complains of or what is too wide is told."""
    yield from _all(browser, house, folder, say, [*plain(house), *rare(house)])
    house.take_colors()
    yield from _all(browser, house, folder, say, branded(house))
    house.raise_alarm()
    yield from _all(browser, house, folder, say, alarmed(house))


def _all(browser: Browser, house: House, folder: Path, say: Callable[[str], None], shots: list[Shot]) -> Iterator[Shot]:
    signed_in: dict[str, Any] = {}
    for shot in shots:
        if shot.who is not None and shot.who not in signed_in:
            signed_in[shot.who] = _sign_in(browser, house, shot.who)
        try:
            _take(browser, house, folder, shot, signed_in.get(shot.who or ""), say)
        except Error as error:  # one face that is broken must not hide the others
            say(f"{shot.name}: {str(error).splitlines()[0]}")
            continue
        yield shot


@contextmanager
def _context(browser: Browser, shot: Shot | None, state: Any = None) -> Iterator[BrowserContext]:
    width, height = SCREENS[shot.screen if shot else "desktop"]
    scheme = shot.scheme if shot else "light"
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        contrast="more" if scheme == "contrast" else "no-preference",
        forced_colors="active" if shot and shot.forced else "none",
        reduced_motion="reduce",
        storage_state=state,
    )
    context.set_default_timeout(PATIENCE_MS)
    try:
        yield context
    finally:
        context.close()


def _sign_in(browser: Browser, house: House, who: str) -> Any:
    name, _, elsewhere = who.partition(" ")
    with _context(browser, None) as context:
        page = context.new_page()
        page.goto(f"{house.server.url}/sign-in")
        page.locator("#username").fill(f"{name.lower()}.{'kanwil' if elsewhere else 'kpknl'}")
        page.locator("#password").fill(PASSWORD)
        page.locator("main form .btn-primary").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return context.storage_state()


def _take(browser: Browser, house: House, folder: Path, shot: Shot, state: Any, say: Callable[[str], None]) -> None:
    with _context(browser, shot, state) as context:
        if shot.device is not None:
            secret = house.devices[shot.device]
            context.add_cookies([{"name": "desk-device", "value": secret, "url": house.server.url}])
        page = context.new_page()
        page.goto(f"{house.server.url}{shot.path}{'&' if '?' in shot.path else '?'}language={shot.language}")
        page.wait_for_load_state("load")
        if shot.act is not None:
            shot.act(page)
        page.screenshot(path=folder / f"{shot.name}.png", full_page=shot.whole)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            say(f"{shot.name}: {over} px too wide")
