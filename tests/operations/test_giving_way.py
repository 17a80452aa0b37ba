"""A visitor who needs more time: who passes, how often, what the call says of it, and taking it back."""

from typing import Any

import pytest

from desk.domain.access import VISITOR
from desk.domain.facts import EventName
from desk.domain.refusals import Reason, Refused
from desk.models import Call, EventRow, QueueEntry
from desk.operations import giving_way
from desk.operations.requests import Request
from desk.operations.settings.planned import change
from tests.fixtures.office import DeskOffice


def arrive(office: DeskOffice, *series: str) -> list[int]:
    """Let visitors arrive a minute apart, and return their transactions."""
    found = []
    for each in series:
        found.append(office.arrives(each).facts["transaction"])
        office.clock.tick(60)
    return found


def give_way(office: DeskOffice, transaction: int, *, key: str | None = None, passes: int | None = None) -> Any:
    if passes is None:
        return office.gives_way(transaction).facts
    asked = Request(VISITOR, "give_way", {"transaction": transaction}, key)
    return giving_way.give_way(office.streams, transaction, asked, passes=passes).facts


def take_back(office: DeskOffice, transaction: int) -> Any:
    return giving_way.take_back(office.streams, transaction, Request(VISITOR, "take_back")).facts


def refused(act: Any, *args: Any, **more: Any) -> Reason:
    with pytest.raises(Refused) as caught:
        act(*args, **more)
    return caught.value.reason


def test_one_passes_and_the_call_says_that_it_was_wished(desk_office: DeskOffice):
    sari = desk_office.sari
    first, second, third = arrive(desk_office, "A", "A", "A")
    sari.signs_on()

    assert give_way(desk_office, first, key="once", passes=second) == {
        "transaction": first, "passed": "A002", "before": 1, "times": 1,
    }  # fmt: skip
    assert give_way(desk_office, first, key="once", passes=second)["times"] == 1
    called = sari.calls().facts
    assert (called["transaction"], called["passed_over"]) == (second, 0)
    assert called["why"]["code"] == "way_given"
    assert [each["label"] for each in called["why"]["gave_way"]] == ["A001"]
    sari.starts(second)
    sari.completes(second)
    assert sari.calls().facts["transaction"] == first
    assert desk_office.rows(Call)[-1].why["code"] == "longest_wait"
    assert desk_office.transaction(third).state == "waiting"
    assert desk_office.findings() == []


def test_how_often_and_by_whom(desk_office: DeskOffice):
    mine, _, _, _ = arrive(desk_office, "A", "A", "A", "A")
    alone = arrive(desk_office, "C")[0]
    assert refused(give_way, desk_office, alone) is Reason.NOBODY_BEHIND
    assert refused(give_way, desk_office, mine, passes=alone) is Reason.QUEUE_MOVED
    unsaid = Request(VISITOR, "give_way", {"transaction": mine})
    assert refused(giving_way.give_way, desk_office.streams, mine, unsaid) is Reason.QUEUE_MOVED
    asked = desk_office.joko.asks("give_way")
    assert giving_way.give_way(desk_office.streams, mine, asked).facts["before"] == 1
    assert give_way(desk_office, mine)["before"] == 2
    assert refused(give_way, desk_office, mine) is Reason.GAVE_WAY_ENOUGH
    change(
        desk_office.streams, desk_office.id, desk_office.agus.asks("set"), kind="office", subject=0,
        values={"give_way_times": 0},
    )  # fmt: skip
    assert refused(give_way, desk_office, mine) is Reason.GIVING_WAY_OFF
    told = [row.payload for row in desk_office.rows(EventRow) if row.name == EventName.SETTING_CHANGED.value]
    assert '"setting":"give_way_times"' in str(told[-1]).replace(" ", "")

    desk_office.sari.signs_on()
    first = desk_office.sari.calls().facts["transaction"]
    assert refused(give_way, desk_office, first) is Reason.NOT_POSSIBLE_NOW


def test_it_is_taken_back_until_somebody_is_called(desk_office: DeskOffice):
    mine, second, _, _ = arrive(desk_office, "A", "A", "A", "A")
    before = desk_office.row(QueueEntry, transaction_id=mine).rank_at
    assert refused(take_back, desk_office, mine) is Reason.NOT_POSSIBLE_NOW
    give_way(desk_office, mine)
    assert take_back(desk_office, mine)["before"] == 0
    row = desk_office.row(QueueEntry, transaction_id=mine)
    assert (row.rank_at, row.own_rank_at, row.gave_way, row.wish_id) == (before, None, 0, None)

    give_way(desk_office, mine)
    give_way(desk_office, mine)
    assert take_back(desk_office, mine)["before"] == 1
    assert refused(take_back, desk_office, mine) is Reason.NOT_POSSIBLE_NOW  # the wish before it stands
    assert desk_office.row(QueueEntry, transaction_id=mine).own_rank_at == before
    give_way(desk_office, mine)
    desk_office.sari.signs_on()
    assert desk_office.sari.calls().facts["transaction"] == second
    assert refused(take_back, desk_office, mine) is Reason.GIVING_WAY_OVER
    assert desk_office.findings() == []


def test_only_a_call_of_the_own_queue_ends_taking_back_and_a_slip_does_not(desk_office: DeskOffice):
    """Who waits for Dewi in person gives way within her own queue, whatever the services; others do not move it."""
    sari, dewi = desk_office.sari, desk_office.dewi
    for colleague, counter in ((sari, 1), (dewi, 2)):
        colleague.signs_on(counter)
    busy, for_dewi, after, in_turn, _ = arrive(desk_office, "A", "A", "B", "A", "A")
    assert dewi.serves(counter=2) == busy
    for each, series in ((for_dewi, "A"), (after, "B")):
        sari.picks(each)
        sari.starts(each)
        dewi.accepts(sari.offers(each, dewi))
        assert desk_office.transaction(each).addressee_id == dewi.id, series
        desk_office.clock.tick(1)
    assert give_way(desk_office, for_dewi, passes=after)["before"] == 1
    give_way(desk_office, in_turn)

    called = sari.calls().facts["transaction"]  # of the queue in turn: no matter to who waits for Dewi
    assert take_back(desk_office, for_dewi)["before"] == 0
    assert refused(take_back, desk_office, in_turn) is Reason.GIVING_WAY_OVER
    sari.undoes(called)  # nobody was called after all
    assert take_back(desk_office, in_turn)["before"] == 0

    give_way(desk_office, for_dewi, passes=after)
    give_way(desk_office, in_turn)
    dewi.completes(busy)
    assert dewi.calls(counter=2).facts["transaction"] == after  # another service, the same queue
    assert refused(take_back, desk_office, for_dewi) is Reason.GIVING_WAY_OVER
    assert take_back(desk_office, in_turn)["before"] == 0
    assert desk_office.findings() == []


def test_who_changes_the_mind_again_and_again_comes_to_an_end(desk_office: DeskOffice):
    mine, _ = arrive(desk_office, "A", "A")
    before = desk_office.row(QueueEntry, transaction_id=mine).rank_at
    for _ in range(6):  # three for each of the two times
        give_way(desk_office, mine)
        take_back(desk_office, mine)
    assert refused(give_way, desk_office, mine) is Reason.CHANGED_MIND_ENOUGH
    row = desk_office.row(QueueEntry, transaction_id=mine)
    assert (row.rank_at, row.gave_way, row.wishes) == (before, 0, 6)
    assert desk_office.findings() == []


def test_the_register_of_fairness_counts_nothing_of_it(desk_office: DeskOffice):
    """Picking somebody passes over who stood before, never who let them pass."""
    mine, second, third = arrive(desk_office, "A", "A", "A")
    give_way(desk_office, mine)
    desk_office.dewi.signs_on(2)
    desk_office.dewi.picks(third, counter=2)
    desk_office.sari.signs_on()
    assert desk_office.sari.calls().facts["transaction"] == second

    picked, next_one = desk_office.rows(Call)
    assert {each["label"] for each in picked.passed_over} == {"A001", "A002"}  # both stood before the third
    assert (next_one.passed_count, next_one.picked) == (0, None)
