"""Which figures may be told, so that nobody works out what fewer than five people said from what stands beside them.

Figures stand in sums: an office's are those of its services, a year's those of its half years, quarters and months.
What is over is told first and stays told; what still runs waits (`desk.domain.told_together` has the rule and why).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import takewhile
from typing import Any, Final, Protocol

from sqlalchemy import extract, func, select

from desk.domain.skm_period import Period
from desk.domain.told_together import OVER, Cell, Rule, Stretch, quarter_end, told_parts, told_wholes
from desk.reads.reader import Reader
from desk.reports.since_published import Since

# Of fewer answers no figures are shown: they would be recognized by what they said.
FEWEST: Final = 5
FEWEST_OF_OFFICER: Final = 10
SERVICES: Final = Rule(FEWEST)
OFFICERS: Final = Rule(FEWEST_OF_OFFICER)
# Who had a third leg had a first and a second. By itself this rule is not enough: `telling_chain` asks for each figure.
LEGS: Final = Rule(FEWEST, shared=True)

Group = tuple[int, ...]  # (service,), (officer, service), (leg, service); what it begins with is the whole it is of
ALL: Final[Group] = ()
Counted = tuple[date, Group, int]  # month, group, how many answered


class Untold(StrEnum):
    """Why figures are not told."""

    FEW = "few"  # fewer than five answered
    RUNNING = "running"  # it still runs, and is told once five more have answered
    AFTER = "after"  # a month that is over in a quarter that is not, told once five more have answered
    UNFINISHED = (
        "unfinished"  # it still runs, and what is over of it has too few to be told: not before its last quarter
    )
    PERIOD = "period"  # beside other periods within it or around it they would tell of a few
    SERVICE = "service"  # beside the other services, in this period or another, they would
    PUBLISHED = "published"  # beside what was published of it, or of a period within it or around it, they would


class Told(Protocol):
    """Says which groups may be told in which periods."""

    def told(self, period: Period, group: Group = ALL) -> bool:
        """Tell whether the figures of a group in a period may be shown."""


class Telling:
    """Which groups of an office may be told in which periods."""

    def __init__(
        self,
        found: Iterable[tuple[date, Group, int]],
        today: date,
        *,
        widest: int = 0,
        rule: Rule = SERVICES,
        published: Iterable[Period] = (),
        parted: Sequence[Told] = (),
        since: Since | None = None,
    ) -> None:
        """Take groups that were counted by month; `widest` is the length of the widest group.

        `published` are periods whose whole is told already. Where something changed `since` periods were published,
        `parted` says what may be told by each of several rules, the one of what is counted now first: all must agree.
        """
        self.today: Final = today
        self.since: Final = since
        self._parted = parted
        self._published: dict[int, set[Stretch]] = defaultdict(set)
        for each in published:
            self._published[each.year].add(_stretch(each))
        self._widest, self._rule = widest, rule
        self._months: dict[tuple[int, Group], dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for month, group, count in found:
            for length in range(widest, len(group) + 1):
                self._months[month.year, group[:length]][month.month] += count
        self._orders: dict[tuple[int, Group], Sequence[Stretch]] = {}
        self._told: dict[tuple[int, Group], set[Cell]] = {}

    def count(self, period: Period, group: Group = ALL) -> int:
        """Return how many of a group answered in a period."""
        return self._counted(period.year, group, _stretch(period))

    def told(self, period: Period, group: Group = ALL) -> bool:
        """Tell whether the figures of a group in a period may be shown; nobody's may be, there are none."""
        if self._parted:
            return all(each.told(period, group) for each in self._parted)
        if not self.count(period, group):
            return True
        if len(group) == self._widest:
            return _stretch(period) in self._in_order(period.year, group)
        return (_stretch(period), group) in self._parts(period.year, group[:-1])

    def why_not(self, period: Period, group: Group = ALL) -> Untold | None:
        """Return why the figures of a group in a period may not be shown; None where they may, or nobody answered."""
        if self.told(period, group):
            return None
        if self.count(period, group) < self._rule.fewest:
            return Untold.FEW
        whole = group[: self._widest]
        if self._parted:
            first, *others = self._parted
            if not all(each.told(period, group) for each in others):
                return Untold.PUBLISHED
            return (isinstance(first, Telling) and first.why_not(period, group)) or Untold.PUBLISHED
        return Untold.SERVICE if self.told(period, whole) else self._why_whole(period, whole)

    def _why_whole(self, period: Period, group: Group) -> Untold:
        """Return why a whole is not told, though enough answered: as if as many more had answered now."""
        stretch, running = _stretch(period), self._running(period.year)
        people = self._people(period.year, group)
        more = {**people, running: people.get(running, 0) + self._rule.fewest}
        waits = running < OVER and stretch in told_wholes(more, self._rule, running, self._published[period.year])
        if self.today not in period:
            return Untold.AFTER if waits else Untold.PERIOD
        if waits:
            return Untold.RUNNING
        return Untold.UNFINISHED if stretch[1] > quarter_end(running) else Untold.PERIOD

    def _running(self, year: int) -> int:
        """Return the month of a year that has not ended."""
        return OVER if year < self.today.year else self.today.month if year == self.today.year else 0

    def _people(self, year: int, group: Group) -> Mapping[int, int]:
        """Return how many people a whole is in each month."""
        if not self._rule.shared:
            return self._months[year, group]
        return {month: max(parts.values()) for month, parts in self._atoms(year, group).items()}

    def _atoms(self, year: int, group: Group) -> dict[int, dict[Group, int]]:
        """Return the answers of each month by the parts of a group."""
        atoms: dict[int, dict[Group, int]] = defaultdict(dict)
        for (found_year, part), months in self._months.items():
            if found_year == year and part[:-1] == group and len(part) == len(group) + 1:
                for month, count in months.items():
                    atoms[month][part] = count
        return atoms

    def _in_order(self, year: int, group: Group) -> Sequence[Stretch]:
        """Return the periods in which a group may be told, in order, as far as its parts may be told beside it.

        Where the parts have parts (services of legs), only until the group was first hidden beside the others: so long
        it is told wherever all of them together are, and so the others tell nothing of it.
        """
        if (year, group) not in self._orders:
            if len(group) == self._widest:
                found = told_wholes(self._people(year, group), self._rule, self._running(year), self._published[year])
            else:
                above, told = self._in_order(year, group[:-1]), self._parts(year, group[:-1])
                mine = [each for each in above if self._counted(year, group, each)]
                found = list(takewhile(lambda each: (each, group) in told, mine))
            self._orders[year, group] = found
        return self._orders[year, group]

    def _parts(self, year: int, group: Group) -> set[Cell]:
        """Return the periods and parts of a group that may be told; within one of several legs nobody is twice."""
        if (year, group) not in self._told:
            rule = self._rule if len(group) == self._widest else Rule(self._rule.fewest)
            self._told[year, group] = told_parts(self._atoms(year, group), self._in_order(year, group), rule)
        return self._told[year, group]

    def _counted(self, year: int, group: Group, stretch: Stretch) -> int:
        months = self._months.get((year, group), {})
        return sum(count for month, count in months.items() if stretch[0] <= month <= stretch[1])


def _stretch(period: Period) -> Stretch:
    return period.first.month, period.last.month


def period_of(day: date, months: int) -> Period:
    """Return the period of so many months that a day lies in."""
    return Period(day.year, months, (day.month - 1) // months + 1)


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
