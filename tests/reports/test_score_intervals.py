"""The intervals of the scores: worked out anew from the people, and how often they hold what is true."""

import math
import random
from collections import Counter
from fractions import Fraction
from statistics import mean, stdev

import pytest

from desk.domain.questionnaires import FULL
from desk.domain.skm_elements import EXACT, INSTRUMENTS, Regulation, weight_of
from desk.domain.skm_index import index_of
from desk.domain.tallies import Tally
from desk.reports.score_intervals import index_estimate, mean_estimate, nps_estimate, share_estimate
from desk.reports.statistics import student, wilson
from desk.reports.survey_cells import tallied_of

RULE = INSTRUMENTS[Regulation.RULE_2017]
TRIES = 1500
# Of what is said to hold 95 times in 100, with the luck of so many tries.
LEAST, MOST = 0.93, 0.985


def people(chance, count):
    """So many respondents: each has an inclination that all answers lean on."""
    found = []
    for _ in range(count):
        lean = chance.gauss(2.9, 0.6)
        found.append({key: min(4, max(1, round(chance.gauss(lean, 0.5)))) for key in RULE.keys})
    return found


def tally_of(respondents):
    tally = Tally()
    for said in respondents:
        value = round(FULL * (Fraction(sum(said.values()), len(said)) - 1) / 3)
        tally.add(said, value, {})
    return tally


def estimate(respondents, weight=EXACT):
    tally = tally_of(respondents)
    return index_estimate(index_of(tallied_of(RULE, tally), weight_of(RULE, weight)), tally)


def test_shares_are_wilson_s():
    counts = {1: 2, 3: 1, 4: 5, 5: 4}
    found = share_estimate(counts, 4, 5)
    assert (found.value, found.count, found.interval) == (9 / 12, 12, wilson(9, 12))


@pytest.mark.parametrize("count", [2, 5, 30, 400])
def test_a_mean_is_student_s_worked_out_from_the_people(count):
    chance = random.Random(count)
    said = [chance.randint(1, 7) for _ in range(count - 1)] + [4, 5][:1]
    found = mean_estimate(Counter(said), 1, 7)
    half = student(count - 1) * stdev(said) / math.sqrt(count)
    assert found.value == pytest.approx(mean(said))
    assert found.interval.low == pytest.approx(max(1, mean(said) - half))
    assert found.interval.high == pytest.approx(min(7, mean(said) + half))


def test_net_promoters_by_hand():
    """18 promoters, 5 detractors of 30, with 3/4, 3/4 and 3 added."""
    found = nps_estimate({10: 12, 9: 6, 8: 7, 6: 2, 3: 3})
    up, down = 18.75 / 33, 5.75 / 33
    half = 1.959964 * math.sqrt((up + down - (up - down) ** 2) / 33)
    assert found.value == pytest.approx(13 / 30)
    assert (found.interval.low, found.interval.high) == pytest.approx((up - down - half, up - down + half))


def test_that_all_said_the_same_is_no_certainty():
    for found, low, high in (
        (mean_estimate({7: 5}, 1, 7), 1, 7),
        (nps_estimate({10: 5}), -1, 1),
        (share_estimate({5: 5}, 4, 5), 0, 1),
        (estimate([dict.fromkeys(RULE.keys, 3)] * 5), 25, 100),
    ):
        assert low <= found.interval.low <= found.value <= found.interval.high <= high
        assert found.interval.high - found.interval.low > 0.1 * (high - low)


@pytest.mark.parametrize("made", [nps_estimate, lambda c: mean_estimate(c, 1, 7), lambda c: share_estimate(c, 4, 5)])
def test_below_two_answers_there_is_none(made):
    assert made({}) is None
    assert made({5: 1}) is None


@pytest.mark.parametrize("weight", ["exact", "0.11", "0.1111"])
def test_the_index_is_the_mean_of_the_respondents_own(weight):
    """Brute force: of each respondent Σ score × weight × 25, then Student's interval of these."""
    respondents = people(random.Random(3), 40)
    used = weight_of(RULE, weight).value
    own = [float(sum(each.values()) * used * 25) for each in respondents]
    half = student(39) * stdev(own) / math.sqrt(40)

    found = estimate(respondents, weight)

    assert found.value == pytest.approx(mean(own), abs=0.005)
    assert found.interval.low == pytest.approx(mean(own) - half, abs=0.01)
    assert found.interval.high == pytest.approx(mean(own) + half, abs=0.01)


def test_where_elements_were_left_out_it_is_wider_never_narrower():
    chance = random.Random(9)
    whole = people(chance, 60)
    left_out = [{key: value for key, value in each.items() if chance.random() < 0.95} for each in whole]
    full, part = estimate(whole), estimate(left_out)

    assert part.interval.high - part.interval.low > full.interval.high - full.interval.low
    assert part.interval.low < part.value < part.interval.high


def test_an_index_that_is_not_told_has_none():
    assert estimate([{key: 3 for key in RULE.keys if key != "biaya"}] * 9) is None
    assert estimate(people(random.Random(1), 1)) is None


def drawn(chance, shares, count):
    return Counter(chance.choices(list(shares), list(shares.values()), k=count))


@pytest.mark.parametrize("count", [12, 60, 300])
def test_they_hold_what_is_true_about_95_times_in_100(count):
    chance = random.Random(count)
    one = {1: 0.1, 2: 0.1, 3: 0.2, 4: 0.35, 5: 0.25}
    ease = {1: 0.04, 2: 0.06, 3: 0.1, 4: 0.2, 5: 0.25, 6: 0.2, 7: 0.15}
    recommend = {10: 0.25, 9: 0.2, 8: 0.2, 7: 0.1, 6: 0.1, 4: 0.1, 0: 0.05}
    cases = (
        (one, lambda counts: share_estimate(counts, 4, 5), 0.6),
        (ease, lambda counts: mean_estimate(counts, 1, 7), sum(value * share for value, share in ease.items())),
        (recommend, nps_estimate, 0.2),
    )
    for shares, made, true in cases:
        found = [made(drawn(chance, shares, count)).interval for _ in range(TRIES)]
        held = sum(each.low <= true <= each.high for each in found) / TRIES
        assert LEAST <= held <= MOST, (shares, held)


@pytest.mark.parametrize("left_out", [0.0, 0.1])
def test_the_index_holds_what_is_true_at_least_about_95_times_in_100(left_out):
    """Drawn from a town of 4,000 of whom all is known; without the answers left out also hardly more often."""
    chance = random.Random(5)
    town = people(chance, 4000)
    true = float(sum(sum(each.values()) for each in town) * Fraction(25, 9) / len(town))
    held = 0
    for _ in range(300):
        asked = chance.sample(town, 30)
        given = [{key: value for key, value in each.items() if chance.random() >= left_out} for each in asked]
        interval = estimate([each for each in given if each]).interval
        held += interval.low <= true <= interval.high
    assert held / 300 >= 0.91
    if not left_out:
        assert held / 300 <= 0.985
