"""What goes along with satisfaction, on random days: the same figures from the raw rows, one transaction at a time."""

from datetime import date, timedelta
from statistics import mean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.models import Call, CustodySegment, QueueEntry, ResponseRow, TransactionRow
from desk.reports.associations import FACTORS, LENGTHS, associations, rank_correlation
from desk.reports.facts import load_facts
from desk.reports.undue_waits import load_waits
from tests.reports.random_weeks import PROMISED_S, office_of_weeks, prepare_weeks

FIRST = date(2026, 3, 2)


@pytest.fixture
def played(fresh_database):
    """The office after random weeks."""
    office = office_of_weeks(fresh_database(prepare_weeks))
    yield office
    office.engine.dispose()


def told(office):
    """Return (satisfaction, what held) of each completed transaction that a visitor answered about."""
    answers = {row.transaction_id: row for row in office.rows(ResponseRow) if row.standing == "visitor"}
    found = []
    for row in office.rows(TransactionRow, ending="completed"):
        if row.id not in answers:
            continue
        entries = office.rows(QueueEntry, transaction_id=row.id)
        waits = [(each.ended_at - each.joined_at).total_seconds() for each in entries]
        segments = office.rows(CustodySegment, transaction_id=row.id)
        working = {each.holder_id for each in segments if each.state not in {"waiting", "paused"}}
        held = {
            "waited_over": waits[0] > PROMISED_S,
            "handed_on": row.handoffs > 0,
            "officer_changed": len(working) > 1,
            "called_again": len(office.rows(Call, transaction_id=row.id)) > 1,
            "afternoon": (row.opened_at + timedelta(hours=7)).hour >= 12,
        }
        lengths = {"first_wait": waits[0], "all_waiting": sum(waits),
                   "total": (row.ended_at - row.opened_at).total_seconds()}  # fmt: skip
        found.append((answers[row.id].satisfaction / 10_000, held, lengths))
    return found


def test_the_same_figures_from_the_rows(played):
    with played.streams.reading() as connection:
        facts = load_facts(connection, played.id, FIRST, FIRST + timedelta(days=60), at=played.clock.now)
        factors, lengths = associations(connection, load_waits(connection, facts))
    expected = told(played)
    assert expected, "somebody has answered"

    assert [each.factor for each in factors] == list(FACTORS)
    for found in factors:
        if found.factor == "work_late":
            assert (found.exposed, found.others) == (0, 0)
            continue
        exposed = [value for value, held, _ in expected if held[found.factor]]
        others = [value for value, held, _ in expected if not held[found.factor]]
        assert (found.exposed, found.others) == (len(exposed), len(others)), found.factor
        for estimate, values in ((found.with_it, exposed), (found.without, others)):
            sides = (len(exposed), len(others))
            assert (estimate is None) == (not values or any(0 < each < 5 for each in sides))
            assert estimate is None or estimate.value == pytest.approx(mean(values))
    for name, found in zip(LENGTHS, lengths, strict=True):
        assert (found.length, found.count) == (name, len(expected))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([1, 2, 3, 4, 5], [5, 6, 7, 8, 7], 0.8208),  # a textbook example with a tie
        ([1, 2, 3, 4], [4, 3, 2, 1], -1),
        ([1, 2, 3, 4], [2, 4, 6, 8], 1),
        ([1, 1, 1, 1], [1, 2, 3, 4], None),
        ([1, 2, 3], [1, 2, 3], None),
    ],
)
def test_the_rank_correlation_is_spearmans(one, other, expected):
    found = rank_correlation(np.array(one, float), np.array(other, float))

    assert (None if found is None else found.value) == (None if expected is None else pytest.approx(expected, abs=1e-4))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=4, max_size=40))
def test_the_interval_holds_the_value_and_order_of_the_pairs_says_nothing(pairs):
    one, other = (np.array(each, float) for each in zip(*pairs, strict=True))
    found, turned = rank_correlation(one, other), rank_correlation(one[::-1], other[::-1])

    assert (found is None) == (turned is None)
    if found is not None:
        assert found.value == pytest.approx(turned.value)
        assert -1 <= found.interval.low <= found.value + 1e-9 and found.value - 1e-9 <= found.interval.high <= 1
