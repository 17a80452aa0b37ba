"""Which sums may be told together: nobody works out what a few people said, at no moment and from no kept page."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.told_together import IN_ORDER, OVER, Rule, quarter_end, told_parts, told_wholes
from tests.fixtures.derivable import derivable

RULE = Rule(5)
SMALL = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 8, 12, 30])
MONTHS = st.dictionaries(st.integers(1, 12), SMALL, max_size=12)


def within(month, stretch):
    return stretch[0] <= month <= stretch[1]


def rows_of(wholes, parts, atoms):
    """Return what is told as sums over atoms (month, part)."""
    rows = [[int(within(month, each)) for month, _ in atoms] for each in wholes]
    return rows + [[int(within(month, each) and part == mine) for month, part in atoms] for each, mine in parts]


def judged(table, running=OVER, rule=RULE):
    wholes = told_wholes({month: sum(parts.values()) for month, parts in table.items()}, rule, running)
    return wholes, told_parts(table, wholes, rule)


def flat(table):
    return {(month, part): count for month, parts in table.items() for part, count in parts.items() if count}


@st.composite
def tables(draw, months, parts, sizes=SMALL):
    return {month: {(part,): draw(sizes) for part in range(1, parts + 1)} for month in months}


def test_the_order_is_that_of_quarters_and_the_months_of_each_follow_it():
    assert list(IN_ORDER[:9]) == [(1, 3), (1, 1), (2, 2), (3, 3), (1, 6), (4, 6), (4, 4), (5, 5), (6, 6)]
    assert list(IN_ORDER[-6:]) == [(1, 12), (7, 12), (10, 12), (10, 10), (11, 11), (12, 12)]


def test_the_search_for_what_follows_finds_the_same_as_the_rank_of_a_matrix():
    """Of a group something follows where without its columns the sums depend on each other more than with them."""
    rows, counts = [[1, 1, 1, 0], [0, 1, 0, 1], [1, 0, 1, 1]], {"a": 2, "b": 3, "c": 1, "d": 4}
    found = [set(each) for each in derivable(rows, counts, 8)]
    known = np.array(rows)
    for size in range(1, 5):
        for group in combinations(counts, size):
            if sum(counts[each] for each in group) < 8:
                others = known[:, [each not in group for each in counts]]
                follows = np.linalg.matrix_rank(others) < np.linalg.matrix_rank(known)
                assert any(each <= set(group) for each in found) is bool(follows)


@settings(max_examples=300, deadline=None)
@given(tables((1, 2, 4), 2), st.integers(1, OVER))
def test_at_each_moment_nobody_is_told_of_in_three_months_and_two_services(table, running):
    atoms = flat({month: parts for month, parts in table.items() if month <= running})
    told = judged({month: parts for month, parts in table.items() if month <= running}, running)

    assert list(derivable(rows_of(*told, atoms), atoms, RULE.fewest)) == []


@settings(max_examples=60, deadline=None)
@given(tables(range(1, 13), 5, st.sampled_from([0, 1, 2, 4, 5, 6, 8, 12, 30, 40, 50])), st.integers(1, OVER))
def test_nor_in_a_whole_year_of_five_services(table, running):
    """Two months and two services were too few to see that sums which each hold by themselves can tell together."""
    table = {month: parts for month, parts in table.items() if month <= running}
    atoms = flat(table)

    assert list(derivable(rows_of(*judged(table, running), atoms), atoms, RULE.fewest)) == []


@settings(max_examples=60, deadline=None)
@given(tables(range(1, 7), 3, st.sampled_from([0, 1, 3, 6, 9, 10, 14, 30])))
def test_nor_of_officers_of_whom_ten_are_needed(table):
    atoms, rule = flat(table), Rule(10)

    assert list(derivable(rows_of(*judged(table, rule=rule), atoms), atoms, rule.fewest)) == []


@settings(max_examples=100, deadline=None)
@given(tables((1, 2, 4), 3))
def test_where_parts_share_people_no_number_of_small_ones_can_be_worked_out(table):
    rule = Rule(5, shared=True)
    people = {month: max(parts.values()) for month, parts in table.items()}
    parts = told_parts(table, told_wholes(people, rule, OVER), rule)
    atoms = flat(table)
    small = {atom: int(count < rule.fewest) for atom, count in atoms.items()}
    rows = rows_of(told_wholes(people, rule, OVER), parts, atoms)

    for group in derivable(rows, {atom: each or 99 for atom, each in small.items()}, 20):
        assert sum(max(atoms[atom] for atom in group if atom[0] == month) for month in {each[0] for each in group}) >= 5


@given(MONTHS, MONTHS, st.integers(1, 12))
def test_what_is_over_stays_told_whatever_comes_later(before, after, running):
    before = {month: count for month, count in before.items() if month < running}
    now, later = before | {running: 0}, before | {running: 6} | {m: c for m, c in after.items() if m >= running}
    told = [set(told_wholes(people, RULE, at)) for people, at in ((now, running), (later, running), (later, OVER))]

    for earlier, more in ((told[0], told[1]), (told[0], told[2]), (told[1], told[2])):
        assert {each for each in earlier if each[1] < running} <= more


@settings(max_examples=100, deadline=None)
@given(tables(range(1, 13), 3), st.integers(1, 4))
def test_so_do_parts_of_quarters_and_longer_periods_and_of_months_once_their_quarter_is_over(table, quarter):
    end = 3 * quarter
    so_far = {month: parts for month, parts in table.items() if month <= end}
    before = judged(so_far, end + 1)
    after = judged(table, OVER)

    for earlier, later in zip(before, after, strict=True):
        assert {each for each in earlier if (each[0] if isinstance(each[0], tuple) else each)[1] <= end} == {
            each for each in later if (each[0] if isinstance(each[0], tuple) else each)[1] <= end
        }


@st.composite
def kept_pages(draw):
    """A year month by month, and looks: after so many answers of a month, in the order in which they happen."""
    counts = {month: draw(SMALL) for month in range(1, 13)}
    looks = draw(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 30)), max_size=6))
    return counts, sorted({(month, min(seen, counts[month])) for month, seen in looks})


@settings(max_examples=600, deadline=None)
@given(kept_pages())
def test_from_all_pages_that_were_kept_nothing_follows_of_quarters_without_a_look(year):
    """Atoms are what came in a month between two looks."""
    counts, looks = year
    cuts = {month: sorted({0, counts[month], *(seen for at, seen in looks if at == month)}) for month in counts}
    atoms = {(month, since): until - since for month, found in cuts.items() for since, until in pairwise(found)}
    rows = []
    for at, seen in [*looks, (OVER, 0)]:
        had = {month: count if month < at else seen for month, count in counts.items() if month <= at}
        then = [month < at or (month == at and since < seen) for month, since in atoms]
        rows += [
            [int(known and within(month, told)) for known, (month, _) in zip(then, atoms, strict=True)]
            for told in told_wholes(had, RULE, at)
        ]
    looked = {quarter_end(month) for month, _ in looks}
    quiet = {atom: 99 if quarter_end(atom[0]) in looked else count for atom, count in atoms.items()}

    assert list(derivable(rows, quiet, RULE.fewest)) == []


@given(MONTHS)
def test_what_is_told_is_of_enough_and_a_quarter_never_waits_for_its_months(people):
    told = told_wholes(people, RULE, OVER)
    counts = {each: sum(people.get(month, 0) for month in range(each[0], each[1] + 1)) for each in IN_ORDER}

    assert all(counts[each] >= RULE.fewest for each in told)
    for quarter in ((1, 3), (7, 9)):  # the others end with a half year, which goes before them
        assert (quarter in told) == (counts[quarter] >= RULE.fewest)


@given(tables(range(1, 13), 4, st.sampled_from([0, 5, 9, 40])))
def test_nothing_is_hidden_without_need(table):
    wholes, parts = judged(table)
    for stretch in IN_ORDER:
        months = [month for month in table if within(month, stretch)]
        for part in {part for month in months for part, count in table[month].items() if count}:
            assert stretch in wholes and (stretch, part) in parts


HALF, LATTER, YEAR = (1, 6), (7, 12), (1, 12)


@pytest.mark.parametrize(
    ("people", "running", "told"),
    [
        # A finished quarter is told, the running half year waits for five in the running quarter.
        ({2: 30, 4: 4}, 4, [(1, 3), (2, 2)]),
        ({2: 30, 4: 5}, 4, [(1, 3), (2, 2), HALF, (4, 6), (4, 4), YEAR]),
        # Before anybody answered in it, the half year says what the quarter says.
        ({2: 30}, 4, [(1, 3), (2, 2), HALF, YEAR]),
        # So does the year wait beside the half year that is over.
        ({2: 30, 5: 30, 7: 1}, 7, [(1, 3), (2, 2), HALF, (4, 6), (5, 5)]),
        # A quarter that is over with too few keeps a longer period waiting until that one's last quarter.
        ({2: 3, 5: 30}, 5, [HALF, YEAR]),
        ({2: 30, 5: 3, 8: 30}, 8, [(1, 3), (2, 2), (7, 9), (8, 8), LATTER]),
        ({2: 30, 5: 3, 8: 30, 11: 2}, 11, [(1, 3), (2, 2), (7, 9), (8, 8), YEAR]),
        # Not even where it holds five more now: three later the quarter is told, and would leave those three.
        ({2: 30, 5: 3, 8: 2}, 8, [(1, 3), (2, 2)]),
        # A month that is over waits for five after it in its quarter, the running one for enough beside it.
        ({7: 28, 8: 2}, 8, [(7, 9), YEAR, LATTER]),
        ({7: 28, 8: 5}, 8, [(7, 9), (7, 7), (8, 8), YEAR, LATTER]),
        ({7: 28, 8: 5}, 9, [(7, 9), (7, 7), YEAR, LATTER]),
        ({7: 28, 8: 5}, 10, [(7, 9), (7, 7), (8, 8), YEAR, LATTER]),
        ({7: 28, 9: 5}, 9, [(7, 9), (7, 7), (9, 9), YEAR, LATTER]),
    ],
)
def test_what_is_told_of_some_years(people, running, told):
    assert told_wholes(people, RULE, running) == told
