"""What published figures tell together: a quarter without its two published months is the third month.

Whoever can read two figures can take one off the other. So no more may be public at the same time than leaves nobody,
or at least five people, in every such difference.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from desk.domain.publication import Figures
from desk.domain.skm_elements import INSTRUMENTS, Instrument
from desk.domain.skm_period import Period
from desk.domain.skm_warnings import FEWEST_TO_PUBLISH


def few_between(newer: Figures, older: Figures) -> bool:
    """Tell whether two versions of a period differ by fewer than five answers, or by corrections alone."""
    one, other = newer.tallied, older.tallied
    if one.instrument is not other.instrument or one == other:
        return False
    return abs(one.respondents - other.respondents) < FEWEST_TO_PUBLISH


def still_public(versions: Sequence[Figures]) -> list[bool]:
    """Return for each version of a period, the oldest first, whether everybody may still read it.

    A version is withdrawn for good as soon as one is published from which so few answers differ.
    """
    return [not any(few_between(newer, each) for newer in versions[place + 1 :]) for place, each in enumerate(versions)]


def told_beside(figures: Figures, every: Iterable[Figures]) -> Period | None:
    """Return the period beside whose published figures these would tell of a few people; None where there is none.

    `every` is all that was published, each period's oldest version first.
    """
    counts = _public((*every, figures), figures.tallied.instrument)
    around = [each for each in counts if each.months > figures.period.months and figures.period.first in each]
    if _leaves_few(figures.period, counts):
        return _largest_within(figures.period, counts)
    return next((each for each in sorted(around, key=lambda each: each.months) if _leaves_few(each, counts)), None)


def tell_of_few(every: Iterable[Figures]) -> list[tuple[Period, Period]]:
    """Return the public periods that would not be published beside each other now: each with the largest within it.

    They were published before that was looked at, and stay public. `every` is as for `told_beside`.
    """
    published = list(every)
    instruments = dict.fromkeys(each.tallied.instrument.regulation for each in published)
    found = []
    for regulation in instruments:
        counts = _public(published, INSTRUMENTS[regulation])
        wholes = sorted(
            (each for each in counts if _leaves_few(each, counts)), key=lambda each: (each.first, -each.months)
        )
        found += [(each, _largest_within(each, counts)) for each in wholes]
    return found


def _public(every: Iterable[Figures], instrument: Instrument) -> dict[Period, set[int]]:
    """Return how many answered in each period that is public, version by version."""
    versions: dict[Period, list[Figures]] = defaultdict(list)
    for each in every:
        versions[each.period].append(each)
    counts: dict[Period, set[int]] = defaultdict(set)
    for period, found in versions.items():
        for each, is_public in zip(found, still_public(found), strict=True):
            if is_public and each.tallied.instrument is instrument:
                counts[period].add(each.tallied.respondents)
    return counts


def _largest_within(whole: Period, counts: Mapping[Period, set[int]]) -> Period:
    within = (each for each in counts if each.months < whole.months and each.first in whole)
    return max(within, key=lambda each: (each.months, max(counts[each])))


def _leaves_few(whole: Period, counts: Mapping[Period, set[int]]) -> bool:
    """Tell whether published parts of a published period leave so few that they can be recognized."""
    return any(
        0 < abs(count - part) < FEWEST_TO_PUBLISH
        for count in counts.get(whole, ())
        for part in _sums_within(whole, counts)
        if part
    )


def _sums_within(whole: Period, counts: Mapping[Period, set[int]]) -> set[int]:
    """Return what published periods within another can add up to, none of them counted twice."""
    sums = {0}
    for part in whole.parts:
        mine = _sums_within(part, counts) | counts.get(part, set())
        sums = {one + other for one in sums for other in mine}
    return sums
