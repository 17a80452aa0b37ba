"""Fragments stay fresh and never disturb the person at the page: streams, polling instead, what is spared and said."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import FRAGMENT, Stage, on_stage
from tests.fixtures.chromium import OpenPage

FORM = '<form method="post" action="/post"><label for="note">Catatan</label><input id="note" name="note"></form>'

# What Chromium says of a connection that was closed under it: one that it kept for the next request may be among them.
CUT = "net::ERR_(SOCKET_NOT_CONNECTED|CONNECTION_(RESET|CLOSED|ABORTED)|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING)"


@pytest.fixture
def stage() -> Iterator[Stage]:
    with on_stage(Stage()) as stage:
        yield stage


@pytest.fixture
def open_page(stage: Stage, open_page: OpenPage) -> OpenPage:
    """Pages are closed before the server they poll, or they would complain of the lost connection."""
    return open_page


def opened(page: Page, stage: Stage, *, connected: bool = True) -> Page:
    """Open the page and wait until its stream said hello."""
    page.goto(stage.address)
    if connected:
        eventually(page, lambda: bool(stage.streams))
    return page


def eventually(page: Page, condition, patience: int = 5000) -> None:
    """Wait, with the browser's loop running, until the condition holds."""
    for _ in range(patience // 50):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not come true in time")


def test_a_change_arrives_without_a_reload(page: Page, stage: Stage):
    opened(page, stage)
    page.evaluate("window.kept = true")
    stage.change("<p>dua</p>")
    expect(page.locator("section")).to_have_text("dua")
    assert page.evaluate("window.kept")
    assert len(stage.streams) == 1


def test_other_topics_are_not_fetched(page: Page, stage: Stage):
    opened(page, stage)
    stage.topics = ["elsewhere"]
    stage.change("<p>dua</p>")
    page.wait_for_timeout(300)
    assert stage.count("/fragment") == 0


def test_what_happened_before_the_connection_is_fetched(page: Page, stage: Stage):
    stage.body = stage.body.replace('data-number="5"', 'data-number="4"').replace("{fragment}", "<p>lama</p>")
    opened(page, stage)
    expect(page.locator("section")).to_have_text("satu")


def test_an_unchanged_page_fetches_nothing_on_hello(page: Page, stage: Stage):
    opened(page, stage)
    page.wait_for_timeout(300)
    assert stage.count("/fragment") == 0


def test_one_stream_serves_several_fragments(page: Page, stage: Stage):
    other = FRAGMENT.replace('data-topics="queue"', 'data-topics="board"')
    stage.body = FRAGMENT + other
    opened(page, stage)
    stage.topics = ["queue", "board"]
    stage.change("<p>dua</p>")
    expect(page.locator("section").nth(0)).to_have_text("dua")
    expect(page.locator("section").nth(1)).to_have_text("dua")
    assert stage.count("/offices/1/stream") == 1


def test_a_form_in_use_is_left_alone_and_the_rest_is_morphed(page: Page, stage: Stage):
    stage.fragment = f"<p>satu</p>{FORM}"
    opened(page, stage)
    page.fill("#note", "Surat kuasa")
    stage.change(f"<p>dua</p>{FORM.replace('Catatan', 'Keterangan')}")
    expect(page.locator("section p")).to_have_text("dua")
    expect(page.locator("#note")).to_have_value("Surat kuasa")
    expect(page.locator("#note")).to_be_focused()
    expect(page.locator("section label")).to_have_text("Catatan")


def test_a_form_left_untouched_is_renewed_after_the_focus_went(page: Page, stage: Stage):
    stage.fragment = f"<p>satu</p>{FORM}"
    opened(page, stage)
    page.focus("#note")
    stage.change(f"<p>dua</p>{FORM.replace('Catatan', 'Keterangan')}")
    expect(page.locator("section p")).to_have_text("dua")
    expect(page.locator("section label")).to_have_text("Catatan")
    page.locator("#note").blur()
    expect(page.locator("section label")).to_have_text("Keterangan")


def test_typed_text_survives_the_removal_of_its_form(page: Page, stage: Stage):
    stage.fragment = FORM
    opened(page, stage)
    page.fill("#note", "Surat kuasa")
    page.locator("#note").blur()
    stage.change("<p>dua</p>")
    expect(page.locator("section p")).to_have_text("dua")
    expect(page.locator("#note")).to_have_value("Surat kuasa")


def test_a_focused_row_goes_only_when_the_focus_went(page: Page, stage: Stage):
    stage.fragment = '<ul><li id="a"><a href="#main">A007</a></li><li id="b">B001</li></ul>'
    opened(page, stage)
    page.focus("#a a")
    stage.change('<ul><li id="b">B001</li><li id="c">C012</li></ul>')
    expect(page.locator("#c")).to_be_visible()
    expect(page.locator("#a a")).to_be_focused()
    page.locator("#a a").blur()
    expect(page.locator("#a")).to_have_count(0)


def test_of_a_spoken_region_only_the_text_changes_and_what_scripts_read(page: Page, stage: Stage):
    stage.fragment = '<p role="status" data-standing="on">menunggu</p>'
    opened(page, stage)
    page.evaluate("window.region = document.querySelector('section [role=status]')")
    stage.change('<p role="status" data-standing="over">silakan menuju loket 3</p>')
    expect(page.locator("section [role=status]")).to_have_text("silakan menuju loket 3")
    assert page.evaluate("window.region.isConnected && window.region.textContent === 'silakan menuju loket 3'")
    assert page.evaluate("window.region.dataset.standing") == "over"


def test_an_opened_disclosure_stays_open(page: Page, stage: Stage):
    stage.fragment = "<details><summary>Jeda</summary><p>satu</p></details>"
    opened(page, stage)
    page.click("summary")
    stage.change("<details><summary>Jeda</summary><p>dua</p></details>")
    expect(page.locator("details p")).to_have_text("dua")
    assert page.evaluate("document.querySelector('details').open")


def test_a_sign_in_page_is_never_morphed_into_a_fragment(page: Page, stage: Stage):
    opened(page, stage)
    page.evaluate("document.addEventListener('live:refused', (event) => { window.refused = event.detail.status; })")
    stage.fragment_moved = True
    stage.change("<p>dua</p>")
    page.wait_for_function("() => window.refused === 401")
    expect(page.locator("section")).to_have_text("satu")


def test_the_same_content_is_answered_with_304(open_page, stage: Stage):
    page = open_page(expected_errors=(CUT,))
    opened(page, stage)
    stage.change("<p>dua</p>")
    expect(page.locator("section")).to_have_text("dua")
    with page.expect_response("**/fragment") as answer:
        stage.say("reset")
    assert answer.value.status == 304


def test_a_lost_stream_comes_back_and_brings_what_was_missed(open_page, stage: Stage):
    page = open_page(expected_errors=(CUT,))
    opened(page, stage)
    stage.change("<p>dua</p>", tell=False)
    stage.cut()
    eventually(page, lambda: bool(stage.streams), 8000)
    expect(page.locator("section")).to_have_text("dua")
    stage.change("<p>tiga</p>")
    expect(page.locator("section")).to_have_text("tiga")


def test_without_a_stream_the_page_polls(open_page, stage: Stage):
    page = open_page(expected_errors=("503",))
    stage.stream_status = 503
    opened(page, stage, connected=False)
    stage.change("<p>dua</p>")
    expect(page.locator("section")).to_have_text("dua")
    assert stage.count("/offices/1/changes") > 0


def test_without_contact_the_page_says_since_when_and_recovers(open_page, stage: Stage):
    page = open_page(expected_errors=("503",))
    page.clock.install()
    stage.stream_status = stage.changes_status = 503
    stage.now, stage.idle = datetime.now(UTC), {"time_zone": "Asia/Jayapura"}
    opened(page, stage, connected=False)
    mark = page.locator("[data-stale-words]")
    page.clock.run_for(4000)
    expect(mark).to_be_hidden()
    for _ in range(6):
        page.clock.run_for(2000)
    expect(mark).to_be_visible()
    expect(mark).to_contain_text("Tidak terhubung sejak")
    since = page.locator("[data-stale-since]")
    lost_at = datetime.fromisoformat(since.get_attribute("datetime") or "").astimezone(ZoneInfo("Asia/Jayapura"))
    assert since.inner_text()[:5] in {f"{lost_at + timedelta(minutes=m):%H.%M}" for m in (-1, 0, 1)}
    stage.changes_status = 200
    for _ in range(16):
        page.clock.run_for(2000)
        page.wait_for_timeout(30)
    expect(mark).to_be_hidden()
