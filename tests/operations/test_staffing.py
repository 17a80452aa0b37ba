"""Duty, closing the day: nobody leaves a visitor behind, and nobody is left waiting overnight."""

import pytest

from desk.domain.facts import EventName
from desk.domain.lifecycle import State
from desk.domain.reasons import BreakReason
from desk.domain.refusals import Reason
from desk.models import Duty, InvitationRow, TransactionRow
from tests.fixtures.office import BACK_OFFICE


class TestSigningOn:
    def test_an_officer_is_available_at_a_counter(self, desk_office):
        done = desk_office.sari.signs_on(1)

        row = desk_office.row(Duty)
        assert done.facts == {"duty": row.id, "counter": desk_office.counters[1]}
        assert (row.officer_id, row.state, row.back_office) == (desk_office.sari.id, "available", False)

    def test_a_desk_in_the_back_office_is_none_for_visitors(self, desk_office):
        desk_office.joko.signs_on(BACK_OFFICE)

        assert desk_office.row(Duty).back_office

    def test_one_counter_at_a_time(self, desk_office):
        desk_office.sari.signs_on(1)

        with desk_office.refuses(Reason.ALREADY_ON_DUTY, counter=desk_office.counters[1]):
            desk_office.sari.signs_on(2)

    def test_one_officer_at_a_counter(self, desk_office):
        desk_office.sari.signs_on(1)

        with desk_office.refuses(Reason.COUNTER_TAKEN, holder=desk_office.sari.id):
            desk_office.dewi.signs_on(1)

    @pytest.mark.parametrize("name", ["Ratna", "Agus"])
    def test_only_the_front(self, desk_office, name):
        with desk_office.refuses(Reason.FORBIDDEN):
            desk_office.people[name].signs_on(1)

    @pytest.mark.parametrize("counter_id", [0, -1, 99, 2**80])
    def test_an_unknown_counter_is_refused(self, desk_office, counter_id):
        desk_office.counters[9] = counter_id

        with desk_office.refuses(Reason.UNKNOWN):
            desk_office.sari.signs_on(9)

    def test_the_counter_of_another_office_is_refused(self, desk_office):
        desk_office.counters[9] = desk_office.another().counters[1]

        with desk_office.refuses(Reason.UNKNOWN):
            desk_office.sari.signs_on(9)


class TestSigningOff:
    @pytest.fixture
    def office(self, desk_office):
        """Sari and Dewi at counters, one visitor waiting."""
        desk_office.sari.signs_on(1)
        desk_office.dewi.signs_on(2)
        desk_office.arrives("A")
        return desk_office

    def test_the_counter_is_free_for_the_next_shift(self, office):
        office.sari.signs_off()

        assert office.joko.signs_on(1)

    def test_not_while_off_duty(self, office):
        office.sari.signs_off()

        with office.refuses(Reason.NOT_ON_DUTY):
            office.sari.signs_off()

    @pytest.mark.parametrize("step", ["calls", "serves"])
    def test_not_while_somebody_is_called_or_served(self, office, step):
        getattr(office.sari, step)()

        with office.refuses(Reason.STILL_RESPONSIBLE):
            office.sari.signs_off()

    def test_not_while_somebody_waits_under_ones_name(self, office):
        transaction = office.sari.serves()
        office.dewi.takes_break()
        office.dewi.accepts(office.sari.offers(transaction, office.dewi))

        with office.refuses(Reason.STILL_RESPONSIBLE, waiting=1):
            office.dewi.signs_off()
        assert office.sari.signs_off()

    def test_not_while_a_seated_visitor_waits_for_an_answer(self, office):
        """The giver still has custody, the receiver an entry under their name."""
        office.sari.offers(office.sari.serves(), office.dewi)

        with office.refuses(Reason.STILL_RESPONSIBLE, waiting=1):
            office.sari.signs_off()
        with office.refuses(Reason.STILL_RESPONSIBLE, waiting=1):
            office.dewi.signs_off()

    def test_what_is_processed_or_paused_stays_overnight(self, office):
        office.arrives("A")
        office.sari.processes(office.sari.serves())
        office.sari.pauses(office.sari.serves())

        assert office.sari.signs_off()

    def test_an_offer_of_work_without_the_visitor_holds_nobody(self, office):
        transaction = office.sari.serves()
        office.sari.processes(transaction)
        office.sari.offers(transaction, office.dewi)

        assert office.sari.signs_off()

    def test_the_head_of_a_queue_may_go_home(self, office):
        office.budi.signs_on(3)

        assert office.budi.signs_off()


class TestBreak:
    @pytest.fixture
    def office(self, desk_office):
        desk_office.sari.signs_on(1)
        return desk_office

    @pytest.mark.parametrize("reason", BreakReason)
    def test_it_has_a_reason(self, office, reason):
        office.clock.tick(60)
        office.sari.takes_break(reason)

        row = office.row(Duty)
        assert (row.state, row.reason, row.since) == ("break", reason, office.clock.now)

    def test_it_ends(self, office):
        office.sari.takes_break()
        office.sari.ends_break()

        row = office.row(Duty)
        assert (row.state, row.reason) == ("available", None)

    def test_refusals(self, office):
        with office.refuses(Reason.ALREADY_DONE):
            office.sari.ends_break()
        office.sari.takes_break()
        with office.refuses(Reason.ALREADY_DONE):
            office.sari.takes_break()
        with office.refuses(Reason.NOT_ON_DUTY):
            office.dewi.takes_break()
        with office.refuses(Reason.NOT_ON_DUTY):
            office.dewi.ends_break()

    @pytest.mark.parametrize("step", ["calls", "serves"])
    def test_not_while_somebody_is_called_or_served(self, office, step):
        office.arrives("A")
        getattr(office.sari, step)()

        with office.refuses(Reason.COUNTER_BUSY):
            office.sari.takes_break()

    def test_one_may_go_home_from_a_break(self, office):
        office.sari.takes_break()

        assert office.sari.signs_off()


class TestClosing:
    @pytest.fixture
    def office(self, desk_office):
        desk_office.sari.signs_on(1)
        desk_office.dewi.signs_on(2)
        return desk_office

    def test_who_waits_or_is_called_is_closed_unserved(self, office):
        for _ in range(3):
            office.arrives("A", "B")
        office.sari.calls()

        done = office.budi.closes_day()

        assert done.facts == {"day": "2026-03-02", "closed": 6}
        assert {row.ending for row in office.rows(TransactionRow)} == {"closed_unserved"}
        assert {row.state for row in office.rows(InvitationRow)} == {"none"}
        assert office.happened()[-1] == EventName.DAY_CLOSED

    def test_who_is_served_is_finished_first(self, office):
        office.arrives("A", "B")
        served = office.sari.serves()

        assert office.budi.closes_day().facts["closed"] == 1
        assert office.state(served) is State.SERVING
        assert office.sari.completes(served)

    def test_a_returning_visitor_goes_back_to_where_the_work_was(self, office):
        office.arrives("A")
        transaction = office.sari.serves()
        office.sari.processes(transaction)
        office.comes_back(transaction)

        office.budi.closes_day()

        assert office.custody(transaction)[-1] == ("processing", office.sari.id)

    def test_the_officers_may_go_home(self, office):
        office.arrives("A")
        office.sari.calls()
        office.budi.closes_day()

        assert office.sari.signs_off()

    def test_twice_closes_nobody_twice(self, office):
        office.arrives("A")
        office.budi.closes_day()

        assert office.budi.closes_day().facts["closed"] == 0

    @pytest.mark.parametrize("name", ["Sari", "Ratna", "Agus"])
    def test_only_a_supervisor(self, office, name):
        with office.refuses(Reason.FORBIDDEN):
            office.people[name].closes_day()

    def test_nobody_closed_unserved_is_reinstated(self, office):
        transaction = office.arrives("A").facts["transaction"]
        office.budi.closes_day()

        with office.refuses(Reason.NOT_POSSIBLE_NOW):
            office.sari.reinstates(transaction)
