"""What is hidden so that nobody works small numbers out: of a whole, of periods within periods, of services in them."""

from datetime import date
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.skm_period import Period, read_period
from desk.reports.telling import ALL, FEWEST, LEGS, OFFICERS, hide_small, telling_of

COUNTS = st.lists(st.integers(0, 12), min_size=1, max_size=7)


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([20, 1, 2], [True, True, True]),  # 1 and 2 would be three people
        ([20, 8, 1, 2], [False, True, True, True]),
        ([20, 3], [True, True]),
        ([20, 4, 1], [False, True, True]),
        ([9, 8, 7], [False, False, False]),
        ([9, 0, 4, 6], [False, False, True, True]),
        ([3], [True]),
        ([0, 0], [False, False]),
        ([], []),
    ],
)
def test_which_parts_are_hidden(counts, hidden):
    assert hide_small(counts) == hidden


@given(COUNTS, st.sampled_from([5, 10]))
def test_from_the_whole_and_what_is_shown_nobody_derives_a_few(counts, fewest):
    hidden = hide_small(counts, fewest)
    shown = [count for count, hides in zip(counts, hidden, strict=True) if not hides and count]
    rest = sum(counts) - sum(shown)

    assert all(count >= fewest for count in shown)
    if any(hidden) and sum(counts) >= fewest:
        assert rest >= fewest
        assert sum(1 for count, hides in zip(counts, hidden, strict=True) if hides and count) > 1 or len(shown) == 0
    # Whatever is taken off the whole leaves nobody, or enough.
    for size in range(len(shown) + 1):
        for taken in combinations(shown, size):
            left = sum(counts) - sum(taken)
            assert left == 0 or left >= min(fewest, sum(counts))


@given(COUNTS)
def test_nothing_is_hidden_without_need(counts):
    if all(count == 0 or count >= FEWEST for count in counts):
        assert not any(hide_small(counts))


MONTHS = [date(2026, month, 1) for month in (1, 2, 4)]
CELLS = list(product(MONTHS, (1, 2)))


def derivable(telling, counts):
    """Return the groups of under five people that are a sum and difference of what is told."""
    cells = [(Period(*slot), group) for (slot, group), count in telling.counts.items() if count]
    told = [cell for cell in cells if telling.told(*cell)]
    rows = [
        [1.0 if month in period and group in (ALL, (service,)) else 0.0 for month, service in CELLS]
        for period, group in told
    ]
    present = [place for place, cell in enumerate(CELLS) if counts[cell]]
    known = np.array(rows)[:, present] if rows else np.zeros((1, len(present)))
    rank = np.linalg.matrix_rank(known)
    for size in range(1, len(present) + 1):
        for few in combinations(range(len(present)), size):
            if sum(counts[CELLS[present[place]]] for place in few) < FEWEST:
                wanted = np.array([[1.0 if place in few else 0.0 for place in range(len(present))]])
                if np.linalg.matrix_rank(np.vstack([known, wanted])) == rank:
                    yield [CELLS[present[place]] for place in few]


@settings(max_examples=300)
@given(st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 8, 12, 30]), min_size=len(CELLS), max_size=len(CELLS)))
def test_from_periods_and_services_together_nobody_derives_a_few(given_counts):
    counts = dict(zip(CELLS, given_counts, strict=True))
    telling = telling_of((month, (service,), count) for (month, service), count in counts.items() if count)

    assert list(derivable(telling, counts)) == []


def test_a_month_waits_where_the_rest_of_its_quarter_is_few():
    telling = telling_of([(date(2026, 7, 1), (1,), 28), (date(2026, 8, 1), (1,), 2)])

    assert telling.told(read_period("2026-Q3"))
    assert not telling.told(read_period("2026-07"))
    more = telling_of([(date(2026, 7, 1), (1,), 28), (date(2026, 8, 1), (1,), 5)])
    assert more.told(read_period("2026-07"))
    assert all(more.told(read_period(each)) for each in ("2026-08", "2026-Q3", "2026-S2", "2026"))


def test_a_service_is_told_in_a_month_only_beside_enough_others_in_both_ways():
    telling = telling_of([
        (date(2026, 7, 1), (1,), 20), (date(2026, 7, 1), (2,), 3), (date(2026, 8, 1), (1,), 30),
        (date(2026, 8, 1), (2,), 9),
    ])  # fmt: skip

    july, august = read_period("2026-07"), read_period("2026-08")
    assert telling.told(july) and telling.told(august)
    assert not any(telling.told(each, (service,)) for each in (july, august) for service in (1, 2))
    assert telling.told(read_period("2026-Q3"), (1,)) and telling.told(read_period("2026-Q3"), (2,))


def test_hidden_legs_are_enough_only_by_themselves_as_they_share_people():
    march = date(2026, 3, 1)
    telling = telling_of([(march, (1, 1), 30), (march, (2, 1), 3), (march, (3, 1), 3)], rule=LEGS)

    assert not any(telling.told(read_period("2026-03"), (leg,)) for leg in (1, 2, 3))
    enough = telling_of([(march, (1, 1), 30), (march, (2, 1), 9), (march, (3, 1), 3)], rule=LEGS)
    assert [enough.told(read_period("2026-03"), (leg,)) for leg in (1, 2, 3)] == [True, False, False]


def test_an_officer_is_told_at_a_service_where_enough_answers_are_elsewhere():
    march = date(2026, 3, 1)
    telling = telling_of([(march, (7, 1), 12), (march, (7, 2), 3)], widest=1, rule=OFFICERS)
    quarter = read_period("2026-Q1")

    assert telling.told(quarter, (7,)) and not telling.told(quarter, (7, 1))
    more = telling_of([(march, (7, 1), 12), (march, (7, 2), 10)], widest=1, rule=OFFICERS)
    assert more.told(quarter, (7, 1)) and more.told(quarter, (7, 2))
