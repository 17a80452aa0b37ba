"""What published figures tell together of an element that fewer answered than answered at all."""

import pytest

from desk.domain import elements_together, published_together
from desk.domain.publication import Figures
from desk.domain.skm_elements import INSTRUMENTS, Regulation
from desk.domain.skm_index import Tallied, Tally
from desk.domain.skm_period import read_period

INSTRUMENT = INSTRUMENTS[Regulation.RULE_2017]


def figures(period: str, respondents: int, biaya: int, *, total: int | None = None) -> Figures:
    """Figures in which everybody answered everything, but so many the fee."""
    tallies = {key: Tally(3 * respondents, respondents) for key in INSTRUMENT.keys}
    tallies["biaya"] = Tally(3 * biaya if total is None else total, biaya)
    return Figures(read_period(period), Tallied(INSTRUMENT, respondents, tallies), "exact", 100, 80, {}, ())


@pytest.mark.parametrize(
    ("month", "quarter", "beside"),
    [
        ((30, 30), (60, 60), None),
        ((30, 20), (60, 50), None),
        ((30, 20), (60, 22), "2026-01"),  # two said something about the fee in the other months
        ((30, 22), (60, 22), None),
        ((58, 22), (60, 22), "2026-01"),  # two people at all
    ],
)
def test_a_longer_period_tells_of_an_element_beside_a_shorter_one(month, quarter, beside):
    found = elements_together.told_beside(figures("2026-Q1", *quarter), [figures("2026-01", *month)])

    assert (str(found) if found else None) == beside


def test_the_other_way_round_too():
    found = elements_together.told_beside(figures("2026-01", 30, 20), [figures("2026-Q1", 60, 22)])

    assert str(found) == "2026-Q1"


@pytest.mark.parametrize(
    ("older", "newer", "public"),
    [
        (figures("2026-Q1", 30, 20), figures("2026-Q1", 40, 30), True),
        (figures("2026-Q1", 30, 20), figures("2026-Q1", 40, 22), False),
        (figures("2026-Q1", 30, 20), figures("2026-Q1", 40, 20), True),
        (figures("2026-Q1", 30, 20), figures("2026-Q1", 40, 20, total=59), False),  # somebody corrected it
        (figures("2026-Q1", 30, 30), figures("2026-Q1", 32, 32), False),
    ],
)
def test_an_earlier_version_is_withdrawn_where_few_answers_to_an_element_differ(older, newer, public):
    assert elements_together.still_public([older, newer]) == [public, True]


def test_where_nobody_left_anything_out_the_rule_is_that_of_the_respondents():
    versions = [figures("2026-Q1", count, count) for count in (10, 12, 30, 31)]

    assert elements_together.still_public(versions) == published_together.still_public(versions)
