"""Keys, clocks, forms sent once, error summaries, the kiosk and the board, each in a real browser."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import FRAGMENT, Stage, on_stage
from tests.browser.test_live import eventually, opened

BUTTON = """<form method="post" action="/post">
<button data-key="n" data-key-label="Panggil berikutnya">Panggil</button></form>"""
ONCE = """<form method="post" action="/post" data-once>
<input type="hidden" name="key" value="k1"><button>Ambil</button></form>"""
WATCH_ANNOUNCEMENTS = """() => {
    const region = document.querySelector("[data-announcement]");
    new MutationObserver(() => said(region.textContent)).observe(region, {childList: true});
}"""
CALL = '<i data-announce="{0}:1" data-number="{0}" data-place="Loket 3" data-words="{0}, loket 3"></i>'


def board(*numbers: str, sounds: str = "") -> str:
    """Return a board with these calls, the oldest first; there is room for the newest two."""
    rows = "".join(f'<li data-call="{number}:1">{number}</li>' for number in numbers[-2:])
    listed = "".join(CALL.format(number) for number in numbers)
    return f'<div hidden data-sounds data-volume="80" data-times="1" {sounds}>{listed}</div><ul>{rows}</ul>'


@pytest.fixture
def stage() -> Iterator[Stage]:
    with on_stage(Stage(body="", now=datetime.now(UTC))) as stage:
        yield stage


class TestKeys:
    """Single keys that belong to elements of the page."""

    def test_a_key_presses_its_button(self, page: Page, stage: Stage):
        stage.body = BUTTON
        page.goto(stage.address)
        page.keyboard.press("n")
        page.wait_for_url("**/done")
        assert len(stage.posted) == 1

    def test_keys_are_letters_while_typing(self, page: Page, stage: Stage):
        stage.body = BUTTON + '<label>Catatan <input id="note"></label>'
        page.goto(stage.address)
        page.focus("#note")
        page.keyboard.type("nanti?")
        expect(page.locator("#note")).to_have_value("nanti?")
        assert stage.posted == []

    @pytest.mark.parametrize("chord", ["Control+b", "Alt+b"])
    def test_chords_belong_to_the_browser(self, page: Page, stage: Stage, chord: str):
        stage.body = BUTTON.replace('"n"', '"b"')
        page.goto(stage.address)
        page.keyboard.press(chord)
        page.wait_for_timeout(200)
        assert stage.posted == []

    def test_a_key_opens_a_disclosure_and_escape_closes_it(self, page: Page, stage: Stage):
        stage.body = (
            '<details class="disclosure" data-key="h"><summary>Serah terima</summary>'
            '<div class="disclosure-body"><label>Kepada <input id="to"></label></div></details>'
        )
        page.goto(stage.address)
        page.keyboard.press("h")
        expect(page.locator("#to")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#to")).to_be_hidden()
        expect(page.locator("summary")).to_be_focused()

    def test_a_slash_opens_the_filters_and_g_with_a_letter_goes_to_a_place(self, page: Page, stage: Stage):
        stage.body = (
            BUTTON + '<a href="/done?place" data-go="n">Laporan</a><details class="disclosure filters-folded">'
            '<summary>Saringan</summary><div class="disclosure-body"><label>Nomor <input id="q"></label></div>'
            "</details>"
        )
        page.goto(stage.address)
        page.keyboard.press("/")
        expect(page.locator("#q")).to_be_focused()
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.locator("#key-map [data-key-list]")).to_contain_text("G NLaporan")
        page.keyboard.press("Escape")
        expect(page.locator("#key-map")).to_be_hidden()
        page.keyboard.press("g")
        page.keyboard.press("n")  # the place, not the button with the same letter
        page.wait_for_url("**/done?place")
        assert stage.posted == []

    def test_the_map_lists_the_keys_and_can_turn_them_off(self, page: Page, stage: Stage):
        stage.body = BUTTON
        page.goto(stage.address)
        page.keyboard.press("?")
        expect(page.locator("#key-map [data-key-list]")).to_contain_text("Panggil berikutnya")
        page.keyboard.press("n")
        page.get_by_label("Matikan pintasan satu tombol pada perangkat ini").check()
        page.get_by_role("button", name="Tutup").click()
        page.keyboard.press("n")
        page.wait_for_timeout(200)
        assert stage.posted == []
        page.get_by_role("button", name="Pintasan papan ketik").click()
        expect(page.locator("#key-map")).to_be_visible()


class TestOnce:
    """Forms that are sent once, and the key of an intention."""

    def test_two_quick_presses_send_one_form(self, page: Page, stage: Stage):
        stage.body = ONCE
        page.goto(stage.address)
        page.evaluate("() => { const b = document.querySelector('[data-once] button'); b.click(); b.click(); }")
        page.wait_for_url("**/done")
        assert [body["key"] for body in stage.posted] == ["k1"]

    def test_a_form_brought_back_after_an_answer_is_a_new_intention(self, page: Page, stage: Stage):
        stage.body = ONCE
        page.goto(stage.address)
        page.evaluate("sessionStorage.setItem('desk.answered', JSON.stringify(['k1']))")
        page.evaluate("document.querySelector('[data-once]').dataset.busy = 'yes'")
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
        assert len(page.input_value("[name=key]")) == 32
        assert page.get_attribute("[data-once]", "data-busy") is None

    def test_a_form_brought_back_without_an_answer_keeps_its_key(self, page: Page, stage: Stage):
        stage.body = ONCE
        page.goto(stage.address)
        page.evaluate("sessionStorage.setItem('desk.sent', JSON.stringify(['k1']))")
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
        assert page.input_value("[name=key]") == "k1"

    def test_the_page_after_the_answer_notes_it(self, page: Page, stage: Stage):
        stage.body = ONCE
        page.goto(stage.address)
        page.evaluate("sessionStorage.setItem('desk.sent', JSON.stringify(['k1']))")
        page.reload()
        assert page.evaluate("sessionStorage.getItem('desk.answered')") == '["k1"]'


class TestErrors:
    """The summary on top of a page that came back."""

    SUMMARY = (
        '<div class="error-summary" tabindex="-1" data-error-summary><a href="#name">Isi nama.</a></div>'
        '<label for="name">Nama</label><input id="name">'
    )

    def test_it_takes_the_focus_and_leads_to_the_field(self, page: Page, stage: Stage):
        stage.body = self.SUMMARY
        page.goto(stage.address)
        expect(page.locator("[data-error-summary]")).to_be_focused()
        page.get_by_role("link", name="Isi nama.").click()
        expect(page.locator("#name")).to_be_focused()


class TestClock:
    """Running times, by the server's clock."""

    def test_a_clock_runs_by_the_time_of_the_server(self, page: Page, stage: Stage):
        stage.now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
        since = (stage.now - timedelta(minutes=61, seconds=30)).isoformat()
        stage.body = (
            f'<time id="a" data-since="{since}" data-format="elapsed"></time>'
            f'<time id="b" data-since="{since}" data-format="minutes"></time>'
            '<time id="c" data-clock="Asia/Makassar" hidden></time>'
        )
        page.goto(stage.address)
        expect(page.locator("#a")).to_have_text("1:01:32")
        expect(page.locator("#b")).to_have_text("61 menit")
        expect(page.locator("#c")).to_have_text("11.00")


class TestKiosk:
    """A kiosk that nobody attends."""

    @pytest.fixture(autouse=True)
    def _kiosk(self, stage: Stage) -> None:
        stage.frame = "kiosk"
        stage.body = ONCE.replace("data-once", "data-once data-retry")

    def test_it_tries_again_under_the_same_key_until_there_is_an_answer(self, open_page, stage: Stage):
        page = open_page(expected_errors=("503",))
        stage.post_status = 503
        page.goto(stage.address)
        page.get_by_role("button", name="Ambil").click()
        expect(page.get_by_role("alert")).to_contain_text("Sistem antrean tidak dapat dihubungi")
        stage.post_status = 303
        page.wait_for_url("**/done")
        assert {body["key"] for body in stage.posted} == {"k1"}
        assert len(stage.posted) >= 2

    def test_two_taps_are_one_request(self, page: Page, stage: Stage):
        page.goto(stage.address)
        page.get_by_role("button", name="Ambil").dblclick()
        page.wait_for_url("**/done")
        assert len(stage.posted) == 1

    def test_it_warns_and_then_returns_to_the_start(self, page: Page, stage: Stage):
        stage.idle = {"idle_home": "/done", "idle_seconds": 60}
        page.clock.install()
        page.goto(stage.address)
        page.clock.run_for(46_000)
        warning = page.get_by_role("dialog", name="Apakah Anda masih di sini?")
        expect(warning).to_be_visible()
        page.get_by_role("button", name="Ya, lanjutkan").click()
        expect(warning).to_be_hidden()
        page.clock.run_for(46_000)
        expect(warning).to_be_visible()
        page.clock.run_for(16_000)
        page.wait_for_url("**/done")


class TestDisplay:
    """The board makes a new call noticed, one after the other."""

    @pytest.fixture(autouse=True)
    def _board(self, stage: Stage) -> None:
        stage.frame = "display"
        stage.fragment = board("A001")
        stage.body = FRAGMENT

    def test_twenty_calls_at_once_are_each_shown_in_order_and_once(self, page: Page, stage: Stage):
        """There is room for two of them on this board; the others are shown over it, large, while they are said."""
        page.clock.install()
        opened(page, stage)
        said: list[str] = []

        def say(words: str) -> None:
            said.append(words)

        page.expose_function("said", say)
        page.evaluate(WATCH_ANNOUNCEMENTS)
        numbers = [f"A{ordinal:03}" for ordinal in range(1, 22)]
        stage.change(board(*numbers))
        expect(page.locator("[data-spotlight-number]")).to_have_text("A002")
        stage.say("reset")
        for place, number in enumerate(numbers[1:]):
            eventually(page, lambda number=number: said[-1:] == [f"{number}, loket 3"])
            seen = page.locator("[data-spotlight-number], [data-js-new]").filter(visible=True)
            assert seen.all_inner_texts() == [number]
            page.clock.run_for(2600 if place < 19 else 4600)  # shorter while others wait
        expect(page.locator("[data-js-new]")).to_have_count(0)
        expect(page.locator("[data-spotlight]")).to_be_hidden()
        assert said == [f"{number}, loket 3" for number in numbers[1:]]

    def test_a_reload_says_what_was_not_said_yet_and_nothing_else(self, page: Page, stage: Stage):
        page.clock.install()
        opened(page, stage)
        stage.change(board("A001", "A002", "A003"))
        expect(page.locator("[data-js-new]")).to_have_text("A002")
        page.clock.run_for(4600)
        expect(page.locator("[data-js-new]")).to_have_text("A003")
        page.reload()  # cuts the last one off
        page.clock.run_for(600)
        expect(page.locator("[data-js-new]")).to_have_text("A003")
        page.clock.run_for(4600)
        expect(page.locator("[data-js-new]")).to_have_count(0)
        page.reload()
        page.clock.run_for(600)
        expect(page.locator("[data-js-new]")).to_have_count(0)

    def test_it_says_that_it_has_no_sound_unless_none_is_wanted(self, page: Page, stage: Stage):
        opened(page, stage)
        mute = page.get_by_role("region", name="Layar ini tidak bersuara")
        expect(mute).to_be_visible()
        stage.change(board("A001", sounds="data-quiet"))
        expect(page.locator("[data-hush]")).to_be_visible()
        expect(mute).to_be_hidden()
        stage.change(board("A001"))
        mute.get_by_role("button").click()
        expect(mute).to_be_hidden()
        expect(page.get_by_role("button", name="Coba bunyinya")).to_be_visible()


def test_a_page_works_without_scripts(open_page, stage: Stage):
    page = open_page(java_script_enabled=False)
    stage.body = ONCE
    page.goto(stage.address)
    page.get_by_role("button", name="Ambil").click()
    page.wait_for_url("**/done")
    assert len(stage.posted) == 1
    eventually(page, lambda: stage.count("/done") == 1)


def test_a_clock_of_an_unknown_zone_stops_nothing(page: Page, stage: Stage):
    """Such a zone may come from the settings of an old office."""
    stage.body = '<time data-clock="localtime" hidden></time><time data-clock="Asia/Jakarta" id="known" hidden></time>'
    page.goto(stage.address)
    for clock in page.locator("time[data-clock]").all():
        expect(clock).to_have_text(re.compile(r"\d\d.\d\d"))


@pytest.mark.parametrize("needed", ["true", "false"])
def test_a_file_that_is_too_large_is_said_again_when_it_is_sent(page: Page, stage: Stage, needed: str):
    stage.body = (
        '<form method="post" action="/post" data-once><label for="f">Berkas</label><input type="file" id="f" name="f"'
        f' aria-required="{needed}" data-most-bytes="3" data-too-large="Terlalu besar."><button>Kirim</button></form>'
        '<script type="module" src="/static/js/upload.js"></script>'
    )
    page.goto(stage.address)
    page.set_input_files("#f", {"name": "x.csv", "mimeType": "text/csv", "buffer": b"1234"})
    expect(page.get_by_role("alert")).to_have_text("Terlalu besar.")
    page.click("button:text('Kirim')")
    expect(page.get_by_role("alert")).to_have_text("Terlalu besar.")
    assert stage.posted == []
    if needed == "true":
        page.set_input_files("#f", {"name": "x.csv", "mimeType": "text/csv", "buffer": b"12"})
    page.click("button:text('Kirim')")
    page.wait_for_url("**/done")
