"""What published figures tell together of an element that fewer people answered than answered at all.

The rules are those of `desk.domain.published_together`, with those who answered the element as the respondents.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from desk.domain import published_together
from desk.domain.publication import Figures
from desk.domain.skm_index import Tallied
from desk.domain.skm_period import Period


def still_public(versions: Sequence[Figures]) -> list[bool]:
    """Return for each version of a period, the oldest first, whether everybody may still read it."""
    public = published_together.still_public(versions)
    for key in _left_out(versions):
        of_key = published_together.still_public([_of_element(each, key) for each in versions])
        public = [one and other for one, other in zip(public, of_key, strict=True)]
    return public


def told_beside(figures: Figures, every: Iterable[Figures]) -> Period | None:
    """Return the period beside whose published figures these would tell of a few people; None where there is none."""
    published = list(every)
    beside = published_together.told_beside(figures, published)
    for key in _left_out([*published, figures]):
        if beside is not None:
            break
        of_key = [_of_element(each, key) for each in published if key in each.tallied.tallies]
        beside = published_together.told_beside(_of_element(figures, key), of_key)
    return beside


def _left_out(figures: Sequence[Figures]) -> Iterator[str]:
    """Return the elements of the newest figures that somebody left out anywhere; of the others all answered."""
    for key in figures[-1].tallied.instrument.keys if figures else ():
        tallies = [(each.tallied.tallies[key], each.tallied.respondents) for each in figures if _asks(each, key)]
        if any(tally.answers != respondents for tally, respondents in tallies):
            yield key


def _asks(figures: Figures, key: str) -> bool:
    return key in figures.tallied.tallies


def _of_element(figures: Figures, key: str) -> Figures:
    """Return figures as if an element were all that was asked."""
    if not _asks(figures, key):
        return figures
    tally = figures.tallied.tallies[key]
    return replace(figures, tallied=Tallied(figures.tallied.instrument, tally.answers, {key: tally}))
