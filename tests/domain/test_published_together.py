"""What published periods and versions tell together: never what fewer than five people said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.publication import Figures
from desk.domain.published_together import still_public, tell_of_few, told_beside
from desk.domain.skm_elements import INSTRUMENTS, Regulation
from desk.domain.skm_index import Tallied, Tally
from desk.domain.skm_period import read_period

INSTRUMENT = INSTRUMENTS[Regulation.RULE_2017]
OLD = INSTRUMENTS[Regulation.RULE_2004]


def figures(period, respondents, *, score=3, instrument=INSTRUMENT, weight="exact"):
    tallies = {key: Tally(score * respondents, respondents) for key in instrument.keys}
    return Figures(read_period(period), Tallied(instrument, respondents, tallies), weight, 100, 80, {}, ())


@pytest.mark.parametrize(
    ("counts", "public"),
    [
        ([60], [True]),
        ([60, 63], [False, True]),
        ([60, 65], [True, True]),
        ([60, 63, 66], [False, False, True]),  # the first stays withdrawn: whoever kept the second could compare
        ([60, 56], [False, True]),
    ],
)
def test_a_version_is_withdrawn_where_few_differ(counts, public):
    assert still_public([figures("2026-Q1", each) for each in counts]) == public


def test_corrections_alone_withdraw_and_another_weight_does_not():
    assert still_public([figures("2026-Q1", 60), figures("2026-Q1", 60, score=4)]) == [False, True]
    assert still_public([figures("2026-Q1", 60), figures("2026-Q1", 60, weight="0.11")]) == [True, True]


@pytest.mark.parametrize(
    ("new", "before", "beside"),
    [
        (("2026-07", 28), [("2026-Q3", 30)], "2026-Q3"),
        (("2026-Q3", 30), [("2026-07", 28)], "2026-07"),
        (("2026-Q3", 30), [("2026-07", 30)], None),
        (("2026-Q3", 35), [("2026-07", 30)], None),
        (("2026-09", 20), [("2026-Q3", 63), ("2026-07", 40)], "2026-Q3"),  # August would be three
        (("2026-09", 20), [("2026-Q3", 65), ("2026-07", 40)], None),
        (("2026-09", 20), [("2026", 62), ("2026-S1", 20), ("2026-07", 20)], "2026"),
        (("2026-07", 28), [("2025-Q3", 30)], None),
        (("2026-07", 28), [("2026-Q3", 60), ("2026-Q3", 30)], "2026-Q3"),
    ],
)
def test_a_period_beside_others(new, before, beside):
    found = told_beside(figures(*new), [figures(*each) for each in before])

    assert (None if found is None else str(found)) == beside


def test_two_regulations_tell_nothing_of_each_other():
    assert told_beside(figures("2026-07", 28), [figures("2026-Q3", 30, instrument=OLD)]) is None


@pytest.mark.parametrize(
    ("published", "found"),
    [
        ([("2026-Q3", 30), ("2026-07", 28)], [("2026-Q3", "2026-07")]),
        ([("2026-Q3", 30), ("2026-07", 25)], []),
        ([("2026-Q3", 63), ("2026-07", 40), ("2026-09", 20)], [("2026-Q3", "2026-07")]),
        ([("2026", 62), ("2026-S1", 20), ("2026-Q3", 40)], [("2026", "2026-S1")]),
        ([("2026-Q3", 40), ("2026-Q3", 30), ("2026-07", 28)], [("2026-Q3", "2026-07")]),
        ([("2026-Q3", 30), ("2026-Q3", 33), ("2026-07", 28)], []),  # the first version is withdrawn
        ([], []),
    ],
)
def test_what_is_public_already_and_tells_of_a_few(published, found):
    assert [tuple(map(str, each)) for each in tell_of_few(figures(*each) for each in published)] == found


MONTHS = [f"2026-0{month}" for month in range(1, 7)]
PERIODS = [*MONTHS, "2026-Q1", "2026-Q2", "2026-S1", "2026"]


@given(st.lists(st.integers(0, 9), min_size=6, max_size=6), st.permutations(PERIODS))
def test_in_whatever_order_nothing_is_published_that_leaves_a_few(counts, order):
    of_month = dict(zip((read_period(each) for each in MONTHS), counts, strict=True))
    public = []
    for name in order:
        period = read_period(name)
        count = sum(count for month, count in of_month.items() if month.first in period)
        new = figures(name, count)
        if count >= 5 and told_beside(new, public) is None:
            public.append(new)
    for whole in public:
        inside = [each for each in public if each is not whole and each.period.first in whole.period
                  and each.period.last in whole.period]  # fmt: skip
        for part in inside:
            rest = whole.tallied.respondents - part.tallied.respondents
            assert rest == 0 or rest >= 5
            for other in inside:
                if other.period.first > part.period.last:
                    left = rest - other.tallied.respondents
                    assert left == 0 or left >= 5
