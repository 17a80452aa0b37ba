"""Handing on without asking: pools, returns, orders; notes and their corrections; terms, news, and fair waits."""

import pytest
from sqlalchemy import update

from desk.domain.facts import EventName
from desk.domain.lifecycle import State
from desk.domain.reasons import HandoffReason
from desk.domain.refusals import Reason
from desk.models import HandoffRow, HandoffWords, Note, Office, Person, QueueEntry
from desk.operations.settings import planned
from desk.operations.terms import Disposition
from desk.reads.waits import get_waits


@pytest.fixture
def office(desk_office):
    """Sari and Dewi at counters, Joko behind."""
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    desk_office.joko.signs_on(4)
    return desk_office


@pytest.fixture
def served(office):
    """A transaction Sari serves."""
    office.arrives("A")
    return office.sari.serves()


class TestPools:
    def test_a_pool_takes_at_once_and_its_head_has_it_until_a_member_takes_it(self, office, served):
        done = office.sari.pools(served)

        assert (done.facts["state"], done.facts["receiver"]) == ("processing", office.budi.id)
        now = office.transaction(served)
        assert (now.holder_id, now.pool_id, now.handoffs) == (office.budi.id, office.pools["Pengolahan"], 1)
        row = office.row(HandoffRow)
        assert (row.kind, row.state, row.to_pool_id) == ("pool", "accepted", office.pools["Pengolahan"])

        office.joko.takes(served)

        now = office.transaction(served)
        assert (now.state, now.holder_id, now.pool_id) == ("processing", office.joko.id, None)

    def test_two_members_who_press_at_once_get_one(self, office, served):
        office.sari.pools(served)
        office.budi.takes(served)

        with office.refuses(Reason.NOT_IN_A_POOL):
            office.joko.takes(served)
        assert office.custody(served)[-2:] == [("processing", office.budi.id)] * 2

    def test_only_members_take(self, office, served):
        office.sari.pools(served)

        with office.refuses(Reason.NOT_IN_THIS_POOL):
            office.dewi.takes(served)

    def test_only_the_custodian_hands_to_a_pool_and_only_once(self, office, served):
        with office.refuses(Reason.NOT_CUSTODIAN):
            office.dewi.pools(served)
        office.sari.pools(served)
        with office.refuses(Reason.ALREADY_THEIRS):
            office.budi.pools(served)

    def test_a_pause_goes_on_in_the_pool(self, office, served):
        office.sari.pauses(served)
        office.sari.pools(served)
        assert office.state(served) is State.PAUSED
        office.joko.takes(served)
        assert office.state(served) is State.PAUSED

    def test_a_visitor_who_comes_back_and_leaves_does_not_take_it_out_of_the_pool(self, office, served):
        office.sari.pools(served)
        visit = office.comes_back(served).facts["visit"]
        with office.refuses(Reason.NOT_IN_A_POOL):
            office.joko.takes(served)
        office.leaves(visit)

        office.joko.takes(served)

        assert office.transaction(served).holder_id == office.joko.id

    def test_what_the_head_offered_on_is_not_taken(self, office, served):
        office.sari.pools(served)
        office.budi.offers(served, office.dewi)
        with office.refuses(Reason.OFFER_OPEN):
            office.joko.takes(served)

    def test_a_retired_pool_gets_nothing_more(self, office, served):
        pool, asked = office.pools["Pengolahan"], office.agus.asks("change_pool")
        planned.change(office.streams, office.id, asked, kind="pool", subject=pool, values={"retired": True})
        with office.refuses(Reason.UNKNOWN):
            office.sari.pools(served)


class TestReturn:
    def test_one_press_offers_it_to_whoever_had_it(self, office, served):
        office.dewi.accepts(office.sari.offers(served, office.dewi))

        handoff = office.dewi.gives_back(served)

        row = office.row(HandoffRow, id=handoff)
        assert (row.receiver_id, row.kind, row.reason) == (office.sari.id, "return", "returned")
        assert office.sari.accepts(handoff).facts["state"] == "serving"

    def test_heads_of_queues_and_pools_had_it_by_name_only(self, office, served):
        with office.refuses(Reason.NOBODY_HAD_IT):
            office.sari.gives_back(served)
        office.sari.pools(served)
        office.joko.takes(served)
        assert office.row(HandoffRow, id=office.joko.gives_back(served)).receiver_id == office.sari.id

    def test_not_to_somebody_who_went_home_while_the_visitor_is_here(self, office, served):
        office.dewi.accepts(office.sari.offers(served, office.dewi))
        office.sari.signs_off()
        with office.refuses(Reason.RECEIVER_OFF_DUTY):
            office.dewi.gives_back(served)
        office.dewi.processes(served)
        office.dewi.gives_back(served)

    def test_not_to_somebody_who_no_longer_works_here(self, office, served):
        office.dewi.accepts(office.sari.offers(served, office.dewi))
        disable(office, office.sari)
        with office.refuses(Reason.RECEIVER_GONE):
            office.dewi.gives_back(served)


class TestOrder:
    def test_a_supervisor_passes_custody_on_at_once(self, office, served):
        done = office.budi.orders(served, office.dewi)

        assert (done.facts["state"], done.facts["receiver"]) == ("waiting", office.dewi.id)
        now = office.transaction(served)
        assert (now.holder_id, now.addressee_id, now.alert_id) == (office.dewi.id,) * 2 + (done.facts["handoff"],)
        row = office.row(HandoffRow)
        assert (row.kind, row.giver_id, row.answered_by_id) == ("forced", office.sari.id, office.budi.id)
        assert office.happened()[-1] == EventName.HANDOVER_FORCED
        assert office.dewi.calls(counter=2).facts["transaction"] == served

    def test_an_open_offer_is_withdrawn_first(self, office, served):
        office.sari.offers(served, office.dewi)
        office.budi.orders(served, office.joko)
        assert office.happened()[-2:] == [EventName.HANDOFF_WITHDRAWN, EventName.HANDOVER_FORCED]
        assert office.state(served) is State.PROCESSING

    def test_to_a_pool(self, office, served):
        office.budi.orders(served, "Pengolahan")
        assert office.transaction(served).pool_id == office.pools["Pengolahan"]
        office.joko.takes(served)

    def test_a_visitor_who_came_back_and_goes_does_not_bring_it_back(self, office, served):
        """The order is about the work; where it rested before must not win over it."""
        office.sari.processes(served)
        visit = office.comes_back(served).facts["visit"]
        office.budi.orders(served, office.dewi)
        office.leaves(visit)
        assert office.custody(served)[-1] == ("processing", office.dewi.id)

    def test_what_is_refused(self, office, served):
        with office.refuses(Reason.FORBIDDEN):
            office.sari.orders(served, office.dewi)
        with office.refuses(Reason.NOTE_MISSING):
            office.budi.orders(served, office.dewi, note=" ")
        with office.refuses(Reason.ALREADY_THEIRS):
            office.budi.orders(served, office.sari)
        office.dewi.signs_off()
        with office.refuses(Reason.RECEIVER_OFF_DUTY):
            office.budi.orders(served, office.dewi)
        disable(office, office.dewi)
        with office.refuses(Reason.RECEIVER_GONE):
            office.budi.orders(served, office.dewi)


class TestNews:
    def test_an_expired_offer_is_news_until_seen(self, office, served):
        handoff = office.sari.offers(served, office.dewi)
        office.clock.tick(600)
        office.expires_offers()
        assert office.transaction(served).alert_id == handoff
        with office.refuses(Reason.NOT_CUSTODIAN):
            office.dewi.sees(served)

        office.sari.sees(served)

        assert office.transaction(served).alert_id is None
        with office.refuses(Reason.ALREADY_DONE):
            office.sari.sees(served)

    def test_or_until_acted_on(self, office, served):
        office.dewi.declines(office.sari.offers(served, office.dewi))
        assert office.transaction(served).alert_id is not None
        office.sari.calls()
        assert office.transaction(served).alert_id is None

    def test_who_is_late_is_told_who_did_what_and_when(self, office, served):
        handoff = office.sari.offers(served, office.dewi)
        office.sari.withdraws(handoff)
        with office.refuses(Reason.OFFER_CLOSED, state="withdrawn", by="Sari", at=office.clock.now):
            office.dewi.accepts(handoff)

    def test_nobody_accepts_after_the_time_even_before_the_worker_looks(self, office, served):
        handoff = office.sari.offers(served, office.dewi)
        office.clock.tick(600)
        with office.refuses(Reason.OFFER_CLOSED, state="expired"):
            office.dewi.accepts(handoff)
        assert office.expires_offers().facts["expired"] == [handoff]


class TestWithTheVisitor:
    def test_the_number_finds_the_offer(self, office, served):
        office.sari.offers(served, office.dewi)
        visit = office.transaction(served).visit_id
        with office.refuses(Reason.NO_OFFER_FOR_NUMBER):
            office.joko.takes_visitor(visit)

        assert office.dewi.takes_visitor(visit).facts["state"] == "serving"

        with office.refuses(Reason.NO_OFFER_FOR_NUMBER):
            office.dewi.takes_visitor(visit)

    def test_what_was_offered_to_a_counter_is_taken_by_who_sits_there_now(self, office, served):
        office.sari.processes(served)
        office.sari.offers(served, 2)
        office.dewi.signs_off()
        office.budi.signs_on(2)

        done = office.budi.takes_visitor(office.transaction(served).visit_id)

        assert (done.facts["state"], office.transaction(served).holder_id) == ("processing", office.budi.id)
        assert office.row(HandoffRow).receiver_id == office.budi.id


class TestTerms:
    SAID = Disposition("Mohon dicek\nkuasanya", ("Surat kuasa", " ", "KTP"), walks_along=True)

    def test_the_words_are_kept_beside_the_event_and_only_there(self, office, served):
        handoff = office.sari.offers(served, office.dewi, disposition=self.SAID)

        row = office.row(HandoffWords, id=handoff)
        assert (row.expects, row.papers) == ("Mohon dicek\nkuasanya", "Surat kuasa\nKTP")
        assert office.row(HandoffRow).walks_along
        (event,) = office.rows_of_event(EventName.HANDOFF_OFFERED)
        assert "kuasa" not in event.payload

    def test_altered_words_are_found(self, office, served):
        office.sari.offers(served, office.dewi, disposition=self.SAID)
        with office.streams.engine.begin() as connection:
            connection.execute(update(HandoffWords).values(papers="KTP"))
        assert [each.kind for each in office.findings()] == ["words"]
        with office.streams.engine.begin() as connection:
            connection.execute(update(HandoffWords).values(papers="Surat kuasa\nKTP"))

    @pytest.mark.parametrize("said", [Disposition("x" * 501), Disposition(papers=("x" * 201,)),
                                      Disposition(papers=("x",) * 31)])  # fmt: skip
    def test_too_many_words_are_refused(self, office, served, said):
        with office.refuses(Reason.INVALID):
            office.sari.offers(served, office.dewi, disposition=said)

    def test_an_office_has_its_own_reasons(self, office, served):
        own = {"label_id": "Perlu juru bahasa", "label_en": "Needs an interpreter", "needs_note": True}
        for _ in range(2):  # pressed twice
            office.budi.changes_setting("handoff_reason", **own)
        code = "needs_an_interpreter"
        with office.refuses(Reason.NOTE_MISSING):
            office.sari.offers(served, office.dewi, reason=code)
        handoff = office.sari.offers(served, office.dewi, reason=code, note="Bahasa isyarat")
        office.budi.changes_setting("handoff_reason", code=code, retired=True)
        office.dewi.accepts(handoff)
        for reason in (code, "unheard_of"):
            with office.refuses(Reason.REASON_NOT_LISTED):
                office.dewi.offers(served, office.sari, reason=reason)
        with office.refuses(Reason.UNKNOWN):
            office.budi.changes_setting("decline_reason", code=code, **own)
        with office.refuses(Reason.INVALID):
            office.budi.changes_setting("decline_reason", label_id=" ", label_en="x", needs_note=False)


class TestNotes:
    def test_they_stay_after_the_end_and_after_reopening_and_are_corrected_by_new_ones(self, office, served):
        first = office.sari.notes(served, "Akta lengkap")
        office.sari.completes(served, note="Selesai")
        second = office.dewi.notes(served, "Akta kurang satu", corrects=first)
        office.sari.reopens(served)

        assert [row.words for row in office.rows(Note)] == ["Akta lengkap", "Selesai", "Akta kurang satu"]
        (event,) = office.rows_of_event(EventName.NOTE_CORRECTED)
        assert event.number == second & (1 << 40) - 1

    def test_what_is_refused(self, office, served):
        with office.refuses(Reason.WORDS_MISSING):
            office.sari.notes(served, " \n")
        with office.refuses(Reason.FORBIDDEN):
            office.ratna.notes(served)
        other = office.arrives("B").facts["transaction"]
        note = office.sari.notes(served)
        with office.refuses(Reason.UNKNOWN):
            office.sari.notes(other, corrects=note)
        with office.refuses(Reason.NOTE_TOO_LONG, length=4001, most=4000, over=1):
            office.sari.notes(served, "x" * 4001)


class TestFairWaits:
    def test_the_wait_after_a_handoff_is_measured_apart_from_the_first(self, office):
        transaction = office.arrives("A").facts["transaction"]
        office.clock.tick(120)
        office.sari.serves()
        office.sari.transfers(transaction, "B")
        office.clock.tick(60)
        office.sari.serves()
        office.sari.seats(transaction)
        office.clock.tick(30)

        with office.streams.reading() as connection:
            waits = get_waits(connection, office.id, transaction, at=office.clock.now)

        assert (waits.first_s, waits.handoff_s, waits.further_s) == (120, 60, 30)
        assert [row.began_by for row in office.rows(QueueEntry)] == ["check_in", "transfer", "return"]

    @pytest.mark.parametrize("keeps", [True, False])
    def test_an_office_may_have_a_handed_over_visitor_queue_anew(self, office, keeps):
        with office.streams.setting_up() as connection:
            connection.execute(update(Office).values(handoff_keeps_arrival=keeps))
        first = office.arrives("A").facts["transaction"]
        office.clock.tick(60)
        second = office.arrives("B").facts["transaction"]
        office.sari.serves()
        office.clock.tick(60)
        office.sari.transfers(first, "B", reason=HandoffReason.WRONG_SERVICE)

        assert office.sari.calls().facts["transaction"] == (first if keeps else second)


def disable(office, colleague):
    with office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == colleague.id).values(disabled_at=office.clock.now))
