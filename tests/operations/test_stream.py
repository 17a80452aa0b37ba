"""The office's stream: all or nothing, one answer to a key, a clock that never goes back."""

import pytest
from sqlalchemy import event

from desk.domain.clock import micros
from desk.domain.facts import EventName, Fact
from desk.domain.lifecycle import State
from desk.domain.refusals import Reason
from desk.models import EventRow, Remembered, Visit
from desk.operations.accounts import shutting_out
from desk.operations.requests import Request
from desk.operations.staffing import sign_on
from desk.operations.stream import Streams
from desk.watching.traffic import Traffic
from tests.fixtures.office import KEYS, OPENING, DeskOffice


class TestKeys:
    def test_a_repeat_gets_the_first_answer_and_changes_nothing(self, desk_office):
        first = desk_office.arrives("A", key="tap-1")
        before = desk_office.head

        again = desk_office.arrives("A", key="tap-1")

        assert again.repeated
        assert not first.repeated
        assert (again.facts, again.event, again.at) == (first.facts, first.event, first.at)
        assert desk_office.head == before

    def test_a_repeat_gets_the_first_answer_even_after_the_state_has_moved_on(self, desk_office):
        desk_office.sari.signs_on()
        desk_office.arrives("A")
        transaction = desk_office.sari.calls(key="press-1").facts["transaction"]
        desk_office.sari.starts(transaction, key="press-2")
        desk_office.sari.completes(transaction, key="press-3")
        desk_office.clock.tick(86_400)

        assert desk_office.sari.calls(key="press-1").facts["transaction"] == transaction
        assert desk_office.sari.starts(transaction, key="press-2").facts["state"] == State.SERVING
        assert desk_office.sari.completes(transaction, key="press-3").repeated
        assert desk_office.state(transaction) is State.ENDED

    def test_the_key_of_another_request_is_refused(self, desk_office):
        desk_office.arrives("A", key="tap-1")

        with desk_office.refuses(Reason.KEY_REUSED):
            desk_office.arrives("B", key="tap-1")

    def test_the_key_of_another_verb_is_refused(self, desk_office):
        transaction = desk_office.arrives("A", key="tap-1").facts["transaction"]

        with desk_office.refuses(Reason.KEY_REUSED):
            desk_office.comes_back(transaction, key="tap-1")

    def test_two_people_may_choose_the_same_key(self, desk_office):
        desk_office.arrives("A")
        desk_office.arrives("A")
        desk_office.sari.signs_on(1)
        desk_office.dewi.signs_on(2)

        mine, theirs = desk_office.sari.calls(key="1"), desk_office.dewi.calls(counter=2, key="1")

        assert mine.facts["transaction"] != theirs.facts["transaction"]

    def test_a_key_is_known_in_its_own_office_only(self, desk_office):
        other = desk_office.another()

        assert desk_office.arrives("A", key="tap-1").facts["number"] == "A001"
        assert not other.arrives("A", key="tap-1").repeated

    def test_a_refused_request_is_not_remembered(self, desk_office):
        desk_office.sari.signs_on()
        with desk_office.refuses(Reason.NOBODY_WAITING):
            desk_office.sari.calls(key="press-1")
        desk_office.arrives("A")

        assert not desk_office.sari.calls(key="press-1").repeated

    def test_a_repeat_after_the_clock_stepped_back_writes_nothing(self, desk_office):
        """Once it wrote the event of the step without moving the head, and the office could never write again."""
        desk_office.arrives("A", key="tap-1")
        desk_office.clock.tick(-3600)

        assert desk_office.arrives("A", key="tap-1").repeated
        assert desk_office.happened()[-1] == EventName.TRANSACTION_OPENED

        assert desk_office.arrives("A", key="tap-2").facts["number"] == "A002"
        assert desk_office.findings() == []

    def test_what_is_remembered_holds_no_token(self, desk_office):
        desk_office.arrives("A", key="tap-1", email="visitor@example.id", name="Siti", consent=True)

        answer = desk_office.row(Remembered).answer

        assert "Siti" not in answer
        assert "example.id" not in answer
        assert "token" not in answer


class TestAllOrNothing:
    def test_work_that_breaks_leaves_no_trace(self, desk_office):
        before = desk_office.head

        def breaks(unit):
            unit.append(Fact(EventName.DAY_CLOSED, {"day": "2026-03-02", "closed": 0}))
            raise RuntimeError("power cut")

        with pytest.raises(RuntimeError):
            desk_office.streams.run(desk_office.id, Request(desk_office.budi.asks("x").actor, "x", key="1"), breaks)

        assert desk_office.head == before
        assert desk_office.rows(Remembered) == []
        assert EventName.DAY_CLOSED not in desk_office.happened()

    def test_listeners_are_told_of_a_change_after_it_and_of_nothing_else(self, desk_office):
        desk_office.arrives("A", key="tap-1")
        desk_office.arrives("A", key="tap-1")
        with desk_office.refuses(Reason.NOT_ON_DUTY):
            desk_office.sari.calls()

        assert desk_office.told == [desk_office.id]

    @pytest.mark.parametrize("office_id", [2, 0, -1, 8192, 2**40, 2**80])
    def test_an_office_that_does_not_exist_is_refused(self, desk_office, office_id):
        desk_office.id, there = office_id, desk_office.id
        with pytest.raises(Exception, match="unknown"):
            desk_office.arrives("A")
        desk_office.id = there

    def test_offices_do_not_wait_for_each_other_nor_share_numbers(self, desk_office):
        other = desk_office.another()
        desk_office.arrives("A")
        desk_office.arrives("A")

        assert other.arrives("A").facts["number"] == "A001"
        assert desk_office.arrives("A").facts["number"] == "A003"
        assert desk_office.findings() == []

    def test_no_words_of_a_person_stand_in_an_event(self, desk_office):
        desk_office.sari.signs_on()
        desk_office.arrives("A", name="Siti Aminah", email="siti@example.id", consent=True)
        desk_office.sari.completes(desk_office.sari.serves(), note="Siti tinggal di Bekasi")

        told = " ".join(row.payload for row in desk_office.rows(EventRow))

        assert "Siti" not in told
        assert "Bekasi" not in told
        assert "example.id" not in told


class TestClock:
    def test_events_carry_the_time_of_the_clock(self, desk_office):
        desk_office.clock.tick(17)

        assert desk_office.arrives("A").at == micros(desk_office.clock.now)

    def test_a_step_back_is_clamped_and_recorded_once_and_work_goes_on(self, desk_office):
        desk_office.sari.signs_on()
        desk_office.arrives("A")
        latest = desk_office.head.at
        desk_office.clock.tick(-3600)

        desk_office.arrives("A")
        desk_office.clock.tick(60)
        transaction = desk_office.sari.serves()
        desk_office.sari.completes(transaction)

        steps = [row for row in desk_office.rows(EventRow) if row.name == EventName.CLOCK_STEPPED_BACK]
        assert [row.payload for row in steps] == ['{"behind_s":3600}']
        assert {row.at for row in desk_office.rows(EventRow) if row.number >= steps[0].number} == {latest}
        assert desk_office.findings() == []

    def test_once_it_has_caught_up_time_goes_on_and_the_next_step_is_recorded_anew(self, desk_office):
        desk_office.arrives("A")
        for _ in range(2):
            desk_office.clock.tick(-600)
            desk_office.arrives("A")
            desk_office.clock.tick(601)
            assert desk_office.arrives("A").time == desk_office.clock.now

        assert desk_office.happened().count(EventName.CLOCK_STEPPED_BACK) == 2

    def test_jitter_between_machines_is_clamped_but_not_recorded(self, desk_office):
        first = desk_office.arrives("A")
        desk_office.clock.tick(-2)

        assert desk_office.arrives("A").at == first.at
        assert EventName.CLOCK_STEPPED_BACK not in desk_office.happened()

    def test_a_refusal_does_not_record_the_step(self, desk_office):
        desk_office.sari.signs_on()
        desk_office.clock.tick(-3600)

        with desk_office.refuses(Reason.NOBODY_WAITING):
            desk_office.sari.calls()

    def test_a_supervisor_confirms_the_right_time_after_a_jump_ahead(self, desk_office):
        desk_office.clock.tick(86_400)
        desk_office.arrives("A")
        desk_office.clock.tick(-86_400)

        done = desk_office.budi.confirms_clock()

        assert done.facts == {"epoch": 2}
        assert desk_office.head.epoch == 2
        assert desk_office.arrives("A").time == desk_office.clock.now
        assert desk_office.findings() == []

    def test_a_jump_ahead_over_midnight_does_not_lose_the_numbers_of_today(self, desk_office):
        desk_office.arrives("A")
        desk_office.clock.tick(86_400)
        assert desk_office.arrives("A").facts["number"] == "A001"
        desk_office.clock.tick(-86_400)
        desk_office.budi.confirms_clock()

        assert desk_office.arrives("A").facts["number"] == "A002"
        desk_office.clock.tick(86_400)
        assert desk_office.arrives("A").facts["number"] == "A002"
        assert [row.label for row in desk_office.rows(Visit)] == ["A001", "A001", "A002", "A002"]

    def test_a_clock_that_is_not_behind_needs_no_confirmation(self, desk_office):
        with desk_office.refuses(Reason.CLOCK_NOT_BEHIND):
            desk_office.budi.confirms_clock()

    @pytest.mark.parametrize("name", ["Sari", "Ratna", "Agus"])
    def test_only_a_supervisor_confirms(self, desk_office, name):
        desk_office.clock.tick(-3600)

        with desk_office.refuses(Reason.FORBIDDEN):
            desk_office.people[name].confirms_clock()

    def test_custody_is_added_up_over_the_epochs(self, desk_office):
        desk_office.sari.signs_on()
        desk_office.arrives("A")
        transaction = desk_office.sari.serves()
        desk_office.clock.tick(7200)
        desk_office.arrives("B")
        desk_office.clock.tick(-7200)
        desk_office.budi.confirms_clock()
        desk_office.sari.completes(transaction)

        assert desk_office.transaction(transaction).ended_at == OPENING
        assert desk_office.findings() == []


def test_whichever_engine_is_disposed_no_connection_stays_open(desk_office):
    opened, closed = [], []
    event.listen(desk_office.engine, "connect", lambda driver, record: opened.append(driver))
    event.listen(desk_office.engine, "close", lambda driver, record: closed.append(driver))
    another = DeskOffice(desk_office.url, engine=desk_office.streams.engine.execution_options(desk_writes=True))
    desk_office.engine.dispose()
    desk_office.arrives("A")
    another.arrives("A")

    desk_office.streams.engine.dispose()

    assert len(opened) > 1
    assert set(closed) >= set(opened)


def test_every_change_is_counted_also_of_who_works_in_many_offices(desk_office):
    traffic, office, budi = Traffic(), desk_office, desk_office.budi
    watched = Streams(office.engine, KEYS, clock=office.clock, watch=traffic)

    sign_on(watched, office.counters[1], office.id, office.dewi.asks("sign_on"))
    shutting_out.shut_out(watched, office.id, office.sari.id, budi.asks("shut_out"))

    assert [sum(each.counts) for each in (traffic.totals.locks, traffic.totals.commits)] == [2, 2]
