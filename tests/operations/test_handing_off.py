"""Handing on: until somebody accepts, custody is the giver's; then it is the receiver's; never nobody's."""

from datetime import timedelta

import pytest

from desk.domain.facts import EventName
from desk.domain.handoffs import HandoffState
from desk.domain.lifecycle import State
from desk.domain.reasons import DeclineReason, HandoffReason
from desk.domain.refusals import Reason
from desk.models import CustodySegment, HandoffRow, QueueEntry
from desk.operations import handing_off
from tests.fixtures.office import BACK_OFFICE


@pytest.fixture
def office(desk_office):
    """Sari at counter 1, Dewi at counter 2, Joko at his desk."""
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    desk_office.joko.signs_on(BACK_OFFICE)
    return desk_office


@pytest.fixture
def served(office):
    """A transaction that Sari serves."""
    office.arrives("A")
    office.clock.tick(60)
    return office.sari.serves()


@pytest.fixture
def processed(office, served):
    """A transaction that Sari works on without the visitor, due the next day."""
    office.sari.processes(served, due_at=office.clock.now + timedelta(days=1))
    return served


def waits(office, transaction):
    """Return who each wait of the transaction was addressed to, and how it ended."""
    rows = office.rows(QueueEntry, transaction_id=transaction)
    return [(row.addressee_id, row.ended_by) for row in rows]


class TestOffer:
    def test_the_visitor_sits_down_again_and_custody_stays_with_the_giver(self, office, served):
        office.sari.offers(served, office.dewi, note="Sertifikat asli ada")

        now = office.transaction(served)
        assert (now.state, now.holder_id, now.counter_id) == ("waiting", office.sari.id, None)
        assert now.addressee_id == office.dewi.id
        assert waits(office, served) == [(None, "start"), (office.dewi.id, None)]

    def test_the_counter_is_free_for_the_next_one(self, office, served):
        office.arrives("A")
        office.sari.offers(served, office.dewi)

        assert office.sari.serves() != served

    def test_it_is_not_called_while_nobody_has_answered(self, office, served):
        office.sari.offers(served, office.dewi)

        with office.refuses(Reason.NOBODY_WAITING):
            office.dewi.calls(counter=2)
        with office.refuses(Reason.OFFER_OPEN):
            office.dewi.picks(served, counter=2)

    def test_to_a_counter_means_the_officer_on_duty_there(self, office, served):
        handoff = office.sari.offers(served, 2)

        row = office.row(HandoffRow, id=handoff)
        assert (row.kind, row.receiver_id, row.to_counter_id) == ("counter", office.dewi.id, office.counters[2])

    def test_from_processing_the_work_goes_on_under_the_giver(self, office, processed):
        office.sari.offers(processed, office.joko)

        now = office.transaction(processed)
        assert (now.state, now.holder_id, now.entry_id) == ("processing", office.sari.id, None)

    def test_from_paused_the_pause_goes_on(self, office, served):
        due = office.clock.now + timedelta(days=3)
        office.sari.pauses(served, due_at=due)

        office.joko.accepts(office.sari.offers(served, office.joko))

        now = office.transaction(served)
        assert (now.state, now.holder_id, now.due_at) == ("paused", office.joko.id, due)

    def test_the_head_of_a_queue_offers_somebody_who_waits(self, office):
        transaction = office.arrives("A").facts["transaction"]

        office.budi.offers(transaction, office.dewi)

        assert waits(office, transaction) == [(None, "offer"), (office.dewi.id, None)]

    def test_the_words_are_kept_and_the_event_has_their_digest(self, office, served):
        note = "Ibu Ani menunggu berkas asli"
        office.sari.offers(served, office.dewi, note=note)

        event = office.rows_of_event(EventName.HANDOFF_OFFERED)[-1]
        assert note not in event.payload
        assert '"note":null' not in event.payload

    @pytest.mark.parametrize(
        ("receiver", "reason"),
        [
            ("Ratna", Reason.UNKNOWN),
            ("Agus", Reason.UNKNOWN),
            ("Sari", Reason.TO_ONESELF),
            ("Budi", Reason.RECEIVER_OFF_DUTY),
        ],
    )
    def test_some_cannot_receive(self, office, served, receiver, reason):
        with office.refuses(reason):
            office.sari.offers(served, office.people[receiver])

    @pytest.mark.parametrize("person_id", [0, -1, 999, 2**40, 2**80])
    def test_nobody_cannot_receive(self, office, served, person_id):
        with office.refuses(Reason.UNKNOWN):
            handing_off.offer_to_officer(
                office.streams, served, person_id, office.sari.asks("offer"), reason=HandoffReason.SPECIALIST
            )

    def test_work_without_the_visitor_may_be_offered_to_somebody_off_duty(self, office, processed):
        office.dewi.signs_off()

        assert office.dewi.accepts(office.sari.offers(processed, office.dewi)).facts["state"] == State.PROCESSING

    def test_an_empty_counter_cannot_receive(self, office, served):
        with office.refuses(Reason.NOBODY_AT_COUNTER, counter="Loket 3"):
            office.sari.offers(served, 3)

    def test_only_the_custodian_or_a_supervisor_offers(self, office, served):
        with office.refuses(Reason.NOT_CUSTODIAN, holder=office.sari.id):
            office.dewi.offers(served, office.joko)

        office.budi.offers(served, office.dewi)
        assert office.row(HandoffRow).giver_id == office.sari.id

    def test_one_offer_at_a_time(self, office, processed):
        office.sari.offers(processed, office.joko)

        with office.refuses(Reason.OFFER_OPEN):
            office.sari.offers(processed, office.dewi)

    def test_somebody_called_is_not_offered(self, office):
        office.arrives("A")
        transaction = office.sari.calls().facts["transaction"]

        with office.refuses(Reason.NOT_POSSIBLE_NOW, state=State.CALLED):
            office.sari.offers(transaction, office.dewi)

    @pytest.mark.parametrize("reason", [HandoffReason.OTHER, HandoffReason.APPROVAL])
    @pytest.mark.parametrize("note", [None, "", "  \n"])
    def test_some_reasons_need_words(self, office, served, reason, note):
        with office.refuses(Reason.NOTE_MISSING):
            office.sari.offers(served, office.dewi, reason=reason, note=note)

    def test_a_due_time_that_is_over_is_refused(self, office, served):
        with office.refuses(Reason.DUE_IN_THE_PAST):
            office.sari.offers(served, office.dewi, due_at=office.clock.now)


class TestAcceptance:
    def test_a_free_receiver_serves_at_once(self, office, served):
        handoff = office.sari.offers(served, office.dewi)
        office.clock.tick(30)

        done = office.dewi.accepts(handoff)

        assert done.facts["state"] == State.SERVING
        now = office.transaction(served)
        assert (now.holder_id, now.counter_id, now.handoffs) == (office.dewi.id, office.counters[2], 1)
        assert office.custody(served) == [
            ("waiting", office.budi.id),
            ("called", office.sari.id),
            ("serving", office.sari.id),
            ("waiting", office.sari.id),
            ("serving", office.dewi.id),
        ]

    def test_a_busy_receiver_has_the_visitor_wait_under_their_name(self, office, served):
        office.arrives("A")
        office.dewi.serves(counter=2)

        done = office.dewi.accepts(office.sari.offers(served, office.dewi))

        assert done.facts["state"] == State.WAITING
        now = office.transaction(served)
        assert (now.holder_id, now.addressee_id) == (office.dewi.id, office.dewi.id)

    def test_so_does_one_on_break(self, office, served):
        office.dewi.takes_break()

        assert office.dewi.accepts(office.sari.offers(served, office.dewi)).facts["state"] == State.WAITING

    def test_so_does_one_whose_visitor_is_at_another_counter(self, office):
        done = office.arrives("A", "B")
        first, second = done.facts["transactions"]
        office.sari.serves()
        handoff = office.budi.offers(second, office.dewi)

        assert office.dewi.accepts(handoff).facts["state"] == State.WAITING
        assert office.state(first) is State.SERVING

    def test_only_the_receiver_calls_who_waits_under_their_name(self, office, served):
        office.dewi.takes_break()
        office.dewi.accepts(office.sari.offers(served, office.dewi))
        with office.refuses(Reason.NOBODY_WAITING):
            office.sari.calls()
        office.dewi.ends_break()

        done = office.dewi.calls(counter=2)

        assert done.facts["why"]["code"] == "addressed"
        assert done.facts["transaction"] == served

    def test_a_colleague_may_call_them_with_a_reason_that_is_recorded(self, office, served):
        office.dewi.takes_break()
        office.dewi.accepts(office.sari.offers(served, office.dewi))

        assert office.sari.picks(served).facts["why"]["code"] == "picked"

    def test_a_receiver_without_the_skill_may_call_who_was_handed_to_them(self, office, served):
        """Budi has all skills here, Joko at a counter none: a supervisor had him accept, so he may call."""
        office.joko.signs_off()
        office.joko.signs_on(3)
        office.joko.takes_break()
        with office.refuses(Reason.NOT_QUALIFIED_RECEIVER):
            office.sari.offers(served, office.joko, note="Joko bisa")
        with office.refuses(Reason.NOT_QUALIFIED_RECEIVER):
            office.budi.offers(served, office.joko)
        office.joko.accepts(office.budi.offers(served, office.joko, note="Joko bisa"))
        office.joko.ends_break()

        assert office.joko.calls(counter=3).facts["transaction"] == served

    def test_the_back_office_goes_on_without_the_visitor(self, office, served):
        done = office.joko.accepts(office.sari.offers(served, office.joko))

        assert done.facts == {
            "handoff": office.row(HandoffRow).id,
            "transaction": served,
            "state": "processing",
            "counter": None,
        }
        assert office.transaction(served).holder_id == office.joko.id

    def test_the_due_time_of_the_work_survives_being_handed_on(self, office, processed):
        """Once each offer, answer and withdrawal took it away."""
        due = office.transaction(processed).due_at

        office.joko.declines(office.sari.offers(processed, office.joko))
        office.sari.withdraws(office.sari.offers(processed, office.joko))
        office.joko.accepts(office.sari.offers(processed, office.joko, due_at=due + timedelta(days=9)))

        assert office.transaction(processed).due_at == due

    def test_only_the_receiver_accepts(self, office, served):
        handoff = office.sari.offers(served, office.dewi)

        for other in (office.sari, office.joko, office.budi):
            with office.refuses(Reason.NOT_THE_RECEIVER):
                other.accepts(handoff)

    def test_the_receiver_must_be_on_duty_for_a_visitor_who_is_there(self, office):
        office.arrives("A")
        transaction = office.sari.serves()
        handoff = office.sari.offers(transaction, office.dewi)
        with office.refuses(Reason.STILL_RESPONSIBLE):
            office.dewi.signs_off()

        assert office.dewi.accepts(handoff)

    def test_two_people_pressing_at_once(self, office, served):
        handoff = office.sari.offers(served, office.dewi)
        office.dewi.accepts(handoff)

        with office.refuses(Reason.OFFER_CLOSED, state=HandoffState.ACCEPTED):
            office.sari.withdraws(handoff)
        with office.refuses(Reason.OFFER_CLOSED):
            office.dewi.accepts(handoff)
        with office.refuses(Reason.OFFER_CLOSED):
            office.dewi.declines(handoff)

    def test_or_the_other_way_round(self, office, served):
        handoff = office.sari.offers(served, office.dewi)
        office.sari.withdraws(handoff)

        with office.refuses(Reason.OFFER_CLOSED, state=HandoffState.WITHDRAWN):
            office.dewi.accepts(handoff)

    def test_an_offer_nobody_made_is_unknown(self, office, served):
        with office.refuses(Reason.UNKNOWN):
            office.dewi.accepts(served)


class TestBackToTheGiver:
    @pytest.mark.parametrize(
        ("answer", "event"),
        [
            (lambda office, handoff: office.dewi.declines(handoff), EventName.HANDOFF_DECLINED),
            (lambda office, handoff: office.sari.withdraws(handoff), EventName.HANDOFF_WITHDRAWN),
            (lambda office, handoff: office.budi.withdraws(handoff), EventName.HANDOFF_WITHDRAWN),
            (lambda office, handoff: office.clock.tick(600) and office.expires_offers(), EventName.HANDOFF_EXPIRED),
        ],
        ids=["declined", "withdrawn", "withdrawn by a supervisor", "expired"],
    )
    def test_the_visitor_waits_under_the_givers_name_again(self, office, served, answer, event):
        handoff = office.sari.offers(served, office.dewi)

        answer(office, handoff)

        assert office.happened()[-1] == event
        now = office.transaction(served)
        assert (now.state, now.holder_id, now.addressee_id) == ("waiting", office.sari.id, office.sari.id)
        assert (now.offer_id, now.handoffs) == (None, 0)
        assert office.sari.calls().facts["transaction"] == served

    def test_who_was_the_queues_is_the_queues_again(self, office):
        transaction = office.arrives("A").facts["transaction"]

        office.dewi.declines(office.budi.offers(transaction, office.dewi))

        now = office.transaction(transaction)
        assert (now.holder_id, now.addressee_id) == (office.budi.id, None)
        assert office.sari.calls().facts["transaction"] == transaction

    def test_work_goes_on_under_the_giver(self, office, processed):
        office.joko.declines(office.sari.offers(processed, office.joko))

        assert office.custody(processed)[-1] == ("processing", office.sari.id)
        assert office.state(processed) is State.PROCESSING

    def test_the_reason_of_a_refusal_is_kept(self, office, served):
        office.dewi.declines(office.sari.offers(served, office.dewi), DeclineReason.NOT_MINE)

        row = office.row(HandoffRow)
        assert (row.state, row.answer_reason) == ("declined", "not_mine")

    def test_other_needs_words(self, office, served):
        handoff = office.sari.offers(served, office.dewi)

        with office.refuses(Reason.NOTE_MISSING):
            office.dewi.declines(handoff, DeclineReason.OTHER)

    def test_only_the_receiver_declines(self, office, served):
        handoff = office.sari.offers(served, office.dewi)

        with office.refuses(Reason.NOT_THE_RECEIVER):
            office.budi.declines(handoff)

    def test_only_the_giver_or_a_supervisor_withdraws(self, office, served):
        handoff = office.sari.offers(served, office.dewi)

        with office.refuses(Reason.NOT_CUSTODIAN):
            office.dewi.withdraws(handoff)


class TestExpiry:
    def test_nothing_expires_before_its_time(self, office, served):
        office.sari.offers(served, office.dewi)
        office.clock.tick(599.999)

        assert office.expires_offers().facts["expired"] == []
        assert handing_off.offices_with_due_offers(office.streams) == []

    def test_the_worker_is_told_which_offices_have_something_due(self, office, served):
        handoff = office.sari.offers(served, office.dewi)
        office.clock.tick(600)

        assert handing_off.offices_with_due_offers(office.streams) == [office.id]
        assert office.expires_offers().facts["expired"] == [handoff]
        assert handing_off.offices_with_due_offers(office.streams) == []

    def test_an_expired_offer_is_closed(self, office, served):
        handoff = office.sari.offers(served, office.dewi)
        office.clock.tick(600)
        office.expires_offers()

        with office.refuses(Reason.OFFER_CLOSED, state=HandoffState.EXPIRED):
            office.dewi.accepts(handoff)

    def test_several_expire_together(self, office):
        offers = []
        for _ in range(3):
            office.arrives("A")
            transaction = office.sari.serves()
            offers.append(office.sari.offers(transaction, office.joko))
        office.clock.tick(3600)

        assert office.expires_offers().facts["expired"] == offers


class TestSkillLostMeanwhile:
    """Who was offered a visitor by name must have the skill when accepting as well."""

    def test_custody_stays_with_the_giver(self, office, served):
        handoff = office.sari.offers(served, office.dewi)
        office.budi.removes_skill(office.dewi, "A")

        with office.refuses(Reason.NOT_QUALIFIED):
            office.dewi.accepts(handoff)
        with office.refuses(Reason.NOT_QUALIFIED):
            office.dewi.takes_visitor(office.transaction(served).visit_id)

        assert office.transaction(served).holder_id == office.sari.id
        assert office.row(HandoffRow).state == HandoffState.OFFERED

    def test_with_the_skill_back_it_is_accepted(self, office, served):
        handoff = office.sari.offers(served, office.dewi)
        office.budi.removes_skill(office.dewi, "A")
        office.budi.adds_skill(office.dewi, "A")

        assert office.dewi.accepts(handoff).facts["state"] == State.SERVING

    def test_work_without_the_visitor_needs_none(self, office, processed):
        handoff = office.sari.offers(processed, office.dewi)
        office.budi.removes_skill(office.dewi, "A")

        assert office.dewi.accepts(handoff).facts["state"] == State.PROCESSING

    def test_neither_does_the_back_office(self, office, served):
        office.budi.adds_skill(office.joko, "A")
        handoff = office.sari.offers(served, office.joko)
        office.budi.removes_skill(office.joko, "A")

        assert office.joko.accepts(handoff).facts["state"] == State.PROCESSING

    def test_it_may_go_back_to_whoever_had_it(self, office, served):
        office.dewi.accepts(office.sari.offers(served, office.dewi))
        handoff = office.dewi.gives_back(served)
        office.budi.removes_skill(office.sari, "A")

        assert office.sari.accepts(handoff).facts["state"] == State.SERVING

    def test_so_does_the_end_of_a_shift(self, office, served):
        office.sari.accepts(office.budi.offers(office.arrives("A").facts["transaction"], office.sari))
        waiting = office.row(HandoffRow).transaction_id
        office.sari.hands_over_shift({waiting: office.dewi})
        handoff = office.rows(HandoffRow)[-1].id
        office.budi.removes_skill(office.dewi, "A")

        assert office.dewi.accepts(handoff).facts["state"] == State.SERVING


class TestSuperseded:
    """An open offer is withdrawn by whatever overtakes it."""

    @pytest.mark.parametrize("step", ["completes", "cancels"])
    def test_the_end_withdraws_it(self, office, processed, step):
        office.sari.offers(processed, office.joko)

        getattr(office.sari, step)(processed)

        assert office.row(HandoffRow).state == "withdrawn"
        assert office.state(processed) is State.ENDED

    def test_leaving_withdraws_it(self, office, served):
        office.sari.offers(served, office.dewi)

        office.leaves(office.transaction(served).visit_id)

        assert office.row(HandoffRow).state == "withdrawn"

    def test_closing_the_day_withdraws_it(self, office, served):
        office.sari.offers(served, office.dewi)

        office.budi.closes_day()

        assert office.row(HandoffRow).state == "withdrawn"
        assert office.transaction(served).ending == "closed_unserved"

    def test_coming_back_withdraws_it(self, office, processed):
        office.sari.offers(processed, office.joko)

        office.comes_back(processed)

        assert office.row(HandoffRow).state == "withdrawn"
        assert office.custody(processed)[-1] == ("waiting", office.sari.id)

    def test_a_pause_and_its_end_leave_it_open(self, office, processed):
        handoff = office.sari.offers(processed, office.joko)
        office.sari.pauses(processed)
        office.sari.resumes(processed)

        assert office.joko.accepts(handoff).facts["state"] == State.PROCESSING


class TestTransfer:
    def test_a_queue_accepts_at_once_and_its_head_is_custodian(self, office, served):
        office.clock.tick(60)

        done = office.sari.transfers(served, "B")

        assert done.facts["receiver"] == office.budi.id
        now = office.transaction(served)
        assert (now.state, now.holder_id, now.service_id) == ("waiting", office.budi.id, office.services["B"])
        assert (now.first_service_id, now.handoffs) == (office.services["A"], 1)
        row = office.row(HandoffRow)
        assert (row.kind, row.state, row.giver_id, row.to_service_id) == (
            "queue", "accepted", office.sari.id, office.services["B"],
        )  # fmt: skip

    def test_the_visitor_keeps_the_arrival_time(self, office):
        office.arrives("A")
        office.clock.tick(60)
        office.arrives("B")
        transaction = office.sari.serves()
        office.clock.tick(300)
        office.sari.transfers(transaction, "B")

        assert office.sari.calls().facts["transaction"] == transaction

    def test_only_who_has_the_skill_calls_there(self, office, served):
        office.sari.transfers(served, "C")

        with office.refuses(Reason.NOBODY_WAITING):
            office.sari.calls()
        assert office.dewi.calls(counter=2).facts["transaction"] == served

    def test_somebody_called_may_be_transferred(self, office):
        office.arrives("A")
        transaction = office.sari.calls().facts["transaction"]

        office.sari.transfers(transaction, "B")

        assert waits(office, transaction) == [(None, "transfer"), (None, None)]

    def test_somebody_waiting_may_be_transferred_by_anybody_at_the_front(self, office):
        transaction = office.arrives("A").facts["transaction"]

        office.dewi.transfers(transaction, "B")

        assert office.transaction(transaction).service_id == office.services["B"]

    def test_to_the_same_queue_is_refused(self, office):
        transaction = office.arrives("A").facts["transaction"]

        with office.refuses(Reason.ALREADY_WAITING):
            office.dewi.transfers(transaction, "A")

    def test_back_to_its_own_queue_is_a_return_and_no_handoff(self, office, served):
        with office.refuses(Reason.RETURN_INSTEAD):
            office.sari.transfers(served, "A")

        office.sari.seats(served)

        row = office.transaction(served)
        assert (row.state, row.handoffs, row.holder_id) == ("waiting", 0, office.budi.id)
        for mover in (office.sari, office.budi):
            with office.refuses(Reason.ALREADY_WAITING):
                mover.transfers(served, "A")
        called = office.sari.calls().facts["transaction"]
        with office.refuses(Reason.RETURN_INSTEAD):
            office.sari.transfers(called, "A")
        assert office.rows(HandoffRow) == []

    def test_while_offered_is_refused(self, office, served):
        office.sari.offers(served, office.dewi)

        with office.refuses(Reason.OFFER_OPEN):
            office.sari.transfers(served, "B")

    def test_a_returning_visitor_stays_in_the_custody_of_who_works_on_it(self, office, processed):
        office.comes_back(processed)
        office.dewi.serves(counter=2)

        done = office.dewi.transfers(processed, "B")

        assert done.facts["receiver"] == office.sari.id
        assert office.custody(processed)[-1] == ("waiting", office.sari.id)

    def test_a_retired_or_unknown_service_is_refused(self, office, served):
        for service_id in (999, -1, 2**80):
            office.services["X"] = service_id
            with office.refuses(Reason.UNKNOWN):
                office.sari.transfers(served, "X")

    def test_only_the_custodian_transfers_who_is_served(self, office, served):
        with office.refuses(Reason.NOT_CUSTODIAN):
            office.dewi.transfers(served, "B")

    def test_an_auditor_transfers_nobody(self, office):
        transaction = office.arrives("A").facts["transaction"]

        with office.refuses(Reason.FORBIDDEN):
            office.ratna.transfers(transaction, "B")


def test_custody_is_never_empty(office, served):
    """Every second from the check-in on is somebody's."""
    office.joko.accepts(office.sari.offers(served, office.joko))
    office.clock.tick(3600)
    office.joko.completes(served)

    rows = office.rows(CustodySegment, transaction_id=served)
    assert [row.started_at for row in rows[1:]] == [row.ended_at for row in rows[:-1]]
    assert (rows[0].started_at, rows[-1].ended_at) == (
        office.transaction(served).opened_at,
        office.transaction(served).ended_at,
    )
