"""The console in a real browser: one hand, a network that goes and comes back, slips, alerts, nothing that moves."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import update

from desk.domain.console import Habits, Hand
from desk.domain.facts import EventName
from desk.domain.reasons import PriorityReason
from desk.models import Note, Person
from desk.operations.accounts.passwords import hashed
from desk.operations.settings import console_settings
from tests.fixtures.chromium import press_key
from tests.fixtures.office import DeskOffice, furnish
from tests.fixtures.real_server import RealServer

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PASSWORD = "rahasia di loket"
NETWORK = ("net::ERR", "Failed to load resource", "Failed to fetch")


@dataclass
class Desk:
    """The office of this test, with Sari at counter 1 and Dewi at counter 2, and Sari's browser."""

    server: RealServer
    office: DeskOffice
    page: Page

    def chooses(self, hand: Hand, *, strip: bool = False) -> None:
        """Sari has these keys from now on."""
        habits = Habits(hand, strip)
        sari = self.office.sari
        request = sari.asks("choose_console_habits", hand=hand, strip=strip)
        console_settings.choose_habits(self.office.streams, self.office.id, request, habits)
        self.page.reload()

    def happened(self, name: EventName) -> int:
        """Return how often something happened."""
        return self.office.happened().count(name)

    def sign_in(self, page: Page, name: str = "sari.kpknl") -> None:
        """Somebody signs in on this page."""
        page.goto(f"{self.server.url}/sign-in?next=/offices/{self.office.id}/counter")
        page.locator("#username").fill(name)
        page.locator("#password").fill(PASSWORD)
        page.locator("main form .btn-primary").click()
        expect(page.locator(".console")).to_be_visible()


@pytest.fixture
def desk(real_server: RealServer, open_page: Callable[..., Page]) -> Iterator[Desk]:
    streams = real_server.streams()
    office_id = furnish(streams)
    with streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash=hashed(PASSWORD), language="en"))
    office = DeskOffice(str(streams.engine.url), office_id, engine=streams.engine)
    office.streams = streams
    office.sari.signs_on(1)
    office.dewi.signs_on(2)
    real_server.start()
    found = Desk(real_server, office, open_page(locale="en-GB", expected_errors=NETWORK))
    found.sign_in(found.page)
    yield found
    streams.engine.dispose()


def said(page: Page, words: str) -> None:
    """Wait until the foot of the page says so."""
    expect(page.locator("[data-console-foot]")).to_contain_text(words)


def test_a_day_by_keys_of_one_hand(desk: Desk) -> None:
    page = desk.page
    for _ in range(3):
        desk.office.arrives("A")

    desk.chooses(Hand.RIGHT, strip=True)
    expect(page.locator("[data-key-strip]")).to_contain_text("J Call the next visitor")
    press_key(page, "j")
    said(page, "A001 is called")
    press_key(page, "-")  # a slip
    said(page, "The call is taken back")
    press_key(page, "j")
    said(page, "A001 is called")
    press_key(page, "i")
    said(page, "Called again: call 2")
    press_key(page, "k")
    said(page, "is being served")
    press_key(page, "h")  # whom and why by digits, on by Enter, and away again
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("select[name=reason]:focus")).to_be_visible()
    page.keyboard.press("Backspace")
    press_key(page, "l")
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    said(page, "Completed")
    assert desk.office.rows_of_event(EventName.TRANSACTION_COMPLETED)[-1].payload.count('"incomplete"')
    press_key(page, "-")
    said(page, "Undone")
    expect(page.locator(".card-serving")).to_contain_text("A001")

    desk.chooses(Hand.LEFT)
    press_key(page, "s")
    page.keyboard.press("1")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.tagName") != "BUTTON":
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    said(page, "Completed")
    press_key(page, "f")
    said(page, "A002 is called")
    press_key(page, "x")
    said(page, "did not come")
    press_key(page, "z")
    said(page, "no-show is taken back")
    press_key(page, "f")
    said(page, "is called")
    press_key(page, "d")
    said(page, "is being served")
    press_key(page, "v")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    said(page, "Paused")
    press_key(page, "z")
    said(page, "The pause is over")
    page.close()
    desk.server.stop()
    assert desk.server.command("doctor").returncode == 0


def test_a_network_that_goes_at_each_verb_loses_nothing_and_does_nothing_twice(desk: Desk) -> None:
    page, context = desk.page, desk.page.context
    desk.office.arrives("A")

    def lose_the_answer(route: Route) -> None:
        """The server does it, and nobody hears of it; from then on all is well."""
        route.fetch()
        route.abort()

    for key, name in [
        ("n", EventName.TRANSACTION_CALLED),
        ("r", EventName.CALL_REPEATED),
        ("s", EventName.SERVICE_STARTED),
    ]:
        page.wait_for_load_state()
        context.set_offline(True)
        press_key(page, key)
        said(page, "Not sent yet")
        assert desk.happened(name) == 0
        page.keyboard.press(key)  # impatient
        page.route(re.compile(r"/(calls|recalls|start)$"), lose_the_answer, times=1)
        context.set_offline(False)
        expect(page.locator("[data-unsent]")).to_be_hidden()
        expect(page.locator("[data-flash] .message-success").last).to_be_visible()
        assert desk.happened(name) == 1

    # A link does not lead to the browser's page of errors, and what is typed stays; whoever leaves it is asked.
    press_key(page, "c")
    note = page.locator("textarea[id^=complete-]")
    note.press_sequentially("Dua kali ditanya, jawaban sama")
    with page.expect_event("dialog") as asked:
        page.evaluate("setTimeout(() => location.reload())")
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    page.reload()  # who goes all the same finds it again
    expect(note).to_be_visible()
    expect(note).to_have_value("Dua kali ditanya, jawaban sama")
    context.set_offline(True)
    page.locator(".masthead a", has_text="Reception").click()
    said(page, "opens as soon as")
    page.locator("[data-unsent-stop]").click()
    note.focus()
    page.keyboard.press("Control+Enter")
    said(page, "Not sent yet")
    expect(note).to_have_value("Dua kali ditanya, jawaban sama")

    # The session ends meanwhile: sign in beside it, and it goes on by itself.
    context.clear_cookies()
    context.set_offline(False)
    said(page, "You are signed out")
    expect(note).to_have_value("Dua kali ditanya, jawaban sama")
    with context.expect_page() as opened:
        page.locator("[data-unsent-sign-in]").click()
    beside = opened.value
    beside.wait_for_load_state()
    desk.sign_in(beside, "dewi.kpknl")  # somebody else first: nothing of it is sent as theirs
    said(page, "Somebody else has signed in")
    expect(note).to_have_value("Dua kali ditanya, jawaban sama")
    beside.locator(".person form button").click()
    desk.sign_in(beside)
    expect(page.locator(".card-serving")).to_have_count(0)
    assert desk.happened(EventName.TRANSACTION_COMPLETED) == 1
    assert [row.words for row in desk.office.rows(Note)] == ["Dua kali ditanya, jawaban sama"]
    assert page.evaluate("Object.keys(sessionStorage).filter((each) => each.startsWith('desk.draft.'))") == []


def test_a_refusal_is_shown_by_the_answer_that_came_though_the_network_is_gone_by_then(desk: Desk) -> None:
    page, context = desk.page, desk.page.context
    desk.office.arrives("A")
    desk.office.sari.serves()
    page.reload()

    def answer_and_go(route: Route) -> None:
        """The answer comes, and after it nothing any more."""
        answer = route.fetch()
        context.set_offline(True)
        route.fulfill(response=answer)

    press_key(page, "h")
    note = page.locator("form[action$='/handoffs'] textarea").first
    note.fill("Berkas kedua menyusul besok")
    page.route(re.compile("/handoffs$"), answer_and_go, times=1)
    note.press("Control+Enter")  # to nobody
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error:"))
    expect(note).to_have_value("Berkas kedua menyusul besok")
    expect(page.locator("[data-unsent]")).to_be_hidden()

    # From there it waits as from the page before, and the network brings it on.
    note.press("Control+Enter")
    said(page, "Not sent yet")
    page.locator("[data-unsent-stop]").click()

    # A page of another kind leaves the way back to what was typed.
    context.set_offline(False)
    page.evaluate(
        "(area) => { area.form.action = area.form.action.replace(/transactions.*/, 'transactions/999/handoffs') }",
        note.element_handle(),
    )
    page.route(re.compile("/999/handoffs$"), answer_and_go, times=1)
    note.press("Control+Enter")
    expect(page.locator(".console")).to_have_count(0)
    expect(page.locator("main h1")).to_be_visible()
    page.go_back()
    expect(note).to_have_value("Berkas kedua menyusul besok")
    assert desk.happened(EventName.HANDOFF_OFFERED) == 0


def test_news_is_told_in_the_title_and_moves_nothing_under_the_hand(desk: Desk) -> None:
    page, office = desk.page, desk.office
    for _ in range(2):
        office.arrives("B")
    office.sari.serves()
    page.reload()
    page.wait_for_load_state()
    verb = page.locator(".verbs summary").first
    verb.hover()
    verb.focus()
    places = [verb.bounding_box(), page.locator(".console-queue h2").bounding_box()]

    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })")
    handed = office.dewi.serves(counter=2)
    office.dewi.processes(handed)
    office.dewi.offers(handed, office.sari)
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    expect(page.locator("#waits")).to_contain_text("Offer")
    due_at = datetime.now(UTC) + timedelta(hours=1)
    question = office.sari.requests(office.transaction_at(1), office.dewi, due_at=due_at)
    office.dewi.answers(question)
    expect(page).to_have_title(re.compile(r"^\(2\) "))
    assert verb.bounding_box() == places[0]
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"

    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => false, configurable: true })")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
    expect(page).to_have_title(re.compile(r"^\(1\) "))


def test_a_text_is_inserted_by_its_short_word_and_all_fits_without_scrolling(desk: Desk) -> None:
    page = desk.page
    desk.office.budi.adds_snippet("ktp", "Fotokopi KTP belum ada.")
    desk.office.budi.adds_snippet("lama", "Berkas belum lengkap, mohon kembali besok.")  # the widest of a list
    desk.office.arrives("A")
    desk.office.sari.serves()
    for width, height in [(1280, 800), (360, 740)]:
        page.set_viewport_size({"width": width, "height": height})
        page.reload()
        foot = page.locator("[data-console-foot]").bounding_box()
        first = page.locator(".verb-first summary").bounding_box()
        assert foot and first and first["y"] + first["height"] <= foot["y"]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        masthead = page.locator(".masthead").bounding_box()
        assert masthead and masthead["height"] <= 190
    reception = page.locator(".masthead a", has_text="Reception")
    expect(reception).to_be_hidden()
    page.locator(".nav-toggle").focus()
    page.keyboard.press("Space")
    expect(reception).to_be_visible()
    fits = "document.documentElement.scrollWidth <= innerWidth"
    for width in (1280, 768, 360, 320):
        page.set_viewport_size({"width": width, "height": 740})
        for verb in page.locator(".verbs details").all():
            verb.evaluate("(each) => { each.open = true; }")
            form, card = verb.locator("form").first.bounding_box(), page.locator(".visitor").bounding_box()
            assert form and card and form["x"] + form["width"] <= card["x"] + card["width"]
            assert page.evaluate(fits), width
            verb.evaluate("(each) => { each.open = false; }")
    page.set_viewport_size({"width": 1280, "height": 800})
    desk.office.budi.sets_console(undo_s=0)
    page.reload()
    foot = page.locator("[data-console-foot]")  # with nothing to say it hides nothing
    assert foot.evaluate("(each) => getComputedStyle(each).backgroundColor") == "rgba(0, 0, 0, 0)"
    box = page.locator("details[data-key=h]").bounding_box()
    page.locator("details[data-key=h] summary").first.click()
    opened = page.locator("details[data-key=h]").bounding_box()
    assert box and opened and opened["width"] > 1.8 * box["width"] and opened["y"] == box["y"]
    page.keyboard.press("Escape")

    # Within a form a key is no verb, and a digit beyond the choices is none of them.
    press_key(page, "c")
    outcome = page.locator("input[name=outcome]:checked")
    page.keyboard.press("9")
    page.keyboard.press("h")
    expect(outcome).to_have_value("fulfilled")
    expect(page.locator("details[data-key=h]")).not_to_have_attribute("open", "")
    expect(page.locator("input[name=outcome]:focus")).to_be_visible()
    page.keyboard.press("Backspace")

    press_key(page, "t")
    area = page.locator("textarea[id^=note-]")
    expect(area).to_be_focused()
    page.keyboard.type("Ditunda: /ktp ")
    expect(area).to_have_value("Ditunda: Fotokopi KTP belum ada. ")
    page.locator("select[data-snippets-for^=note-]").select_option(index=1)
    expect(area).to_have_value("Ditunda: Fotokopi KTP belum ada. Fotokopi KTP belum ada. ")


def test_rows_stand_still_while_somebody_aims_at_them(desk: Desk) -> None:
    """What comes is counted at the foot; a key shows it, and so does the pointer that goes, or the focus."""
    page, office = desk.page, desk.office
    for _ in range(2):
        office.arrives("A")
    rows = page.locator(".queue-list > li")
    expect(rows).to_have_count(2)
    row = page.locator(".queue-list a").first
    before = row.bounding_box()
    assert before is not None
    page.mouse.move(before["x"] + 5, before["y"] + 5)
    held = page.locator("[data-held]")

    office.arrives("A", priority_reason=PriorityReason.ELDERLY)
    expect(held).to_contain_text("1 new entry")
    office.arrives("A", priority_reason=PriorityReason.ELDERLY)
    expect(held).to_contain_text("2 new entries")
    assert (row.bounding_box(), rows.count()) == (before, 2)
    press_key(page, ".")
    expect(rows).to_have_count(4)
    expect(held).to_be_hidden()

    page.mouse.move(before["x"] + 6, before["y"] + 6)  # a mouse that lay there while keys were pressed aims at nothing
    office.arrives("A")
    expect(held).to_be_visible()
    page.mouse.move(5, 5)
    expect(rows).to_have_count(5)
    press_key(page, "j")  # to the list, and on with the arrows
    expect(page.locator(".queue-list a").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".queue-list a").nth(1)).to_be_focused()
    office.arrives("A", priority_reason=PriorityReason.ELDERLY)
    expect(held).to_contain_text("1 new entry")
    page.keyboard.press(".")
    expect(rows).to_have_count(6)
    expect(page.locator(".queue-list a:focus")).to_have_count(1)  # where it was
    page.mouse.move(6, 6)
    page.mouse.down()  # a click in progress elsewhere
    office.arrives("A", priority_reason=PriorityReason.ELDERLY)
    with page.expect_response(lambda answer: "queue" in answer.url):
        pass
    expect(rows).to_have_count(6)
    page.mouse.up()
    expect(rows).to_have_count(7)


def test_a_form_opened_with_the_mouse_takes_digits(desk: Desk) -> None:
    page, office = desk.page, desk.office
    office.arrives("A")
    press_key(page, "n")
    said(page, "is called")
    press_key(page, "s")
    said(page, "is being served")
    page.locator(".verb-first summary").click()
    expect(page.locator(".verb-first .disclosure-body :focus")).to_have_count(1)
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    said(page, "Completed")
    assert office.rows_of_event(EventName.TRANSACTION_COMPLETED)[-1].payload.count('"referred"')


def test_a_form_whose_matter_was_done_elsewhere_keeps_its_heading(desk: Desk) -> None:
    page, office = desk.page, desk.office
    office.arrives("A")
    it = office.sari.serves()
    page.goto(f"{desk.server.url}/offices/{office.id}/counter?transaction={it}")
    press_key(page, "c")
    form = page.locator("details[open]")
    expect(form.locator("summary")).to_contain_text("Complete")
    office.sari.completes(it)
    expect(form.locator("[role=status]")).to_contain_text("changed meanwhile")
    expect(form.locator("summary")).to_contain_text("Complete")
    page.keyboard.press("Escape")
    expect(page.locator(".console-now summary", has_text="Open again")).to_be_visible()
    expect(page.locator("[data-js-meanwhile]")).to_have_count(0)


def test_an_order_that_would_come_late_is_asked_for_again(desk: Desk) -> None:
    page = desk.page
    desk.office.arrives("A")
    page.clock.install()
    page.reload()
    page.context.set_offline(True)
    press_key(page, "n")
    said(page, "within 10 seconds")
    page.clock.fast_forward(12_000)
    said(page, "Press again if it is still right")
    page.context.set_offline(False)
    page.clock.fast_forward(8_000)
    assert desk.happened(EventName.TRANSACTION_CALLED) == 0
    press_key(page, "n")
    said(page, "A001 is called")
    expect(page.locator("[data-unsent]")).to_be_hidden()
    assert desk.happened(EventName.TRANSACTION_CALLED) == 1
