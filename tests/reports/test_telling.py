"""What is hidden so that nobody works small numbers out: of a whole, of periods within periods, of services in them."""

from datetime import date
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.skm_period import LENGTHS, Period, read_period
from desk.reports.telling import ALL, FEWEST, LEGS, OFFICERS, Telling, Untold
from tests.fixtures.derivable import derivable

LATER = date(2027, 5, 3)  # when all of 2026 is over
MONTHS = [date(2026, month, 1) for month in (1, 2, 4)]
CELLS = list(product(MONTHS, (1, 2)))
PERIODS = [Period(2026, months, number) for months in LENGTHS for number in range(1, 12 // months + 1)]
AUGUST = date(2026, 8, 20)


def of_months(counts, *, today=LATER, **more):
    """Return what may be told of answers by (month, group)."""
    found = ((date(2026, month, 1), group, count) for (month, group), count in counts.items() if count)
    return Telling(found, today, **more)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 8, 12, 30]), min_size=len(CELLS), max_size=len(CELLS)),
    st.sampled_from([date(2026, 4, 9), date(2026, 6, 30), LATER]),
)
def test_from_periods_and_services_together_nobody_derives_a_few(given_counts, today):
    counts = {cell: count for cell, count in zip(CELLS, given_counts, strict=True) if count}
    telling = Telling(((month, (service,), count) for (month, service), count in counts.items()), today)
    rows = [
        [int(month in period and group in (ALL, (service,))) for month, service in counts]
        for period, group in product(PERIODS, (ALL, (1,), (2,)))
        if telling.told(period, group)
    ]

    assert list(derivable(rows, counts, FEWEST)) == []


def test_a_quarter_that_is_over_stays_told_and_the_running_half_year_waits():
    began = of_months({(2, (1,)): 30, (4, (1,)): 2}, today=date(2026, 4, 9))

    assert began.told(read_period("2026-Q1")) and began.told(read_period("2026-02"))
    assert began.why_not(read_period("2026-S1")) is began.why_not(read_period("2026")) is Untold.RUNNING
    more = of_months({(2, (1,)): 30, (4, (1,)): 5}, today=date(2026, 4, 9))
    assert all(more.told(read_period(each)) for each in ("2026-04", "2026-Q2", "2026-S1", "2026"))


def test_a_month_waits_for_enough_after_it_or_for_the_end_of_its_quarter():
    few = of_months({(7, (1,)): 28, (8, (1,)): 2}, today=AUGUST)

    assert few.told(read_period("2026-Q3"))
    assert few.why_not(read_period("2026-07")) is Untold.AFTER
    assert few.why_not(read_period("2026-08")) is Untold.FEW
    over = of_months({(7, (1,)): 28, (8, (1,)): 2}, today=date(2026, 10, 1))
    assert over.why_not(read_period("2026-07")) is Untold.PERIOD
    more = of_months({(7, (1,)): 28, (8, (1,)): 5}, today=AUGUST)
    assert all(more.told(read_period(each)) for each in ("2026-07", "2026-08", "2026-Q3", "2026-S2", "2026"))


def test_a_half_year_of_which_one_quarter_is_told_and_the_other_too_few_is_not():
    told = {(2, (1,)): 30, (5, (1,)): 3}
    assert of_months(told, today=date(2026, 6, 1)).why_not(read_period("2026-S1")) is Untold.RUNNING
    over = of_months(told | {(8, (1,)): 30}, today=AUGUST)
    assert over.why_not(read_period("2026-S1")) is Untold.PERIOD
    assert over.why_not(read_period("2026")) is Untold.UNFINISHED


def test_nobody_is_never_hidden_and_a_year_to_come_has_nobody():
    telling = of_months({(2, (1,)): 3}, today=date(2026, 2, 9))
    assert telling.told(read_period("2026-Q3")) and telling.told(read_period("2031"))
    assert telling.why_not(read_period("2026-Q1")) is Untold.FEW
    assert telling.why_not(read_period("2026-Q1"), (2,)) is None


def test_a_service_is_told_in_a_month_only_beside_enough_others_in_both_ways():
    telling = of_months({(7, (1,)): 20, (7, (2,)): 3, (8, (1,)): 30, (8, (2,)): 9})

    july, august = read_period("2026-07"), read_period("2026-08")
    assert telling.told(july) and telling.told(august)
    assert {telling.why_not(each, (service,)) for each in (july, august) for service in (1, 2)} == {
        Untold.SERVICE, Untold.FEW,
    }  # fmt: skip
    assert telling.told(read_period("2026-Q3"), (1,)) and telling.told(read_period("2026-Q3"), (2,))


def test_hidden_legs_are_enough_only_by_themselves_as_they_share_people():
    march = read_period("2026-03")
    telling = of_months({(3, (1, 1)): 30, (3, (2, 1)): 3, (3, (3, 1)): 3}, rule=LEGS)
    assert not any(telling.told(march, (leg,)) for leg in (1, 2, 3))

    enough = of_months({(3, (1, 1)): 30, (3, (2, 1)): 9, (3, (3, 1)): 3}, rule=LEGS)
    assert [enough.told(march, (leg,)) for leg in (1, 2, 3)] == [True, False, False]
    assert enough.told(march, (1, 1)) and not enough.told(march, (2, 1))


def test_an_officer_is_told_at_a_service_where_enough_answers_are_elsewhere():
    quarter = read_period("2026-Q1")
    telling = of_months({(3, (7, 1)): 12, (3, (7, 2)): 3}, widest=1, rule=OFFICERS)
    assert telling.told(quarter, (7,)) and not telling.told(quarter, (7, 1))

    more = of_months({(3, (7, 1)): 12, (3, (7, 2)): 10}, widest=1, rule=OFFICERS)
    assert more.told(quarter, (7, 1)) and more.told(quarter, (7, 2))


def test_what_two_told_sums_differ_by_is_not_two_people():
    """One April answer at one service and one June answer at the other: with scores of 1 to 4, a difference of 3."""
    counts = [(4, 1, 8), (4, 2, 1), (6, 1, 1), (6, 2, 9)]
    telling = Telling([(date(2026, month, 1), (service,), count) for month, service, count in counts], LATER)
    quarter, april = read_period("2026-Q2"), read_period("2026-04")

    assert telling.told(quarter)
    assert not (telling.told(quarter, (1,)) and telling.told(april))
