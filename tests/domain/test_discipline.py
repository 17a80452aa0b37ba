"""Who is next: nobody starves, the chosen one is the first by rank, and whoever was overtaken is named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desk.domain.discipline import (
    Candidate,
    WhyCode,
    choose,
    eligible,
    overtaken,
    pick,
    rank_time,
)
from desk.domain.reasons import Priority
from desk.domain.refusals import Reason, Refused

OPENING = datetime(2026, 3, 2, 1, tzinfo=UTC)
NOW = OPENING + timedelta(hours=4)
SARI, DEWI = 1, 2

HEAD_STARTS = st.integers(0, 3600).map(lambda seconds: timedelta(seconds=seconds))


def waiting(number, *, minutes=0, priority=Priority.NORMAL, head_start=timedelta(minutes=15), **more):
    """Return somebody who arrived so many minutes after the opening."""
    arrived = OPENING + timedelta(minutes=minutes)
    rank = rank_time(arrived, priority, head_start=head_start)
    return Candidate(number, number + 1000, number + 2000, 1, f"A{number:03d}", arrived, rank, priority, **more)


@st.composite
def queues(draw, head_start):
    """Queues of people of both classes, some of whom cannot be called."""
    size = draw(st.integers(1, 25))
    return [
        waiting(
            number,
            minutes=draw(st.integers(0, 120)),
            priority=draw(st.sampled_from(Priority)),
            head_start=head_start,
            addressee_id=draw(st.sampled_from([None, None, None, SARI, DEWI])),
            not_before=draw(st.sampled_from([None, None, OPENING, NOW, NOW + timedelta(seconds=1)])),
            offered=draw(st.integers(0, 5)) == 0,
            visit_busy=draw(st.integers(0, 5)) == 0,
        )
        for number in range(1, size + 1)
    ]


QUEUES = HEAD_STARTS.flatmap(lambda head_start: st.tuples(st.just(head_start), queues(head_start)))


def called(queue):
    """Return the choice and those who could have been called; give up on queues with nobody."""
    could = [each for each in queue if eligible(each, officer_id=SARI, at=NOW)]
    assume(could)
    return choose(queue, officer_id=SARI, at=NOW), could


@given(QUEUES)
def test_nobody_starves(given_queue):
    """Whoever arrived more than the head start earlier is never passed by, whatever the class."""
    head_start, queue = given_queue
    choice, could = called(queue)

    assert not [each for each in could if each.arrived_at + head_start < choice.candidate.arrived_at]


@given(QUEUES)
def test_within_a_class_it_is_first_come_first_served(given_queue):
    choice, could = called(given_queue[1])
    peers = [each for each in could if each.priority is choice.candidate.priority]

    assert choice.candidate.arrived_at == min(each.arrived_at for each in peers)


@given(QUEUES)
def test_the_chosen_one_is_the_first_by_rank_and_could_be_called(given_queue):
    choice, could = called(given_queue[1])

    assert choice.candidate in could
    assert all(choice.candidate.order <= each.order for each in could)


@given(QUEUES, st.randoms(use_true_random=False))
def test_the_order_in_which_they_are_listed_does_not_matter(given_queue, random):
    queue = given_queue[1]
    choice, _ = called(queue)
    random.shuffle(queue)

    assert choose(queue, officer_id=SARI, at=NOW) == choice


@given(QUEUES)
def test_exactly_those_who_arrived_before_and_could_be_called_were_passed_over(given_queue):
    choice, could = called(given_queue[1])
    before = [each for each in could if each.arrived_at < choice.candidate.arrived_at]

    assert {each.transaction_id for each in choice.passed_over} == {each.transaction_id for each in before}
    by = [each.by_seconds for each in choice.passed_over]
    assert by == sorted(by, reverse=True)
    assert all(seconds > 0 for seconds in by)


@given(QUEUES)
def test_only_priority_passes_anybody_over(given_queue):
    choice, _ = called(given_queue[1])

    if choice.passed_over:
        assert choice.candidate.priority is Priority.PRIORITY
        assert choice.why.code in {WhyCode.PRIORITY, WhyCode.ADDRESSED}
    else:
        assert choice.why.code is not WhyCode.PRIORITY


@given(QUEUES)
def test_the_sentence_fits_the_choice(given_queue):
    head_start, queue = given_queue
    choice, could = called(queue)
    chosen = choice.candidate

    assert choice.why.facts["waited"] == (NOW - chosen.arrived_at) // timedelta(seconds=1)
    assert (choice.why.code is WhyCode.ADDRESSED) == (chosen.addressee_id is not None)
    if choice.why.code is WhyCode.ONLY_ONE:
        assert could == [chosen]
    if choice.why.code is WhyCode.PRIORITY:
        assert choice.why.facts["head_start"] == head_start // timedelta(seconds=1)
        assert choice.why.facts["overtaken"] == len(choice.passed_over)


@given(QUEUES)
def test_one_who_cannot_be_called_changes_nothing(given_queue):
    queue = given_queue[1]
    choice, could = called(queue)

    assert choose(could, officer_id=SARI, at=NOW) == choice


@given(QUEUES)
def test_everybody_is_called_in_the_end(given_queue):
    """Calling again and again empties the queue, each once, in the order of rank."""
    _, queue = given_queue
    left = [each for each in queue if eligible(each, officer_id=SARI, at=NOW)]
    order = []
    while left:
        chosen = choose(left, officer_id=SARI, at=NOW).candidate
        order.append(chosen.order)
        left.remove(chosen)

    assert order == sorted(order)


@given(QUEUES, st.data())
def test_picking_names_everybody_who_should_have_come_before(given_queue, data):
    queue = given_queue[1]
    chosen = data.draw(st.sampled_from(queue))

    choice = pick(chosen, queue, officer_id=SARI, at=NOW)

    could = [each for each in queue if eligible(each, officer_id=SARI, at=NOW) and each is not chosen]
    expected = {
        each.transaction_id for each in could if each.order < chosen.order or each.arrived_at < chosen.arrived_at
    }
    assert {each.transaction_id for each in choice.passed_over} == expected
    assert len(choice.passed_over) == len(expected)
    assert choice.why.code is WhyCode.PICKED
    assert choice.why.facts["before"] == len([each for each in could if each.order < chosen.order])
    assert all(each.by_seconds >= 0 for each in choice.passed_over)


class TestEligible:
    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({}, True),
            ({"offered": True}, False),
            ({"visit_busy": True}, False),
            ({"addressee_id": SARI}, True),
            ({"addressee_id": DEWI}, False),
            ({"not_before": NOW}, True),
            ({"not_before": NOW + timedelta(microseconds=1)}, False),
        ],
    )
    def test_who_may_be_given_to_an_officer_now(self, change, expected):
        assert eligible(replace(waiting(1), **change), officer_id=SARI, at=NOW) is expected


class TestChoice:
    def test_nobody_at_all(self):
        with pytest.raises(Refused) as caught:
            choose([], officer_id=SARI, at=NOW)
        assert caught.value.reason is Reason.NOBODY_WAITING

    def test_nobody_who_could_be_called(self):
        with pytest.raises(Refused):
            choose([waiting(1, offered=True), waiting(2, addressee_id=DEWI)], officer_id=SARI, at=NOW)

    def test_at_the_same_instant_the_older_entry_comes_first(self):
        choice = choose([waiting(2), waiting(1)], officer_id=SARI, at=NOW)

        assert choice.candidate.entry_id == 1

    def test_priority_overtakes_within_the_head_start(self):
        choice = choose(
            [waiting(1), waiting(2, minutes=5), waiting(3, minutes=14, priority=Priority.PRIORITY)],
            officer_id=SARI,
            at=NOW,
        )

        assert choice.candidate.entry_id == 3
        assert [each.payload() for each in choice.passed_over] == [
            {"transaction": 1001, "label": "A001", "by": 840},
            {"transaction": 1002, "label": "A002", "by": 540},
        ]

    def test_to_be_overtaken_one_must_have_been_there_before(self):
        chosen = waiting(1, minutes=5)

        assert overtaken(chosen, [chosen, waiting(2, minutes=5), waiting(3, minutes=6)]) == ()


@given(QUEUES, st.data())
def test_who_waits_for_several_services_is_one_person(given_queue, data):
    """Merge entries into visits: each person is passed over once, nobody by a service of their own."""
    _, queue = given_queue
    visits = st.integers(1, 4)
    queue = [replace(each, visit_id=(visit := data.draw(visits)), label=f"A{visit:03d}") for each in queue]
    chosen = data.draw(st.sampled_from(queue))
    choice = pick(chosen, queue, officer_id=SARI, at=NOW)

    could = [each for each in queue if eligible(each, officer_id=SARI, at=NOW) and each.visit_id != chosen.visit_id]
    passed = [each for each in could if each.order < chosen.order or each.arrived_at < chosen.arrived_at]
    told = {each.label: each for each in choice.passed_over}
    assert len(told) == len(choice.passed_over)
    assert set(told) == {each.label for each in passed}
    for label, person in told.items():
        theirs = [each for each in passed if each.label == label]
        assert person.transaction_id == min(theirs, key=lambda each: each.order).transaction_id
        earliest = min(each.arrived_at for each in theirs)
        assert person.by_seconds == max(0, (chosen.arrived_at - earliest) // timedelta(seconds=1))
    # Whether anybody stood before the one called is still told, which is what makes a call out of order.
    ahead = {each.label for each in could if each.order < chosen.order}
    order = {each.transaction_id: each.order for each in queue}
    assert {each.label for each in told.values() if order[each.transaction_id] < chosen.order} == ahead
    assert choice.why.facts["before"] == len(ahead)


class TestRank:
    def test_priority_queues_as_if_it_had_come_earlier(self):
        assert rank_time(NOW, Priority.PRIORITY, head_start=timedelta(minutes=15)) == NOW - timedelta(minutes=15)

    def test_everybody_else_as_they_came(self):
        assert rank_time(NOW, Priority.NORMAL, head_start=timedelta(minutes=15)) == NOW


@given(st.data())
def test_who_let_others_pass_is_not_passed_over_by_them(data):
    """Whoever was overtaken stood behind by a head start; whoever wished it is told of as such, and nobody is lost."""
    head_start, queue = data.draw(QUEUES)
    moved = data.draw(st.sampled_from(queue))
    behind = [each for each in queue if each.order > moved.order]
    assume(behind)
    after = data.draw(st.sampled_from(behind))
    wished = replace(moved, own_rank_at=moved.rank_at, rank_at=after.rank_at + timedelta(microseconds=1))
    queue = [wished if each is moved else each for each in queue]
    choice, could = called(queue)
    assert choice.candidate == min(could, key=lambda each: each.order)
    told = {each["transaction"] for each in choice.why.facts.get("gave_way", [])}
    passed = {each.transaction_id for each in choice.passed_over}
    arrived_before = {each.transaction_id for each in could if each.arrived_at < choice.candidate.arrived_at}
    assert told | passed == arrived_before and not told & passed
    assert told <= {wished.transaction_id}
    if told:
        assert (wished.own_rank_at, wished.entry_id) < choice.candidate.order < wished.order
    _ = head_start
