"""Who will serve what on a later day: what holds now, and what is planned until then, in its order."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

from desk.domain.services import Pair
from desk.reads.planned import list_coming
from desk.reads.reader import Reader

KIND: Final = "skills"


def pairs_on(reader: Reader, office_id: int, now: Collection[Pair], day: date) -> frozenset[Pair]:
    """Return who will serve what at the end of a day, of who does now."""
    found = set(now)
    for each in list_coming(reader, office_id, KIND, day):
        found -= {*read_written(each.values.get("removed", ()))}
        found |= {*read_written(each.values.get("added", ()))}
    return frozenset(found)


def read_written(pairs: Any) -> tuple[Pair, ...]:
    """Return pairs of an officer and a service as a plan has them; raise TypeError or ValueError for anything else."""
    found = [(who, what) for who, what in pairs]
    if not all(type(each) is int for pair in found for each in pair):
        raise ValueError("no pairs of ids")
    return tuple(found)
