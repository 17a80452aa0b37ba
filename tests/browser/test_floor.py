"""A supervisor and officers in browsers: the floor changes by itself, an offer and a message arrive, a gap closes.

In both languages, against the real server; axe looks at every page on the way.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import update

from desk.models import Person
from desk.operations.accounts.passwords import hashed
from tests.browser.test_gallery import RULES
from tests.fixtures.chromium import press_key
from tests.fixtures.office import Clock, DeskOffice, furnish
from tests.fixtures.real_server import RealServer

PASSWORD = "rahasia di loket"
WORDS = {
    "id": {
        "gap": "1 hal perlu ditangani",
        "none": "Tidak ada yang perlu ditangani",
        "called": "Dipanggil, belum dilayani",
        "read": "dibaca oleh Sari",
    },
    "en": {"gap": "1 gap", "none": "No gaps", "called": "Called and never started", "read": "read by Sari"},
}


@dataclass
class Hall:
    """The office of this walk, with somebody to act in it beside the browsers."""

    server: RealServer
    office: DeskOffice
    open_page: Callable[..., Page]
    language: str

    def signed_in(self, name: str, path: str) -> Page:
        """Return the browser of somebody who has signed in and opened a page."""
        # axe tries a style of its own, which the policy refuses, and looks for imported sheets in the wrong place
        page = self.open_page(expected_errors=("Applying inline style", "bootstrap.min.css"))
        page.goto(f"{self.server.url}/sign-in?language={self.language}")
        page.locator("#username").fill(f"{name.lower()}.kpknl")
        page.locator("#password").fill(PASSWORD)
        page.locator("main form .btn-primary").click()
        expect(page.locator("main h1")).to_be_visible()
        page.goto(f"{self.server.url}/offices/{self.office.id}/{path}")
        return page


@pytest.fixture
def hall(walk_language: str, real_server: RealServer, open_page: Callable[..., Page]) -> Iterator[Hall]:
    streams = real_server.streams()
    office_id = furnish(streams)
    with streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash=hashed(PASSWORD), language=walk_language))
    office = DeskOffice(real_server.database_url, office_id, clock=Clock(datetime.now(UTC) - timedelta(hours=1)))
    office.streams = streams
    office.sari.signs_on(1)
    office.arrives()
    office.arrives()
    real_server.start()
    yield Hall(real_server, office, open_page, walk_language)
    office.engine.dispose()
    streams.engine.dispose()


def clean(page: Page) -> None:
    """Let axe look at the page."""
    violations = Axe().run(page, options=RULES).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations] == []


def test_a_supervisor_sees_and_acts(hall: Hall) -> None:
    words, office = WORDS[hall.language], hall.office
    budi, sari = hall.signed_in("Budi", "floor"), hall.signed_in("Sari", "counter")
    place = budi.locator(f"#place-{office.counters[1]}")
    expect(place).to_contain_text("Sari")
    budi.evaluate("window.kept = true")

    press_key(sari, "n")  # calls; the floor follows by itself, and nothing on it moves
    before = budi.locator(f"#place-{office.counters[2]}").bounding_box()
    expect(place).to_contain_text("A001")
    expect(place.locator("[data-since]")).to_have_text(re.compile(r"0:0[1-9]"))
    assert budi.locator(f"#place-{office.counters[2]}").bounding_box() == before
    press_key(sari, "s")
    expect(place).to_have_class(re.compile("is-serving"))
    assert budi.evaluate("window.kept")
    clean(budi)

    budi.locator(f"#place-{office.counters[2]} a.btn").click()  # opens a counter with Dewi
    budi.locator("#opening-officer").select_option(label="Dewi")
    budi.locator("main form button").click()
    expect(budi.locator(f"#place-{office.counters[2]}")).to_contain_text("Dewi")

    dewi = hall.signed_in("Dewi", "counter")
    budi.locator(f"#place-{office.counters[1]} a", has_text="Sari").click()
    expect(budi.locator("table a[href$='/reassignment']")).to_be_visible()
    clean(budi)
    budi.locator("table a[href$='/reassignment']").click()
    expect(budi.locator("select[id$='-to']")).to_be_visible()
    clean(budi)
    budi.locator("select[id$='-to']").select_option(value=f"officer-{office.dewi.id}")
    budi.locator("select[id$='-reason']").select_option(value="workload")
    budi.locator("main form button").last.click()
    expect(dewi.locator(".console-inbox")).to_contain_text("A001")  # pushed, without a reload

    budi.goto(f"{hall.server.url}/offices/{office.id}/floor")
    budi.locator("main details", has=budi.locator("#message-words")).locator("summary").click()
    budi.locator("#message-words").fill("Loket 3 dibuka pukul 13.00")
    budi.locator("form[action$='/floor/messages'] button").click()
    message = sari.locator(".floor-message")
    expect(message).to_contain_text("Loket 3 dibuka pukul 13.00")  # pushed
    clean(sari)
    message.locator("button").click()
    expect(sari.locator(".floor-message")).to_have_count(0)
    expect(budi.locator(".floor-told")).to_contain_text(words["read"])

    dewi.locator("form[action$='/acceptance'] button").click()
    expect(dewi.locator(".console-now")).to_contain_text("A001")
    _a_gap_closes(hall, budi, sari)
    for each in (budi, sari, dewi):
        each.close()
    hall.server.stop()
    assert hall.server.command("doctor").returncode == 0


def _a_gap_closes(hall: Hall, budi: Page, sari: Page) -> None:
    """Sari calls A002 and does not start: for this office that is a gap after a minute, which is over already."""
    words, office = WORDS[hall.language], hall.office
    expect(budi.locator(".floor-gaps")).to_contain_text(words["none"])
    press_key(sari, "n")
    expect(sari.locator(".console-now")).to_contain_text("A002")
    with office.streams.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE offices SET gap_called_s = 0")
    office.clock.now = datetime.now(UTC)
    office.budi.tells("Mohon periksa", minutes=1)
    expect(budi.locator(".floor-gaps")).to_contain_text(words["gap"])  # pushed
    budi.locator(".floor-gaps a").click()
    row = budi.locator("table tbody tr")
    expect(row).to_contain_text(words["called"])
    clean(budi)
    budi.set_viewport_size({"width": 390, "height": 844})
    clean(budi)
    row.locator("form button").click()
    expect(budi.locator("table")).to_have_count(0)
    expect(sari.locator(".console-now .card-idle")).to_be_visible()
