"""Figures by officer and by leg beside the scores: nothing that is told adds up to what fewer than five people said."""

from collections import Counter
from datetime import date
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.handlers import WHOLE
from desk.domain.skm_period import Period
from desk.reports.chains import Chains
from desk.reports.linked_answers import Place
from desk.reports.telling import ALL, FEWEST_OF_OFFICER, LEGS, OFFICERS, Telling
from desk.reports.telling_chain import ChainTelling, Of
from tests.reports.test_telling_groups import few_of

YEAR, OVER = 2025, date(2026, 5, 1)
QUARTER = Period(YEAR, 3, 1)
MONTHS, SERVICES, OFFICERS_THERE = (1, 2, 4), (1, 2, 3), (7, 8, 9)
WORKS = ((WHOLE,), (WHOLE,), (WHOLE,), (6_000, 4_000), (3_333, 6_667), (2_000, 5_000, 3_000))
STEPS = st.tuples(st.sampled_from((7, 7, 8, 9)), st.sampled_from((0, 0, 0, 1, 2, 3)))
PEOPLE = st.tuples(
    st.sampled_from((1, 1, 1, 2, 4)),
    st.sampled_from((1, 1, 1, 2, 3)),
    st.sampled_from(WORKS),
    st.tuples(STEPS, STEPS, STEPS),
)
OTHERS = st.dictionaries(st.builds(Place, st.sampled_from(MONTHS), st.sampled_from(SERVICES)), st.integers(1, 6))
OFFICES = st.tuples(
    st.lists(st.tuples(PEOPLE, st.sampled_from((1, 1, 2, 3, 5, 6))), min_size=4, max_size=11),
    st.one_of(st.just({}), OTHERS),
)


def somebody(month, service, *chain):
    """One who answered: each leg as (officer, share), at the service asked about or as (officer, share, service)."""
    return month, service, [(leg[0], leg[1], leg[2] if len(leg) > 2 else service) for leg in chain]


def drawn(office):
    kinds, others = office
    people = []
    for (month, service, work, steps), count in kinds:
        legs = [(officer, share, at or service) for share, (officer, at) in zip(work, steps, strict=False)]
        people += [somebody(month, service, *legs)] * count
    return people, others


def chains_of(people, others):
    officers = sorted({officer for _, _, legs in people for officer, _, _ in legs})
    kinds = sorted({(number, at) for _, _, legs in people for number, (_, _, at) in enumerate(legs, 1)})
    shares = np.zeros((len(people), len(officers) + len(kinds)), np.int64)
    for row, (_, _, legs) in zip(shares, people, strict=True):
        for number, (officer, share, at) in enumerate(legs, 1):
            row[officers.index(officer)] += share
            row[len(officers) + kinds.index((number, at))] += share
    months, services = (np.array([each[place] for each in people], np.int64) for place in (0, 1))
    return Chains(months, services, shares, officers, kinds, others)


def telling_of(chains):
    counts = Counter(map(Place, chains.months.tolist(), chains.services.tolist()))
    counts.update(chains.others)
    return Telling([(date(YEAR, each.month, 1), (each.service_id,), count) for each, count in counts.items()], OVER)


def rules_of(chains):
    officers, legs = Counter(), Counter()
    for month, service, shares in zip(chains.months.tolist(), chains.services.tolist(), chains.shares, strict=True):
        here = date(YEAR, month, 1)
        for place in np.flatnonzero(shares).tolist():
            if place < len(chains.officers):
                officers[here, (chains.officers[place], service)] += 1
            else:
                legs[here, chains.legs[place - len(chains.officers)]] += 1
    return {
        Of.OFFICER: Telling([(*key, count) for key, count in officers.items()], OVER, widest=1, rule=OFFICERS),
        Of.LEG: Telling([(*key, count) for key, count in legs.items()], OVER, rule=LEGS),
    }


def judged(people, others=None, **more):
    chains = chains_of(people, others or {})
    telling = telling_of(chains)
    return chains, telling, ChainTelling(chains, telling, rules_of(chains), YEAR, {1, 2, 3, 4}, **more)


class World:
    """Everybody who answered, one by one, and what is told as sums over them, each worked out anew."""

    def __init__(self, people, others):
        more = [(each.month, each.service_id, []) for each, count in others.items() for _ in range(count)]
        self.people = [*people, *more]
        self.periods = [
            Period(YEAR, months, number) for months in (12, 6, 3, 1) for number in range(1, 12 // months + 1)
        ]
        self.services = sorted({each[1] for each in self.people})
        self.chains = [each[2] for each in self.people]

    def within(self, period, service=0):
        return np.array(
            [Period(YEAR, 1, each[0]).first in period and service in (0, each[1]) for each in self.people], float
        )

    def scores(self, telling):
        for period in self.periods:
            for service in (0, *self.services):
                if telling.told(period, (service,) if service else ALL):
                    yield self.within(period, service)

    def figures(self, found):
        """Yield what is told by leg, by leg and service, by officer, by officer and service."""
        for period in self.periods:
            for leg in (1, 2, 3):
                for at in (0, *SERVICES):
                    if found.told(period, Of.LEG, (leg, at) if at else (leg,)):
                        yield self.within(period) * [self.of_leg(each, leg, at) for each in self.chains]
            for officer in OFFICERS_THERE:
                for service in (0, *self.services):
                    if found.told(period, Of.OFFICER, (officer, service) if service else (officer,)):
                        shares = [sum(share for mine, share, _ in each if mine == officer) for each in self.chains]
                        yield self.within(period, service) * shares

    def of_leg(self, chain, leg, at):
        return chain[leg - 1][1] if len(chain) >= leg and at in (0, chain[leg - 1][2]) else 0


def shown(people, others=None, **more):
    _, telling, found = judged(people, others, **more)
    world = World(people, others or {})
    rows = [*world.scores(telling), *(np.array(each) / WHOLE for each in world.figures(found))]
    return rows, len(world.people), telling, found


@settings(max_examples=60, deadline=None)
@given(OFFICES)
def test_from_officers_legs_and_scores_together_nobody_derives_a_few(office):
    rows, count, _, _ = shown(*drawn(office))

    assert few_of(rows, count) == []


def alone(count, officer=7, *, month=1, service=1):
    return [somebody(month, service, (officer, WHOLE))] * count


def test_the_one_answer_of_an_officer_who_is_hidden_stays_hidden():
    people = [*alone(10), *alone(1, 8)]
    rows, count, telling, found = shown(people)

    assert telling.told(QUARTER, (1,)) and found.told(QUARTER, Of.LEG, (1,))
    assert not found.told(QUARTER, Of.OFFICER, (7,)) and not found.told(QUARTER, Of.OFFICER, (7, 1))
    assert few_of(rows, count) == []
    _, _, _, found = shown([*alone(10), *alone(5, 8)])
    assert found.told(QUARTER, Of.OFFICER, (7,)), "what five said beside it"


@pytest.mark.parametrize(("handed_on", "expected"), [(1, False), (5, True)])
def test_the_first_leg_does_not_tell_of_the_one_who_was_handed_on(handed_on, expected):
    people = [*alone(12), *([somebody(1, 1, (7, 6_000), (8, 4_000))] * handed_on)]
    rows, count, telling, found = shown(people)

    assert telling.told(QUARTER)
    assert found.told(QUARTER, Of.LEG, (1,)) is found.told(QUARTER, Of.LEG, (1, 1)) is expected
    assert few_of(rows, count) == []


@pytest.mark.parametrize(("sheets", "expected"), [(1, False), (5, True)])
def test_all_legs_together_do_not_tell_of_the_one_who_answered_on_paper(sheets, expected):
    people = [*alone(12), *([somebody(1, 1, (7, 5_000), (8, 5_000))] * 6)]
    rows, count, telling, found = shown(people, {Place(1, 1): sheets})

    assert telling.told(QUARTER)
    told = [found.told(QUARTER, Of.LEG, (leg,)) for leg in (1, 2)]
    assert told == ([True, True] if expected else [True, False]), "the first leg alone tells of nobody few"
    assert few_of(rows, count) == []


def test_of_a_quarter_that_changed_after_it_was_published_nothing_is_told():
    people = [*alone(20), *alone(20, month=4)]
    chains = chains_of(people, {})
    found = ChainTelling(chains, telling_of(chains), rules_of(chains), YEAR, {1, 2}, changed={1})

    assert found.told(Period(YEAR, 3, 2), Of.OFFICER, (7,)) and found.told(Period(YEAR, 3, 2), Of.LEG, (1,))
    for period in (QUARTER, Period(YEAR, 1, 1), Period(YEAR, 6, 1), Period(YEAR)):
        assert not found.told(period, Of.OFFICER, (7,)) and not found.told(period, Of.LEG, (1,))


def test_a_year_is_told_where_all_its_quarters_are_or_have_nobody():
    _, _, _, found = shown([*alone(20), *alone(20, month=4)])
    assert found.told(Period(YEAR), Of.OFFICER, (7,)) and found.told(Period(YEAR), Of.LEG, (1, 1))

    _, _, _, found = shown([*alone(20), *alone(9, month=4)])
    assert found.told(QUARTER, Of.OFFICER, (7,)) and not found.told(Period(YEAR), Of.OFFICER, (7,))


def test_officers_by_service_that_were_not_asked_about_are_not_told():
    chains = chains_of(alone(20), {})
    found = ChainTelling(chains, telling_of(chains), rules_of(chains), YEAR, {1}, shortest=3, by_service=False)

    assert found.told(QUARTER, Of.OFFICER, (7,)) and found.told(Period(YEAR), Of.OFFICER, (7,))
    assert not any(found.told(period, Of.OFFICER, (7, 1)) for period in (QUARTER, Period(YEAR)))


def large(count, others):
    """An office of ten services and forty officers in which hardly two have the same shares."""
    random = np.random.default_rng(3)
    people = []
    for _ in range(count):
        service = int(random.integers(1, 11))
        length = int(random.choice((1, 2, 3, 4), p=(0.6, 0.25, 0.1, 0.05)))
        cuts = np.sort(random.choice(np.arange(1, WHOLE), length - 1, replace=False))
        shares = np.diff([0, *cuts.tolist(), WHOLE]).tolist()
        legs = [(int(service * 3 + random.integers(5)) % 40, share) for share in shares]
        people.append(somebody(int(random.integers(1, 4)), service, *legs))
    return people, others


@pytest.mark.parametrize("sheets", [0, 1, 40])
def test_a_large_quarter_is_told_and_soon_judged(sheets):
    people, others = large(20_000, {Place(2, 3): sheets} if sheets else {})
    chains = chains_of(people, others)
    telling, rules = telling_of(chains), rules_of(chains)
    begun = process_time()
    found = ChainTelling(chains, telling, rules, YEAR, {1}, shortest=3, by_service=False)
    print(f"{len(people)} answers: {process_time() - begun:.2f} s of one processor")
    asked = [
        *((Of.LEG, (leg,)) for leg in (1, 2, 3, 4)),
        *((Of.LEG, each) for each in chains.legs),
        *((Of.OFFICER, (each,)) for each in chains.officers),
    ]
    counts = (chains.shares > 0).sum(axis=0)
    assert counts.min() >= FEWEST_OF_OFFICER
    told = [found.told(QUARTER, *each) for each in asked]

    assert all(told) if sheets != 1 else not all(told)
    assert sum(told) >= len(told) - 3
