"""A slip of the hand does no harm: when somebody has not come, and taking the last step back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from desk.domain.facts import EventName
from desk.domain.lifecycle import Action, Outcome
from desk.domain.refusals import Reason
from desk.models import Call, CustodySegment, HandoffRow, InvitationRow, QueueEntry, RequestRow
from desk.reads.board import get_board
from desk.reads.colleagues import list_colleagues
from desk.reads.last_step import find_last_step
from desk.reads.office_day import get_day
from desk.reads.own_day import get_own_day
from desk.reads.paces import list_paces


@pytest.fixture
def office(desk_office):
    """Sari at counter 1, Dewi at counter 2."""
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    return desk_office


def test_nobody_has_not_come_before_the_calls_and_the_seconds_that_are_set(office):
    office.budi.sets_console(no_show_calls=2, no_show_after_s=60)
    office.arrives("A")
    called = office.sari.calls().facts["transaction"]

    with office.refuses(Reason.CALL_AGAIN_FIRST, missing=1):
        office.sari.misses(called)
    office.sari.recalls(called)
    office.clock.tick(59)
    with office.refuses(Reason.WAIT_AFTER_CALL, left=2):
        office.sari.misses(called)
    with office.refuses(Reason.WAIT_AFTER_CALL):
        office.budi.misses(called)  # nor for a supervisor: the visitor is on the way all the same
    office.clock.tick(1)
    assert office.sari.misses(called).facts["ending"] == "no_show"


@pytest.mark.parametrize(
    ("slip", "undone_by", "state"),
    [
        (lambda office, it: None, Action.UNCALL, "waiting"),
        (lambda office, it: office.sari.starts(it), Action.UNSTART, "called"),
        (lambda office, it: office.sari.misses(it), Action.REINSTATE, "waiting"),
        (lambda office, it: office.sari.seats(it), Action.KEEP_CALLING, "called"),
        (lambda office, it: (office.sari.starts(it), office.sari.seats(it)), Action.KEEP_SERVING, "serving"),
        (lambda office, it: (office.sari.starts(it), office.sari.processes(it)), Action.KEEP_SERVING, "serving"),
        (lambda office, it: (office.sari.starts(it), office.sari.completes(it)), Action.KEEP_SERVING, "serving"),
        (lambda office, it: (office.sari.starts(it), office.sari.pauses(it)), Action.RESUME_SERVING, "serving"),
    ],
)
def test_each_slip_is_taken_back_by_a_new_event_once(office, slip, undone_by, state):
    office.arrives("A")
    office.clock.tick(1)
    behind = office.arrives("A").facts["transaction"]
    it = office.sari.calls().facts["transaction"]
    slip(office, it)
    before = len(office.happened())
    office.clock.tick(20)

    done = office.sari.undoes(it, key="once")

    assert office.sari.undoes(it, key="once").facts == done.facts
    assert office.transaction(it).state == done.facts["state"] == state
    assert len(office.happened()) > before  # nothing was taken away, something was added
    assert office.findings() == []
    with office.refuses(Reason.NO_LONGER_UNDOABLE):
        office.sari.undoes(it)  # the way back is no slip
    if state == "waiting":  # in the same place, before whoever came later
        assert office.sari.calls().facts["transaction"] == it != behind
    assert undone_by in Action


def test_a_call_by_mistake_leaves_the_place_and_the_wait_as_they_were(office):
    office.arrives("A")
    entry = office.row(QueueEntry)
    it = office.sari.calls().facts["transaction"]
    office.sari.undoes(it)

    again = office.row(QueueEntry)
    assert (again.id, again.rank_at, again.arrived_at, again.called_at, again.place) == (
        entry.id, entry.rank_at, entry.arrived_at, None, "waiting",
    )  # fmt: skip
    assert len(office.rows(Call)) == 1  # that it was called stays written
    assert office.happened()[-1] == EventName.CALL_TAKEN_BACK


def test_a_start_by_mistake_served_nobody_and_the_wait_and_the_call_go_on(office):
    office.arrives("A", email="wati@example.id", consent=True)
    it = office.sari.calls().facts["transaction"]
    office.clock.tick(4)
    before = office.row(QueueEntry), office.row(Call).last_called_at, office.transaction(it)
    office.sari.starts(it)
    office.clock.tick(5)
    with office.refuses(Reason.NO_LONGER_UNDOABLE):
        office.dewi.undoes(it)
    office.sari.undoes(it)

    entry, called_at, row = before
    again, stands = office.row(QueueEntry), office.transaction(it)
    assert (again.place, again.called_at, again.ended_at, again.ended_by) == ("called", entry.called_at, None, None)
    assert (stands.entry_id, stands.call_id, stands.counter_id, stands.served_at) == (
        row.entry_id, row.call_id, row.counter_id, None,
    )  # fmt: skip
    assert (office.row(Call).last_called_at, len(office.rows(Call))) == (called_at, 1)
    assert office.happened()[-2:] == [EventName.SERVICE_STARTED, EventName.START_TAKEN_BACK]  # both stay written
    assert [each.state for each in office.rows(CustodySegment)] == ["waiting", "called", "called", "called"]
    own = own_day(office)
    assert (own.served, own.calls) == (0, 1)
    office.clock.tick(30)
    office.sari.misses(it)  # what was meant; nobody is asked how they were served
    assert (office.transaction(it).ending, [each.state for each in office.rows(InvitationRow)]) == ("no_show", ["none"])
    assert office.findings() == []


def test_a_start_taken_back_keeps_whom_the_wait_is_for_and_an_earlier_service(office):
    office.arrives("A")
    it = office.sari.serves()
    first = office.transaction(it).served_at
    office.clock.tick(1)
    office.arrives("A")
    other = office.dewi.calls(counter=2).facts["transaction"]
    office.sari.offers(it, office.dewi)
    office.dewi.accepts(office.row(HandoffRow).id)
    office.dewi.seats(other)
    office.clock.tick(1)
    assert office.dewi.calls(counter=2).facts["transaction"] == it
    office.dewi.starts(it)
    office.dewi.undoes(it)
    stands = office.transaction(it)
    assert (stands.state, stands.addressee_id, stands.served_at) == ("called", office.dewi.id, first)
    office.dewi.seats(it)
    assert office.findings() == []


def own_day(office):
    with office.streams.reading() as reader:
        at = office.clock()
        return get_own_day(reader, office.id, office.sari.id, at=at, day=get_day(reader, office.id, at=at))


def test_a_call_taken_back_stands_on_no_board_and_counts_nowhere(office):
    for _ in range(9):
        office.arrives("A")
        office.clock.tick(60)
        office.sari.completes(office.sari.serves())
    office.arrives("A")
    it = office.sari.calls().facts["transaction"]
    with office.streams.reading() as connection:
        paces = list_paces(connection, office.id, office.services.values(), at=office.clock.now)
    office.clock.tick(1)
    office.sari.undoes(it)

    label, at = "A010", office.clock.now
    with office.streams.reading() as connection:
        board = get_board(connection, office.id, at=at)
        assert list_paces(connection, office.id, office.services.values(), at=at) != paces
    assert label not in [call.number for call in (*board.calls, *board.serving, *board.last)]
    assert board.last[0].number == "A009"
    assert office.rows(Call)[-1].taken_back_at == at
    office.sari.calls()
    office.sari.seats(it)
    with office.streams.reading() as connection:
        assert get_board(connection, office.id, at=at).last[0].number == label  # the call after it was one
    assert office.findings() == []


def test_an_end_taken_back_opens_the_requests_that_it_closed(office):
    office.arrives("A")
    it = office.sari.serves()
    earlier = office.sari.requests(it, office.dewi)
    office.sari.withdraws_request(earlier)
    blocking = office.sari.requests(it, office.dewi, blocks=True)
    office.sari.completes(it, Outcome.INCOMPLETE)
    assert office.row(RequestRow, id=blocking).state == "closed"

    assert office.sari.undoes(it).facts["requests"] == [blocking]

    row = office.row(RequestRow, id=blocking)
    assert (row.state, row.closed_at, row.closed_by) == ("asked", None, None)
    assert office.row(RequestRow, id=earlier).state == "withdrawn"
    with office.refuses(Reason.BLOCKED_BY_REQUEST, request=blocking):
        office.sari.completes(it)
    office.dewi.answers(blocking)
    office.sari.completes(it)
    assert office.findings() == []


def _due(office, it):
    row = office.transaction(it)
    return row.due_at, row.remind_at, row.resting


@pytest.mark.parametrize("slip", ["pauses", "completes"])
def test_by_when_work_is_due_comes_back_with_it(office, slip):
    office.arrives("A")
    it = office.sari.serves()
    office.sari.processes(it, due_at=office.clock.now + timedelta(days=2))
    before = _due(office, it)
    office.clock.tick(60)
    getattr(office.sari, slip)(it)
    assert _due(office, it) != before
    office.sari.undoes(it)
    assert (_due(office, it), office.state(it)) == (before, "processing")
    assert office.findings() == []


@pytest.mark.parametrize("slip", ["processes", "pauses", "completes"])
def test_who_is_served_again_has_no_work_at_rest(office, slip):
    office.arrives("A")
    it = office.sari.serves()
    more = {} if slip == "completes" else {"due_at": office.clock.now + timedelta(days=2)}
    getattr(office.sari, slip)(it, **more)
    office.sari.undoes(it)
    assert _due(office, it) == (None, None, None)
    assert office.sari.sees_leave(it).facts["ending"] == "left"  # not back to a rest there never was
    assert office.findings() == []


def test_an_offer_that_an_end_withdrew_stays_withdrawn_and_it_is_said(office):
    office.arrives("A")
    it = office.sari.serves()
    office.sari.processes(it)
    office.sari.offers(it, office.dewi)
    office.sari.completes(it)
    done = office.sari.undoes(it)
    assert (done.facts["offer_withdrawn"], office.row(HandoffRow).state) == (True, "withdrawn")
    office.sari.completes(it)
    assert office.sari.undoes(it).facts["offer_withdrawn"] is False
    office.sari.offers(it, office.dewi)
    assert office.findings() == []


def test_only_ones_own_last_step_at_once_and_while_nothing_followed(office):
    office.arrives("A")
    office.arrives("A")
    it = office.sari.serves()
    with office.refuses(Reason.NO_LONGER_UNDOABLE):
        office.dewi.undoes(it)  # nor somebody else's start
    office.sari.completes(it)
    with office.refuses(Reason.NO_LONGER_UNDOABLE):
        office.dewi.undoes(it)
    office.sari.calls()
    with office.refuses(Reason.COUNTER_BUSY):
        office.sari.undoes(it)
    office.clock.tick(36)
    with office.refuses(Reason.NO_LONGER_UNDOABLE):
        office.sari.undoes(it)


def test_nothing_is_undone_where_the_office_has_it_so(office):
    office.budi.sets_console(undo_s=0)
    office.arrives("A")
    it = office.sari.calls().facts["transaction"]
    with office.refuses(Reason.NO_LONGER_UNDOABLE):
        office.sari.undoes(it)


def test_who_is_served_again_is_not_asked_about_an_end_that_was_none(office):
    office.arrives("A", email="wati@example.id", consent=True)
    it = office.sari.serves()
    office.sari.completes(it)
    office.sari.undoes(it)
    assert [row.state for row in office.rows(InvitationRow)] == ["superseded"]

    office.sari.completes(it)
    assert sorted(row.state for row in office.rows(InvitationRow)) == ["open"]
    assert office.findings() == []


def test_a_further_service_waits_under_the_same_number(office):
    office.arrives("A")
    it = office.sari.serves()
    added = office.sari.adds_matter(it, "C")

    done = office.sari.undoes(added, key="once")  # that was a slip: it does not wait any more
    assert office.sari.undoes(added, key="once").facts == done.facts
    assert (office.state(added), office.transaction(added).ending) == ("ended", "cancelled")
    with office.refuses(Reason.NO_LONGER_UNDOABLE):
        office.sari.undoes(added)
    added = office.sari.adds_matter(it, "C")
    assert office.transaction(added).visit_id == office.transaction(it).visit_id
    assert office.state(added) == "waiting"
    with office.refuses(Reason.ALREADY_HERE_FOR_IT):
        office.sari.adds_matter(it, "A")
    with office.refuses(Reason.NOT_CUSTODIAN):
        office.dewi.adds_matter(it, "B")
    office.sari.completes(it)
    with office.refuses(Reason.NOT_POSSIBLE_NOW):
        office.sari.adds_matter(it, "B")
    assert office.dewi.calls(counter=2).facts["transaction"] == added
    assert office.findings() == []


def test_only_the_newest_step_is_offered_and_nothing_that_would_be_refused(office):
    def offered(officer, *, busy: bool | None = None):
        with office.streams.reading() as reader:
            me = next(each for each in list_colleagues(reader, office.id) if each.id == officer.id)
            post = me.post if busy is None or me.post is None else replace(me.post, busy=busy)
            return find_last_step(reader, office.id, officer.id, post=post, at=office.clock(), within_s=30)

    for series in "AAB":
        office.arrives(series)
    first = office.sari.serves()
    office.sari.pauses(first)
    assert offered(office.sari).action is Action.RESUME_SERVING
    office.sari.notes(first)
    assert offered(office.sari) is None  # the note came after

    second = office.sari.calls().facts["transaction"]
    assert (offered(office.sari).transaction_id, offered(office.sari).action) == (second, Action.UNCALL)
    office.sari.undoes(second)
    assert offered(office.sari) is None  # neither the undoing nor the pause before it
    office.sari.starts(office.sari.calls().facts["transaction"])
    office.sari.completes(second)
    assert offered(office.sari).action is Action.KEEP_SERVING  # whatever came by itself with the end
    assert offered(office.sari, busy=True) is None
    office.sari.takes_break()
    assert offered(office.sari) is None
