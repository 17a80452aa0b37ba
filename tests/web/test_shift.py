"""The end of a shift on one page, the receiver's list, and what a supervisor sees of it."""

import pytest

from desk.domain.refusals import Reason
from desk.models import HandoffRow
from tests.fixtures.office import BACK_OFFICE
from tests.fixtures.web import Web

PAGE = "/offices/1/shift/handover"
SEND = "/offices/1/shift/handovers"


@pytest.fixture
def work(desk_office):
    """Sari has one in processing, one paused, one visitor waiting for her in person."""
    office = desk_office
    office.sari.signs_on(1)
    office.dewi.signs_on(2)
    for _ in range(3):
        office.arrives("A")
    processing = office.sari.serves()
    office.sari.processes(processing)
    paused = office.sari.serves()
    office.sari.pauses(paused)
    waiting = office.dewi.serves(counter=2)
    handoff = office.dewi.offers(waiting, office.sari)
    office.sari.takes_break()
    office.sari.accepts(handoff)
    return processing, paused, waiting


@pytest.mark.parametrize("language", ["id", "en"])
def test_everything_goes_in_one_go_and_is_accepted_in_one_go(web: Web, desk_office, work, language):
    processing, paused, waiting = work
    sari, dewi = web.as_("Sari"), web.as_("Dewi")
    sari.speak(language)
    dewi.speak(language)
    desk_office.sari.ends_break()
    refused = sari.send(sari.get("/offices/1/counter"), "/offices/1/duty/end")
    assert refused.location == PAGE
    page = sari.follow(refused)
    assert {"A001", "A002", "A003"} <= set(page.said.replace("\n", " ").split())

    to = {
        "all_to": f"officer-{desk_office.dewi.id}",
        f"to_{paused}": "stays",
        f"note_{waiting}": "Tinggal tanda tangan",
    }
    sent = sari.send(page, SEND, **to)
    batch = desk_office.rows(HandoffRow, state="offered")[0].batch_id
    assert sent.location == f"{SEND}/{batch}"
    assert "A003" in sari.follow(sent).said

    inbox = dewi.get("/offices/1/counter/inbox")
    assert f"{SEND}/{batch}" in inbox.text
    received = dewi.get(f"{SEND}/{batch}")
    assert "Tinggal tanda tangan" in received.said
    dewi.follow(dewi.send(received, f"{SEND}/{batch}/acceptance"))
    assert {desk_office.transaction(each).holder_id for each in (processing, waiting)} == {desk_office.dewi.id}
    sari.send(sari.get("/offices/1/counter"), "/offices/1/duty/end")


def test_what_is_missing_or_wrong_comes_back_with_everything_typed(web: Web, desk_office, work):
    paused = work[1]
    sari = web.as_("Sari")
    sari.speak("en")
    page = sari.get(PAGE)
    answer = sari.send(page, SEND, status=422, **{f"note_{paused}": "Berkas di map biru"})
    assert "Choose to whom, or that it stays with you overnight." in answer.text
    assert "Berkas di map biru" in answer.text
    answer = sari.send(page, SEND, status=422, all_to="stays")
    assert "cannot stay overnight" in answer.text
    answer = sari.send(page, SEND, status=409, all_to=f"officer-{desk_office.joko.id}")
    assert "not on duty" in answer.text
    assert desk_office.rows(HandoffRow, state="offered") == []


def test_a_repeat_gets_the_first_answer_and_an_old_page_is_told_so(web: Web, desk_office, work):
    sari = web.as_("Sari")
    page, old = sari.get(PAGE), sari.get(PAGE)
    to = {"all_to": f"officer-{desk_office.dewi.id}"}
    first = sari.send(page, SEND, **to)
    assert sari.send(page, SEND, **to).location == first.location
    assert len(desk_office.rows(HandoffRow, state="offered")) == 3
    assert sari.send(old, SEND, **to).location == PAGE


def test_each_may_be_answered_on_its_own(web: Web, desk_office, work):
    desk_office.joko.signs_on(BACK_OFFICE)
    batch = desk_office.sari.hands_over_shift(dict.fromkeys(work, desk_office.joko)).facts["batch"]
    joko = web.as_("Joko")
    page = joko.get(f"{SEND}/{batch}")
    joko.send(page, f"/offices/1/handoffs/{batch}/refusal", reason="busy")
    joko.send(page, f"/offices/1/handoffs/{desk_office.rows(HandoffRow)[-1].id}/acceptance")
    assert [row.state for row in desk_office.rows(HandoffRow, batch_id=batch)] == ["declined", "offered", "accepted"]
    page = joko.get(f"{SEND}/{batch}")
    assert f"{SEND}/{batch}/acceptance" not in page.text  # one is left: it has its own button
    web.as_("Dewi").get(f"{SEND}/{batch}", status=404)
    web.as_("Budi").get(f"{SEND}/{batch}")
    assert "Joko" in web.as_("Ratna").get("/offices/1/shift/unanswered").said


def test_a_supervisor_hands_over_for_somebody_and_nobody_else_does(web: Web, desk_office, work):
    budi = web.as_("Budi")
    theirs = f"{PAGE}?officer={desk_office.sari.id}"
    web.as_("Dewi").get(theirs, status=403)
    budi.send(budi.get(theirs), SEND, all_to=f"officer-{desk_office.dewi.id}")
    assert {row.giver_id for row in desk_office.rows(HandoffRow, state="offered")} == {desk_office.sari.id}
    budi.get(f"{PAGE}?officer={2**31}", status=404)


def test_with_nothing_in_hand_the_page_says_what_to_do(web: Web, desk_office):
    sari = web.as_("Sari")
    sari.speak("en")
    assert "There is nothing to hand over" in sari.get(PAGE).said
    answer = sari.post(SEND)
    assert answer.location == PAGE
    with desk_office.refuses(Reason.NOTHING_TO_HAND_OVER):
        desk_office.sari.hands_over_shift({})


def test_what_lies_in_a_pool_is_not_in_the_hands_of_its_head(web: Web, desk_office):
    office = desk_office
    office.sari.signs_on(1)
    label = office.arrives("A").facts["number"]
    office.sari.pools(office.sari.serves())
    office.budi.signs_on(2)

    page = web.as_("Budi").get(PAGE)

    assert label not in page.said
