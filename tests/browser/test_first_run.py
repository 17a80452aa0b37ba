"""From an empty machine to the first called number, in a real browser, by clicks alone, against the real server.

What a person does is counted and weighed, since a browser that is driven clicks faster than anybody: that must be under
ten minutes. How long the test itself takes says nothing and is not looked at.

Whoever walks has typed `make run` and nothing else. Indonesian over SQLite, English over PostgreSQL.
"""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.test_every_page import ONLY_VIOLATIONS, SMALL, WIDE
from tests.fixtures.pictures import picture
from tests.fixtures.real_server import ROOT, RealServer, free_port

TOKEN = re.compile(r"set-up token [^:]*: (\S+)")
CODE = re.compile(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}")
PATIENCE = 90.0
TEN_MINUTES = 600.0
# What a person needs who reads no word twice: for a click, and for a field or an address that is typed or chosen.
CLICK_S, FIELD_S = 3.0, 8.0
# Counts in every page, whichever way it was come to, so that no click is forgotten; one tab keeps one count.
EFFORT = """(() => {
    const read = () => JSON.parse(sessionStorage.getItem("effort") || '{"clicks": 0, "fields": [], "waited": 0}');
    const write = (effort) => sessionStorage.setItem("effort", JSON.stringify(effort));
    addEventListener("click", (event) => {
        const effort = read();
        effort.clicks += event.isTrusted ? 1 : 0;
        write(effort);
    }, true);
    addEventListener("input", ({target}) => {
        const effort = read(), place = performance.timeOrigin + target.name;
        if (!["checkbox", "radio"].includes(target.type) && effort.fields.at(-1) !== place) effort.fields.push(place);
        write(effort);
    }, true);
    addEventListener("load", () => setTimeout(() => {
        const effort = read();
        effort.waited += performance.getEntriesByType("navigation")[0].duration / 1000;
        write(effort);
    }));
})()"""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALL_DAY = "00.00-24.00"


class EmptyMachine(RealServer):
    """A machine on which nobody has done anything yet."""

    def run(self) -> str:
        """Type `make run` with no demo; return the token that is printed."""
        self.data.mkdir()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "desk.cli.main", "up"],
                env=self.environ, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while "Stop with Ctrl-C" not in (said := self.log.read_text()):
            assert self.process.poll() is None and time.monotonic() < deadline, said[-3000:]
            time.sleep(0.05)
        found = TOKEN.search(said)
        assert found is not None, said
        return found[1]


@dataclass
class Walk:
    """Whoever walks; what they see is looked at on the way, and found by what is the same in both languages."""

    page: Page
    language: str
    faults: list[str] = field(default_factory=list)
    addresses: int = 0

    def __post_init__(self) -> None:
        """Count from now on."""
        self.page.add_init_script(EFFORT)

    def goes(self, url: str) -> None:
        """Type an address."""
        self.page.goto(url)
        self.addresses += 1

    def takes(self) -> float:
        """Return how many seconds a person would have been at it, of which the machine let them wait some."""
        effort = self.page.evaluate("JSON.parse(sessionStorage.getItem('effort'))")
        typed = len(effort["fields"]) + self.addresses
        assert effort["clicks"] >= 5, "nothing was counted"
        assert typed >= 4, "nothing was counted"
        return CLICK_S * effort["clicks"] + FIELD_S * typed + float(effort["waited"])

    def looks(self) -> "Walk":
        """Look at the page as axe does, and for what is too wide or too small."""
        place = re.sub(r"^https?://[^/]+", "", self.page.url)
        assert self.page.locator("html").get_attribute("lang") == self.language, place
        for width in (360, 1280):
            self.page.set_viewport_size({"width": width, "height": 800})
            self.faults += [f"{place}, {width} wide: {each}" for each in self.page.evaluate(WIDE)]
            self.faults += [f"{place}, {width} wide: {each}" for each in self.page.evaluate(SMALL)]
        # In English axe looks only at what no other test shows it; the other pages are looked at in both languages.
        if self.language == "en" and not re.match(r"/(set-up|offices/1/checklist|\?)", place):
            return self
        for violation in Axe().run(self.page, options=ONLY_VIOLATIONS).response["violations"]:
            self.faults.append(f"{place}: {violation['id']}: {[node['html'] for node in violation['nodes']]}")
        return self

    def follows(self, path: str) -> None:
        """Click on what leads to a page of this path, within the main part."""
        self.page.locator(f"main a[href$='{path}']").first.click()
        expect(self.page.locator("main h1")).to_be_visible()

    def fills(self, **fields: str) -> None:
        """Type into fields by their names."""
        for name, text in fields.items():
            self.page.locator(f"main [name='{name}']:visible").fill(text)

    def presses(self, action: str, *, faults: int = 0) -> None:
        """Press the button of the form that goes to an address that ends so; so many faults are found in it."""
        with self.page.expect_navigation():
            self.page.locator(f"main form[action$='{action}'] button:not([type=button])").last.click()
        expect(self.page.locator("main h1")).to_be_visible()
        found = self.page.locator(".error-summary li").all_inner_texts()
        assert len(found) == faults, found

    def opens_list(self) -> None:
        """Go to the list of the set-up by the navigation."""
        if self.page.locator("a[href$='/checklist']").count() == 0:
            self.page.locator(".masthead .nav-list a:has(use[href$='#gear'])").click()
        self.page.locator(".masthead a[href$='/checklist']").first.click()
        expect(self.page.locator("#readiness")).to_be_visible()

    def standing(self, step: str) -> str:
        """Return the color of the tag of a step."""
        return str(self.page.locator(f"#{step} .tag").get_attribute("class")).rpartition("-")[2]


@pytest.fixture
def machine(fresh_database: Callable[..., str], tmp_path: Path) -> Iterator[EmptyMachine]:
    """An empty machine; PostgreSQL is there, with an empty database in it."""
    made = EmptyMachine(tmp_path / "data", fresh_database(), free_port())
    made.extra = {"DESK_BASE_URL": made.url}
    yield made
    made.stop()


@pytest.mark.slow
def test_from_an_empty_machine_to_the_first_number(
    machine: EmptyMachine, open_page: Any, walk_language: str, tmp_path: Path
) -> None:
    token = machine.run()
    # axe tries a style of its own, which the policy refuses; a refused form is reported on the console
    page = open_page(expected_errors=("Applying inline style", "bootstrap", "status of 422"))
    walk = Walk(page, walk_language)
    walk.goes(f"{machine.url}/?language={walk_language}")
    walk.looks().follows("/set-up")
    _opens_the_office(walk, token, tmp_path)
    _tries_display(walk, open_page(expected_errors=("Applying inline style", "bootstrap")))
    _sets_hours(walk)
    _adds_counter(walk)
    code = _enrolls(walk)
    _adds_service(walk)
    _says_who_serves(walk)
    walk.opens_list()
    assert [walk.standing(each) for each in ("hours", "counters", "staff", "services", "skills")] == ["good"] * 5
    expect(page.locator("#readiness.message-success")).to_be_visible()
    walk.looks()

    officer = Walk(open_page(expected_errors=("Applying inline style", "bootstrap")), walk_language)
    _calls_first_number(officer, machine, code)
    assert walk.takes() + officer.takes() < TEN_MINUTES
    assert not walk.faults + officer.faults, "\n".join(walk.faults + officer.faults)


def _opens_the_office(walk: Walk, token: str, folder: Path) -> None:
    """A first try with a logo that is none loses nothing typed but the passwords; the second one opens the office."""
    page, password = walk.page, "kuda laut di pelabuhan"
    (folder / "none.png").write_text("<svg></svg>")
    (folder / "logo.png").write_bytes(picture(size=(300, 100)))
    walk.looks()
    walk.fills(token=token, name="KPKNL Bandung", person="Agus Salim", username="agus")
    walk.fills(password=password, again=password)
    page.locator("input[name=logo]").set_input_files(folder / "none.png")
    walk.presses("/set-up", faults=1)
    expect(page.locator("#logo-error")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("KPKNL Bandung")
    walk.looks()
    walk.fills(password=password, again=password)
    page.locator("input[name=logo]").set_input_files(folder / "logo.png")
    walk.presses("/set-up")
    expect(page.locator("#readiness.message-warning")).to_be_visible()
    expect(page.locator(".masthead .office-logo")).to_be_visible()
    walk.looks()
    page.goto(page.url.partition("/offices")[0] + "/set-up")
    assert "/set-up" not in page.url, "the page is gone"
    page.go_back()


def _tries_display(walk: Walk, display: Page) -> None:
    """The display that hangs open sounds and shows a trial."""
    walk.opens_list()
    display.goto(f"{walk.page.url.partition('/checklist')[0]}/display?language={walk.language}")
    expect(display.locator(".board-quiet, .board-closed")).to_be_visible()  # as the hour of the test has it
    walk.presses("/checklist/display")
    expect(display.locator("[data-call^=trial]")).to_be_visible()
    expect(display.locator("[data-announcement]")).not_to_be_empty()
    display.close()


def _sets_hours(walk: Walk) -> None:
    walk.opens_list()
    walk.page.locator("#hours .btn").first.click()
    walk.looks()
    form = walk.page.locator("main details:has(form[action$='/calendars'])")
    form.locator("[name$=name]").fill("Jam layanan")
    for day in WEEKDAYS:
        form.locator(f"[name$={day}]").fill(ALL_DAY)
    form.locator("form button").last.click()
    expect(walk.page.locator("main h1")).to_be_visible()


def _adds_counter(walk: Walk) -> None:
    walk.opens_list()
    walk.page.locator("#counters .btn").first.click()
    walk.looks()
    form = walk.page.locator("main details:has(form[action$='/counter-settings'])")
    form.locator("summary").click()
    form.locator("[name$=name]").fill("Loket 1")
    form.locator("form button").last.click()
    expect(walk.page.locator("main h1")).to_be_visible()


def _enrolls(walk: Walk) -> str:
    """Enroll Sari, and return the one-time code that is handed to her."""
    walk.opens_list()
    walk.page.locator("#staff .btn").first.click()
    walk.looks()
    walk.fills(name="Sari Dewi", username="sari")
    walk.page.locator("[name=roles][value=agent]").check()
    walk.page.locator(f"[name=language][value={walk.language}]").check()
    walk.page.locator("[name=way][value=code]").check()
    walk.presses("/staff/new")
    code = walk.looks().page.locator("main code").inner_text()
    assert CODE.fullmatch(code), walk.page.locator("main").inner_text()
    return code


def _adds_service(walk: Walk) -> None:
    walk.opens_list()
    walk.page.locator("#services .btn").first.click()
    walk.looks().follows("/administration/services/new")
    walk.fills(name_id="Lelang", name_en="Auction", series="A", wait="30")
    walk.page.locator("[name=icon]").first.check()
    for name in ("head", "calendar"):
        walk.page.locator(f"[name={name}]").select_option(index=1)
    walk.looks().presses("/administration/services")


def _says_who_serves(walk: Walk) -> None:
    walk.opens_list()
    walk.page.locator("#skills .btn").first.click()
    walk.looks()
    walk.page.locator("[name=serves]").check()
    walk.page.locator("main form button").last.click()
    expect(walk.page.locator("main h1")).to_be_visible()


def _calls_first_number(officer: Walk, machine: EmptyMachine, code: str) -> None:
    """Sari chooses her password, a visitor takes a number at the kiosk, and is called."""
    page = officer.page
    officer.goes(f"{machine.url}/invitation?language={officer.language}")
    officer.looks().fills(code=code, password="pasir putih di tepi danau")
    officer.presses("/invitation")
    counter = page.url.partition("?")[0]
    assert counter.endswith("/counter")
    officer.looks()
    page.locator(".counter-choice button").click()
    expect(page.locator("form[action$='/calls']")).to_be_visible()
    officer.goes(counter.replace("/counter", f"/kiosk?language={officer.language}"))
    officer.looks()
    page.locator("main a[href*='/kiosk/services/']").click()
    page.wait_for_url("**/kiosk/services/*")  # a kiosk asks for a page before it opens it
    officer.looks().presses("/visits")
    expect(page.locator(".ticket-number")).to_have_text("A001")
    officer.looks()
    officer.goes(f"{counter}?language={officer.language}")
    page.locator(".btn-call:visible").first.click()
    expect(page.locator("main [role=status]").filter(has_text="A001")).to_be_visible()  # the page that answers has come
    officer.goes(counter.replace("/counter", f"/display?language={officer.language}"))
    expect(page.locator("[data-call]:not([data-call^=trial]) .board-number")).to_have_text("A001")
    officer.looks()
