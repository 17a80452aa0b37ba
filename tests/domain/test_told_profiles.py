"""Which numbers of a profile may be told together: nobody works out how few gave a value, over periods and services."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.told_profiles import PERIODS, ProfileTelling
from desk.domain.told_together import IN_ORDER
from tests.fixtures.derivable import derivable

VALUES = ("S1", "S2", "SMA", "")
SIZES = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 8, 12, 30])


def everything(*_):
    return True


def told_of(given_counts, services, allowed=everything, already=()):
    telling = ProfileTelling(given_counts, 5, allowed, already)
    return {
        (stretch, service, value)
        for stretch, service in product(IN_ORDER, (0, *services))
        for value in telling.told(stretch, service)
    }


def rows_of(told, given_counts, atoms):
    """Return what is told as sums over atoms (service and month, value): all answers of each row, and the numbers."""
    yield from ([int(mine == row) for mine, _ in atoms] for row in given_counts)
    for (first, last), service, value in told:
        yield [
            int(first <= month <= last and service in (0, mine) and value == given_value)
            for (mine, month), given_value in atoms
        ]


def told_of_few(told, given_counts):
    """Return the groups of a few that follow, but for all who answered in a month at a service: that is no secret."""
    atoms = {(row, value): n for row, counts in given_counts.items() for value, n in counts.items() if n}
    found = derivable(list(rows_of(told, given_counts, atoms)), atoms, 5)
    return [group for group in found if any((row, each) in atoms and (row, each) not in group
                                            for row, _ in group for each in VALUES)]  # fmt: skip


@st.composite
def profiles(draw, months, services, values, sizes=SIZES):
    return {
        (service, month): {value: draw(sizes) for value in VALUES[:values]}
        for service in range(services)
        for month in months
    }


@settings(max_examples=250, deadline=None)
@given(profiles((1, 4, 5, 7), 3, 3))
def test_from_numbers_of_services_and_periods_together_nobody_derives_a_few(given_counts):
    assert told_of_few(told_of(given_counts, (1, 2)), given_counts) == []


@settings(max_examples=60, deadline=None)
@given(profiles(range(1, 13), 4, 4, st.sampled_from([0, 1, 2, 4, 5, 6, 8, 12, 30, 40, 50])), st.data())
def test_nor_in_a_whole_year_of_services_where_some_may_not_be_told(given_counts, data):
    hidden = data.draw(st.sets(st.tuples(st.sampled_from(PERIODS), st.integers(0, 3)), max_size=8))
    told = told_of(given_counts, (1, 2, 3), lambda stretch, service: (stretch, service) not in hidden)

    assert told_of_few(told, given_counts) == []
    assert not {(stretch, service) for stretch, service, _ in told} & hidden


def test_a_half_year_and_its_quarters_do_not_tell_how_few_there_were_in_the_other():
    """Nine in the year, five in the second half: the first half is hidden, and would be the year less the second."""
    given_counts = {(1, 2): {"S1": 4, "SMA": 40}, (1, 8): {"S1": 5, "SMA": 40}}
    told = told_of(given_counts, (1,))

    assert {stretch for stretch, service, value in told if (service, value) == (0, "S1")} == {(7, 9), (7, 12)}
    more = told_of(given_counts | {(1, 9): {"S1": 5, "S2": 9}}, (1,))
    assert told_of_few(more, given_counts | {(1, 9): {"S1": 5, "S2": 9}}) == []


def test_numbers_are_told_where_enough_gave_every_value():
    given_counts = {(service, month): {"S1": 9, "S2": 7, "SMA": 30} for service in (1, 2) for month in (2, 5, 8)}

    told = told_of(given_counts, (1, 2))
    assert {(stretch, service) for stretch, service, _ in told} == {
        (each, service) for each in PERIODS for service in (0, 1, 2) if each != (10, 12)
    }
    assert len(told) == 3 * 3 * 6


def test_no_month_is_told_and_nothing_of_too_few():
    telling = ProfileTelling({(1, 2): {"S1": 30, "S2": 4}}, 5, everything)
    assert telling.told((2, 2)) == telling.told((1, 3)) == frozenset()


def test_what_was_published_is_told_first():
    given_counts = {(1, 2): {"S1": 4, "SMA": 40}, (1, 8): {"S1": 9, "SMA": 40}}
    year = ((1, 12), 0, "S1")

    assert year in told_of(given_counts, (1,), already={year})
    assert ((7, 9), 0, "S1") not in told_of(given_counts, (1,), already={year})
