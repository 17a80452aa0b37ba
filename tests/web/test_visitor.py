"""The visitor's own page: what it says in every state, whose it is, and that looking at it changes nothing."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import update

from desk.domain.facts import EventName
from desk.domain.lifecycle import Outcome
from desk.domain.reasons import PauseCause, PriorityReason
from desk.domain.tokens import TokenKind, derive
from desk.models import InvitationRow, Office, TransactionRow, Visit
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web, everything

STAFF = ("Sari", "Dewi", "Joko", "Budi", "Ratna", "Agus")


@pytest.fixture
def wati(desk_office: DeskOffice, web: Web) -> str:
    """The address of Wati's page; she waits for an auction."""
    return web.status_path(desk_office.arrives("A", name="Wati", language="en").facts["visit"])


def said(web: Web, path: str) -> str:
    """Return what the page and its live part say alike; nobody of the staff is ever named."""
    page, part = web.get(path), web.get(f"{path}/now")
    assert part.said in page.said
    assert not [name for name in STAFF if name in page.text]
    assert "Wati" not in page.text
    return page.said


def test_the_page_speaks_the_language_in_which_the_number_was_taken(web: Web, desk_office: DeskOffice):
    indonesian = web.status_path(desk_office.arrives("A", language="id").facts["visit"])
    english = web.status_path(desk_office.arrives("A", language="en").facts["visit"])

    assert "Anda berikutnya" in said(web, indonesian)
    assert "1 person before you" in said(web, english)
    assert "1 orang di depan Anda" in web.get(f"{english}?language=id").said


def test_waiting_counts_those_who_come_earlier(web: Web, desk_office: DeskOffice):
    first = desk_office.arrives("A", language="en").facts["visit"]
    desk_office.arrives("B")
    desk_office.clock.tick(60)
    second = desk_office.arrives("A", language="en").facts["visit"]
    assert "You are next" in said(web, web.status_path(first))
    assert "1 person before you" in said(web, web.status_path(second))

    elderly = desk_office.arrives("A", priority_reason=PriorityReason.ELDERLY, language="en").facts["visit"]

    assert "You are next" in said(web, web.status_path(elderly))
    assert "1 person before you" in said(web, web.status_path(first))
    assert "2 people before you" in said(web, web.status_path(second))


def test_who_would_pass_is_named_by_the_confirmation_or_it_is_asked_again(web: Web, desk_office: DeskOffice):
    taken = [desk_office.arrives("A", language="en").facts for _ in range(2)]
    path = f"{web.status_path(taken[0]['visit'])}/more-time/{taken[0]['transaction']}"
    page = web.get(path)
    for odd in (None, "", "nobody", "9" * 30, str(taken[0]["transaction"])):
        again = web.follow(web.send(page, path, passes=odd, key=f"k{odd}"))
        assert "now A002 would pass" in again.said
        assert "Let one person pass?" in again.said
    assert EventName.VISITOR_GAVE_WAY not in desk_office.happened()

    for wish in range(6):
        web.send(web.get(path), path)
        web.send(web.get(path), f"{path}/undoing", key=f"u{wish}")
    assert "taken it back several times" in web.follow(web.get(path, status=303)).said
    assert desk_office.happened().count(EventName.VISITOR_GAVE_WAY) == 6


def test_called_says_where_to_go_and_shows_it_large(web: Web, desk_office: DeskOffice, wati: str):
    desk_office.dewi.signs_on(3)
    desk_office.dewi.calls(counter=3)

    page = web.get(wati)

    assert "Please go to counter 3" in said(web, wati)
    assert 'class="go-to"' in page.text
    assert 'class="ticket ticket-called"' in page.text
    assert f'data-call="{desk_office.row(TransactionRow).id}:1"' in page.text
    assert "I am leaving" not in page.said
    web.speak("id")
    assert "Silakan menuju loket 3" in web.get(wati).said


def test_each_state_is_said_in_words(web: Web, desk_office: DeskOffice, wati: str):
    sari, dewi, joko = desk_office.sari, desk_office.dewi, desk_office.joko
    sari.signs_on(1)
    dewi.signs_on(2)
    joko.signs_on(4)
    transaction = sari.serves()
    assert "You are being served at counter 1" in said(web, wati)

    handoff = sari.offers(transaction, dewi)
    assert "You are being handed over to a colleague" in said(web, wati)

    dewi.accepts(handoff)
    assert "You are being served at counter 2" in said(web, wati)

    dewi.processes(transaction, due_at=desk_office.clock.now + timedelta(days=17))
    assert "We are working on it" in said(web, wati)
    assert "We expect to finish by Thu 19 Mar 2026" in said(web, wati)

    dewi.pauses(transaction, cause=PauseCause.VISITOR)
    assert "We are waiting for something from you" in said(web, wati)
    assert "We look at it again by Tue 3 Mar 2026" in said(web, wati)

    dewi.resumes(transaction)
    dewi.completes(transaction, Outcome.INCOMPLETE)
    assert "Finished: papers are missing" in said(web, wati)


def test_a_visitor_who_asked_for_time_reads_until_when(web: Web, desk_office: DeskOffice, wati: str):
    desk_office.sari.signs_on()
    desk_office.sari.seats(desk_office.sari.serves(), minutes=15)

    assert "You will not be called before 08:15" in said(web, wati)


def test_every_other_ending_has_its_words(web: Web, desk_office: DeskOffice):
    desk_office.sari.signs_on()
    missed, cancelled, unserved = (
        web.status_path(desk_office.arrives("A", language="en").facts["visit"]) for _ in range(3)
    )
    desk_office.sari.misses(desk_office.sari.calls().facts["transaction"])
    desk_office.sari.cancels(desk_office.sari.calls().facts["transaction"])
    desk_office.budi.closes_day()

    assert "today you can be put back in the queue" in said(web, missed)
    assert "This was cancelled" in said(web, cancelled)
    assert "The office closed before it was your turn" in said(web, unserved)


def test_all_transactions_of_a_visit_are_shown(web: Web, desk_office: DeskOffice):
    desk_office.arrives("B")
    path = web.status_path(desk_office.arrives("A", "B", language="en").facts["visit"])

    words = said(web, path)

    assert "Lelang: You are next" in words
    assert "Kekayaan negara: 1 person before you" in words
    assert web.get(path).queries <= 7


def test_many_who_wait_cost_no_more_queries(web: Web, desk_office: DeskOffice, wati: str):
    before = web.get(wati).queries
    for _ in range(5):
        desk_office.arrives("A")

    assert web.get(wati).queries == before


def test_the_live_part_is_sent_again_only_when_it_changed(web: Web, desk_office: DeskOffice, wati: str):
    first = web.get(f"{wati}/now")
    known = {"If-None-Match": first.headers["ETag"]}

    web.get(f"{wati}/now", status=304, headers=known)
    desk_office.sari.signs_on()
    desk_office.sari.calls()

    assert "Please go to counter 1" in web.get(f"{wati}/now", headers=known).said


def test_looking_changes_nothing(web: Web, desk_office: DeskOffice, wati: str):
    desk_office.sari.signs_on()
    desk_office.sari.processes(desk_office.sari.serves())
    other = web.status_path(desk_office.arrives("A").facts["visit"])
    before = everything(desk_office)

    transaction = desk_office.rows(TransactionRow)[0].id
    paths = [wati, f"{wati}/now", f"{wati}/ticket", f"{wati}/open-matters", f"{wati}/return/{transaction}"]
    for path in (*paths, other, f"{other}/departure", f"{other}/now"):
        assert web.get(path).status == web.client.head(path).status_code == 200

    assert everything(desk_office) == before


@pytest.mark.parametrize("token", ["nonsense", "a" * 26, "a" * 5_000, "%00", "%F0%9F%98%80", "..%2f..%2fetc"])
@pytest.mark.parametrize("page", ["", "/now", "/ticket", "/departure", "/open-matters", "/return/5"])
def test_a_token_that_never_was_opens_nothing(web: Web, token: str, page: str):
    web.get(f"/v/{token}{page}", status=404)


def test_a_survey_token_never_opens_a_visit(web: Web, desk_office: DeskOffice, wati: str):
    desk_office.sari.signs_on()
    desk_office.sari.completes(desk_office.sari.serves())
    invitation = desk_office.row(InvitationRow).id
    survey = derive(desk_office.streams.keys.links, TokenKind.SURVEY, invitation)

    for page in ("", "/now", "/ticket", "/departure"):
        web.get(f"/v/{survey}{page}", status=404)
    web.post(f"/v/{survey}/departure", status=404)
    assert web.get(f"/v/{survey}", status=404).text == web.get("/v/nonsense", status=404).text.replace(
        "/v/nonsense", f"/v/{survey}"
    )


def test_what_a_mail_program_adds_to_a_link_does_not_break_it(web: Web, wati: str):
    assert "A001" in web.get(f"{wati}.").said
    assert "A001" in web.get("/v/" + wati.removeprefix("/v/").upper()).said


def test_nobody_keeps_passes_on_or_lists_the_page(web: Web, wati: str):
    for page in ("", "/now", "/ticket", "/departure"):
        headers = web.get(f"{wati}{page}").headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]


def test_leaving_is_asked_for_and_then_done(web: Web, desk_office: DeskOffice, wati: str):
    page = web.get(wati)
    assert f'href="{wati}/departure"' in page.text
    question = web.get(f"{wati}/departure")
    assert "Give up number A001?" in question.said

    answer = web.follow(web.send(question, f"{wati}/departure"))

    assert "Your number A001 is given up." in answer.said
    assert "You gave this number up" in answer.said
    assert desk_office.row(TransactionRow).ending == "left"


def test_leaving_twice_is_once(web: Web, desk_office: DeskOffice, wati: str):
    question = web.get(f"{wati}/departure")
    web.send(question, f"{wati}/departure")
    before = everything(desk_office)

    web.send(question, f"{wati}/departure")
    refused = web.follow(web.send(question, f"{wati}/departure", key="another"))

    assert "no longer possible" in refused.said
    assert everything(desk_office) == before
    assert web.get(f"{wati}/departure", status=302).location == wati


def test_who_is_being_served_does_not_leave_by_a_press(web: Web, desk_office: DeskOffice, wati: str):
    question = web.get(f"{wati}/departure")
    desk_office.sari.signs_on()
    transaction = desk_office.sari.serves()

    web.send(question, f"{wati}/departure")

    assert desk_office.state(transaction) == "serving"


def test_leaving_needs_the_token_against_forgery(web: Web, desk_office: DeskOffice, wati: str):
    web.post(f"{wati}/departure", status=400, csrf=False)

    assert desk_office.row(TransactionRow).state == "waiting"


@pytest.fixture
def processing(desk_office: DeskOffice, wati: str) -> int:
    """Wati's transaction, being processed; she has gone home."""
    desk_office.sari.signs_on()
    transaction = desk_office.sari.serves()
    desk_office.sari.processes(transaction)
    return transaction


def test_being_here_again_gives_a_new_number(web: Web, desk_office: DeskOffice, wati: str, processing: int):
    page = web.get(wati)
    assert f'href="{wati}/return/{processing}"' in page.text

    done = web.send(web.get(f"{wati}/return/{processing}"), f"{wati}/return/{processing}")

    new = web.follow(done)
    assert "A002" in new.said
    assert "You are next" in new.said
    assert desk_office.rows(Visit)[-1].channel == "phone"
    assert desk_office.transaction(processing).state == "waiting"


def test_the_old_link_leads_on_to_the_new_number(web: Web, desk_office: DeskOffice, wati: str, processing: int):
    newer = desk_office.comes_back(processing).facts["visit"]

    page = web.get(wati)

    assert "This goes on under the number A002" in page.said
    assert f'href="{web.status_path(newer)}"' in page.text
    assert "I am leaving" not in page.said
    assert "I am here again" not in page.said


def test_a_middle_visit_still_knows_its_transaction(web: Web, desk_office: DeskOffice, processing: int):
    second = desk_office.comes_back(processing, language="en").facts["visit"]
    desk_office.sari.processes(desk_office.sari.serves())
    desk_office.comes_back(processing)

    assert "This goes on under the number A003" in said(web, web.status_path(second))


def test_nobody_comes_back_for_another_visitor(web: Web, desk_office: DeskOffice, wati: str):
    desk_office.sari.signs_on()
    other = desk_office.arrives("A").facts["transaction"]
    before = everything(desk_office)

    web.get(f"{wati}/return/{other}", status=404)
    web.post(f"{wati}/return/{other}", status=404)
    web.post(f"{wati}/return/{2**70}", status=404)
    assert everything(desk_office) == before


def test_coming_back_in_closed_hours_is_refused_with_the_next_opening(web: Web, desk_office: DeskOffice):
    path = web.status_path(desk_office.arrives("C", language="en").facts["visit"])
    desk_office.dewi.signs_on()
    transaction = desk_office.dewi.serves()
    desk_office.dewi.processes(transaction)
    question = web.get(f"{path}/return/{transaction}")
    desk_office.clock.now += timedelta(hours=9)

    answer = web.follow(web.send(question, f"{path}/return/{transaction}"))

    assert "Next opening: Tuesday, 3 March 2026 08:00" in answer.said
    assert len(desk_office.rows(Visit)) == 1


def test_who_was_served_is_led_to_the_survey(web: Web, desk_office: DeskOffice, wati: str, processing: int):
    assert "Tell us how it was" not in web.get(wati).said
    desk_office.sari.completes(processing)
    survey = web.survey_path(desk_office.row(InvitationRow).id)

    assert f'href="{survey}"' in web.get(wati).text
    web.get(survey)
    desk_office.answers(desk_office.row(InvitationRow).id)
    assert survey not in web.get(wati).text


@pytest.mark.parametrize("name", ["Sari", "Budi", "Ratna", "Agus"])
@pytest.mark.parametrize(
    ("language", "words"), [("id", "di ponsel mereka sendiri"), ("en", "finds the questions about this on their own")]
)
def test_no_link_to_the_survey_stands_in_a_browser_of_staff(
    web: Web, desk_office: DeskOffice, wati: str, processing: int, name: str, language: str, words: str
):
    desk_office.sari.completes(processing)
    browser = web.as_(name)
    browser.speak(language)

    pages = [browser.get(f"{wati}{each}") for each in ("", "?via=ticket", "/now", "/now?via=receipt")]

    for page in pages:
        assert ("/s/" in page.text, words in page.text) == (False, True)
    browser.post("/sign-out")
    assert "/s/" in browser.get(wati).text


def test_a_survey_that_expired_is_not_offered(web: Web, desk_office: DeskOffice, wati: str, processing: int):
    desk_office.sari.completes(processing)
    desk_office.clock.now += timedelta(days=15)

    assert "Tell us how it was" not in web.get(wati).said


def test_no_token_is_logged(
    web: Web, desk_office: DeskOffice, wati: str, processing: int, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    desk_office.sari.completes(processing)
    survey = web.survey_path(desk_office.row(InvitationRow).id)

    web.get(wati)
    web.get(f"{wati}/ticket")
    web.post(f"{wati}/departure", csrf=False, status=400)
    web.post(f"{wati}/departure")
    web.get(survey)
    web.post(survey, status=422)
    web.get(survey[:-3], status=404)

    tokens = [path.rpartition("/")[2] for path in (wati, survey)]
    assert not [
        record.getMessage() for record in caplog.records if any(token in record.getMessage() for token in tokens)
    ]


def test_a_counter_with_a_name_of_its_own_is_named(web: Web, desk_office: DeskOffice, wati: str):
    from desk.models import Counter

    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Counter).where(Counter.number == 1).values(name="Loket Lelang"))
        connection.execute(update(Office).values(name="KPKNL Contoh"))
    desk_office.sari.signs_on()
    desk_office.sari.calls()

    assert "Loket Lelang" in web.get(wati).said


def test_the_page_tells_place_range_and_when_to_be_back(web: Web, desk_office: DeskOffice):
    """Nothing is said of the wait until enough calls were seen; then a range, and for a long one by when to be back."""
    for _ in range(12):
        desk_office.arrives("A")
    mine = web.status_path(desk_office.arrives("A", language="en").facts["visit"])
    desk_office.sari.signs_on(1)
    assert "<dt>your place in the queue</dt><dd>13</dd>" in web.get(mine).text
    assert "too little is known of today. The office promises a call within 30 min" in said(web, mine)
    for _ in range(6):
        transaction = desk_office.sari.serves()
        desk_office.clock.tick(900)
        desk_office.sari.completes(transaction)

    words = said(web, mine)

    assert "until your turn, about" in words and "It is your turn in about 35 min to 3 h 30 min." in words
    assert "You may go away meanwhile. Be back by 09:55" in words
    assert "too little" not in words
    assert web.get(mine).queries <= 7
