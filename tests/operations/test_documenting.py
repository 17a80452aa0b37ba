"""Complete documents, the promise that follows, both clocks frozen at the end; reminders of pauses."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from desk.domain.facts import EventName
from desk.domain.lifecycle import State
from desk.domain.reasons import CorrectionReason, HandoffReason, PauseCause
from desk.domain.refusals import Reason
from desk.domain.risk import Standing
from desk.models import Note
from desk.operations import serving
from desk.operations.settings import scheduling
from desk.reads.clocks import list_clocks, list_running_promises

PROMISED = datetime(2026, 3, 25, 9, tzinfo=UTC)  # 17 working days after Monday, 2 March; no holidays kept here


@pytest.fixture
def office(desk_office):
    desk_office.dewi.signs_on(2)
    return desk_office


@pytest.fixture
def served(office):
    """A valuation that Dewi serves, for which working days are promised."""
    office.arrives("C")
    office.clock.tick(600)
    return office.dewi.serves(counter=2)


def clocks(office, transaction):
    with office.streams.reading() as connection:
        rules = office.streams.configuration(connection, office.id).clock_rules
        found = list_clocks(connection, office.id, [transaction], rules, at=office.clock.now)[transaction]
        running = list_running_promises(connection, office.id, rules, at=office.clock.now)
    if not found.frozen and found.promise is not None:
        assert running == {transaction: found}
    else:
        assert running == {}
    return found


def payload(office, name):
    return json.loads(office.rows_of_event(name)[-1].payload)


class TestCompleteDocuments:
    def test_the_promise_runs_from_now_on(self, office, served):
        at = office.clock.tick(60)
        done = office.dewi.completes_documents(served, 3, papers="Surat permohonan\nSertifikat")

        row = office.transaction(served)
        assert (row.state, row.complete_at, row.promised_at, row.quantity) == ("serving", at, PROMISED, 3)
        assert done.facts["days"] == 17
        assert "Sertifikat" not in str(payload(office, EventName.DOCUMENTS_COMPLETED))
        assert office.row(Note).words == "Surat permohonan\nSertifikat"

    def test_also_while_it_is_processed_with_an_offer_open(self, office, served):
        office.dewi.processes(served)
        handoff = office.dewi.offers(served, office.sari)
        office.dewi.completes_documents(served)

        assert office.transaction(served).offer_id == handoff

    @pytest.mark.parametrize("quantity", [0, -1, 10_001, 2**40])
    def test_an_absurd_quantity_is_refused(self, office, served, quantity):
        with office.refuses(Reason.QUANTITY_OUT_OF_RANGE):
            office.dewi.completes_documents(served, quantity)

    def test_only_once(self, office, served):
        office.dewi.completes_documents(served)
        with office.refuses(Reason.DOCUMENTS_COMPLETE_ALREADY):
            office.dewi.completes_documents(served)

    def test_only_where_working_days_are_promised(self, office):
        office.arrives("A")
        transaction = office.dewi.serves(counter=2)
        with office.refuses(Reason.NO_COMPLETION_PROMISE):
            office.dewi.completes_documents(transaction)
        assert office.dewi.completes(transaction)

    def test_only_by_whoever_has_it(self, office, served):
        with office.refuses(Reason.NOT_CUSTODIAN):
            office.sari.completes_documents(served)
        with office.refuses(Reason.FORBIDDEN):
            office.ratna.completes_documents(served)

    def test_not_in_a_pause(self, office, served):
        office.dewi.pauses(served)
        with office.refuses(Reason.NOT_POSSIBLE_NOW, state=State.PAUSED):
            office.dewi.completes_documents(served)


class TestCorrections:
    @pytest.fixture
    def complete(self, office, served):
        office.clock.tick(2 * 86_400)
        office.dewi.completes_documents(served, 3)
        office.clock.tick(3600)
        return served

    def test_another_quantity_gives_another_promise(self, office, complete):
        before = office.transaction(complete)
        office.budi.corrects_documents(complete, quantity=6)

        row = office.transaction(complete)
        assert (row.quantity, row.complete_at) == (6, before.complete_at)
        assert row.promised_at - before.promised_at == timedelta(days=4)  # two working days, over a weekend

    def test_another_day(self, office, complete):
        office.budi.corrects_documents(complete, CorrectionReason.WRONG_DAY, complete_on=date(2026, 3, 2))

        row = office.transaction(complete)
        assert (row.complete_at, row.promised_at) == (datetime(2026, 3, 2, 9, tzinfo=UTC), PROMISED)

    def test_not_complete_after_all(self, office, complete):
        office.budi.corrects_documents(complete, CorrectionReason.NOT_COMPLETE)

        assert office.transaction(complete).promised_at is None
        assert office.dewi.completes_documents(complete)

    @pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 5), date(1, 1, 1)])
    def test_not_before_it_began_and_not_ahead(self, office, complete, day):
        with office.refuses(Reason.COMPLETE_ON_OUT_OF_RANGE):
            office.budi.corrects_documents(complete, CorrectionReason.WRONG_DAY, complete_on=day)

    def test_refused(self, office, complete):
        with office.refuses(Reason.FORBIDDEN):
            office.dewi.corrects_documents(complete, quantity=2)
        with office.refuses(Reason.NOTE_MISSING):
            office.budi.corrects_documents(complete, CorrectionReason.OTHER)
        office.dewi.completes(complete)
        with office.refuses(Reason.NO_LONGER_POSSIBLE):
            office.budi.corrects_documents(complete, quantity=2)

    def test_a_correction_that_corrects_nothing(self, office, complete):
        with office.refuses(Reason.ALREADY_DONE):
            office.budi.corrects_documents(complete, quantity=3)

    def test_nothing_to_correct(self, office, served):
        with office.refuses(Reason.DOCUMENTS_NOT_COMPLETE):
            office.budi.corrects_documents(served, quantity=2)


class TestClocks:
    def test_they_run_pause_and_are_frozen(self, office, served):
        office.dewi.completes_documents(served)
        office.clock.tick(3600)
        office.dewi.pauses(served, cause=PauseCause.VISITOR)
        office.clock.tick(3600)
        seen = clocks(office, served)
        assert (seen.visitor_s, seen.office_s, seen.running) == (7800, 4200, False)
        assert (seen.promise.used_s, seen.promise.standing) == (3600, Standing.ON_TIME)

        office.dewi.resumes(served)
        office.clock.tick(60)
        office.dewi.completes(served)
        row = office.transaction(served)
        assert (row.visitor_s, row.office_s, row.used_s) == (7860, 4260, 3660)
        assert row.clock_basis == {"calendars": [[2, 1]], "causes": ["system"]}
        assert clocks(office, served).frozen

    def test_what_has_ended_keeps_its_clocks_whatever_changes(self, office, served):
        office.dewi.completes_documents(served)
        office.clock.tick(3600)
        office.dewi.completes(served)
        before = clocks(office, served)
        closed = [scheduling.ClosedDay(date(2026, 3, 2), "Banjir")]
        scheduling.close_days(office.streams, office.id, 2, office.agus.asks("close"), days=closed)
        causes = [PauseCause.VISITOR]
        scheduling.change_clock_rules(
            office.streams, office.id, office.agus.asks("clock"), causes=causes, risk_percent=1
        )  # fmt: skip
        office.clock.tick(86_400)

        after = clocks(office, served)
        assert (after.visitor_s, after.office_s, after.promise.used_s) == (4200, 4200, 3600)
        assert (after.promise.promised_at, after.promise.allowed_s) == (
            before.promise.promised_at,
            before.promise.allowed_s,
        )

    def test_another_service_midway_goes_by_its_own_calendar(self, office, served):
        office.clock.tick(9 * 3600 - 600)  # until 17.00, an hour after valuations close
        office.dewi.transfers(served, "A", reason=HandoffReason.WRONG_SERVICE)
        office.clock.tick(3600)

        seen = clocks(office, served)
        assert seen.office_s == int(7.25 * 3600) + 3600

    def test_opened_again_they_run_on(self, office, served):
        office.dewi.completes(served)
        office.clock.tick(3600)
        office.budi.reopens(served)
        assert office.transaction(served).visitor_s is None
        office.clock.tick(60)

        assert (clocks(office, served).visitor_s, clocks(office, served).office_s) == (660, 660)

    def test_at_risk_then_past_the_promise_by_the_offices_clock(self, office, served):
        office.dewi.completes_documents(served)
        office.dewi.processes(served)
        standings = []
        for _ in range(26):
            office.clock.tick(86_400)
            standings.append(clocks(office, served).promise.standing)
        assert [standings.count(each) for each in Standing] == [18, 5, 3]


class TestReminders:
    def test_as_the_working_day_before_begins(self, office, served):
        office.dewi.pauses(served, due_at=office.clock.now + timedelta(days=7))
        assert office.transaction(served).remind_at == datetime(2026, 3, 6, 1, tzinfo=UTC)
        office.dewi.resumes(served)
        assert office.transaction(served).remind_at is None

    def test_when_the_officer_says(self, office, served):
        due, remind = (office.clock.now + timedelta(days=each) for each in (7, 2))
        request = office.dewi.asks("pause", transaction=served)
        pause = {"cause": PauseCause.SYSTEM, "due_at": due}
        with office.refuses(Reason.INVALID, field="remind_at"):
            serving.pause(office.streams, served, request, **pause, remind_at=due)
        with office.refuses(Reason.DUE_IN_THE_PAST):
            serving.pause(office.streams, served, request, **pause, remind_at=office.clock.now)
        serving.pause(office.streams, served, request, **pause, remind_at=remind)
        assert office.transaction(served).remind_at == remind
