"""Serving one transaction, from the start at the counter to its end and back from it."""

from datetime import timedelta

import pytest

from desk.domain.access import VISITOR
from desk.domain.facts import EventName
from desk.domain.lifecycle import Outcome, State
from desk.domain.reasons import CancelReason, PauseCause, ReopenReason, ReturnReason
from desk.domain.refusals import Reason
from desk.models import InvitationRow, Note, QueueEntry, TransactionRow
from desk.operations import serving
from desk.operations.requests import Request
from tests.fixtures.office import BACK_OFFICE


@pytest.fixture
def office(desk_office):
    """Sari at counter 1, Dewi at counter 2, Joko at his desk."""
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    desk_office.joko.signs_on(BACK_OFFICE)
    return desk_office


@pytest.fixture
def called(office):
    """A transaction that Sari has called."""
    office.arrives("A")
    office.clock.tick(60)
    return office.sari.calls().facts["transaction"]


@pytest.fixture
def served(office, called):
    """A transaction that Sari serves."""
    office.clock.tick(10)
    office.sari.starts(called)
    return called


@pytest.fixture
def processed(office, served):
    """A transaction that Sari works on without the visitor, due in three days."""
    office.sari.processes(served, due_at=office.clock.now + timedelta(days=3))
    return served


def come_back_and_be_called(office, transaction):
    office.comes_back(transaction)
    office.dewi.picks(transaction, counter=2)


class TestStart:
    def test_the_visitor_is_at_the_counter(self, office, called):
        office.sari.starts(called)

        now = office.transaction(called)
        assert (now.state, now.holder_id, now.counter_id, now.served_at) == (
            "serving", office.sari.id, office.counters[1], office.clock.now,
        )  # fmt: skip
        assert office.row(QueueEntry).ended_by == "start"

    def test_twice_is_once(self, office, served):
        with office.refuses(Reason.ALREADY_DONE):
            office.sari.starts(served)

    def test_only_by_who_called(self, office, called):
        for other in (office.dewi, office.budi):
            with office.refuses(Reason.NOT_CUSTODIAN, holder=office.sari.id):
                other.starts(called)

    def test_not_by_nobody_in_particular(self, office, called):
        with office.refuses(Reason.FORBIDDEN):
            serving.start(office.streams, called, Request(VISITOR, "start"))

    def test_only_somebody_called(self, office):
        transaction = office.arrives("A").facts["transaction"]

        with office.refuses(Reason.NOT_POSSIBLE_NOW, state=State.WAITING):
            office.sari.starts(transaction)

    def test_it_counts_the_first_time_only(self, office, processed):
        first = office.transaction(processed).served_at
        office.clock.tick(3600)
        come_back_and_be_called(office, processed)
        office.dewi.starts(processed)

        assert office.transaction(processed).served_at == first


class TestReturn:
    def test_the_same_wait_goes_on_for_somebody_called(self, office, called):
        before = office.row(QueueEntry)
        office.sari.seats(called)

        entry = office.row(QueueEntry)
        assert (entry.id, entry.place, entry.called_at) == (before.id, "waiting", None)
        assert office.custody(called)[-1] == ("waiting", office.budi.id)

    def test_a_new_wait_begins_for_somebody_served_with_the_original_arrival(self, office, served):
        arrived = office.transaction(served).arrived_at
        office.clock.tick(300)
        office.sari.seats(served)

        first, second = office.rows(QueueEntry)
        assert (second.arrived_at, second.rank_at, first.ended_by) == (arrived, arrived, "start")

    def test_who_came_later_is_not_called_first(self, office, called):
        office.arrives("A")
        office.sari.seats(called)

        assert office.sari.calls().facts["transaction"] == called

    def test_nobody_is_called_before_the_minutes_they_asked_for(self, office, called):
        office.arrives("A")
        office.sari.seats(called, minutes=5)
        other = office.sari.serves()
        assert other != called
        office.sari.completes(other)
        office.clock.tick(5 * 60 - 0.001)
        with office.refuses(Reason.NOBODY_WAITING):
            office.sari.calls()
        office.clock.tick(0.001)

        assert office.sari.calls().facts["transaction"] == called

    @pytest.mark.parametrize("minutes", [-1, 241, 10_000])
    def test_too_many_minutes_are_refused(self, office, called, minutes):
        with office.refuses(Reason.INVALID, field="minutes"):
            office.sari.seats(called, minutes=minutes)

    def test_who_was_handed_to_an_officer_stays_theirs(self, office, served):
        office.dewi.takes_break()
        office.dewi.accepts(office.sari.offers(served, office.dewi))
        office.dewi.ends_break()
        office.dewi.calls(counter=2)

        office.dewi.seats(served)

        now = office.transaction(served)
        assert (now.holder_id, now.addressee_id) == (office.dewi.id, office.dewi.id)

    def test_a_returning_visitor_is_in_the_custody_of_who_works_on_it(self, office, processed):
        come_back_and_be_called(office, processed)
        office.dewi.starts(processed)

        office.dewi.seats(processed)

        assert office.custody(processed)[-1] == ("waiting", office.sari.id)

    def test_other_needs_words(self, office, called):
        with office.refuses(Reason.NOTE_MISSING):
            office.sari.seats(called, reason=ReturnReason.OTHER)

    def test_only_by_the_custodian_or_a_supervisor(self, office, called):
        with office.refuses(Reason.NOT_CUSTODIAN):
            office.dewi.seats(called)
        assert office.budi.seats(called)


class TestNoShow:
    def test_it_ends_what_was_never_worked_on(self, office, called):
        done = office.sari.misses(called)

        assert done.facts == {"transaction": called, "state": "ended", "ending": "no_show"}
        now = office.transaction(called)
        assert (now.holder_id, now.counter_id, now.entry_id) == (None, None, None)

    def test_a_returning_visitor_loses_nothing(self, office, processed):
        """It goes back to processing: same custodian, same due time."""
        due = office.transaction(processed).due_at
        come_back_and_be_called(office, processed)

        done = office.dewi.misses(processed)

        assert (done.facts["state"], done.facts["ending"]) == ("processing", None)
        now = office.transaction(processed)
        assert (now.holder_id, now.due_at, now.ended_at) == (office.sari.id, due, None)
        assert office.rows(InvitationRow) == []

    def test_so_does_one_who_comes_back_during_a_pause(self, office, served):
        office.sari.pauses(served)
        come_back_and_be_called(office, served)

        assert office.dewi.misses(served).facts["state"] == State.PAUSED

    def test_only_somebody_called(self, office, served):
        with office.refuses(Reason.NOT_POSSIBLE_NOW):
            office.sari.misses(served)

    def test_only_by_who_called_or_a_supervisor(self, office, called):
        with office.refuses(Reason.NOT_CUSTODIAN):
            office.dewi.misses(called)
        assert office.budi.misses(called)

    def test_the_counter_is_free_again(self, office, called):
        office.sari.misses(called)
        office.arrives("A")

        assert office.sari.calls()


class TestReinstatement:
    def test_the_visitor_waits_again_with_the_original_arrival(self, office, called):
        office.clock.tick(60)
        office.arrives("A")
        office.sari.misses(called)
        office.clock.tick(3600)

        office.dewi.reinstates(called)

        assert office.transaction(called).ending is None
        assert office.sari.calls().facts["transaction"] == called

    def test_the_decision_not_to_ask_is_taken_back(self, office, called):
        office.sari.misses(called)
        assert office.row(InvitationRow).state == "none"

        office.dewi.reinstates(called)

        assert office.row(InvitationRow).state == "superseded"

    def test_until_midnight_of_the_office(self, office, called):
        office.sari.misses(called)
        office.clock.now = office.clock.now.replace(hour=16, minute=59, second=59)

        assert office.dewi.reinstates(called)

    def test_not_the_next_day(self, office, called):
        office.sari.misses(called)
        office.clock.now = office.clock.now.replace(hour=17, minute=0, second=0)

        with office.refuses(Reason.NO_LONGER_POSSIBLE):
            office.dewi.reinstates(called)

    def test_a_returning_visitor_waits_again_too(self, office, processed):
        come_back_and_be_called(office, processed)
        office.dewi.misses(processed)

        office.dewi.reinstates(processed)

        assert office.custody(processed)[-1] == ("waiting", office.sari.id)

    def test_it_withdraws_an_offer_made_meanwhile(self, office, processed):
        come_back_and_be_called(office, processed)
        office.dewi.misses(processed)
        office.sari.offers(processed, office.joko)

        office.dewi.reinstates(processed)

        assert office.transaction(processed).offer_id is None

    def test_twice_is_refused(self, office, called):
        office.sari.misses(called)
        office.dewi.reinstates(called)

        with office.refuses(Reason.NOT_POSSIBLE_NOW):
            office.dewi.reinstates(called)

    @pytest.mark.parametrize("end", ["completes", "cancels", "sees_leave"])
    def test_only_a_no_show(self, office, served, end):
        getattr(office.sari, end)(served)

        with office.refuses(Reason.NOT_POSSIBLE_NOW):
            office.dewi.reinstates(served)

    def test_not_what_never_missed_anything(self, office, processed):
        with office.refuses(Reason.NOT_POSSIBLE_NOW):
            office.dewi.reinstates(processed)

    def test_not_by_an_auditor(self, office, called):
        office.sari.misses(called)

        with office.refuses(Reason.FORBIDDEN):
            office.ratna.reinstates(called)


class TestLeaving:
    def test_the_visitor_gives_up_all_that_waits(self, office):
        visit = office.arrives("A", "B").facts["visit"]

        done = office.leaves(visit)

        assert len(done.facts["left"]) == 2
        assert {row.ending for row in office.rows(TransactionRow)} == {"left"}

    def test_what_is_called_or_served_is_not_touched(self, office):
        done = office.arrives("A", "B")
        first, second = done.facts["transactions"]
        office.sari.serves()

        office.leaves(done.facts["visit"])

        assert (office.state(first), office.state(second)) == (State.SERVING, State.ENDED)

    def test_a_returning_visitor_who_gives_up_leaves_the_work_as_it_was(self, office, processed):
        visit = office.comes_back(processed).facts["visit"]

        office.leaves(visit)

        assert office.custody(processed)[-1] == ("processing", office.sari.id)

    def test_twice_is_refused(self, office):
        visit = office.arrives("A").facts["visit"]
        office.leaves(visit)

        with office.refuses(Reason.NOT_POSSIBLE_NOW):
            office.leaves(visit)

    def test_the_officer_says_that_a_served_visitor_went_away(self, office, served):
        assert office.sari.sees_leave(served).facts["ending"] == "left"

    def test_nobody_else_says_so(self, office, served):
        for other in (office.dewi, office.ratna):
            with office.refuses(Reason.NOT_CUSTODIAN):
                other.sees_leave(served)
        with office.refuses(Reason.NOT_CUSTODIAN):
            serving.leave(office.streams, served, Request(VISITOR, "leave"))

    def test_of_somebody_waiting_anybody_at_the_front_may(self, office):
        first, second = (office.arrives("A").facts["transaction"] for _ in range(2))
        with office.refuses(Reason.FORBIDDEN):
            office.ratna.sees_leave(first)

        assert office.dewi.sees_leave(first)
        assert serving.leave(office.streams, second, Request(VISITOR, "leave"))


class TestWork:
    def test_processing_goes_on_without_the_visitor(self, office, processed):
        now = office.transaction(processed)
        assert (now.state, now.holder_id, now.counter_id) == ("processing", office.sari.id, None)
        assert now.due_at == office.clock.now + timedelta(days=3)

    def test_the_counter_is_free_for_the_next_one(self, office, processed):
        office.arrives("A")

        assert office.sari.serves()

    def test_a_due_time_that_is_over_is_refused(self, office, served):
        with office.refuses(Reason.DUE_IN_THE_PAST):
            office.sari.processes(served, due_at=office.clock.now)

    @pytest.mark.parametrize("cause", PauseCause)
    def test_a_pause_says_what_it_waits_for_and_until_when(self, office, served, cause):
        due = office.clock.now + timedelta(days=7)
        office.sari.pauses(served, cause=cause, due_at=due)

        now = office.transaction(served)
        assert (now.state, now.holder_id, now.due_at) == ("paused", office.sari.id, due)

    def test_a_pause_until_the_past_is_refused(self, office, processed):
        with office.refuses(Reason.DUE_IN_THE_PAST):
            office.sari.pauses(processed, due_at=office.clock.now)

    def test_the_work_goes_on(self, office, processed):
        office.sari.pauses(processed)
        office.sari.resumes(processed)

        assert office.state(processed) is State.PROCESSING

    def test_the_visitor_who_stayed_is_served_on(self, office, served):
        office.sari.pauses(served, cause=PauseCause.SYSTEM)
        office.clock.tick(600)
        office.sari.resumes_serving(served)

        now = office.transaction(served)
        assert (now.state, now.counter_id) == ("serving", office.counters[1])

    def test_not_on_another_day(self, office, served):
        office.sari.pauses(served, due_at=office.clock.now + timedelta(days=3))
        office.clock.tick(86_400)

        with office.refuses(Reason.NO_LONGER_POSSIBLE):
            office.sari.resumes_serving(served)

    def test_not_while_another_is_served(self, office, served):
        office.sari.pauses(served)
        office.arrives("A")
        office.sari.calls()

        with office.refuses(Reason.COUNTER_BUSY):
            office.sari.resumes_serving(served)

    def test_not_while_the_visitor_is_at_another_counter(self, office):
        first, _ = office.arrives("A", "B").facts["transactions"]
        office.sari.serves()
        office.sari.pauses(first)
        office.dewi.calls(counter=2)

        with office.refuses(Reason.VISIT_BUSY):
            office.sari.resumes_serving(first)

    def test_not_off_duty(self, office, served):
        office.sari.pauses(served)
        office.sari.signs_off()

        with office.refuses(Reason.NOT_ON_DUTY):
            office.sari.resumes_serving(served)

    @pytest.mark.parametrize("step", ["processes", "pauses", "completes", "cancels"])
    def test_only_by_the_custodian_or_a_supervisor(self, office, served, step):
        with office.refuses(Reason.NOT_CUSTODIAN, holder=office.sari.id):
            getattr(office.dewi, step)(served)
        assert getattr(office.budi, step)(served)

    def test_only_by_the_custodian_or_a_supervisor_out_of_a_pause(self, office, served):
        office.sari.pauses(served)

        with office.refuses(Reason.NOT_CUSTODIAN):
            office.dewi.resumes(served)
        with office.refuses(Reason.NOT_CUSTODIAN):
            office.budi.resumes_serving(served)
        assert office.budi.resumes(served)


class TestEnd:
    @pytest.mark.parametrize("outcome", Outcome)
    def test_completion_says_what_it_brought(self, office, served, outcome):
        if outcome is Outcome.REFUSED:
            with office.refuses(Reason.NOTE_MISSING):
                office.sari.completes(served, outcome, note=" ")
        done = office.sari.completes(served, outcome, note="Syarat tidak terpenuhi")

        assert done.facts["ending"] == "completed"
        now = office.transaction(served)
        assert (now.outcome, now.ended_at, now.holder_id, now.due_at) == (outcome, office.clock.now, None, None)

    def test_twice_is_once(self, office, served):
        office.sari.completes(served)

        with office.refuses(Reason.ALREADY_DONE):
            office.sari.completes(served)

    def test_two_supervisors_pressing_at_once(self, office, served):
        """The second one's page is stale: one success and one clear refusal."""
        office.sari.completes(served)

        with office.refuses(Reason.NOT_CUSTODIAN):
            office.dewi.cancels(served)
        with office.refuses(Reason.NOT_POSSIBLE_NOW, state=State.ENDED):
            office.budi.cancels(served)

    def test_the_words_are_kept_under_the_event(self, office, served):
        done = office.sari.completes(served, note="  Dua berkas  ")

        note = office.row(Note)
        assert (note.words, note.author_id, note.kind) == ("Dua berkas", office.sari.id, "TransactionCompleted")
        assert note.id & 0xFFFF == done.event - 1  # the decision to ask follows

    def test_from_the_back_office_too(self, office, served):
        office.joko.accepts(office.sari.offers(served, office.joko))

        assert office.joko.completes(served).facts["ending"] == "completed"

    def test_not_what_is_paused(self, office, served):
        office.sari.pauses(served)

        with office.refuses(Reason.NOT_POSSIBLE_NOW, state=State.PAUSED):
            office.sari.completes(served)

    @pytest.mark.parametrize("state", ["waiting", "called", "serving", "processing", "paused"])
    def test_anything_open_may_be_called_off(self, office, state):
        transaction = office.arrives("A").facts["transaction"]
        if state != "waiting":
            office.sari.calls()
        if state in {"serving", "processing", "paused"}:
            office.sari.starts(transaction)
        if state in {"processing", "paused"}:
            office.sari.processes(transaction)
        if state == "paused":
            office.sari.pauses(transaction)

        assert office.sari.cancels(transaction).facts["ending"] == "cancelled"

    def test_calling_off_for_another_reason_needs_words(self, office, served):
        with office.refuses(Reason.NOTE_MISSING):
            office.sari.cancels(served, CancelReason.OTHER)

    def test_an_auditor_calls_nothing_off(self, office):
        transaction = office.arrives("A").facts["transaction"]

        with office.refuses(Reason.FORBIDDEN):
            office.ratna.cancels(transaction)


class TestReopening:
    def test_whoever_reopens_has_custody(self, office, served):
        office.sari.completes(served)
        office.clock.tick(3600)

        office.dewi.reopens(served)

        now = office.transaction(served)
        assert (now.state, now.holder_id, now.ending, now.outcome, now.ended_at) == (
            "processing", office.dewi.id, None, None, None,
        )  # fmt: skip

    def test_the_time_between_is_nobodys(self, office, served):
        office.sari.completes(served)
        ended = office.clock.now
        reopened = office.clock.tick(3600)
        office.dewi.reopens(served)
        office.dewi.completes(served)

        assert [each[0] for each in office.custody(served)] == ["waiting", "called", "serving", "processing"]
        assert reopened - ended == timedelta(hours=1)

    def test_within_the_days_the_office_gives(self, office, served):
        office.sari.completes(served)
        office.clock.tick(14 * 86_400)
        assert office.dewi.reopens(served)
        office.dewi.completes(served)
        office.clock.tick(14 * 86_400 + 0.000001)

        with office.refuses(Reason.NO_LONGER_POSSIBLE):
            office.dewi.reopens(served)

    @pytest.mark.parametrize("end", ["cancels", "sees_leave"])
    def test_only_what_was_completed(self, office, served, end):
        getattr(office.sari, end)(served)

        with office.refuses(Reason.NOT_POSSIBLE_NOW):
            office.dewi.reopens(served)

    def test_only_what_has_ended(self, office, served):
        with office.refuses(Reason.NOT_POSSIBLE_NOW, state=State.SERVING):
            office.dewi.reopens(served)

    def test_other_needs_words(self, office, served):
        office.sari.completes(served)

        with office.refuses(Reason.NOTE_MISSING):
            office.dewi.reopens(served, ReopenReason.OTHER)

    def test_not_by_an_auditor(self, office, served):
        office.sari.completes(served)

        with office.refuses(Reason.FORBIDDEN):
            office.ratna.reopens(served)


class TestBusyVisit:
    """Two services in one visit: one at a time, and the number stays."""

    def test_from_the_first_to_the_last(self, office):
        done = office.arrives("A", "C")
        first, second = done.facts["transactions"]
        office.sari.serves()
        with office.refuses(Reason.NOBODY_WAITING):
            office.dewi.calls(counter=2)
        office.sari.processes(first)

        call = office.dewi.calls(counter=2)
        office.dewi.starts(second)
        office.dewi.completes(second)
        office.sari.completes(first)

        assert call.facts["number"] == done.facts["number"]
        assert {row.ending for row in office.rows(TransactionRow)} == {"completed"}


@pytest.mark.parametrize("transaction", [0, 1, -1, 2**40, 2**53, 2**80])
@pytest.mark.parametrize(
    "step", ["starts", "recalls", "seats", "misses", "sees_leave", "processes", "resumes", "completes", "reopens"]
)
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_transaction_that_does_not_exist_is_unknown(desk_office, transaction, step):
    with desk_office.refuses(Reason.UNKNOWN):
        getattr(desk_office.sari, step)(transaction)


def test_every_step_tells_the_kinds_of_events_it_should(office, served):
    office.sari.seats(served)
    office.sari.calls()
    office.sari.starts(served)
    office.sari.processes(served)
    office.sari.pauses(served)
    office.sari.resumes(served)
    office.sari.completes(served)
    office.sari.reopens(served)

    assert office.happened()[-11:] == [
        EventName.SERVICE_STARTED,
        EventName.RETURNED_TO_QUEUE,
        EventName.TRANSACTION_CALLED,
        EventName.SERVICE_STARTED,
        EventName.VISITOR_PART_FINISHED,
        EventName.TRANSACTION_PAUSED,
        EventName.TRANSACTION_RESUMED,
        EventName.TRANSACTION_COMPLETED,
        EventName.INVITATION_DECIDED,
        EventName.TRANSACTION_REOPENED,
        EventName.INVITATION_SUPERSEDED,
    ]
