"""The end of a shift: everything is named, all or nothing; each offer has its own answer, or all have one."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from desk.domain.facts import EventName
from desk.domain.gaps import GapAction, GapKind
from desk.domain.refusals import Reason
from desk.models import HandoffRow, Week
from desk.operations.stream import STREAMS
from desk.reads.gap_finders import list_gaps
from desk.reads.gaps import get_scene
from desk.reads.handoff_news import list_news
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
    # Work without the visitor waits for open hours (service A is always open); a visitor must not wait for long.
    assert [row.expires_at - office.clock.now for row in offers] == [timedelta(hours=4), timedelta(minutes=10)]

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


@pytest.fixture
def valuation(desk_office: DeskOffice) -> int:
    """What Dewi has at 15.30 on a Monday: a matter of service C, which closes at 16.00 and opens at 08.00."""
    office = desk_office
    office.dewi.signs_on(2)
    transaction = office.arrives("C").facts["transaction"]
    office.dewi.picks(transaction, counter=2)
    office.dewi.starts(transaction)
    office.dewi.processes(transaction)
    office.clock.tick(7.5 * 3600)
    return transaction


MONDAY_AT_FOUR = datetime(2026, 3, 2, 9, tzinfo=UTC)  # 16.00 in Jakarta
# Half an hour is left on Monday; 08.00 to 11.30 is the rest.
TUESDAY = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)


def test_what_is_offered_at_closing_does_not_run_out_over_night(desk_office, valuation):
    office = desk_office
    batch = office.dewi.hands_over_shift({valuation: office.sari}).facts["batch"]
    office.dewi.signs_off()
    assert office.row(HandoffRow, id=batch).expires_at == TUESDAY
    for early in (MONDAY_AT_FOUR + timedelta(hours=12), TUESDAY - timedelta(microseconds=1)):
        office.clock.now = early
        assert office.expires_offers().facts["expired"] == []
    office.clock.now = TUESDAY
    with office.refuses(Reason.OFFER_CLOSED):
        office.sari.accepts(batch)

    assert office.expires_offers().facts["expired"] == [batch]

    row = office.transaction(valuation)
    assert (row.holder_id, row.state, row.offer_id, row.alert_id) == (office.dewi.id, "processing", None, batch)
    with office.streams.reading() as reader:
        (news,) = list_news(reader, office.id, office.dewi.id)
        (gap,) = list_gaps(get_scene(reader, office.id, at=office.clock.now))
    assert (news.handoff_id, news.state) == (batch, "expired")
    assert (gap.kind, gap.action, gap.who) == (GapKind.BACK_WITH_OFF_DUTY, GapAction.REASSIGN, "Dewi")
    assert gap.since == TUESDAY
    assert office.findings() == []


def test_whoever_is_there_again_has_the_news_and_is_no_gap(desk_office, valuation):
    office = desk_office
    office.dewi.hands_over_shift({valuation: office.sari})
    office.dewi.signs_off()
    office.clock.now = TUESDAY
    office.expires_offers()
    office.dewi.signs_on(2)
    with office.streams.reading() as reader:
        assert list_gaps(get_scene(reader, office.id, at=office.clock.now)) == []
    office.dewi.sees(valuation)
    office.dewi.signs_off()
    with office.streams.reading() as reader:
        assert list_gaps(get_scene(reader, office.id, at=office.clock.now)) == []


def test_the_office_says_how_long_and_what_is_offered_already_keeps_its_time(desk_office, work):
    processing, paused, waiting = work
    office = desk_office
    office.budi.chooses_handover_hours(2)
    first = office.sari.hands_over_shift({processing: office.dewi, paused: None, waiting: office.dewi}).facts["batch"]
    made = office.clock.now
    assert office.row(HandoffRow, id=first).expires_at == made + timedelta(hours=2)
    office.budi.chooses_handover_hours(9)
    changed = office.head.number
    office.budi.chooses_handover_hours(9)
    assert office.head.number == changed
    assert office.row(HandoffRow, id=first).expires_at == made + timedelta(hours=2)
    second = office.sari.hands_over_shift({paused: office.dewi}).facts["batch"]
    assert office.row(HandoffRow, id=second).expires_at == made + timedelta(hours=9)
    told = [row.payload for row in office.rows_of_event(EventName.SETTING_CHANGED)]
    assert told[-1] == '{"from":7200,"setting":"handover_expires_s","to":32400}'
    for hours in (0, -1, 81):
        with office.refuses(Reason.INVALID):
            office.budi.chooses_handover_hours(hours)
    with office.refuses(Reason.FORBIDDEN):
        office.sari.chooses_handover_hours(5)


def test_without_open_hours_ahead_nothing_runs_out(desk_office, valuation):
    office = desk_office
    with office.streams.setting_up() as connection:
        connection.execute(update(Week).values(hours=[[], [], [], [], [], [], []]))
        connection.execute(update(STREAMS).values(configuration=STREAMS.c.configuration + 1))
    batch = office.dewi.hands_over_shift({valuation: office.sari}).facts["batch"]
    assert office.row(HandoffRow, id=batch).expires_at is None
