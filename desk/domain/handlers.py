"""Who had a hand in a transaction, and how large: the whole chain of handlers, by their share of the work.

A handler's share is the time they held the transaction while it was served or processed, over all such time. Waiting
has a custodian too (the head of the queue), and so has a pause; neither is work. Where no such time passed, those who
held it so count alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from desk.domain.lifecycle import State

WORK: Final = frozenset({State.SERVING, State.PROCESSING})
QUEUED: Final = frozenset({State.WAITING})
WHOLE: Final = 10_000  # shares are in ten-thousandths and add up to this


@dataclass(frozen=True, slots=True)
class Held:
    """One stretch of custody: by whom, in which state, for how many microseconds."""

    holder_id: int
    state: State
    length: int
    service_id: int = 0


@dataclass(frozen=True, slots=True)
class Leg:
    """One uninterrupted custody by one officer in which there was work: whose, at which service, its share of all."""

    holder_id: int
    service_id: int
    share: int


def shares(chain: Iterable[Held]) -> dict[int, int]:
    """Return the share of each handler in ten-thousandths, adding up to 10,000; nobody for work that nobody did.

    Rounded by largest remainder; what is left over goes to the smaller id where remainders are equal.
    """
    work: dict[int, int] = {}
    for held in chain:
        if held.state in WORK:
            work[held.holder_id] = work.get(held.holder_id, 0) + held.length
    if not work:
        return {}
    if not any(work.values()):
        work = dict.fromkeys(work, 1)
    return _apportioned(work)


def legs(chain: Iterable[Held]) -> list[Leg]:
    """Return the legs of a chain in its order, their shares of the work in ten-thousandths adding up to 10,000.

    A leg ends where somebody else holds the transaction, or where it waits in a queue; a pause in the same hands does
    not end it. Its service is the one its work began under. Stretches without work are no legs.
    """
    runs = [list(run) for _, run in groupby(chain, key=lambda each: (each.holder_id, each.state in QUEUED))]
    worked = [found for run in runs if (found := [each for each in run if each.state in WORK])]
    lengths = {place: sum(each.length for each in found) for place, found in enumerate(worked)}
    if not lengths:
        return []
    if not any(lengths.values()):
        lengths = dict.fromkeys(lengths, 1)
    apportioned = _apportioned(lengths)
    return [Leg(found[0].holder_id, found[0].service_id, apportioned[place]) for place, found in enumerate(worked)]


def _apportioned(work: Mapping[int, int]) -> dict[int, int]:
    total = sum(work.values())
    whole = {holder: length * WHOLE // total for holder, length in work.items()}
    rest = WHOLE - sum(whole.values())
    order = sorted(work, key=lambda holder: (-(work[holder] * WHOLE % total), holder))
    for holder in order[:rest]:
        whole[holder] += 1
    return whole
