"""Absence: the deputy gets what would be the absent person's; no chains, no circles, no leave without a handover."""

from datetime import UTC, datetime, timedelta

import pytest

from desk.domain.facts import EventName
from desk.domain.gaps import GapAction, GapKind
from desk.domain.refusals import Reason
from desk.models import AbsenceReasonRow, AbsenceRow, HandoffRow, RequestRow
from desk.operations.covering import offices_with_due_absences
from desk.reads.absences import covers, list_absences
from desk.reads.gap_finders import list_gaps
from desk.reads.gaps import get_scene
from tests.fixtures.office import DeskOffice

DAY = 86_400


@pytest.fixture
def held(desk_office: DeskOffice) -> int:
    """Sari has one transaction in processing."""
    desk_office.sari.signs_on(1)
    desk_office.arrives("A")
    transaction = desk_office.sari.serves()
    desk_office.sari.processes(transaction)
    return transaction


def test_offers_and_requests_go_to_the_deputy_while_it_lasts(desk_office, held):
    office = desk_office
    office.dewi.plans_absence(office.joko, first=0)

    offer = office.sari.offers(held, office.dewi)
    request = office.sari.requests(held, office.dewi)

    row = office.row(HandoffRow, id=offer)
    assert (row.receiver_id, row.meant_for_id) == (office.joko.id, office.dewi.id)
    assert office.row(RequestRow, id=request).meant_for_id == office.dewi.id
    office.joko.answers(request)
    office.joko.declines(offer)
    office.clock.tick(DAY)
    again = office.row(HandoffRow, id=office.sari.offers(held, office.dewi))
    assert (again.receiver_id, again.meant_for_id) == (office.dewi.id, None)


def test_why_is_kept_apart_from_the_events(desk_office):
    done = desk_office.sari.plans_absence(desk_office.dewi)
    (event,) = desk_office.rows_of_event(EventName.ABSENCE_PLANNED)
    assert "leave" not in event.payload
    assert desk_office.row(AbsenceReasonRow, absence_id=done.facts["absence"]).reason == "leave"


def test_what_one_deputy_may_not_be(desk_office):
    office = desk_office
    office.sari.plans_absence(office.dewi, first=1, last=5)
    with office.refuses(Reason.DEPUTIES_IN_A_CIRCLE):
        office.dewi.plans_absence(office.sari, first=5, last=6)
    with office.refuses(Reason.DEPUTY_ABSENT):
        office.joko.plans_absence(office.sari, first=3)
    with office.refuses(Reason.STANDS_IN):
        office.dewi.plans_absence(office.joko, first=4)
    with office.refuses(Reason.DEPUTY_IS_ONESELF):
        office.joko.plans_absence(office.joko)
    for stranger in (office.ratna, office.agus, office.another().dewi):
        with office.refuses(Reason.UNKNOWN):
            office.joko.plans_absence(stranger)
    assert office.dewi.plans_absence(office.sari, first=6)


def test_days_that_make_no_sense(desk_office):
    office = desk_office
    office.sari.plans_absence(office.dewi, first=3, last=5)
    with office.refuses(Reason.DATES_REVERSED):
        office.joko.plans_absence(office.dewi, first=4, last=3)
    with office.refuses(Reason.DATE_IN_THE_PAST):
        office.joko.plans_absence(office.dewi, first=-1)
    with office.refuses(Reason.ABSENCE_TOO_LONG):
        office.joko.plans_absence(office.dewi, first=0, last=366)
    with office.refuses(Reason.ABSENCE_OVERLAPS):
        office.sari.plans_absence(office.joko, first=5, last=9)


def test_one_enters_the_own_absence_and_a_supervisor_anybodys(desk_office):
    office = desk_office
    with office.refuses(Reason.FORBIDDEN):
        office.dewi.plans_absence(office.joko, of=office.sari)
    absence = office.budi.plans_absence(office.joko, of=office.sari).facts["absence"]
    with office.refuses(Reason.FORBIDDEN):
        office.dewi.cancels_absence(absence)
    office.sari.cancels_absence(absence)
    with office.refuses(Reason.ALREADY_DONE):
        office.budi.cancels_absence(absence)
    assert office.sari.plans_absence(office.dewi)


def test_leave_that_begins_today_needs_a_handover(desk_office, held):
    office = desk_office
    with office.refuses(Reason.LEAVE_NEEDS_HANDOVER, transactions=[held]):
        office.sari.plans_absence(office.dewi, first=0)

    done = office.sari.plans_absence(office.dewi, first=0, hand_over=True)

    (offer,) = done.facts["offers"]
    row = office.row(HandoffRow, id=offer)
    assert (row.receiver_id, row.reason, row.batch_id) == (office.dewi.id, "absence", offer)
    assert row.expires_at == office.clock.now + timedelta(hours=4)
    assert office.transaction(held).holder_id == office.sari.id
    office.dewi.accepts(offer)
    assert office.transaction(held).holder_id == office.dewi.id


def test_nobody_leaves_a_visitor_sitting(desk_office):
    office = desk_office
    office.sari.signs_on(1)
    office.arrives("A")
    served = office.sari.serves()
    with office.refuses(Reason.LEAVE_NEEDS_HANDOVER, transactions=[served]):
        office.sari.plans_absence(office.dewi, first=0, hand_over=True)


def test_on_the_first_day_the_worker_offers_what_rests(desk_office, held):
    office = desk_office
    office.sari.plans_absence(office.dewi, first=1, last=3)
    assert offices_with_due_absences(office.streams) == []
    before = office.head
    assert office.begins_absences().facts["begun"] == []
    assert office.head == before
    office.clock.tick(DAY)
    assert offices_with_due_absences(office.streams) == [office.id]

    office.begins_absences()

    assert office.row(HandoffRow).receiver_id == office.dewi.id
    assert office.row(AbsenceRow).began_at == office.clock.now
    assert offices_with_due_absences(office.streams) == []


def test_what_is_shown_of_absences(desk_office):
    office = desk_office
    office.sari.plans_absence(office.dewi, first=0, last=1)
    gone = office.joko.plans_absence(office.dewi, first=0).facts["absence"]
    office.joko.cancels_absence(gone)
    with office.streams.reading() as reader:
        (seen,) = list_absences(reader, office.id, since=office.today)
        assert covers(reader, office.id, day=office.today) == {office.sari.id: "Dewi"}
        assert covers(reader, office.id, day=seen.ends_on.replace(day=28)) == {}
    assert (seen.person, seen.deputy, seen.reason) == ("Sari", "Dewi", "leave")


def test_what_a_deputy_does_not_answer_stays_with_the_absent_and_is_a_gap(desk_office):
    """Offered at midnight, it runs out four open hours after the opening: the deputy could see it by then."""
    office = desk_office
    office.dewi.signs_on(2)
    transaction = office.arrives("C").facts["transaction"]
    office.dewi.picks(transaction, counter=2)
    office.dewi.starts(transaction)
    office.dewi.processes(transaction)
    office.dewi.signs_off()
    office.dewi.plans_absence(office.sari, first=1)
    office.clock.now = datetime(2026, 3, 2, 17, tzinfo=UTC)  # midnight in Jakarta
    office.begins_absences()
    noon = datetime(2026, 3, 3, 5, tzinfo=UTC)
    assert office.row(HandoffRow).expires_at == noon
    office.clock.now = noon

    office.expires_offers()

    assert office.transaction(transaction).holder_id == office.dewi.id
    with office.streams.reading() as reader:
        (gap,) = list_gaps(get_scene(reader, office.id, at=noon))
    assert (gap.kind, gap.action, gap.who) == (GapKind.HOLDER_ABSENT, GapAction.REASSIGN, "Dewi")
    assert office.begins_absences().facts["begun"] == []
    assert office.findings() == []
