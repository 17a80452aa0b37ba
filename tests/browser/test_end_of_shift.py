"""The end of a shift with two officers in two browsers, in both languages: asked, handed over, accepted; axe clean."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import update

from desk.models import Person, TransactionRow
from desk.operations.accounts.passwords import hashed
from tests.fixtures.office import DeskOffice, furnish
from tests.fixtures.real_server import RealServer

PASSWORD = "rahasia di loket"
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
WORDS = {
    "id": {"refused": "Masih ada", "nothing": "Tidak ada yang perlu diserahkan", "question": "Surat kuasa berlaku?"},
    "en": {"refused": "still yours", "nothing": "There is nothing to hand over", "question": "Is it still valid?"},
}


@pytest.fixture
def office(real_server: RealServer, walk_language: str) -> DeskOffice:
    """Sari has one in processing and one waiting for her in person; the server runs."""
    streams = real_server.streams()
    office_id = furnish(streams)
    with streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash=hashed(PASSWORD), language=walk_language))
    office = DeskOffice(str(streams.engine.url), office_id, engine=streams.engine)
    office.streams = streams
    prepare(office)
    real_server.start()
    return office


def prepare(office: DeskOffice) -> None:
    """Let the morning happen."""
    office.sari.signs_on(1)
    office.dewi.signs_on(2)
    office.arrives("A")
    office.arrives("A")
    office.sari.processes(office.sari.serves())
    handoff = office.dewi.offers(office.dewi.serves(counter=2), office.sari)
    office.sari.takes_break()
    office.sari.accepts(handoff)
    office.sari.ends_break()


def signed_in(server: RealServer, page: Page, name: str, language: str) -> Page:
    """Return the browser of somebody at their console."""
    page.goto(f"{server.url}/sign-in?language={language}")
    page.locator("#username").fill(f"{name.lower()}.kpknl")
    page.locator("#password").fill(PASSWORD)
    page.locator("main form .btn-primary").click()
    expect(page.locator("main h1")).to_be_visible()
    return page


def axe_finds_nothing(page: Page) -> None:
    """Look at the page as it stands."""
    violations = Axe().run(page, options=RULES).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations] == []


def test_the_shift_ends_without_a_gap(
    real_server: RealServer, office: DeskOffice, open_page: Callable[..., Page], walk_language: str
) -> None:
    words = WORDS[walk_language]
    quiet = {"expected_errors": ("404", "Applying inline style")}  # axe tries, the policy refuses
    sari = signed_in(real_server, open_page(**quiet), "Sari", walk_language)
    dewi = signed_in(real_server, open_page(**quiet), "Dewi", walk_language)

    sari.locator("[id^=held-] a.number-inline").click()
    ask(sari, office.dewi.id, words["question"])
    expect(dewi.locator(".console-inbox")).to_contain_text(words["question"])  # pushed, without a reload
    axe_finds_nothing(dewi)
    answer(dewi, "17 Maret 2027")
    expect(sari.locator("[id^=card-]").first).to_contain_text("17 Maret 2027")  # pushed as well
    axe_finds_nothing(sari)

    sari.locator("form[action$='/duty/end'] button").click()
    expect(sari).to_have_url(re.compile("/shift/handover"))
    expect(sari.locator("main")).to_contain_text(re.compile("A001.*A002", re.DOTALL))
    axe_finds_nothing(sari)
    sari.locator("#all_to").select_option(f"officer-{office.dewi.id}")
    sari.locator("textarea").first.fill("Tinggal tanda tangan")
    sari.locator("form.shift button").click()
    expect(sari).to_have_url(re.compile(r"/shift/handovers/\d+"))

    inbox = dewi.locator(".console-inbox")
    dewi.mouse.move(0, 0)  # while the mouse is on a row of it, the inbox stands still
    expect(inbox).to_contain_text("Tinggal tanda tangan")
    inbox.locator("a[href*='/shift/handovers/']").first.click()
    expect(dewi).to_have_url(re.compile(r"/shift/handovers/\d+"))
    axe_finds_nothing(dewi)
    dewi.locator("form[action$='/acceptance'] button").first.click()
    expect(dewi.locator("form[action$='/acceptance']")).to_have_count(0)

    sari.goto(f"{real_server.url}/offices/{office.id}/shift/handover")
    expect(sari.locator("main")).to_contain_text(words["nothing"])
    sari.goto(f"{real_server.url}/offices/{office.id}/counter")
    sari.locator("form[action$='/duty/end'] button").click()
    expect(sari.locator("form[action$='/counters/1/duties']")).to_be_attached()
    budi = signed_in(real_server, open_page(**quiet), "Budi", walk_language)
    look_at_the_other_pages(real_server, office, budi)
    assert {row.holder_id for row in office.rows(TransactionRow)} == {office.dewi.id}
    for page in (sari, dewi, budi):
        page.close()  # it would look for the server
    real_server.stop()
    assert real_server.command("doctor").returncode == 0


def ask(console: Page, officer_id: int, question: str) -> None:
    """Ask a colleague about the transaction that is open."""
    details = console.locator("details", has=console.locator("form[action$='/requests']")).first
    details.locator("summary").click()
    details.locator("select[name=to]").select_option(f"officer-{officer_id}")
    details.locator("textarea").fill(question)
    details.locator("form button").last.click()


def answer(console: Page, words: str) -> None:
    """Answer the first request in the inbox."""
    details = console.locator("details", has=console.locator("form[action$='/answer']")).first
    details.locator("summary").click()
    details.locator("textarea").fill(words)
    details.locator("form button").last.click()


def look_at_the_other_pages(server: RealServer, office: DeskOffice, budi: Page) -> None:
    """The supervisor's pages of staff, absences and what is unanswered, on a desk and on a phone."""
    for path in ("staff", "absences", "shift/unanswered"):
        budi.goto(f"{server.url}/offices/{office.id}/{path}")
        axe_finds_nothing(budi)
        budi.set_viewport_size({"width": 390, "height": 844})
        assert budi.evaluate("document.documentElement.scrollWidth") <= 390, path
        budi.set_viewport_size({"width": 1280, "height": 800})
