"""The satisfaction index (*Indeks Kepuasan Masyarakat*, IKM) of a survey, in exact fractions.

`NRR = Σ scores / answers` for each element, `IKM = Σ (NRR × weight) × 25` (Permenpan RB 14/2017; KEP/25/M.PAN/2/
2004: the same with fourteen elements). Nothing is rounded on the way; `half_up` rounds once what is shown.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from desk.domain.refusals import Reason, Refused
from desk.domain.skm_elements import (
    HIGHEST_SCORE,
    LOWEST_SCORE,
    PER_POINT,
    Band,
    Element,
    Instrument,
    Weight,
    band_of,
    half_up,
)

Scores = Mapping[str, int]  # element key to 1..4; elements without an answer are not in it


@dataclass(frozen=True, slots=True)
class Tally:
    """The answers to one element: their sum and how many they are."""

    total: int
    answers: int

    @property
    def mean(self) -> Fraction | None:
        """The mean score (*nilai rata-rata*, NRR), 1 to 4; None without answers, never 0."""
        return Fraction(self.total, self.answers) if self.answers else None


@dataclass(frozen=True, slots=True)
class Tallied:
    """A survey as sums, from which the index can be worked out anew with any weight."""

    instrument: Instrument
    respondents: int
    tallies: Mapping[str, Tally]

    @property
    def means(self) -> dict[str, Fraction | None]:
        """The mean score of each element by key."""
        return {key: self.tallies[key].mean for key in self.instrument.keys}


@dataclass(frozen=True, slots=True)
class ElementFigures:
    """What is published of one element: means 1 to 4, converted 25 to 100; None without answers.

    Where it is `hidden`, there is nothing of it but the number of answers.
    """

    element: Element
    tally: Tally
    mean: Fraction | None
    weighted: Fraction | None
    converted: Fraction | None
    band: Band | None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """The index of a survey under one weight, 25 to 100 with the exact one; `value` None where it cannot be told."""

    instrument: Instrument
    weight: Weight
    respondents: int
    elements: tuple[ElementFigures, ...]
    value: Fraction | None

    @property
    def shown(self) -> Decimal | None:
        """The index as published, with two decimals."""
        return None if self.value is None else half_up(self.value)

    @property
    def band(self) -> Band | None:
        """The letter of the index."""
        return None if self.value is None else band_of(self.instrument, self.value)

    @property
    def hidden(self) -> tuple[Element, ...]:
        """The elements that may not be told; with them the index itself is not."""
        return tuple(each.element for each in self.elements if each.hidden)

    @property
    def apart(self) -> tuple[ElementFigures, ...]:
        """The elements that are always shown apart too."""
        return tuple(each for each in self.elements if each.element.key in self.instrument.apart)

    def lowest(self, count: int = 3) -> tuple[ElementFigures, ...]:
        """Return the elements with the lowest means, which come first in the follow-up plan."""
        answered = [(each.mean, each) for each in self.elements if each.mean is not None]
        return tuple(each for _, each in sorted(answered, key=lambda pair: pair[0])[:count])


class IntervalMethod(StrEnum):
    """How the interval of an index is worked out (`desk.reports.score_intervals.index_interval`)."""

    RESPONDENTS = "student_of_respondents"  # of each respondent's own index
    ELEMENTS = "student_of_elements"  # of the elements, whatever they have to do with each other
    ALIKE = "wilson_of_alike"  # all respondents' own indices are the same


def tally(instrument: Instrument, respondents: Sequence[Scores]) -> Tallied:
    """Add up the answers of respondents.

    Raises `Refused(INVALID)` for an element of another regulation and for a score off the scale of 1 to 4.
    """
    for scores in respondents:
        for key, score in scores.items():
            _require_on_scale(instrument, key, score)
    given = {key: [scores[key] for scores in respondents if key in scores] for key in instrument.keys}
    return Tallied(instrument, len(respondents), {key: Tally(sum(each), len(each)) for key, each in given.items()})


def _require_on_scale(instrument: Instrument, key: str, score: int) -> None:
    if key not in instrument.keys or isinstance(score, bool) or not LOWEST_SCORE <= score <= HIGHEST_SCORE:
        raise Refused(Reason.INVALID, field=key)


def pool(parts: Iterable[Tallied]) -> Tallied:
    """Return one survey of several, pooled over respondents: an office's index is never the mean of its services'.

    Raises `Refused(INVALID)` where two regulations would be mixed, or without any survey.
    """
    surveys = list(parts)
    if len({each.instrument.regulation for each in surveys}) != 1:
        raise Refused(Reason.INVALID, field="regulation")
    instrument = surveys[0].instrument
    tallies = {
        key: Tally(sum(each.tallies[key].total for each in surveys), sum(each.tallies[key].answers for each in surveys))
        for key in instrument.keys
    }
    return Tallied(instrument, sum(each.respondents for each in surveys), tallies)


def index_of(tallied: Tallied, weight: Weight) -> Index:
    """Return the index of a survey, its elements beside it.

    An element that somebody left out divides by its own answers; a warning says so (`desk.domain.skm_warnings`). An
    element that nobody answered has no mean, and then the survey has no index.
    """
    instrument = tallied.instrument
    elements = tuple(_figures(instrument, each, tallied.tallies[each.key], weight) for each in instrument.elements)
    value = index_of_means(instrument, tallied.means, weight)
    return Index(instrument, weight, tallied.respondents, elements, value)


def _figures(instrument: Instrument, element: Element, tallied: Tally, weight: Weight) -> ElementFigures:
    mean = tallied.mean
    if mean is None:
        return ElementFigures(element, tallied, None, None, None, None)
    converted = mean * PER_POINT
    return ElementFigures(element, tallied, mean, mean * weight.value, converted, band_of(instrument, converted))


def hiding(index: Index, keys: Collection[str]) -> Index:
    """Return an index without these elements, and without its value, from which and the others they would follow."""
    if not keys:
        return index
    elements = (_hidden(each) if each.element.key in keys else each for each in index.elements)
    return replace(index, elements=tuple(elements), value=None)


def _hidden(figures: ElementFigures) -> ElementFigures:
    return ElementFigures(figures.element, Tally(0, figures.tally.answers), None, None, None, None, hidden=True)


def answered_by_few(tallied: Tallied, fewest: int) -> list[str]:
    """Return the elements that somebody answered, but fewer than so many."""
    return [key for key in tallied.instrument.keys if 0 < tallied.tallies[key].answers < fewest]


def index_of_means(instrument: Instrument, means: Mapping[str, Fraction | None], weight: Weight) -> Fraction | None:
    """Return `Σ (NRR × weight) × 25` of mean scores by element, as a published report prints them; not rounded.

    None where an element has no mean. Raises `Refused(INVALID)` unless the elements are those of the instrument.
    """
    if means.keys() != set(instrument.keys):
        raise Refused(Reason.INVALID, field="elements")
    known = [mean for mean in means.values() if mean is not None]
    if len(known) < len(means):
        return None
    return sum(known, Fraction(0)) * weight.value * PER_POINT
