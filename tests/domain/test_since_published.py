"""What changed since a period was published: beside the published figures the live ones tell of no few people."""

from collections import Counter
from datetime import UTC, date, datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.questionnaires import Measure
from desk.domain.since_published import Change, Snapshot, as_json, from_json, split
from desk.domain.skm_period import LENGTHS, Period, read_period
from desk.domain.tallies import Origin, Tally
from desk.reports.since_published import Since, Unknown, counted_cells, live_tallies
from desk.reports.survey_cells import Cell
from desk.reports.telling import ALL, Untold
from desk.reports.telling_services import telling_of
from tests.fixtures.derivable import derivable

MEASURE, ELEMENT, LATER = Measure.SKM_2017, "waktu", date(2025, 2, 1)
MONTHS = (1, 2, 4)
PERIODS = [Period(2024, months, number) for months in LENGTHS for number in range(1, 12 // months + 1)]
Batch = tuple[int, int, int]  # month, service, when: people who came together


def cells_of(batches):
    """Return the tallies of batches; each gave an answer of its own, so that no two of them are the same."""
    tallies = {}
    for (month, service, when), count in batches.items():
        mine = tallies.setdefault((month, service), Tally())
        mine.merge(Tally(count, count, count, count, count * when, 0, {ELEMENT: {str(when): count}}))
    return [
        Cell(date(2024, month, 1), service, MEASURE, Origin.PAPER, each) for (month, service), each in tallies.items()
    ]


class Office:
    """An office with all who answered, by when they came, and what it published."""

    def __init__(self):
        self.people, self.published = {}, []

    def since(self):
        if not self.published:
            return None
        snapshots = [Snapshot(number, period, tallies) for number, (period, tallies, _) in enumerate(self.published)]
        parted = split(live_tallies(cells_of(self.people), MEASURE), snapshots)
        held = [each for each in parted.changes if each.is_last and each.is_few((ELEMENT,), 5)]
        at = {each.number: datetime(2025, 1, 1, tzinfo=UTC) for each in snapshots}
        return Since(parted, {each.number: each.period for each in snapshots}, held, (), at, {}, {})

    def told(self):
        """Return what may be told, with the batches that are counted in."""
        since, live = self.since(), cells_of(self.people)
        cells = counted_cells(live, MEASURE, since)
        kept = {
            (cell.month.month, cell.service_id, int(when))
            for cell in cells for when in cell.tally.counts[ELEMENT]
        }  # fmt: skip
        return telling_of(cells, MEASURE, since, LATER), cells, kept

    def publishes(self, period):
        telling, cells, kept = self.told()
        if telling.count(period) >= 5 and telling.told(period):
            tallies = {key: each for key, each in live_tallies(cells, MEASURE).items() if key[0] in period}
            self.published.append((period, tallies, {each for each in kept if within(each, period)}))

    def pages_now(self):
        """Return who is in each figure that the pages have now."""
        telling, _, kept = self.told()
        cells = product(PERIODS, (ALL, (1,), (2,)))
        return [{each for each in kept if within(each, *cell)} for cell in cells if telling.told(*cell)]


def within(batch, period, group=ALL):
    return period.first.month <= batch[0] <= period.last.month and group in (ALL, batch[1:2])


@st.composite
def offices(draw):
    office, everybody = Office(), {}
    for when in range(1, draw(st.integers(2, 5))):
        for month, service in product(MONTHS, (1, 2)):
            count = draw(st.sampled_from([0, 0, 0, 1, 2, 5, 6, 12] if when > 1 else [0, 2, 6, 9, 12, 20]))
            if count:
                office.people[month, service, when] = everybody[month, service, when] = count
        gone = draw(st.sets(st.sampled_from(sorted(office.people)), max_size=1)) if office.people and when > 1 else ()
        for each in gone:
            del office.people[each]
        office.publishes(draw(st.sampled_from(PERIODS)))
    if draw(st.booleans()):
        office.people[draw(st.sampled_from(MONTHS)), draw(st.sampled_from((1, 2))), 9] = 1
    return office, everybody | office.people


@settings(max_examples=400, deadline=None)
@given(offices())
def test_from_published_and_live_figures_together_nobody_derives_a_few(made):
    office, everybody = made
    told = [*(batches for _, _, batches in office.published), *office.pages_now()]
    rows = [[int(each in batches) for each in everybody] for batches in told]

    assert list(derivable(rows, everybody, 5)) == []


def test_the_search_finds_what_a_live_figure_beside_a_published_one_would_tell():
    office = Office()
    office.people[5, 1, 1] = 20
    office.publishes(read_period("2024-Q2"))
    office.people[5, 1, 2] = 1
    rows = [[1, 0], [1, 1]]
    assert list(derivable(rows, office.people, 5)) == [[(5, 1, 2)]]

    _, cells, kept = office.told()
    assert sum(each.tally.answers for each in cells) == 20 and kept == {(5, 1, 1)}


@pytest.mark.parametrize(
    ("more", "counted"),
    [({}, 20), ({(5, 1, 2): 1}, 20), ({(5, 1, 2): 4}, 20), ({(5, 1, 2): 5}, 25), ({(5, 1, 2): 3, (4, 2, 2): 2}, 25)],
)
def test_what_came_since_is_counted_in_once_it_is_of_five(more, counted):
    office = Office()
    office.people[5, 1, 1] = 20
    office.publishes(read_period("2024-Q2"))
    office.people |= more
    telling, _, _ = office.told()

    assert telling.told(read_period("2024-Q2")) and telling.count(read_period("2024-Q2")) == counted
    assert telling.told(read_period("2024")) and telling.count(read_period("2024")) == counted


def test_where_some_came_and_others_went_in_other_months_each_is_of_enough():
    office = Office()
    office.people |= {(4, 1, 1): 20, (5, 1, 1): 20, (5, 1, 2): 6}
    office.publishes(read_period("2024-Q2"))
    del office.people[5, 1, 2]
    office.people[4, 1, 3] = 4
    assert office.told()[0].count(read_period("2024-Q2")) == 46, "six went and four came: of these nothing may be told"
    office.people[4, 1, 4] = 1

    telling, _, _ = office.told()
    assert telling.count(read_period("2024-Q2")) == 45 and telling.told(read_period("2024-Q2"))
    assert all(telling.told(read_period(each)) for each in ("2024-04", "2024-05"))


def test_where_others_came_to_those_who_stayed_nobody_learns_who_stayed():
    office = Office()
    office.people |= {(5, 1, 1): 20, (5, 1, 2): 6, (5, 2, 1): 20, (4, 1, 1): 20}
    office.publishes(read_period("2024-Q2"))
    del office.people[5, 1, 2]
    office.people[5, 1, 3] = 9

    telling, _, _ = office.told()
    assert telling.told(read_period("2024-Q2")) and telling.count(read_period("2024-Q2")) == 69
    assert telling.told(read_period("2024-Q2"), (1,)) and telling.told(read_period("2024-05"), (1,)), "with who came"


def test_one_who_is_left_beside_those_who_went_is_told_by_nothing():
    """A year and its first quarter, published: then five of two went, and the year without the rest was these two."""
    office = Office()
    office.people |= {(2, 1, 1): 2, (2, 1, 3): 5, (4, 1, 3): 5}
    office.publishes(read_period("2024"))
    office.publishes(read_period("2024-Q1"))
    del office.people[2, 1, 3]

    telling, _, _ = office.told()
    assert telling.count(read_period("2024")) == 7
    assert telling.why_not(read_period("2024")) is Untold.PUBLISHED


def test_who_came_between_two_versions_is_not_told_by_a_service_of_which_others_went():
    office = Office()
    office.people[2, 2, 1] = 6
    office.publishes(read_period("2024"))
    office.people |= {(4, 1, 3): 1, (4, 2, 3): 5}
    office.publishes(read_period("2024"))
    del office.people[2, 2, 1]
    office.people[4, 2, 4] = 5
    office.publishes(read_period("2024"))

    telling, _, _ = office.told()
    assert telling.told(read_period("2024")) and telling.count(read_period("2024")) == 11
    assert telling.why_not(read_period("2024"), (2,)) is Untold.PUBLISHED


def test_after_almost_all_went_those_who_stayed_are_too_few():
    office = Office()
    office.people |= {(5, 1, 1): 20, (5, 1, 2): 3}
    office.publishes(read_period("2024-Q2"))
    del office.people[5, 1, 1]

    telling, _, _ = office.told()
    assert telling.count(read_period("2024-Q2")) == 3 and not telling.told(read_period("2024-Q2"))


def test_a_service_with_one_more_is_hidden_where_the_others_were_counted_in():
    office = Office()
    office.people |= {(5, 1, 1): 20, (5, 2, 1): 20}
    office.publishes(read_period("2024-Q2"))
    office.people |= {(5, 1, 2): 1, (5, 2, 2): 6}

    telling, _, _ = office.told()
    assert telling.told(read_period("2024-Q2")) and telling.told(read_period("2024-05"))
    assert telling.why_not(read_period("2024-Q2"), (1,)) is Untold.PUBLISHED


def test_who_came_is_counted_where_fewer_went_from_all_than_from_one_element():
    """Three went who had answered it, and two fewer answered in all: one came, and left it out."""
    month, quarter = date(2024, 3, 1), Snapshot(1, read_period("2024-Q1"), {})
    tally = Tally(-2, counts={"waktu": {"4": -2, "3": -1}, "biaya": {"4": -2}})
    change = Change(quarter, frozenset(), {(month, 1, Origin.PAPER): tally}, is_last=True)

    assert change.taken() == {(month, 1): 3} and change.added() == {(month, 1): 1}
    assert change.is_few(("waktu", "biaya"), 5)


def test_beside_what_nobody_knows_the_cells_of_only_the_same_period_is_told():
    quarter, few = Unknown(read_period("2024-Q2"), enough=True), Unknown(read_period("2024-Q2"), enough=False)

    assert quarter.told(read_period("2024-Q2")) and not few.told(read_period("2024-Q2"))
    assert not quarter.told(read_period("2024-Q2"), (1,))
    assert not any(quarter.told(read_period(each)) for each in ("2024", "2024-S1", "2024-05"))
    assert quarter.told(read_period("2024-Q1")) and quarter.told(read_period("2023"))


def test_cells_are_kept_without_profiles_and_come_back():
    tally = Tally(2, 2, 20_000, 200_000_000, 100, 5, {ELEMENT: {"3": 2}}, {"usia": {"40": 1}})
    kept = as_json({(date(2024, 5, 1), 1, Origin.PAPER): tally})

    assert "usia" not in str(kept)
    ((key, found),) = from_json(kept).items()
    assert key == (date(2024, 5, 1), 1, Origin.PAPER)
    tally.profile = {}
    assert found == tally
    assert Counter(found.counts[ELEMENT]) == {"3": 2}
