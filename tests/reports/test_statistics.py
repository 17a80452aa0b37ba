"""The figures against published examples, against scipy's, and against counting everything out."""

from fractions import Fraction
from math import comb, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from desk.reports.statistics import (
    chance_of_luck,
    clopper_pearson,
    holm,
    intraclass,
    matched_difference,
    matched_share_difference,
    mean_with_interval,
    wilson,
)

counted = st.integers(1, 60).flatmap(lambda count: st.tuples(st.integers(0, count), st.just(count)))
floats = st.floats(-1000, 1000).map(lambda value: round(value, 3))


# Newcombe (1998), Statistics in Medicine 17, 857-872, table I: methods 3 (score) and 5 (exact).
@pytest.mark.parametrize(
    ("hits", "count", "score", "exact"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_a_share_has_the_published_intervals(hits, count, score, exact):
    assert (wilson(hits, count).low, wilson(hits, count).high) == pytest.approx(score, abs=5e-5)
    assert (clopper_pearson(hits, count).low, clopper_pearson(hits, count).high) == pytest.approx(exact, abs=5e-5)


@given(counted, st.sampled_from([0.8, 0.95, 0.99]))
def test_the_intervals_of_a_share_are_those_of_scipy(share, confidence):
    test = stats.binomtest(*share)
    for method, ours in (("wilson", wilson), ("exact", clopper_pearson)):
        theirs = test.proportion_ci(confidence, method=method)
        found = ours(*share, confidence=confidence)
        assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@given(counted)
def test_an_interval_holds_its_share_and_mirrors_it(share):
    hits, count = share
    for interval in (wilson, clopper_pearson):
        found, mirrored = interval(hits, count), interval(count - hits, count)
        assert 0 <= found.low <= hits / count <= found.high <= 1
        assert (mirrored.low, mirrored.high) == pytest.approx((1 - found.high, 1 - found.low), abs=1e-9)
        larger = interval(hits * 10, count * 10)
        assert larger.high - larger.low < found.high - found.low
        if hits:
            assert interval(hits - 1, count).high <= found.high


def test_nothing_counted_tells_nothing():
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0, 1)
    assert (clopper_pearson(0, 0).low, clopper_pearson(0, 0).high) == (0, 1)
    assert chance_of_luck(0, 0, other_hits=3, other_count=9) == 1
    assert chance_of_luck(3, 9, other_hits=0, other_count=0) == 1
    assert mean_with_interval(np.array([4.0])) is None
    assert intraclass(np.array([]), np.array([])) is None
    assert matched_difference(np.array([]), np.array([], bool), np.array([])) is None


def test_the_lady_tasting_tea():
    """Three of four cups with milk first, one of four without: Fisher (1935), The Design of Experiments."""
    assert chance_of_luck(3, 4, other_hits=1, other_count=4) == pytest.approx(34 / 70)


@given(counted, counted)
def test_luck_is_what_counting_out_says(own, rest):
    (hits, count), (other_hits, other_count) = own, rest
    total, everybody = hits + other_hits, comb(count + other_count, hits + other_hits)
    ways = {each: comb(count, each) * comb(other_count, total - each) for each in range(min(count, total) + 1)}
    exact = Fraction(sum(each for each in ways.values() if each <= ways[hits]), everybody)
    assert chance_of_luck(hits, count, other_hits=other_hits, other_count=other_count) == pytest.approx(float(exact))
    assert chance_of_luck(other_hits, other_count, other_hits=hits, other_count=count) == pytest.approx(float(exact))


def test_luck_over_many_calls_is_that_of_scipy():
    for hits, count, other_hits, other_count in [(40, 2000, 9000, 700_000), (19, 400, 60, 1200), (0, 90, 400, 9000)]:
        table = [[hits, count - hits], [other_hits, other_count - other_hits]]
        ours = chance_of_luck(hits, count, other_hits=other_hits, other_count=other_count)
        assert ours == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-6)


def test_holm_corrects_as_in_the_textbook():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []
    assert holm([0.7, 0.6]) == [1.0, 1.0]


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_keeps_the_order_and_never_lowers_a_chance(chances):
    corrected = holm(chances)
    assert all(0 <= before <= after <= 1 for before, after in zip(chances, corrected, strict=True))
    for one in range(len(chances)):
        assert corrected[one] <= min(1, len(chances) * chances[one]) or corrected[one] == max(
            corrected[other] for other in range(len(chances)) if chances[other] <= chances[one]
        )
        assert all(corrected[one] <= corrected[other] for other in range(len(chances)) if chances[one] < chances[other])


@given(st.lists(floats, min_size=2, max_size=20))
def test_a_mean_has_students_interval(values):
    found = mean_with_interval(np.array(values))
    assert found is not None
    half = stats.t.ppf(0.975, len(values) - 1) * sqrt(np.var(values, ddof=1) / len(values))
    assert found.value == pytest.approx(np.mean(values))
    assert (found.interval.high - found.interval.low) / 2 == pytest.approx(half, abs=1e-9)


# Shrout & Fleiss (1979), table 2: four ratings of each of six targets; F = 11.24 / 6.26, ICC(1,1) = .17.
RATINGS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
# Montgomery, Design and Analysis of Experiments: strength of cloth of four looms, F = 15.68, 0.38 to 0.98.
LOOMS = [[98, 97, 99, 96], [91, 90, 93, 92], [96, 95, 97, 95], [95, 96, 99, 98]]


def grouped(rows):
    values = [(value, group) for group, row in enumerate(rows) for value in row]
    return np.array([value for value, _ in values], float), np.array([group for _, group in values])


@pytest.mark.parametrize(
    ("rows", "ratio", "estimate", "interval"),
    [(RATINGS, 1.79, 0.166, (-0.133, 0.723)), (LOOMS, 15.68, 0.786, (0.385, 0.982))],
)
def test_the_published_correlations(rows, ratio, estimate, interval):
    found = intraclass(*grouped(rows))
    assert found is not None
    assert found.ratio == pytest.approx(ratio, abs=0.006)
    assert found.estimate == pytest.approx(estimate, abs=0.001)
    assert (found.interval.low, found.interval.high) == pytest.approx(interval, abs=0.001)
    assert (found.groups, found.count) == (len(rows), sum(map(len, rows)))


rows_of_groups = st.lists(st.lists(floats, min_size=1, max_size=6), min_size=2, max_size=6)


@given(rows_of_groups)
def test_the_ratio_is_that_of_the_analysis_of_variance(rows):
    found = intraclass(*grouped(rows))
    if found is None:
        return
    within = sum((value - np.mean(row)) ** 2 for row in rows for value in row) / (found.count - len(rows))
    overall = np.mean([value for row in rows for value in row])
    between = sum(len(row) * (np.mean(row) - overall) ** 2 for row in rows) / (len(rows) - 1)
    usual = (found.count - sum(len(row) ** 2 for row in rows) / found.count) / (len(rows) - 1)
    assert found.ratio == pytest.approx(between / within, rel=1e-6, abs=1e-6)
    assert found.estimate == pytest.approx((between - within) / (between + (usual - 1) * within), rel=1e-6, abs=1e-6)
    assert -1 <= found.interval.low <= found.interval.high <= 1


@given(rows_of_groups, st.floats(0.5, 20), st.floats(-50, 50), st.randoms())
def test_units_and_order_do_not_matter(rows, scale, shift, random):
    values, groups = grouped(rows)
    found = intraclass(values, groups)
    if found is None or found.ratio > 1e9:
        return
    order = list(range(len(values)))
    random.shuffle(order)
    again = intraclass((values * scale + shift)[order], groups[order] + 7)
    assert again is not None
    assert again.estimate == pytest.approx(found.estimate, abs=1e-4)
    assert (again.interval.low, again.interval.high) == pytest.approx(
        (found.interval.low, found.interval.high), abs=1e-4
    )


def test_the_interval_covers_what_it_says_for_unequal_groups():
    draws = np.random.default_rng(1940)
    sizes, truth, rounds = [3, 5, 8, 20, 40, 2], 0.3, 600
    groups = np.repeat(range(len(sizes)), sizes)
    covered = 0
    for _ in range(rounds):
        effects = draws.normal(0, sqrt(truth), len(sizes))
        found = intraclass(effects[groups] + draws.normal(0, sqrt(1 - truth), groups.size), groups)
        covered += found is not None and found.interval.low <= truth <= found.interval.high
    assert covered / rounds == pytest.approx(0.95, abs=0.03)


def test_one_stratum_is_welchs_comparison():
    """Yields of two designs, unequal variances: scipy's Welch interval is the same."""
    one, other = np.array([27.5, 21.0, 19.0, 23.6, 17.0, 17.9]), np.array([27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8])
    values, exposed = np.concatenate([one, other]), np.repeat([True, False], [one.size, other.size])
    found = matched_difference(values, exposed, np.zeros(values.size))
    theirs = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    assert found is not None
    assert found.difference == pytest.approx(one.mean() - other.mean())
    assert (found.interval.low, found.interval.high) == pytest.approx((theirs.low, theirs.high))
    assert (found.exposed, found.others) == (6, 7)


observed = st.lists(st.tuples(floats, st.booleans(), st.integers(0, 3)), max_size=40)


def like_with_like(rows):
    """Return the matched difference by going through the strata one by one; None when none has both sides."""
    strata = {stratum for _, _, stratum in rows}
    sides = {
        each: [
            [value for value, side, stratum in rows if stratum == each and side is wanted] for wanted in (True, False)
        ]
        for each in strata
    }
    both = [(one, other) for one, other in sides.values() if one and other]
    exposed = sum(len(one) for one, _ in both)
    return sum(len(one) / exposed * (np.mean(one) - np.mean(other)) for one, other in both) if both else None


@given(observed)
def test_a_matched_difference_compares_like_with_like(rows):
    values, exposed, strata = (np.array([row[place] for row in rows]) for place in range(3))
    found = matched_difference(values.astype(float), exposed.astype(bool), strata)
    if found is not None:
        assert found.difference == pytest.approx(like_with_like(rows), abs=1e-6)
        assert found.interval.low <= found.difference <= found.interval.high
    hits = matched_share_difference(values > 0, exposed.astype(bool), strata)
    expected = like_with_like([(float(value > 0), side, stratum) for value, side, stratum in rows])
    assert (hits is None) == (expected is None)
    if hits is not None:
        assert hits.difference == pytest.approx(expected, abs=1e-9)
        assert -1 <= hits.interval.low < hits.interval.high <= 1


@given(observed, floats)
def test_what_a_whole_stratum_shares_makes_no_difference(rows, shift):
    values, exposed, strata = (np.array([row[place] for row in rows]) for place in range(3))
    found = matched_difference(values.astype(float), exposed.astype(bool), strata)
    again = matched_difference(values + shift * strata, exposed.astype(bool), strata)
    if found is not None:
        assert again is not None
        assert again.difference == pytest.approx(found.difference, abs=1e-6)


def test_all_of_a_few_is_not_certainty():
    hits, exposed = np.ones(10, bool), np.repeat([True, False], 5)
    found = matched_share_difference(hits, exposed, np.zeros(10))
    assert found is not None
    assert found.interval.low < -0.2
    assert found.interval.high > 0.2


def test_the_matched_interval_covers_what_it_says():
    draws = np.random.default_rng(1946)
    strata = np.repeat([0, 1, 2], [30, 20, 10])
    exposed = np.arange(60) % 3 == 0
    covered = 0
    for _ in range(500):
        values = strata * 5.0 + exposed * 2.0 + draws.normal(0, 1 + exposed, 60)
        found = matched_difference(values, exposed, strata)
        covered += found is not None and found.interval.low <= 2 <= found.interval.high
    assert covered / 500 == pytest.approx(0.95, abs=0.03)
