"""What is hidden of the elements of the index: nobody works out what fewer than five people said to one of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.skm_elements import EXACT, INSTRUMENTS, Regulation, Weight, half_up, weight_of
from desk.domain.skm_index import Index, Tallied, hiding
from desk.domain.skm_period import LENGTHS, Period, read_period
from desk.domain.tallies import Origin, Tally
from desk.reports.satisfaction import Cell, official, tallied_of
from desk.reports.telling import ALL, FEWEST, Group, Telling, period_of
from desk.reports.telling_elements import ElementTelling, element_telling

INSTRUMENT = INSTRUMENTS[Regulation.RULE_2017]
MEASURE = "skm2017"
WEIGHT = weight_of(INSTRUMENT, EXACT)
MONTHS = [date(2026, month, 1) for month in (1, 2, 4)]
PLACES = list(product(MONTHS, (1, 2)))
SKIPPED = ("biaya", "pengaduan")  # what some leave out here; all others everybody answers
QUARTER = read_period("2026-Q1")
OVER = date(2027, 1, 5)  # the year is over: nothing in it runs any more


@dataclass(frozen=True)
class Month:
    """How many answered in a month about a service, and how many of them the elements that some leave out."""

    respondents: int
    answers: tuple[int, int]


def cell(place: tuple[date, int], said: Month) -> Cell:
    counts = {key: {"3": said.respondents} for key in INSTRUMENT.keys if said.respondents}
    for key, answers in zip(SKIPPED, said.answers, strict=True):
        counts[key] = {"4": answers} if answers else {}
    return Cell(*place, MEASURE, Origin.PAPER, Tally(said.respondents, counts=counts))


def telling_of_cells(cells: list[Cell], today: date = OVER) -> ElementTelling:
    counted = [(each.month, (each.service_id,), each.tally.answers) for each in cells if each.tally.answers]
    return element_telling(cells, Telling(counted, today), INSTRUMENT, today)


def groups() -> Iterator[tuple[Period, Group]]:
    periods = {period_of(month, months) for month in MONTHS for months in LENGTHS}
    yield from product(sorted(periods, key=str), (ALL, (1,), (2,)))


def shown(cells: list[Cell], telling: ElementTelling, period: Period, group: Group) -> Index | None:
    """Return the index as every page takes it, None where nothing of the group is told."""
    mine = official([each for each in cells if each.month in period], MEASURE, group[0] if group else 0)
    if not mine.answers or not telling.telling.told(period, group):
        return None
    return telling.index_of(tallied_of(INSTRUMENT, mine), WEIGHT, period, group)


Unknown = tuple[str, tuple[date, int]]  # the sum of scores of an element in a month and service


def unknowns_of(cells: list[Cell]) -> dict[Unknown, int]:
    """Return what nobody is told by itself, and of how many answers each is the sum."""
    return {
        (key, (each.month, each.service_id)): sum(each.tally.counts[key].values())
        for each in cells
        for key in INSTRUMENT.keys
        if each.tally.counts.get(key)
    }


def told_by(cells: list[Cell], telling: ElementTelling, unknowns: dict[Unknown, int]) -> Iterator[list[float]]:
    """Yield what is shown as equations: a mean tells one sum, an index all sums, each over its number of answers."""
    for period, group in groups():
        index = shown(cells, telling, period, group)
        if index is None:
            continue
        within = {name for name in unknowns if name[1][0] in period and group in (ALL, (name[1][1],))}
        told = {each.element.key for each in index.elements if each.mean is not None}
        yield from ([float(name in within and name[0] == key) for name in unknowns] for key in told)
        if index.value is not None:
            answers = {key: sum(unknowns[name] for name in within if name[0] == key) for key in INSTRUMENT.keys}
            yield [1 / answers[name[0]] if name in within else 0.0 for name in unknowns]


def derivable(cells: list[Cell], telling: ElementTelling) -> Iterator[tuple[str, int]]:
    """Yield elements with how few answers follow from all that is shown, by adding and subtracting."""
    unknowns = unknowns_of(cells)
    order = list(unknowns)
    known = np.array([[0.0] * len(order), *told_by(cells, telling, unknowns)])
    rank = np.linalg.matrix_rank(known, tol=1e-9)
    for key in SKIPPED:
        mine = [name for name in order if name[0] == key]
        some = (few for size in range(1, len(mine) + 1) for few in combinations(mine, size))
        for few in some:
            people = sum(unknowns[name] for name in few)
            wanted = np.array([[float(name in few) for name in order]])
            if people < FEWEST and np.linalg.matrix_rank(np.vstack([known, wanted]), tol=1e-9) == rank:
                yield key, people


@st.composite
def months(draw: st.DrawFn) -> Month:
    respondents = draw(st.sampled_from([0, 3, 6, 9, 14, 30]))
    some = st.sampled_from([0, 1, 2, 3, 4, 5, 7, respondents])
    return Month(respondents, (min(respondents, draw(some)), min(respondents, draw(some))))


@settings(max_examples=70, deadline=None)
@given(
    st.lists(months(), min_size=len(PLACES), max_size=len(PLACES)),
    st.sampled_from([OVER, date(2026, 4, 20), date(2026, 7, 1)]),
)
def test_from_all_means_and_indices_together_nobody_derives_a_few(said: list[Month], today: date) -> None:
    cells = [cell(*each) for each in zip(PLACES, said, strict=True)]

    assert list(derivable(cells, telling_of_cells(cells, today))) == []


def test_the_search_finds_what_weaker_rules_would_tell() -> None:
    """Else the test above would say nothing. Hiding a second element instead of the index leaves four equations."""
    cells = [cell((MONTHS[0], 1), Month(30, (2, 20))), cell((MONTHS[0], 2), Month(30, (20, 25)))]
    telling = telling_of_cells(cells)
    bare = ElementTelling(telling.telling, {})
    assert set(derivable(cells, bare)) == {("biaya", 2)}

    class SecondElement(ElementTelling):
        def index_of(self, tallied: Tallied, weight: Weight, period: Period, group: Group = ALL) -> Index:
            whole = bare.index_of(tallied, weight, period, group)
            return replace(hiding(whole, SKIPPED), value=whole.value) if self.hidden(period, group) else whole

    assert set(derivable(cells, SecondElement(telling.telling, telling.elements))) == {("biaya", 2)}


def test_nothing_is_hidden_without_need() -> None:
    cells = [cell(place, Month(30, (5, 30))) for place in PLACES]
    telling = telling_of_cells(cells)

    assert all(telling.told(*place) for place in groups())


def test_an_element_of_few_takes_that_of_another_service_along_and_the_whole_is_told() -> None:
    cells = [
        cell((MONTHS[0], 1), Month(30, (2, 30))),
        cell((MONTHS[0], 2), Month(30, (18, 30))),
    ]
    telling = telling_of_cells(cells)

    for service in (1, 2):
        index = shown(cells, telling, QUARTER, (service,))
        assert index is not None and [each.key for each in index.hidden] == ["biaya"] and index.value is None
        assert sum(each.mean is not None for each in index.elements) == 8
    whole = shown(cells, telling, QUARTER, ALL)
    assert whole is not None and whole.value is not None


def test_what_is_hidden_of_an_element_has_no_figure_at_all() -> None:
    cells = [cell((MONTHS[0], 1), Month(20, (4, 20)))]
    index = shown(cells, telling_of_cells(cells), QUARTER, ALL)

    assert index is not None and index.shown is None and index.band is None
    (hidden,) = [each for each in index.elements if each.hidden]
    assert (hidden.mean, hidden.weighted, hidden.converted, hidden.band) == (None, None, None, None)
    assert (hidden.tally.total, hidden.tally.answers) == (0, 4)
    assert hidden.element not in [each.element for each in index.lowest(9)]


@pytest.mark.parametrize("few", [1, 2, 3, 4])
def test_every_answer_of_the_few_fits_what_is_shown(few: int) -> None:
    """By trying all: whatever these few said to the element, exactly the same is shown."""

    def page(score: int) -> list[str]:
        counts = {key: {"3": 20} for key in INSTRUMENT.keys} | {"biaya": {str(score): few}}
        cells = [Cell(MONTHS[0], 1, MEASURE, Origin.PAPER, Tally(20, counts=counts))]
        telling = telling_of_cells(cells)
        told = []
        for place in groups():
            index = shown(cells, telling, *place)
            if index is not None:
                told += [str(index.value), *(f"{each.tally.answers} {_rounded(each.mean)}" for each in index.elements)]
        return told

    assert len({tuple(page(score)) for score in (1, 2, 3, 4)}) == 1


def _rounded(mean: Fraction | None) -> str:
    return "–" if mean is None else str(half_up(mean, 4))


def test_what_is_over_stays_told_whatever_few_say_later() -> None:
    """Whoever kept the page of the first quarter could take it off that of the half year."""
    first, later = cell((MONTHS[0], 1), Month(30, (10, 30))), cell((MONTHS[2], 1), Month(30, (2, 30)))
    april = telling_of_cells([first], date(2026, 4, 1))
    july = telling_of_cells([first, later], date(2026, 7, 1))

    assert april.told(QUARTER) and july.told(QUARTER)
    for written in ("2026-Q2", "2026-S1", "2026-04"):
        assert july.hidden(read_period(written)) == {"biaya"}, written
