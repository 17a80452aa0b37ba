"""What is set of the console: limits, texts, habits; a page of one's own day; undoing and adding from the console."""

import re

import pytest

from desk.domain.facts import EventName
from desk.models import Snippet, TransactionRow
from tests.fixtures.page_tree import words

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
CONSOLE = "/offices/1/counter"
SETTINGS = "/offices/1/console-settings"
HABITS = "/offices/1/my-console"


@pytest.fixture
def sari(web, desk_office):
    """Sari's browser, in English; she is on duty at counter 1."""
    desk_office.sari.signs_on(1)
    browser = web.as_("Sari")
    browser.speak("en")
    return browser


def keys(page):
    """Return the single keys of a page."""
    return set(re.findall(r'data-key="(.)"', page.text))


def test_a_supervisor_sets_when_somebody_has_not_come_and_the_console_says_what_is_missing(web, desk_office, sari):
    budi = web.as_("Budi")
    page = budi.get(SETTINGS)
    refused = budi.send(page, SETTINGS, status=422, no_show_calls="0", no_show_after_s="60", undo_s="20")
    assert 'value="60"' in refused.text
    budi.follow(budi.send(page, SETTINGS, no_show_calls="2", no_show_after_s="60", undo_s="20"))
    services = f"{SETTINGS}/services/{desk_office.services['B']}"
    budi.send(budi.get(SETTINGS), services, no_show_calls="1", no_show_after_s="")
    rules = desk_office.streams.configuration
    with desk_office.streams.reading() as reader:
        found = rules(reader, 1)
    assert (found.no_show(desk_office.services["B"]).calls, found.no_show(desk_office.services["A"]).calls) == (1, 2)
    assert found.no_show(desk_office.services["B"]).seconds == 60

    desk_office.arrives("A")
    it = desk_office.sari.calls().facts["transaction"]
    assert "after 1 more call, and 60 s" in sari.get(CONSOLE).said
    answer = sari.follow(sari.send(sari.get(CONSOLE), f"/offices/1/transactions/{it}/no-show"))
    assert "called 2 times before" in answer.said
    desk_office.sari.recalls(it)
    assert "data-until" in sari.get(CONSOLE).text
    desk_office.clock.tick(60)
    assert 'id="not-yet"' not in sari.get(CONSOLE).text
    page = sari.follow(sari.send(sari.get(CONSOLE), f"/offices/1/transactions/{it}/no-show"))
    assert "Take the no-show of A001 back" in page.said
    page = sari.follow(sari.send(page, f"/offices/1/transactions/{it}/undoing"))
    assert desk_office.state(it) == "waiting"
    desk_office.clock.tick(30)
    assert "undoing" not in sari.get(CONSOLE).text


def test_undoing_an_end_says_what_came_back_with_it_and_what_did_not(desk_office, sari):
    desk_office.arrives("A")
    it = desk_office.sari.serves()
    desk_office.sari.requests(it, desk_office.dewi)
    desk_office.sari.processes(it)
    desk_office.sari.offers(it, desk_office.dewi)
    desk_office.sari.completes(it)
    page = sari.follow(sari.send(sari.get(CONSOLE), f"/offices/1/transactions/{it}/undoing"))
    assert "Open requests wait for their answer again." in page.said
    assert "The offer to a colleague was withdrawn; offer again." in page.said


def test_whoever_chose_nothing_hears_that_a_visitor_waits_and_whoever_chose_less_does_not(web, desk_office, sari):
    assert 'data-alerts="answers due offers requests waiting"' in sari.get(CONSOLE).text
    sari.follow(sari.send(sari.get(HABITS), HABITS, alerts=["due"]))
    assert 'data-alerts="due"' in sari.get(CONSOLE).text


def test_keys_of_one_hand_a_strip_of_them_and_what_sounds_are_ones_own(web, desk_office, sari):
    page = sari.get(HABITS)
    sari.follow(sari.send(page, HABITS, hand="left", strip="y", alerts=["due", "waiting"]))
    desk_office.arrives("A")
    console = sari.get(CONSOLE)
    assert {"f", "1", "5", "b"} <= keys(console) and "n" not in keys(console)
    assert 'data-alerts="due waiting"' in console.text
    assert '<p class="key-strip" data-key-strip aria-hidden="true"></p>' in console.text
    desk_office.dewi.signs_on(2)
    assert "n" in keys(web.as_("Dewi").get(CONSOLE))
    sari.send(sari.get(HABITS), HABITS, status=422, hand="both")


def test_texts_of_the_office_and_of_ones_own_are_offered_below_a_note(web, desk_office, sari):
    budi, new = web.as_("Budi"), f"{SETTINGS}/snippets"
    budi.follow(budi.send(budi.get(SETTINGS), new, code="/KTP", words="Fotokopi KTP belum ada"))
    assert "Fotokopi" in budi.send(budi.get(SETTINGS), new, status=409, code="ktp", words="Fotokopi lain").text
    for typed, rule in (
        ({"code": "surat kuasa", "words": "Ada"}, "1 to 12 letters and digits"),
        ({"code": "sk", "words": "x" * 401}, "at most 400 characters"),
    ):
        assert rule in sari.send(sari.get(HABITS), f"{HABITS}/snippets", status=422, **typed).said
    own = sari.follow(sari.send(sari.get(HABITS), f"{HABITS}/snippets", code="sk", words="Surat kuasa dicek"))
    assert "Fotokopi KTP belum ada" in own.said
    desk_office.arrives("A")
    desk_office.sari.serves()
    page = sari.get(CONSOLE).text
    note = page[page.index('<label for="note-') :]
    assert "optional" not in note[: note.index("</label>")]
    assert 'data-code="ktp"' in page and 'data-code="sk"' in page
    snippet, mine = (row.id for row in desk_office.rows(Snippet))
    sari.post(f"{HABITS}/snippets/{snippet}/removal", status=404)  # the office's is not hers
    sari.send(sari.get(HABITS), f"{HABITS}/snippets/{mine}", code="sk", words="Surat kuasa sudah dicek")
    sari.send(sari.get(HABITS), f"{HABITS}/snippets/{mine}/removal")
    assert [(row.retired, row.words) for row in desk_office.rows(Snippet)] == [
        (False, "Fotokopi KTP belum ada"),
        (True, ""),
    ]
    assert not any(
        "Surat" in row.payload or "KTP" in row.payload for row in desk_office.rows_of_event(EventName.SETTING_CHANGED)
    )


def test_a_further_service_is_added_from_the_card_and_what_was_typed_is_kept(desk_office, sari):
    desk_office.arrives("A")
    it = desk_office.sari.serves()
    matters = f"/offices/1/transactions/{it}/matters"
    sari.send(sari.get(CONSOLE), matters, status=422, service="")
    page = sari.follow(sari.send(sari.get(CONSOLE), matters, service=str(desk_office.services["C"])))
    assert "Also here for" in words(page.tree.by_id(f"card-{it}"))
    assert len({row.visit_id for row in desk_office.rows(TransactionRow)}) == 1

    assert "Take back the service that was added for A001" in page.said
    (added,) = (row.id for row in desk_office.rows(TransactionRow) if row.id != it)
    undone = sari.follow(sari.send(page, f"/offices/1/transactions/{added}/undoing"))
    assert "does not wait for it" in undone.said and "/undoing" not in undone.text


def test_what_waits_stands_in_one_list_with_counts(desk_office, sari):
    desk_office.dewi.signs_on(2)
    desk_office.arrives("B")
    desk_office.arrives("B")
    handed = desk_office.dewi.serves(counter=2)
    desk_office.dewi.processes(handed)
    desk_office.dewi.offers(handed, desk_office.sari)
    asked = desk_office.dewi.serves(counter=2)
    desk_office.dewi.requests(asked, desk_office.sari)
    page = sari.get(CONSOLE)
    assert 'data-counts="due:0 offers:1 requests:1 answers:0"' in page.text
    waits = words(page.tree.by_id("waits"))
    assert "Offer" in waits and "Question" in waits


def test_the_own_day_in_numbers_for_nobody_else(web, desk_office, sari):
    for seconds in (120, 240):
        desk_office.arrives("A")
        it = desk_office.sari.serves()
        desk_office.clock.tick(seconds)
        desk_office.sari.completes(it)
    desk_office.arrives("A")
    slip = desk_office.sari.calls().facts["transaction"]  # one visitor, however often called
    desk_office.sari.undoes(slip)
    for _ in range(2):
        desk_office.sari.calls()
        desk_office.sari.seats(slip)
        desk_office.clock.tick(300)
    desk_office.sari.takes_break()
    desk_office.clock.tick(600)
    desk_office.sari.ends_break()
    said = sari.get("/offices/1/my-day").said
    for each in (
        "Visitors served2",
        "On average3 min",
        "Longest4 min",
        "1 break",
        "10 min",
        "fulfilled: 2",
        "Visitors called3",
    ):
        assert each in said, said
    other = web.as_("Dewi")
    other.speak("en")
    assert "fulfilled" not in other.get("/offices/1/my-day").said


def test_a_form_sent_by_the_script_is_told_where_to_go_on(desk_office, sari):
    desk_office.arrives("A")
    calls = f"/offices/1/counters/{desk_office.counters[1]}/calls"
    page = sari.get(CONSOLE)
    for _ in range(2):  # the answer got lost: the same form again, done once
        answer = sari.client.post(calls, data=page.form(calls), headers={"X-Desk-Sent": "1"})
        assert (answer.status_code, answer.headers["X-Desk-Go-On"]) == (204, CONSOLE)
    assert "A001 is called." in sari.get(CONSOLE).said
