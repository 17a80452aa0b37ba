"""The counter console: one screen for an officer's day, what it offers and what it refuses."""

import re
from datetime import timedelta

import pytest
from werkzeug.exceptions import HTTPException

from desk.domain.lifecycle import Action, State, possible
from desk.domain.reasons import HandoffReason, PriorityReason
from tests.fixtures.office import furnish
from tests.fixtures.page_tree import name_of, words

CONSOLE = "/offices/1/counter"
# The nouns under which the page offers what the life cycle allows.
NOUNS = {
    Action.CALL: "calls",
    Action.RECALL: "recalls",
    Action.START: "start",
    Action.RETURN: "return",
    Action.TRANSFER: "handoffs",
    Action.OFFER: "handoffs",
    Action.POOL: "handoffs",
    Action.TAKE: "takings",
    Action.FORCE: "forced-handovers",
    Action.FORCE_PROCESSING: "forced-handovers",
    Action.PROCESS: "processing",
    Action.PAUSE: "pauses",
    Action.RESUME: "resumption",
    Action.RESUME_SERVING: "resumption",
    Action.COME_BACK: "come-back",
    Action.COMPLETE: "completion",
    Action.CANCEL: "cancellation",
    Action.NO_SHOW: "no-show",
    Action.LEAVE: "departure",
    Action.REOPEN: "reopening",
    Action.REINSTATE: "reinstatement",
}
NOT_BY_HAND = {Action.CLOSE_DAY, Action.GIVE_WAY, Action.UNDO_GIVE_WAY}  # those are the visitor's
# Sari is in no pool, and gives no orders.
NOT_HERS = {Action.TAKE, Action.FORCE, Action.FORCE_PROCESSING}


def step(transaction, noun):
    """Return the address of a step of a transaction."""
    return f"/offices/1/transactions/{transaction}/{noun}"


def do(browser, transaction, noun, *, page=None, **fields):
    """Press a button of the console, or send one of its forms, and return the page that follows."""
    answer = browser.send(page or browser.get(CONSOLE), step(transaction, noun), **fields)
    return browser.follow(answer)


def actions(page):
    """Return where the forms of a page post to."""
    return [form.get("action") for form in page.tree.named("form") if form.get("method") == "post"]


def card(page, transaction):
    """Return the nouns that the card of a transaction offers, but for asking and adding, which are no steps of it."""
    element = page.tree.by_id(f"card-{transaction}")
    found = {form.get("action") for form in element.iter() if isinstance(form.tag, str) and name_of(form) == "form"}
    return {action.rpartition("/")[2] for action in found} - {"requests", "matters"}


@pytest.fixture
def sari(web, desk_office):
    """Sari's browser; she is on duty at counter 1."""
    desk_office.sari.signs_on(1)
    return web.as_("Sari")


@pytest.fixture
def dewi(web, desk_office):
    """Dewi's browser; she is on duty at counter 2."""
    desk_office.dewi.signs_on(2)
    return web.as_("Dewi")


# -- the day of an officer -------------------------------------------------------------------------------------------


def test_who_is_off_duty_chooses_a_counter(web, desk_office, dewi):
    browser = web.as_("Sari")
    page = browser.get(CONSOLE)
    first, taken = (f"/offices/1/counters/{desk_office.counters[number]}/duties" for number in (1, 2))
    assert first in actions(page)
    assert taken not in actions(page)
    assert "Dewi" in page.said

    following = browser.follow(browser.send(page, first))

    assert "Loket 1" in words(following.tree.named("h1")[0])
    assert f"/offices/1/counters/{desk_office.counters[1]}/calls" in actions(following)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_whole_path_from_call_to_completion_through_a_colleague(desk_office, sari, dewi, language):
    sari.speak(language)
    dewi.speak(language)
    done = desk_office.arrives("B", name="Ibu Wati", email="wati@example.id", consent=True)
    transaction = done.facts["transaction"]
    desk_office.clock.tick(720)
    call = f"/offices/1/counters/{desk_office.counters[1]}/calls"

    page = sari.follow(sari.send(sari.get(CONSOLE), call))
    assert "B001" in page.said
    assert "Ibu Wati" in page.said
    page = do(sari, transaction, "recalls")
    page = do(sari, transaction, "start")
    given = {"to": f"officer-{desk_office.dewi.id}", "reason": "specialist", "note": "Surat kuasa sudah dicek."}
    page = do(sari, transaction, "handoffs", **given)
    assert "B001" in page.said  # still hers until Dewi accepts

    (handoff,) = re.findall(r"/offices/1/handoffs/(\d+)/acceptance", dewi.get(CONSOLE).text)
    inbox = dewi.get(CONSOLE)
    assert "Surat kuasa sudah dicek." in inbox.said
    page = dewi.follow(dewi.send(inbox, f"/offices/1/handoffs/{handoff}/acceptance"))
    assert desk_office.transaction(transaction).state == "serving"
    assert desk_office.transaction(transaction).holder_id == desk_office.dewi.id
    assert "Surat kuasa sudah dicek." in page.said
    assert "Sari" in page.said

    page = do(dewi, transaction, "completion", outcome="fulfilled")
    row = desk_office.transaction(transaction)
    assert (row.state, row.ending, row.outcome) == ("ended", "completed", "fulfilled")
    assert f"finished-{transaction}" in page.tree.ids
    assert desk_office.findings() == []


def test_the_call_says_why_and_who_was_passed_over(desk_office, sari):
    sari.speak("en")
    desk_office.arrives("A")
    desk_office.clock.tick(120)
    elder = desk_office.arrives("A", priority_reason=PriorityReason.ELDERLY).facts["transaction"]
    desk_office.clock.tick(60)
    page = sari.follow(sari.send(sari.get(CONSOLE), f"/offices/1/counters/{desk_office.counters[1]}/calls"))
    said = words(page.tree.by_id(f"card-{elder}"))
    assert "Has priority, which counts as 15 min of waiting: before 1 visitor who came earlier." in said
    assert "Has waited 1 min." in said
    assert "A001 2 min longer here" in said


def test_somebody_in_particular_is_called_only_with_a_reason(desk_office, sari):
    desk_office.arrives("A")
    second = desk_office.arrives("A").facts["transaction"]
    calls = f"/offices/1/counters/{desk_office.counters[1]}/calls"
    refused = sari.post(calls, status=422, transaction=second, reason="", note="Pingsan di ruang tunggu")
    assert "Pingsan di ruang tunggu" in refused.text
    assert desk_office.transaction(second).state == "waiting"
    assert refused.tree.by_id("pick-transaction") is not None
    assert f'<option selected value="{second}">' in refused.text

    sari.post(calls, transaction=second, reason="frail_now", note="")
    assert desk_office.transaction(second).state == "called"
    sari.speak("en")
    said = words(sari.get(CONSOLE).tree.by_id(f"card-{second}"))
    assert "Was called out of order, before 1 visitor who was ahead." in said
    assert "Reason given: Is unwell and cannot wait." in said


def test_a_visitor_who_waits_can_be_opened_and_called_from_there(desk_office, sari):
    transaction = desk_office.arrives("A").facts["transaction"]
    page = sari.get(f"{CONSOLE}?transaction={transaction}")
    assert card(page, transaction) == {"calls", "handoffs", "departure", "cancellation", "notes"}
    calls = f"/offices/1/counters/{desk_office.counters[1]}/calls"
    answer = sari.post(calls, status=422, transaction=transaction, opened=1, reason="other", note="")
    assert answer.tree.by_id(f"call-{transaction}-note") is not None
    sari.post(calls, transaction=transaction, opened=1, reason="other", note="Membawa bayi")
    assert desk_office.transaction(transaction).state == "called"


def test_a_break_has_a_reason_and_an_end(desk_office, sari):
    sari.send(sari.get(CONSOLE), "/offices/1/duty/breaks", status=422)
    page = sari.follow(sari.send(sari.get(CONSOLE), "/offices/1/duty/breaks", reason="prayer"))
    assert f"/offices/1/counters/{desk_office.counters[1]}/calls" not in actions(page)
    page = sari.follow(sari.send(page, "/offices/1/duty/breaks/end"))
    assert f"/offices/1/counters/{desk_office.counters[1]}/calls" in actions(page)


def test_signing_off_waits_until_nobody_is_left(desk_office, sari):
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    page = sari.follow(sari.send(sari.get(CONSOLE), "/offices/1/duty/end"))
    assert "message-error" in page.text
    do(sari, transaction, "completion")
    page = sari.follow(sari.send(sari.get(CONSOLE), "/offices/1/duty/end"))
    assert f"/offices/1/counters/{desk_office.counters[1]}/duties" in actions(page)


# -- the buttons are the life cycle ----------------------------------------------------------------------------------


def in_state(desk_office, state):
    """Bring Sari a transaction in this state and return it."""
    transaction = desk_office.arrives("A").facts["transaction"]
    if state is State.WAITING:
        return transaction
    desk_office.sari.calls()
    if state is State.CALLED:
        return transaction
    desk_office.sari.starts(transaction)
    match state:
        case State.PROCESSING:
            desk_office.sari.processes(transaction)
        case State.PAUSED:
            desk_office.sari.pauses(transaction)
        case State.ENDED:
            desk_office.sari.completes(transaction)
        case _:
            pass
    return transaction


@pytest.mark.parametrize("state", list(State))
def test_the_card_offers_what_the_life_cycle_allows(desk_office, sari, dewi, state):
    transaction = in_state(desk_office, state)
    desk_office.arrives("B")
    allowed = possible(state, offered=False) - NOT_BY_HAND - NOT_HERS - {Action.REINSTATE}  # nobody missed a call
    allowed -= {Action.DOCUMENTS}  # this service promises no working days
    if state is State.WAITING:
        allowed -= {Action.OFFER, Action.POOL}  # the head of the queue has custody
    for language in ("id", "en"):
        sari.speak(language)
        page = sari.get(f"{CONSOLE}?transaction={transaction}")
        assert card(page, transaction) == {"notes"} | {NOUNS[action] for action in allowed}
        leads_somewhere(sari, page)


def leads_somewhere(browser, page):
    """Check that each form posts to a route, under a key of its own."""
    adapter = browser.app.url_map.bind("localhost")
    keys = []
    for form in page.tree.named("form"):
        if form.get("method") != "post" or form.get("action") == "/sign-out":
            continue
        try:
            adapter.match(form.get("action"), method="POST")
        except HTTPException as error:
            raise AssertionError(f"no route for {form.get('action')}") from error
        keys += [each.get("value") for each in form.iter() if isinstance(each.tag, str) and each.get("name") == "key"]
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch("[0-9a-f]{32}", key) for key in keys)


def shortcuts(page):
    """Return the single keys of a page."""
    return sorted(element.get("data-key") for element in page.tree.elements if element.get("data-key"))


def test_each_state_has_its_single_keys_each_once(desk_office, sari, dewi):
    transaction = desk_office.arrives("A").facts["transaction"]
    desk_office.arrives("A")
    assert shortcuts(sari.get(CONSOLE)) == [".", "j", "k", "n", "v", "w"]
    desk_office.sari.calls()
    assert shortcuts(sari.get(CONSOLE)) == list(".bhjmqrstwxz")
    desk_office.sari.starts(transaction)
    assert shortcuts(sari.get(CONSOLE)) == list(".bchjmpqtuwz")
    desk_office.sari.offers(transaction, desk_office.dewi)
    assert shortcuts(dewi.get(CONSOLE)) == list(".adjknvw")
    desk_office.dewi.accepts(desk_office.transaction(transaction).offer_id)
    desk_office.dewi.pauses(transaction)
    assert shortcuts(dewi.get(f"{CONSOLE}?transaction={transaction}")) == list(".ehjknqstvwz")


# -- steps -----------------------------------------------------------------------------------------------------------


def test_the_queue_takes_a_visitor_back_with_the_arrival_time(desk_office, sari):
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    arrived = desk_office.transaction(transaction).arrived_at
    desk_office.clock.tick(300)
    page = do(sari, transaction, "return", reason="filling_form", minutes="10")
    assert desk_office.transaction(transaction).state == "waiting"
    assert desk_office.transaction(transaction).arrived_at == arrived
    assert f"waiting-{transaction}" in page.tree.ids
    assert "08.15" in page.said  # not before


def test_processing_pause_and_resumption_stay_on_the_desk(web, desk_office, sari):
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    page = do(sari, transaction, "processing", due_at="2026-03-04T10:00")
    assert f"held-{transaction}" in page.tree.ids
    assert "4 Mar 2026, 10.00" in page.said
    opened = sari.get(f"{CONSOLE}?transaction={transaction}")
    due = opened.form(step(transaction, "pauses"))["due_at"]
    assert due == "2026-03-03T16:00"  # the next weekday's afternoon
    page = sari.follow(sari.send(opened, step(transaction, "pauses"), cause="other_agency", note="Menunggu BPN"))
    desk_office.clock.tick(timedelta(days=2).total_seconds())
    sari = web.as_("Sari")
    page = sari.get(CONSOLE)
    assert "is-overdue" in page.text
    assert "Menunggu BPN" in sari.get(f"{CONSOLE}?transaction={transaction}").said
    answer = sari.send(page, step(transaction, "resumption"))
    assert answer.location == f"{CONSOLE}?transaction={transaction}"
    assert desk_office.transaction(transaction).state == "processing"


def test_a_pause_of_the_day_goes_on_with_the_visitor(desk_office, sari):
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    desk_office.sari.pauses(transaction)
    page = sari.get(f"{CONSOLE}?transaction={transaction}")
    sari.post(step(transaction, "resumption"), serving="1")
    assert desk_office.transaction(transaction).state == "serving"
    assert (
        page.text.count(step(transaction, "resumption")) == 3
    )  # on the desk, on the card with and without the visitor


def test_a_no_show_can_be_taken_back_today(desk_office, sari):
    desk_office.arrives("A")
    transaction = desk_office.sari.calls().facts["transaction"]
    page = do(sari, transaction, "no-show")
    assert step(transaction, "reinstatement") in actions(page)
    do(sari, transaction, "reinstatement", page=page)
    assert desk_office.transaction(transaction).state == "waiting"


def test_a_missed_call_of_something_on_the_desk_can_be_taken_back_too(desk_office, sari):
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    desk_office.sari.processes(transaction)
    desk_office.comes_back(transaction)
    desk_office.sari.calls()
    desk_office.sari.misses(transaction)
    page = sari.get(f"{CONSOLE}?transaction={transaction}")
    assert "reinstatement" in card(page, transaction)


def test_what_was_completed_is_opened_again_with_a_reason(desk_office, sari):
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    desk_office.sari.completes(transaction)
    opened = sari.get(f"{CONSOLE}?transaction={transaction}")
    sari.send(opened, step(transaction, "reopening"), status=422, reason="other", note=" ")
    answer = sari.send(opened, step(transaction, "reopening"), reason="complaint")
    assert answer.location == f"{CONSOLE}?transaction={transaction}"
    assert desk_office.transaction(transaction).holder_id == desk_office.sari.id


def test_after_the_days_of_grace_it_stays_closed(web, desk_office):
    desk_office.sari.signs_on()
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    desk_office.sari.completes(transaction)
    desk_office.clock.tick(timedelta(days=15).total_seconds())
    assert "reopening" not in card(web.as_("Sari").get(f"{CONSOLE}?transaction={transaction}"), transaction)


def test_a_visitor_who_is_here_again_gets_a_number_and_keeps_what_was_said(desk_office, sari):
    desk_office.arrives("A", name="Ibu Wati", email="wati@example.id", consent=True, language="en")
    transaction = desk_office.sari.serves()
    desk_office.sari.processes(transaction)
    opened = sari.get(f"{CONSOLE}?transaction={transaction}")
    page = sari.follow(sari.send(opened, step(transaction, "come-back"), priority_reason="pregnant"))
    assert "A002" in page.said
    assert "Ibu Wati" in sari.get(f"{CONSOLE}?transaction={transaction}").said
    assert desk_office.transaction(transaction).state == "waiting"


def test_cancelling_and_leaving_end_it(desk_office, sari):
    for noun, ending, fields in (("cancellation", "cancelled", {"reason": "duplicate"}), ("departure", "left", {})):
        desk_office.arrives("A")
        transaction = desk_office.sari.serves()
        do(sari, transaction, noun, **fields)
        assert desk_office.transaction(transaction).ending == ending


# -- handing over ----------------------------------------------------------------------------------------------------


def receivers(page, transaction):
    """Return to whom the form that hands over may send the transaction."""
    select = page.tree.by_id(f"hand_over-{transaction}-to")
    return {each.get("value") for each in select.iter() if isinstance(each.tag, str) and name_of(each) == "option"}


def test_who_can_receive_depends_on_whether_the_visitor_is_here(desk_office, sari, dewi):
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    dewi_herself, joko_himself = f"officer-{desk_office.dewi.id}", f"officer-{desk_office.joko.id}"
    here = receivers(sari.get(CONSOLE), transaction)
    assert here >= {dewi_herself, f"counter-{desk_office.counters[2]}", f"service-{desk_office.services['C']}"}
    assert joko_himself not in here  # not on duty
    desk_office.sari.processes(transaction)
    away = receivers(sari.get(f"{CONSOLE}?transaction={transaction}"), transaction)
    assert joko_himself in away
    assert not [each for each in away if each.startswith("service-")]  # nobody stands in a queue


@pytest.mark.parametrize(("to", "state"), [("counter", "waiting"), ("service", "waiting")])
def test_a_counter_or_a_queue_can_receive(desk_office, sari, dewi, to, state):
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    receiver = desk_office.counters[2] if to == "counter" else desk_office.services["C"]
    do(sari, transaction, "handoffs", to=f"{to}-{receiver}", reason="wrong_service")
    row = desk_office.transaction(transaction)
    assert row.state == state
    assert row.holder_id == (desk_office.sari.id if to == "counter" else desk_office.budi.id)


def test_an_offer_is_declined_with_a_reason_or_withdrawn(desk_office, sari, dewi):
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    due = desk_office.clock.now + timedelta(hours=3)
    handoff = desk_office.sari.offers(
        transaction, desk_office.dewi, reason=HandoffReason.OTHER, note="Perlu dua tanda tangan", due_at=due
    )
    inbox = dewi.get(CONSOLE)
    assert "11.00" in inbox.said
    address = f"/offices/1/handoffs/{handoff}"
    back = dewi.send(inbox, f"{address}/refusal", status=422, reason="other", note="")
    assert f"decline-{handoff}-note-error" in back.tree.ids
    dewi.send(inbox, f"{address}/refusal", reason="busy", note="Ada dua orang di depan saya")
    mine = sari.get(CONSOLE)
    assert f"waiting-{transaction}" in mine.tree.ids
    assert "Ada dua orang di depan saya" in sari.get(f"{CONSOLE}?transaction={transaction}").said

    again = desk_office.sari.offers(transaction, desk_office.dewi)
    page = sari.get(CONSOLE)
    assert "Dewi" in page.said
    sari.send(page, f"/offices/1/handoffs/{again}/withdrawal")
    assert desk_office.transaction(transaction).offer_id is None


def test_a_back_office_desk_works_without_calling(web, desk_office, sari):
    desk_office.joko.signs_on(4)
    joko = web.as_("Joko")
    page = joko.get(CONSOLE)
    assert not [action for action in actions(page) if action.endswith("/calls")]
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    due = desk_office.clock.now + timedelta(days=2)
    handoff = desk_office.sari.offers(transaction, desk_office.joko, due_at=due)
    page = joko.follow(joko.send(joko.get(CONSOLE), f"/offices/1/handoffs/{handoff}/acceptance"))
    assert desk_office.transaction(transaction).state == "processing"
    assert "4 Mar 2026, 08.00" in page.said  # by when Sari wanted it, on Joko's desk
    opened = joko.get(f"{CONSOLE}?transaction={transaction}")
    joko.send(opened, step(transaction, "completion"), outcome="fulfilled")
    assert desk_office.transaction(transaction).ending == "completed"


# -- refusals --------------------------------------------------------------------------------------------------------


def test_an_old_page_gets_a_sentence_and_the_present_state(desk_office, sari):
    transaction = desk_office.arrives("A").facts["transaction"]
    desk_office.sari.calls()
    old = sari.get(CONSOLE)
    desk_office.sari.starts(transaction)
    page = sari.follow(sari.send(old, step(transaction, "no-show")))
    assert "message-error" in page.text
    assert card(page, transaction) == {
        "completion",
        "processing",
        "pauses",
        "handoffs",
        "return",
        "departure",
        "cancellation",
        "notes",
    }


def test_two_presses_with_one_key_are_one_step(desk_office, sari):
    desk_office.arrives("A")
    desk_office.arrives("A")
    page = sari.get(CONSOLE)
    calls = f"/offices/1/counters/{desk_office.counters[1]}/calls"
    sari.send(page, calls)
    again = sari.follow(sari.send(page, calls))
    assert desk_office.happened().count("TransactionCalled") == 1
    assert "message-error" not in again.text


def test_whoever_is_faster_gets_the_visitor(desk_office, sari, dewi):
    desk_office.arrives("A")
    sari_page, dewi_page = sari.get(CONSOLE), dewi.get(CONSOLE)
    sari.send(sari_page, f"/offices/1/counters/{desk_office.counters[1]}/calls")
    page = dewi.follow(dewi.send(dewi_page, f"/offices/1/counters/{desk_office.counters[2]}/calls"))
    assert "message-error" in page.text
    assert "Tidak ada yang menunggu" in page.said


def test_an_unfinished_form_comes_back_with_its_words(desk_office, sari, dewi):
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    fields = {"to": f"officer-{desk_office.dewi.id}", "note": "Berkas <lengkap> & rapi", "due_at": "2026-03-02T07:00"}
    back = sari.send(sari.get(CONSOLE), step(transaction, "handoffs"), status=422, **fields)
    kept = back.form(step(transaction, "handoffs"))
    assert {name: kept[name] for name in fields} == fields
    assert kept["key"]
    assert words(back.tree.named("title")[0]).startswith("Galat:")
    parts = {
        element.get("class"): element
        for element in back.tree.named("div")
        if element.get("class", "").startswith("console-")
    }
    assert "data-live" not in parts["console-now"].attrib  # nothing may take the words away
    assert "data-live" in parts["console-queue"].attrib
    opened = [element for element in back.tree.named("details") if "open" in element.attrib]
    assert len(opened) == 1
    assert desk_office.transaction(transaction).state == "serving"


def test_a_receiver_who_has_just_signed_off_is_refused_with_the_words_kept(desk_office, sari, dewi):
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    page = sari.get(CONSOLE)
    desk_office.dewi.signs_off()
    given = {"to": f"officer-{desk_office.dewi.id}", "reason": "specialist", "note": "Jangan hilang"}
    back = sari.send(page, step(transaction, "handoffs"), status=409, **given)
    assert back.form(step(transaction, "handoffs"))["note"] == "Jangan hilang"
    assert f"hand_over-{transaction}-to-error" in back.tree.ids
    assert "Rekan ini tidak sedang bertugas." in back.said


def test_a_form_that_has_lost_its_place_says_so(desk_office, sari):
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    page = sari.get(CONSOLE)
    desk_office.sari.completes(transaction)
    after = sari.follow(sari.send(page, step(transaction, "cancellation"), reason=""))
    assert "message-error" in after.text


NONSENSE = [
    ("completion", {"outcome": "nonsense"}),
    ("completion", {"outcome": "fulfilled", "note": "x" * 10_000}),
    ("cancellation", {"reason": "nonsense"}),
    ("return", {"reason": "not_ready", "minutes": "ages"}),
    ("return", {"reason": "not_ready", "minutes": "7"}),
    ("pauses", {"cause": "visitor", "due_at": ""}),
    ("pauses", {"cause": "visitor", "due_at": "gestern"}),
    ("pauses", {"cause": "visitor", "due_at": "0001-01-01T00:00"}),
    ("pauses", {"cause": "visitor", "due_at": "9999-12-31T23:59"}),
    ("processing", {"due_at": "2300-01-01T00:00"}),
    ("handoffs", {"to": "officer-999999999999999999999", "reason": "specialist"}),
    ("handoffs", {"to": "everybody", "reason": "specialist"}),
]


def test_what_cannot_be_understood_comes_back_as_a_form(desk_office, sari):
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    for noun, fields in NONSENSE:
        back = sari.send(sari.get(CONSOLE), step(transaction, noun), status=422, **fields)
        assert "field-error" in back.text, (noun, fields)
        assert "Not a valid" not in back.text, (noun, fields)
        assert "Invalid Choice" not in back.text, (noun, fields)
    assert desk_office.transaction(transaction).state == "serving"


def test_words_are_kept_as_people_type_them(desk_office, sari):
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    do(sari, transaction, "completion", outcome="incomplete", note="Kurang KTP 🙏\x00\r\nKembali <besok>")
    page = sari.get(f"{CONSOLE}?transaction={transaction}")
    assert "Kurang KTP 🙏" in page.said
    assert "Kembali <besok>" in page.said


# -- whose it is -----------------------------------------------------------------------------------------------------


def test_only_the_front_line_of_this_office_opens_the_console(web, desk_office):
    web.get(CONSOLE, status=302)
    web.post("/offices/1/duty/end", status=401)
    web.as_("Ratna").get(CONSOLE, status=403)
    web.as_("Agus").get(CONSOLE, status=403)
    web.as_("Budi").get(CONSOLE)
    web.as_("Sari").get("/offices/2/counter", status=403)


def test_what_belongs_to_another_office_does_not_exist_here(desk_office, sari):
    other = furnish(desk_office.streams, "lain")
    theirs = other << 40 | 5
    sari.post(step(theirs, "start"), status=404)
    sari.post(f"/offices/1/handoffs/{theirs}/acceptance", status=404)
    sari.post(f"/offices/{other}/transactions/{theirs}/start", status=403)
    calls = f"/offices/1/counters/{desk_office.counters[1]}/calls"
    sari.post(calls, status=404, transaction=theirs, reason="vulnerable")
    sari.post(calls, status=404, transaction="9" * 18, reason="vulnerable")
    assert f"card-{theirs}" not in sari.get(f"{CONSOLE}?transaction={theirs}").text
    sari.post("/offices/1/counters/999/duties", status=404)


def test_somebody_else_s_desk_is_not_mine(desk_office, sari, dewi):
    desk_office.arrives("A")
    transaction = desk_office.dewi.serves(counter=2)
    desk_office.dewi.processes(transaction)
    assert f"card-{transaction}" not in sari.get(f"{CONSOLE}?transaction={transaction}").text
    page = sari.follow(sari.post(step(transaction, "completion"), outcome="fulfilled"))
    assert "message-error" in page.text
    assert desk_office.transaction(transaction).state == "processing"


# -- the page itself -------------------------------------------------------------------------------------------------


def test_the_console_asks_the_database_little(desk_office, sari, dewi):
    for series in "AAABBBAB":
        desk_office.arrives(series)
    desk_office.sari.serves()
    assert sari.get(CONSOLE).queries <= 28
    assert sari.get(f"{CONSOLE}/queue").queries <= 11
    assert sari.get(f"{CONSOLE}/inbox").queries <= 14
    for series in "ABABABABAB":
        desk_office.arrives(series)
    assert sari.get(CONSOLE).queries <= 28


@pytest.mark.parametrize("part", ["now", "inbox", "queue", "desk"])
def test_a_part_is_sent_again_only_when_it_looks_different(desk_office, sari, part):
    transaction = desk_office.arrives("A").facts["transaction"]
    first = sari.get(f"{CONSOLE}/{part}")
    tag = first.headers["ETag"]
    desk_office.clock.tick(30)
    sari.get(f"{CONSOLE}/{part}", status=304, headers={"If-None-Match": tag})
    desk_office.sari.calls()
    desk_office.sari.starts(transaction)
    desk_office.sari.processes(transaction)
    desk_office.sari.offers(transaction, desk_office.joko)
    assert sari.get(f"{CONSOLE}/{part}", headers={"If-None-Match": tag}).headers["ETag"] != tag


def test_only_known_parts_exist(sari):
    sari.get(f"{CONSOLE}/everything", status=404)
    sari.get(f"{CONSOLE}?transaction=nonsense")
    sari.get(f"{CONSOLE}?transaction=99999999999999999999999")


def test_an_empty_day_says_so_everywhere(sari):
    said = sari.get(CONSOLE).said
    for words_ in ("Tidak ada yang menunggu Anda.", "Meja Anda kosong.", "Belum ada."):
        assert words_ in said


def test_nobody_assigned_to_a_service_is_told_whom_to_ask(web, desk_office):
    desk_office.joko.signs_on(3)
    assert "Hubungi penyelia" in web.as_("Joko").get(CONSOLE).said
