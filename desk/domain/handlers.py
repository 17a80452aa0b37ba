"""Who had a hand in a transaction, and how large: the whole chain of handlers, by their share of the work.

A handler's share is the time they held the transaction while it was served or processed, over all such time. Waiting
has a custodian too (the head of the queue), and so has a pause; neither is work. Where no such time passed, those who
held it so count alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from desk.domain.lifecycle import State

WORK: Final = frozenset({State.SERVING, State.PROCESSING})
WHOLE: Final = 10_000  # shares are in ten-thousandths and add up to this


@dataclass(frozen=True, slots=True)
class Held:
    """One stretch of custody: by whom, in which state, for how many microseconds."""

    holder_id: int
    state: State
    length: int


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


def _apportioned(work: Mapping[int, int]) -> dict[int, int]:
    total = sum(work.values())
    whole = {holder: length * WHOLE // total for holder, length in work.items()}
    rest = WHOLE - sum(whole.values())
    order = sorted(work, key=lambda holder: (-(work[holder] * WHOLE % total), holder))
    for holder in order[:rest]:
        whole[holder] += 1
    return whole
