"""Which elements of the index may be told: fewer people may have answered one of them than answered at all.

To each element the rule of `desk.reports.telling` applies by itself, with those who answered it; it is shown where both
it and its group may be. That hides no less than the rule does, so nobody works out more.

Where an element is hidden, so is the index: whoever took the other means off it would have the hidden one. To hide a
second element instead would not do: two elements hidden in two services, with their sums in the office and both
indices, are four equations for four means. An index that is shown follows from means that are shown, and adds nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from desk.domain.skm_elements import Instrument, Weight
from desk.domain.skm_index import Index, Tallied, hiding, index_of
from desk.domain.skm_period import Period
from desk.domain.tallies import OFFICIAL, Tally
from desk.reports.survey_cells import REGULATIONS, Cell
from desk.reports.telling import ALL, Group, Telling
from desk.reports.telling_services import telling_of


@dataclass(frozen=True, slots=True)
class ElementTelling:
    """Which elements of a group may be told in a period: `elements` are those that somebody left out."""

    telling: Telling
    elements: Mapping[str, Telling]

    def told(self, period: Period, group: Group = ALL) -> bool:
        """Tell whether what adds all elements up may be shown: the index, or a satisfaction worked out of them."""
        return self.telling.told(period, group) and not self.hidden(period, group)

    def hidden(self, period: Period, group: Group = ALL) -> frozenset[str]:
        """Return the elements that must be hidden of a group that is told."""
        return frozenset(key for key, telling in self.elements.items() if not telling.told(period, group))

    def index_of(self, tallied: Tallied, weight: Weight, period: Period, group: Group = ALL) -> Index:
        """Return the index of a group that is told, without what must be hidden of it."""
        return hiding(index_of(tallied, weight), self.hidden(period, group))


def whole_years(first: date, last: date) -> tuple[date, date]:
    """Return the days of the years around some days: what is hidden in a month depends on its year."""
    return date(first.year, 1, 1), date(last.year, 12, 31)


def element_telling(cells: Iterable[Cell], telling: Telling, instrument: Instrument, today: date) -> ElementTelling:
    """Return which elements may be told; `cells` are all of this instrument in whole years."""
    counted = [each for each in cells if each.origin in OFFICIAL]
    since = telling.since
    measure = next(each for each, regulation in REGULATIONS.items() if regulation is instrument.regulation)
    tallies = [each.tally for each in counted]
    if since is not None:
        tallies += [
            *since.split.first.values(),
            *(each for change in since.counted for each in change.tallies.values()),
        ]
    left_out = {
        key: telling_of(counted, measure, since, today, key)
        for key in instrument.keys
        if any(_answers(each, key) != each.answers for each in tallies)
    }
    return ElementTelling(telling, left_out)


def _answers(tally: Tally, key: str) -> int:
    return sum(tally.counts.get(key, {}).values())
