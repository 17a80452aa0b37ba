"""Which figures may be told, so that nobody works out what fewer than five people said from what stands beside them.

Figures stand in sums: an office's are those of its services, a year's those of its half years, quarters and months. In
each such sum what is hidden of a whole that is shown must together be enough people, and more than one part. Longer
periods and wholes come first: they are told, and their parts wait.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import extract, func, select

from desk.domain.questionnaires import Measure
from desk.domain.skm_period import LENGTHS, Period
from desk.domain.tallies import OFFICIAL, Origin
from desk.models import SurveyTally
from desk.reads.reader import Reader

TALLIES: Any = SurveyTally.__table__
# Of fewer answers no figures are shown: they would be recognized by what they said.
FEWEST: Final = 5
FEWEST_OF_OFFICER: Final = 10


class Untold(StrEnum):
    """Why figures are not told."""

    FEW = "few"  # fewer than five answered
    PERIOD = "period"  # beside a longer period that contains this one they would tell of a few
    SERVICE = "service"  # beside the other services, in this period or another, they would


Group = tuple[int, ...]  # (service,), (officer, service), (leg, service); what it begins with is the whole it is of
Slot = tuple[int, int, int]  # a period as year, months, number: many are looked up
Cell = tuple[Slot, Group]
ALL: Final[Group] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """A whole and the parts that add up to it."""

    whole: Cell
    parts: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """How many people hidden parts must be, and how their numbers make one: `max` where parts share people."""

    fewest: int = FEWEST
    together: Callable[[Iterable[int]], int] = sum


SERVICES: Final = Rule()
OFFICERS: Final = Rule(FEWEST_OF_OFFICER)
LEGS: Final = Rule(together=max)  # who had a third leg had a first and a second


class Telling:
    """Which groups of an office may be told in which periods."""

    def __init__(self, counts: Mapping[Cell, int], rule: Rule) -> None:
        self.counts = counts
        self.fewest = rule.fewest
        self.hidden = hidden_cells(counts, _sums(counts), rule)

    def told(self, period: Period, group: Group = ALL) -> bool:
        """Tell whether the figures of a group in a period may be shown; nobody's may be, there are none."""
        return (_slot(period), group) not in self.hidden

    def why_not(self, period: Period, group: Group = ALL) -> Untold | None:
        """Return why the figures of a group in a period may not be shown; None where they may, or nobody answered."""
        if self.told(period, group):
            return None
        if self.counts[_slot(period), group] < self.fewest:
            return Untold.FEW
        return Untold.SERVICE if group and self.told(period) else Untold.PERIOD


def hide_small(counts: Sequence[int], fewest: int = FEWEST) -> list[bool]:
    """Return which parts of a whole that is shown must be hidden.

    Those too small, and the next smallest until what is hidden is at least `fewest` together and more than one part:
    less could be worked out from the whole and what is shown. Where that cannot be reached, all are hidden.
    """
    hidden = {place for place, count in enumerate(counts) if 0 < count < fewest}
    others = sorted((place for place in range(len(counts)) if counts[place] >= fewest), key=lambda each: counts[each])
    if hidden:
        for place in others:
            if len(hidden) > 1 and sum(counts[each] for each in hidden) >= fewest:
                break
            hidden.add(place)
    return [place in hidden for place in range(len(counts))]


def hidden_cells(counts: Mapping[Cell, int], sums: Sequence[Sum], rule: Rule) -> set[Cell]:
    """Return what must be hidden so that every sum holds; what one of them hides, the others reckon with."""
    hidden = {cell for cell, count in counts.items() if 0 < count < rule.fewest}
    grew = True
    while grew:
        before = len(hidden)
        for each in sums:
            _hide_in(each, counts, hidden, rule)
        grew = len(hidden) > before
    return hidden


def _hide_in(found: Sum, counts: Mapping[Cell, int], hidden: set[Cell], rule: Rule) -> None:
    """Hide what one sum demands: all parts with their whole, else as `hide_small`.

    A part that cannot be hidden among others takes its whole along.
    """
    if found.whole in hidden:
        hidden.update(each for each in found.parts if counts[each])
        return
    gone = [each for each in found.parts if each in hidden]
    if not gone:
        return
    parts = sorted((each for each in found.parts if counts[each]), key=lambda each: counts[each])
    for each in parts:
        if _suffice(gone, counts, rule):
            return
        if each not in hidden:
            hidden.add(each)
            gone.append(each)
    if not _suffice(gone, counts, rule):
        hidden.add(found.whole)


def _suffice(gone: Sequence[Cell], counts: Mapping[Cell, int], rule: Rule) -> bool:
    return len(gone) > 1 and rule.together(counts[each] for each in gone) >= rule.fewest


def _sums(counts: Mapping[Cell, int]) -> list[Sum]:
    """Return each sum: those over time first, the longest periods and the widest groups before others."""
    within: dict[Cell, list[Cell]] = defaultdict(list)
    of_group: dict[Cell, list[Cell]] = defaultdict(list)
    for slot, group in counts:
        if slot[1] < LENGTHS[0]:
            within[_around(slot), group].append((slot, group))
        if group and (slot, group[:-1]) in counts:
            of_group[slot, group[:-1]].append((slot, group))
    return [
        Sum(whole, tuple(found[whole]))
        for found in (within, of_group)
        for whole in sorted(found, key=lambda cell: (-cell[0][1], len(cell[1]), cell))
    ]


def _slot(period: Period) -> Slot:
    return period.year, period.months, period.number


def _around(slot: Slot) -> Slot:
    """Return the next longer period that one lies in."""
    year, months, number = slot
    longer = LENGTHS[LENGTHS.index(months) - 1]
    return year, longer, (number - 1) * months // longer + 1


def period_of(day: date, months: int) -> Period:
    """Return the period of so many months that a day lies in."""
    return Period(day.year, months, (day.month - 1) // months + 1)


def telling_of(found: Iterable[tuple[date, Group, int]], *, widest: int = 0, rule: Rule = SERVICES) -> Telling:
    """Return what may be told of groups that were counted by month; `widest` is the length of the widest group."""
    counts: dict[Cell, int] = defaultdict(int)
    for month, group, count in found:
        for months in LENGTHS:
            slot = (month.year, months, (month.month - 1) // months + 1)
            for length in range(widest, len(group) + 1):
                counts[slot, group[:length]] += count
    return Telling(dict(counts), rule)


def load_telling(reader: Reader, office_id: int, since: date, until: date, measure: Measure | None = None) -> Telling:
    """Return what may be told of the services of an office, by one measure or all together: groups are (service,)."""
    origins = TALLIES.c.origin.in_([each.value for each in OFFICIAL])
    where = (TALLIES.c.holder_id == 0, origins, *((TALLIES.c.measure == measure.value,) if measure else ()))
    return telling_of(_counted(reader, office_id, since, until, (TALLIES.c.service_id,), where))


def load_telling_of_officers(reader: Reader, office_id: int, since: date, until: date) -> Telling:
    """Return what may be told of officers: groups are (officer,) and (officer, service)."""
    where = (TALLIES.c.holder_id > 0, TALLIES.c.origin == Origin.LINKED.value)
    columns = (TALLIES.c.holder_id, TALLIES.c.service_id)
    found = _counted(reader, office_id, since, until, columns, where)
    return telling_of(found, widest=1, rule=OFFICERS)


def _counted(
    reader: Reader, office_id: int, since: date, until: date, columns: Sequence[Any], where: Sequence[Any]
) -> Iterator[tuple[date, Group, int]]:
    """Return how many answered in each month of the whole years around these days, by group."""
    return counted_by_month(reader, TALLIES, office_id, (since, until), columns, where)


def counted_by_month(
    reader: Reader,
    table: Any,
    office_id: int,
    days: tuple[date, date],
    columns: Sequence[Any],
    where: Sequence[Any] = (),
) -> Iterator[tuple[date, Group, int]]:
    """Return how many answered in each month of the whole years around these days, by group."""
    year, month = (extract(part, table.c.day) for part in ("year", "month"))
    first, last = date(days[0].year, 1, 1), date(days[1].year, 12, 31)
    query = (
        select(year, month, *columns, func.sum(table.c.answers))
        .where(table.c.office_id == office_id, table.c.day.between(first, last), *where)
        .group_by(year, month, *columns)
    )
    for found_year, found_month, *group, count in reader.execute(query):
        yield date(int(found_year), int(found_month), 1), tuple(int(each) for each in group), int(count)
