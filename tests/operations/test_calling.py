"""Calling: first come, first served by rank; every call says why, and who was passed over."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from desk.domain.discipline import Candidate, choose
from desk.domain.lifecycle import State
from desk.domain.reasons import PickReason, Priority, PriorityReason
from desk.domain.refusals import Reason, Refused
from desk.models import Call, QueueEntry, TransactionRow, Visit
from desk.operations import calling
from tests.fixtures.office import BACK_OFFICE, DeskOffice

ELDERLY = PriorityReason.ELDERLY


@pytest.fixture
def office(desk_office):
    """Sari at counter 1, Dewi at counter 2."""
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    return desk_office


def arrive(office, *series, after=60, **said):
    """Let somebody arrive so many seconds later; return the transaction."""
    office.clock.tick(after)
    transaction: int = office.arrives(*series or ("A",), **said).facts["transaction"]
    return transaction


class TestNext:
    def test_the_first_who_came_is_the_first_called(self, office):
        arrivals = [arrive(office) for _ in range(3)]
        office.clock.tick(60)

        done = office.sari.calls()

        assert done.facts["transaction"] == arrivals[0]
        assert done.facts["why"] == {"code": "longest_wait", "waited": 180}
        assert (done.facts["number"], done.facts["passed_over"]) == ("A001", 0)

    def test_custody_passes_to_the_caller(self, office):
        transaction = arrive(office)
        office.clock.tick(30)
        done = office.sari.calls()

        now = office.transaction(transaction)
        assert (now.state, now.holder_id, now.counter_id, now.call_id) == (
            "called", office.sari.id, office.counters[1], done.facts["call"],
        )  # fmt: skip
        assert office.row(QueueEntry).place == "called"

    def test_the_only_one_is_called_as_the_only_one(self, office):
        arrive(office)

        assert office.sari.calls().facts["why"]["code"] == "only_one"

    def test_priority_comes_before_those_who_came_within_the_head_start(self, office):
        normal = arrive(office)
        elderly = arrive(office, priority_reason=ELDERLY, after=899)

        done = office.sari.calls()

        assert done.facts["transaction"] == elderly
        assert done.facts["why"] == {"code": "priority", "waited": 0, "head_start": 900, "overtaken": 1}
        assert office.row(Call).passed_over == [{"transaction": normal, "label": "A001", "by": 899}]

    def test_but_never_before_those_who_came_earlier(self, office):
        normal = arrive(office)
        arrive(office, priority_reason=ELDERLY, after=901)

        assert office.sari.calls().facts["transaction"] == normal

    def test_who_came_at_the_same_instant_by_rank_comes_in_the_order_of_the_numbers(self, office):
        normal = arrive(office)
        arrive(office, priority_reason=ELDERLY, after=900)

        assert office.sari.calls().facts["transaction"] == normal

    def test_only_for_services_the_officer_may_serve(self, office):
        arrive(office, "C")

        with office.refuses(Reason.NOBODY_WAITING):
            office.sari.calls()
        assert office.dewi.calls(counter=2)

    def test_the_other_services_of_a_busy_visit_are_not_called_nor_passed_over(self, office):
        arrive(office, "A", "B")
        later = arrive(office)
        office.sari.calls()

        done = office.dewi.calls(counter=2)

        assert done.facts["transaction"] == later
        assert done.facts["why"]["code"] == "only_one"
        assert office.row(Call, id=done.facts["call"]).passed_over == []

    def test_they_are_called_once_the_first_is_done(self, office):
        first = arrive(office, "A", "B")
        second = office.rows(TransactionRow)[1].id
        office.sari.serves()
        office.sari.completes(first)

        assert office.dewi.calls(counter=2).facts["transaction"] == second

    def test_long_behind_the_first_portion(self, office, monkeypatch):
        """Everybody at the front asked for time: the search goes on behind them."""
        monkeypatch.setattr(calling, "PORTION", 3)
        for _ in range(6):
            arrive(office, after=0)
            office.sari.seats(office.sari.calls().facts["transaction"], minutes=30)
        later = [arrive(office), arrive(office)]

        done = office.sari.calls()

        assert done.facts["transaction"] == later[0]
        assert done.facts["why"]["code"] == "longest_wait"

    @pytest.mark.parametrize(
        ("prepare", "reason"),
        [
            (lambda office: None, Reason.NOBODY_WAITING),
            (lambda office: office.sari.signs_off(), Reason.NOT_ON_DUTY),
            (lambda office: office.sari.takes_break(), Reason.ON_BREAK),
            (lambda office: arrive(office) and office.sari.calls(), Reason.COUNTER_BUSY),
            (lambda office: arrive(office) and office.sari.serves(), Reason.COUNTER_BUSY),
        ],
        ids=["nobody waits", "off duty", "on break", "one is called", "one is served"],
    )
    def test_refusals(self, office, prepare, reason):
        prepare(office)

        with office.refuses(reason):
            office.sari.calls()

    def test_from_another_counter_than_ones_own_is_refused(self, office):
        with office.refuses(Reason.ALREADY_ON_DUTY, counter=office.counters[1]):
            office.sari.calls(counter=2)

    def test_nobody_is_called_to_the_back_office(self, office):
        office.joko.signs_on(BACK_OFFICE)

        with office.refuses(Reason.NOT_AT_A_COUNTER):
            office.joko.calls(counter=BACK_OFFICE)

    def test_who_may_serve_nothing_calls_nobody(self, office):
        office.joko.signs_on(3)
        arrive(office)

        with office.refuses(Reason.NOT_QUALIFIED):
            office.joko.calls(counter=3)

    @pytest.mark.parametrize("name", ["Ratna", "Agus"])
    def test_only_the_front_calls(self, office, name):
        with office.refuses(Reason.FORBIDDEN):
            office.people[name].calls(counter=3)

    @pytest.mark.parametrize("counter_id", [0, 99, -1, 2**80])
    def test_an_unknown_counter_is_refused(self, office, counter_id):
        office.counters[9] = counter_id

        with office.refuses(Reason.UNKNOWN):
            office.sari.calls(counter=9)

    def test_two_officers_pressing_at_once_call_two_visitors(self, office):
        arrive(office)
        arrive(office)

        assert office.sari.calls().facts["transaction"] != office.dewi.calls(counter=2).facts["transaction"]


class TestParticular:
    def test_it_says_who_was_passed_over(self, office):
        first, second, third = (arrive(office) for _ in range(3))

        done = office.sari.picks(third, reason=PickReason.FRAIL_NOW)

        row = office.row(Call)
        assert row.picked == "frail_now"
        assert row.why == {"code": "picked", "before": 2, "waited": 0}
        assert row.passed_over == [
            {"transaction": first, "label": "A001", "by": 120},
            {"transaction": second, "label": "A002", "by": 60},
        ]
        assert (row.passed_count, done.facts["passed_over"]) == (2, 2)

    def test_also_those_with_a_head_start_who_came_later(self, office):
        picked = arrive(office)
        elderly = arrive(office, priority_reason=ELDERLY)

        office.sari.picks(picked)

        assert [each["transaction"] for each in office.row(Call).passed_over] == [elderly]

    def test_not_those_who_could_not_have_been_called(self, office):
        arrive(office, "A", "B")
        seated = arrive(office)
        office.dewi.seats(office.dewi.picks(seated, counter=2).facts["transaction"], minutes=30)
        office.dewi.calls(counter=2)
        picked = arrive(office)

        office.sari.picks(picked)

        assert office.rows(Call)[-1].passed_over == []

    def test_who_is_next_anyway_passes_over_nobody(self, office):
        picked = arrive(office)
        arrive(office)

        assert office.sari.picks(picked).facts["passed_over"] == 0

    def test_somebody_who_asked_for_time_may_be_picked(self, office):
        picked = arrive(office)
        office.sari.seats(office.sari.calls().facts["transaction"], minutes=30)

        assert office.sari.picks(picked)

    @pytest.mark.parametrize(
        ("prepare", "reason"),
        [
            (lambda office, it: office.dewi.calls(counter=2), Reason.ALREADY_CALLED),
            (lambda office, it: office.dewi.serves(counter=2), Reason.ALREADY_SERVING),
            (lambda office, it: office.budi.offers(it, office.dewi), Reason.OFFER_OPEN),
            (lambda office, it: office.leaves(office.transaction(it).visit_id), Reason.NOT_POSSIBLE_NOW),
            (lambda office, it: office.dewi.processes(office.dewi.serves(counter=2)), Reason.NOT_POSSIBLE_NOW),
            (lambda office, it: office.sari.takes_break(), Reason.ON_BREAK),
        ],
        ids=["called", "served", "offered", "left", "processed", "on break"],
    )
    def test_somebody_else_was_quicker(self, office, prepare, reason):
        transaction = arrive(office)
        prepare(office, transaction)

        with office.refuses(reason):
            office.sari.picks(transaction)

    def test_a_refusal_says_whom_a_colleague_has(self, office):
        transaction = arrive(office)
        office.dewi.serves(counter=2)

        with office.refuses(Reason.ALREADY_SERVING, label="A001"):
            office.sari.picks(transaction)

    def test_a_visitor_who_is_at_another_counter_cannot_be_picked(self, office):
        arrive(office, "A", "B")
        second = office.rows(TransactionRow)[1].id
        office.dewi.calls(counter=2)

        with office.refuses(Reason.VISIT_BUSY, label="A001"):
            office.sari.picks(second)

    def test_for_a_service_one_may_not_serve_it_is_refused(self, office):
        """The queue of that service would not have been looked at for who is passed over."""
        arrive(office, "C")
        picked = arrive(office, "C")

        with office.refuses(Reason.NOT_QUALIFIED):
            office.sari.picks(picked)

    def test_other_needs_words(self, office):
        transaction = arrive(office)

        with office.refuses(Reason.NOTE_MISSING):
            office.sari.picks(transaction, reason=PickReason.OTHER)
        assert office.sari.picks(transaction, reason=PickReason.OTHER, note="Ambulans menunggu")

    def test_of_another_office_it_is_unknown(self, office):
        other = office.another()
        transaction = other.arrives("A").facts["transaction"]

        with office.refuses(Reason.UNKNOWN):
            calling.call_particular(
                office.streams, transaction, office.counters[1], office.sari.asks("call"), reason=PickReason.VULNERABLE
            )


class TestRecall:
    def test_it_counts_and_changes_nothing_else(self, office):
        transaction = arrive(office)
        office.sari.calls()
        before = office.transaction(transaction)
        office.clock.tick(30)

        assert office.sari.recalls(transaction).facts["times"] == 2
        assert office.sari.recalls(transaction).facts["times"] == 3
        call = office.row(Call)
        assert (call.times, call.last_called_at) == (3, office.clock.now)
        assert {**office.transaction(transaction)._mapping, "moved_by": before.moved_by} == dict(before._mapping)

    def test_only_by_who_called_or_a_supervisor(self, office):
        transaction = arrive(office)
        office.sari.calls()

        with office.refuses(Reason.NOT_CUSTODIAN, holder=office.sari.id):
            office.dewi.recalls(transaction)
        assert office.budi.recalls(transaction)

    def test_only_somebody_called(self, office):
        transaction = arrive(office)
        office.sari.serves()

        with office.refuses(Reason.NOT_POSSIBLE_NOW, state=State.SERVING):
            office.sari.recalls(transaction)


QUEUES = st.lists(
    st.tuples(
        st.integers(0, 30),  # minutes since the one before arrived
        st.sampled_from([None, ELDERLY]),
        st.sampled_from([0, 0, 0, 5, 200]),  # minutes asked for
        st.sampled_from([None, None, None, "Sari", "Dewi"]),  # addressed to
        st.booleans(),  # offered
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(queue=QUEUES, first=st.integers(1, 4), portion=st.integers(1, 5))
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_reading_the_queue_in_portions_chooses_as_the_rule_over_all_of_it(
    office_url, monkeypatch, queue, first, portion
):
    monkeypatch.setattr(calling, "FIRST_PORTION", first)
    monkeypatch.setattr(calling, "PORTION", portion)
    office = DeskOffice(office_url)
    office = office.another(f"office-{uuid4()}")
    office.sari.signs_on(1)
    for minutes, priority, *conditions in queue:
        transaction = arrive(office, after=minutes * 60, priority_reason=priority)
        impose(office, transaction, *conditions)
    expected = choice_of_all(office)

    if expected is None:
        with office.refuses(Reason.NOBODY_WAITING):
            office.sari.calls()
    else:
        call = office.row(Call, id=office.sari.calls().facts["call"])
        assert call.entry_id == expected.candidate.entry_id
        assert call.why == expected.why.payload()
        assert call.passed_over == [each.payload() for each in expected.passed_over]
    office.engine.dispose()


def impose(office, transaction, minutes_asked, addressee, offered):
    """Write conditions of a waiting visitor straight into the rows."""
    not_before = office.clock.now + timedelta(minutes=minutes_asked) if minutes_asked else None
    entry = {"addressee_id": office.people[addressee].id if addressee else None, "not_before": not_before}
    with office.engine.begin() as connection:
        connection.execute(update(QueueEntry).where(QueueEntry.transaction_id == transaction).values(**entry))
        if offered:
            connection.execute(update(TransactionRow).where(TransactionRow.id == transaction).values(offer_id=1))


def choice_of_all(office):
    """Return the choice of the rule over everybody who waits; None where it chooses nobody."""
    transactions = {row.id: row for row in office.rows(TransactionRow)}
    labels = {row.id: row.label for row in office.rows(Visit)}
    candidates = [
        Candidate(
            entry_id=row.id,
            transaction_id=row.transaction_id,
            visit_id=row.visit_id,
            service_id=row.service_id,
            label=labels[row.visit_id],
            arrived_at=row.arrived_at,
            rank_at=row.rank_at,
            priority=Priority(transactions[row.transaction_id].priority),
            addressee_id=row.addressee_id,
            not_before=row.not_before,
            offered=transactions[row.transaction_id].offer_id is not None,
        )
        for row in office.rows(QueueEntry, place="waiting")
    ]
    try:
        return choose(candidates, officer_id=office.sari.id, at=office.clock.now)
    except Refused:
        return None
