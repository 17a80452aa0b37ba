"""Answers added up: how often each value was given, and the sums from which means and intervals come.

A tally is kept for every day, service, measure and class of answers, so that figures of years are read from a few
hundred rows. Adding is exact (whole numbers), and what was added can be taken out again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from desk.domain.handlers import WHOLE


class Origin(StrEnum):
    """The class of an answer; classes are never mixed unknowingly."""

    LINKED = "linked"  # tied to its transaction
    ANONYMOUS = "anonymous"
    POSTER = "poster"
    PAPER = "paper"
    IMPORT = "import"
    STAFF = "staff"  # from or about staff themselves


# What counts into the official index: everybody who was served, however they answered.
OFFICIAL = (Origin.LINKED, Origin.ANONYMOUS, Origin.PAPER, Origin.IMPORT)

Counts = dict[str, dict[str, int]]  # question key to value to how many gave it


@dataclass(slots=True)
class Tally:
    """Some answers together. `rated` have a satisfaction, whose weighted sums are `weight`, `total` and `square`.

    A whole answer weighs 10,000; `total` is Σ weight × satisfaction (ten-thousandths), `square` that of its squares,
    `weight_square` is Σ weight².
    """

    answers: int = 0
    rated: int = 0
    weight: int = 0
    weight_square: int = 0
    total: int = 0
    square: int = 0
    counts: Counts = field(default_factory=dict)
    profile: Counts = field(default_factory=dict)

    def add(
        self,
        answers: Mapping[str, int | str],
        satisfaction: int | None,
        profile: Mapping[str, str],
        *,
        weight: int = WHOLE,
        times: int = 1,
    ) -> None:
        """Add one answer; `times` of -1 takes it out again."""
        self.answers += times
        if satisfaction is not None:
            self.rated += times
            self.weight += times * weight
            self.weight_square += times * weight * weight
            self.total += times * weight * satisfaction
            self.square += times * weight * satisfaction * satisfaction
        _count(self.counts, answers, times)
        _count(self.profile, profile, times)

    def take_profiles_out(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Take out what profiles counted for, of answers that are taken out by themselves."""
        for key, values in counts.items():
            for value, count in values.items():
                _add(self.profile, key, value, -count)

    def merge(self, other: "Tally") -> None:
        """Add all of another tally."""
        self.answers += other.answers
        self.rated += other.rated
        self.weight += other.weight
        self.weight_square += other.weight_square
        self.total += other.total
        self.square += other.square
        for mine, theirs in ((self.counts, other.counts), (self.profile, other.profile)):
            for key, values in theirs.items():
                for value, count in values.items():
                    _add(mine, key, value, count)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it (any more)."""
        return self.answers == 0


def _count(counts: Counts, given: Mapping[str, Any], times: int) -> None:
    for key, value in given.items():
        _add(counts, key, str(value), times)


def _add(counts: Counts, key: str, value: str, count: int) -> None:
    values = counts.setdefault(key, {})
    values[value] = values.get(value, 0) + count
    if values[value] == 0:
        del values[value]
        if not values:
            del counts[key]


def added(many: Iterable[Mapping[str, Mapping[str, int]]]) -> Counts:
    """Return counts added up; none of them is negative."""
    whole: Counts = {}
    for counts in many:
        for key, values in counts.items():
            mine = whole.get(key)
            if mine is None:
                whole[key] = dict(values)
                continue
            for value, count in values.items():
                mine[value] = mine.get(value, 0) + count
    return whole


def merged(tallies: Iterable[Tally]) -> Tally:
    """Return all of them together."""
    whole = Tally()
    for each in tallies:
        whole.merge(each)
    return whole
