"""Groups of those who answered beside the scores: nothing that is told adds up to what fewer than five people said."""

from collections import Counter
from datetime import date
from functools import cache
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.questionnaires import Measure
from desk.domain.skm_period import Period
from desk.reports.derivable import Gate, Span
from desk.reports.linked_answers import FACTORS, LENGTHS, Linked, Place
from desk.reports.standing_alone import MOST_OF_ONE
from desk.reports.telling import ALL, FEWEST, Telling
from desk.reports.telling_groups import EVERYBODY, FIGURES, GroupTelling

MONTHS, SERVICES = (1, 2, 4), (1, 2, 3)
YEAR = 2025
OVER = date(2026, 5, 1)
PEOPLE = st.tuples(
    st.sampled_from((1, 1, 1, 2, 4)),
    st.sampled_from((1, 1, 1, 2, 2, 3)),
    st.sampled_from((0, 0, 0, 0, 1, 1, 2)),
    st.sampled_from((False, False, True)),
    st.booleans(),
)
OTHERS = st.dictionaries(st.builds(Place, st.sampled_from(MONTHS), st.sampled_from(SERVICES)), st.integers(1, 6))
OFFICES = st.tuples(st.lists(PEOPLE, min_size=8, max_size=34), st.one_of(st.just({}), OTHERS))


def linked_of(people, others, *, late=(), unjudged=()):
    """The answers as they are read; `late` and `unjudged` are whom the promise in working days is about."""
    columns = [np.array(each) for each in zip(*people, strict=True)]
    count = len(people)
    held = {name: np.zeros(count, bool) for name in FACTORS}
    judged = {name: np.ones(count, bool) for name in FACTORS}
    held |= {"waited_over": columns[3], "afternoon": columns[4], "handed_on": columns[2] > 0}
    held["work_late"][list(late)] = True
    judged["work_late"][list(unjudged)] = False
    lengths = {name: np.arange(count, dtype=float) for name in LENGTHS}
    return Linked(
        Measure.CSAT, columns[0], columns[1], np.linspace(0, 1, count), columns[2], held, judged, lengths, others
    )


def telling_of(people, others):
    counts = Counter(Place(month, service) for month, service, *_ in people)
    counts.update(others)
    return Telling([(date(YEAR, place.month, 1), (place.service_id,), count) for place, count in counts.items()], OVER)


def judged(people, others):
    linked, telling = linked_of(people, others), telling_of(people, others)
    return linked, telling, GroupTelling(linked, telling, YEAR, {1, 2, 3, 4})


class World:
    """Everybody who answered, one by one, and what is told as sums over them."""

    def __init__(self, linked, year=YEAR):
        self.linked = linked
        self.services_asked = (0, *linked.service_ids)
        self.periods = [
            Period(year, months, number) for months in (12, 6, 3, 1) for number in range(1, 12 // months + 1)
        ]
        more = [place for place, count in linked.others.items() for _ in range(count)]
        self.months = np.array([*linked.months, *(each.month for each in more)])
        self.services = np.array([*linked.services, *(each.service_id for each in more)])
        self.here = np.arange(self.months.size) < linked.months.size

    def within(self, period, service):
        mask = (self.months >= period.first.month) & (self.months <= period.last.month)
        return mask & (self.services == service) if service else mask

    def padded(self, column):
        found = np.zeros(self.months.size, bool)
        found[: column.size] = column
        return found

    def scores(self, telling):
        for period in self.periods:
            for service in self.services_asked:
                if telling.told(period, (service,) if service else ALL):
                    yield self.within(period, service).astype(float)

    def groups(self, telling):
        """Yield the rows of all that is told, each worked out anew."""
        for period in self.periods:
            for service in self.services_asked:
                for figure in FIGURES:
                    if telling.told(period, service, figure):
                        yield from self.rows(self.within(period, service) & self.here, figure)

    def rows(self, inside, figure):
        name = figure.removeprefix("compared_")
        if figure == EVERYBODY:
            yield inside.astype(float)
            return
        if name in FACTORS:
            counted, exposed = self.padded(self.linked.judged[name]), self.padded(self.linked.held[name])
        else:
            number = int(name.removeprefix("handoffs_"))
            exposed = self.padded(self.linked.handoffs == number)
            counted = exposed | (self.padded(self.linked.handoffs == 0) if name != figure else exposed)
        counted = counted & inside
        if name == figure:
            yield (counted & exposed).astype(float)
            if name in FACTORS:
                yield (counted & ~exposed).astype(float)
        else:
            yield self.difference(counted, exposed, by_half=name != "afternoon")

    def difference(self, counted, exposed, *, by_half):
        half = self.padded(self.linked.held["afternoon"]) if by_half else np.zeros(self.months.size, bool)
        strata = list(zip(self.services, (self.months - 1) // 3, half, strict=True))
        row = np.zeros(self.months.size)
        for stratum in set(strata):
            mine = counted & np.array([each == stratum for each in strata])
            own, others = mine & exposed, mine & ~exposed
            if own.any() and others.any():
                row += own - others * (own.sum() / others.sum())
        return row


@cache
def groups_of(count, size):
    return np.array(list(combinations(range(count), size)), np.int64).reshape(-1, size)


def few_of(rows, count):
    """Return the groups of fewer than five people of which something follows from these sums: any multiples of them.

    People who count for the same in every sum stand alone together or not at all.
    """
    known = np.array(rows).reshape(-1, count)
    kinds, people = np.unique(np.round(known, 9), axis=1, return_counts=True)
    _, sizes, turned = np.linalg.svd(kinds)
    free = turned[(sizes > 1e-9).sum() :]  # every change of what kinds of people said that changes nothing told
    small = np.flatnonzero(people < FEWEST)
    drawn = np.random.default_rng(7).normal(size=(2 * FEWEST, free.shape[0])) @ free
    lengths = np.linalg.norm(drawn, axis=0)
    unit = drawn / np.where(lengths > 1e-9, lengths, 1)
    found = []
    for size in range(1, FEWEST):
        groups = small[groups_of(small.size, size)]
        groups = groups[people[groups].sum(axis=1) < FEWEST]
        each = unit[:, groups].transpose(1, 0, 2)
        suspected = groups[np.abs(np.linalg.det(np.matmul(each.transpose(0, 2, 1), each))) < 1e-9]
        found += [few for few in suspected.tolist() if np.linalg.matrix_rank(free[:, few], tol=1e-7) < size]
    return found


@settings(max_examples=40, deadline=None)
@given(OFFICES)
def test_from_the_groups_and_the_scores_together_nobody_derives_a_few(office):
    linked, telling, groups = judged(*office)
    world = World(linked)

    assert few_of([*world.scores(telling), *world.groups(groups)], world.months.size) == []


def many(month, service, count, *, handoffs=0, late=False, afternoon=False):
    return [(month, service, handoffs, late, afternoon)] * count


QUARTER = Period(YEAR, 3, 1)


def test_with_and_without_are_told_where_both_are_enough():
    people = [*many(1, 1, 9, late=True), *many(1, 1, 9)]
    _, _, groups = judged(people, {})

    assert groups.told(QUARTER, 1, "waited_over") and groups.told(QUARTER, 0, "waited_over")
    assert groups.told(QUARTER, 0, EVERYBODY) and groups.told(QUARTER, 0, "compared_waited_over")
    assert all(groups.told(Period(YEAR, months), 1, "waited_over") for months in (1, 3, 6, 12))


def test_a_quarter_that_changed_after_it_was_published_is_not_told():
    people = [*many(1, 1, 9, late=True), *many(1, 1, 9), *many(4, 1, 9, late=True), *many(4, 1, 9)]
    linked, telling = linked_of(people, {}), telling_of(people, {})
    groups = GroupTelling(linked, telling, YEAR, {1, 2}, changed={1})

    assert groups.told(Period(YEAR, 3, 2), 0, "waited_over")
    assert not groups.told(QUARTER, 0, "waited_over") and not groups.told(Period(YEAR), 0, "waited_over")


def test_four_of_thirty_hide_the_others():
    _, telling, groups = judged([*many(1, 1, 26), *many(1, 1, 4, late=True)], {})

    assert telling.told(QUARTER, (1,))
    assert not groups.told(QUARTER, 1, "waited_over")
    assert groups.told(QUARTER, 1, "handed_on"), "nobody was: they are all who answered"


def test_the_office_does_not_tell_of_a_service_that_the_scores_hide():
    """The answer of one at a service that stands with five of another: with the office's row of those in the
    afternoon, which are all, and those of the services shown, it could be worked out."""
    people = [*many(1, 1, 12, afternoon=True), *many(1, 2, 10, afternoon=True), *many(1, 3, 5, afternoon=True)]
    linked, telling, groups = judged([*people, *many(1, 4, 1, afternoon=True)], {})

    assert telling.told(QUARTER) and telling.told(QUARTER, (1,))
    assert not telling.told(QUARTER, (3,)) and not telling.told(QUARTER, (4,))
    assert not any(groups.told(QUARTER, service, figure) for service in (3, 4) for figure in FIGURES)
    world = World(linked)
    assert few_of([*world.scores(telling), *world.groups(groups)], world.months.size) == []


def test_one_more_in_a_factor_than_in_another_is_not_told():
    """Whoever was handed on had a second officer, and one more had: the two rows differ by one."""
    people = [*many(1, 1, 10, handoffs=1), *many(1, 1, 20)]
    linked = linked_of(people, {})
    linked.held["officer_changed"][:11] = True
    groups = GroupTelling(linked, telling_of(people, {}), YEAR, {1})

    assert groups.told(QUARTER, 1, "handed_on")
    assert not groups.told(QUARTER, 1, "officer_changed")


def test_one_who_answered_without_a_transaction_hides_all_who_answered_with_one():
    people = [*many(1, 1, 9, late=True), *many(1, 1, 9)]
    _, telling, groups = judged(people, {Place(1, 1): 1})

    assert telling.told(QUARTER, (1,))
    assert not any(groups.told(QUARTER, 1, figure) for figure in (EVERYBODY, "waited_over", "handoffs_0"))
    _, _, groups = judged(people, {Place(1, 1): 5})
    assert groups.told(QUARTER, 1, "waited_over")


def test_a_promise_that_few_have_not_is_not_told():
    people = many(1, 1, 20)
    for unjudged, expected in ((range(3), False), (range(6), True)):
        linked = linked_of(people, {}, late=range(10, 15), unjudged=unjudged)
        groups = GroupTelling(linked, telling_of(people, {}), YEAR, {1})
        assert groups.told(QUARTER, 1, "work_late") is expected


def test_a_year_is_told_only_where_each_of_its_quarters_is():
    enough = [*many(1, 1, 9, late=True), *many(1, 1, 9)]
    few = [*many(4, 1, 2, late=True), *many(4, 1, 9)]
    _, telling, groups = judged([*enough, *few], {})

    assert telling.told(Period(YEAR), (1,)) and telling.told(QUARTER, (1,))
    assert groups.told(QUARTER, 1, "waited_over")
    assert not groups.told(Period(YEAR, 3, 2), 1, "waited_over")
    assert not groups.told(Period(YEAR), 1, "waited_over")


ROWS = st.lists(st.lists(st.integers(0, 1), min_size=6, max_size=6), min_size=1, max_size=7)


@settings(max_examples=40, deadline=None)
@given(ROWS, ROWS)
def test_what_follows_from_rows_is_what_elimination_over_fractions_finds(told, known):
    people = np.array([1, 1, 2, 3, 4, 7])
    span = Span(people, FEWEST, most_rows=len(told) + len(known), doubted=len(known))
    for row in told:
        span.join(np.array(row, float))
    for number, row in enumerate(known):
        span.join(np.array(row, float), doubted=number)
    of_told, of_all = np.array(told, float), np.array(told + known, float)

    assert span.rank == np.linalg.matrix_rank(of_all)
    singles = [each for each in np.eye(6) if np.linalg.matrix_rank(np.vstack([of_all, each])) == span.rank]
    few = {frozenset({int(each.argmax())}) for each in singles if people[int(each.argmax())] < FEWEST}
    assert {each for each in span.groups_alone() if len(each) == 1} == few
    rank = np.linalg.matrix_rank(of_told)
    for each in singles:
        assert span.is_told(each) == (np.linalg.matrix_rank(np.vstack([of_told, each])) == rank)
        assert not span.join(each)


def test_many_single_people_are_let_without_counting_where_nobody_few_can_follow():
    people = np.ones(30_000, np.int64)
    gate = Gate(people, FEWEST, [np.ones(people.size)], [], most_rows=4)
    half = (np.arange(people.size) % 2).astype(float)
    but_one, but_five = half.copy(), half.copy()
    but_one[1], but_five[1:10:2] = 0, 0

    assert gate.lets([half])
    assert not gate.lets([but_one])
    assert gate.lets([but_five])
    assert not gate.lets([but_one])


def test_what_few_classes_of_enough_people_say_is_counted_unless_there_are_too_many():
    """Four classes of five people: no five sets have one each."""
    for singles, expected in ((MOST_OF_ONE - 3, True), (MOST_OF_ONE, False)):
        people = np.array([*[1] * singles, 1, 1, 1, 2])
        everybody = np.ones(people.size)
        row = np.zeros(people.size)
        row[-4:] = 1
        gate = Gate(people, FEWEST, [everybody], [], most_rows=2)

        assert gate.lets([row]) is expected
        assert gate.lets([everybody])
