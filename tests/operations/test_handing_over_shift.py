"""The end of a shift: everything is named, all or nothing; each offer has its own answer, or all have one."""

import pytest

from desk.domain.facts import EventName
from desk.domain.refusals import Reason
from desk.models import HandoffRow
from tests.fixtures.office import BACK_OFFICE, DeskOffice


@pytest.fixture
def work(desk_office: DeskOffice) -> tuple[int, int, int]:
    """What Sari has at the end: one in processing, one paused, one whose visitor waits for her."""
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
    office.sari.ends_break()
    return processing, paused, waiting


def test_all_is_offered_in_one_go_and_stays_with_the_giver_until_accepted(desk_office, work):
    processing, paused, waiting = work
    office = desk_office
    with office.refuses(Reason.STILL_RESPONSIBLE):
        office.sari.signs_off()

    done = office.sari.hands_over_shift({processing: office.dewi, paused: None, waiting: office.dewi})

    offers = office.rows(HandoffRow, batch_id=done.facts["batch"])
    assert [(row.transaction_id, row.reason, row.receiver_id) for row in offers] == [
        (processing, "shift_end", office.dewi.id),
        (waiting, "shift_end", office.dewi.id),
    ]
    assert done.facts["offers"][0] == done.facts["batch"]
    assert done.facts["staying"] == [paused]
    assert office.transaction(processing).holder_id == office.sari.id
    # Work without the visitor waits for its answer; a visitor must not wait for long.
    assert [row.expires_at is None for row in offers] == [True, False]

    accepted = office.dewi.accepts_all(done.facts["batch"])

    assert accepted.facts["accepted"] == done.facts["offers"]
    assert {office.transaction(each).holder_id for each in (processing, waiting)} == {office.dewi.id}
    office.sari.signs_off()
    assert office.transaction(paused).holder_id == office.sari.id


def test_each_offer_may_have_its_own_answer(desk_office, work):
    processing, paused, waiting = work
    office = desk_office
    office.joko.signs_on(BACK_OFFICE)
    done = office.sari.hands_over_shift({processing: office.joko, paused: office.dewi, waiting: office.dewi})
    first, second, third = done.facts["offers"]
    office.joko.accepts(first)
    office.dewi.declines(second)
    office.dewi.accepts_all(done.facts["batch"])
    assert [row.state for row in office.rows(HandoffRow, batch_id=first)] == ["accepted", "declined", "accepted"]
    assert office.transaction(paused).holder_id == office.sari.id
    with office.refuses(Reason.OFFER_CLOSED):
        office.dewi.accepts_all(done.facts["batch"])
    assert office.row(HandoffRow, id=third).state == "accepted"


def test_one_wrong_choice_leaves_everything_as_it_was(desk_office, work):
    processing, paused, waiting = work
    office = desk_office
    good, stranger = {processing: office.dewi, paused: office.dewi}, office.another().dewi
    with office.refuses(Reason.MUST_BE_HANDED_OVER, transaction=waiting):
        office.sari.hands_over_shift({**good, waiting: None})
    with office.refuses(Reason.RECEIVER_OFF_DUTY, transaction=waiting):
        office.sari.hands_over_shift({**good, waiting: office.joko})
    with office.refuses(Reason.TO_ONESELF, transaction=waiting):
        office.sari.hands_over_shift({**good, waiting: office.sari})
    with office.refuses(Reason.UNKNOWN, transaction=waiting):
        office.sari.hands_over_shift({**good, waiting: stranger})
    with office.refuses(Reason.LIST_CHANGED):
        office.sari.hands_over_shift(good)
    with office.refuses(Reason.FORBIDDEN):
        office.dewi.hands_over_shift({**good, waiting: office.dewi}, of=office.sari)
    assert EventName.HANDOFF_OFFERED not in office.happened(office.head.number - 1)


def test_a_supervisor_may_hand_over_for_somebody(desk_office, work):
    office = desk_office
    done = office.budi.hands_over_shift(dict.fromkeys(work, office.dewi), of=office.sari, note="Sari sakit")
    assert {row.giver_id for row in office.rows(HandoffRow, batch_id=done.facts["batch"])} == {office.sari.id}


def test_nobody_with_nothing_hands_over(desk_office):
    with desk_office.refuses(Reason.NOTHING_TO_HAND_OVER):
        desk_office.sari.hands_over_shift({})
