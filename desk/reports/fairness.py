"""The fairness register: calls out of order, how officers and shifts share in them, and whether luck explains it.

A register, not an accusation: a share that luck does not explain is a reason to read the calls, no more. Shares under
`SHOWN` calls are not shown; under `RANKED` they are shown with their doubt, but neither compared nor ranked.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from desk.domain.reasons import PickReason
from desk.reads.reader import Reader
from desk.reports.facts import Facts
from desk.reports.out_of_order import Entry, list_entries, out_of_order
from desk.reports.shifts import Shift, in_the_afternoon
from desk.reports.statistics import Estimate, Mask, chance_of_luck, holm, wilson

SHOWN: Final = 5
RANKED: Final = 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the register is narrowed to; empty values narrow nothing."""

    officer_id: int = 0
    service_id: int = 0
    shift: Shift | None = None
    reason: PickReason | None = None


@dataclass(frozen=True, slots=True)
class OfficerShare:
    """How many of an officer's calls (in a shift; None for all) were out of order.

    `chance` tells how often luck alone would make the share differ so much from that of all others, corrected for the
    comparisons made; None where there are too few calls to compare.
    """

    officer_id: int
    shift: Shift | None
    calls: int
    out_of_order: int
    share: Estimate
    chance: float | None

    @property
    def ranked(self) -> bool:
        """Whether there are enough calls for a place in an order."""
        return self.calls >= RANKED


@dataclass(frozen=True, slots=True)
class Register:
    """The calls of a time, which of them were out of order, and which lie in the afternoon."""

    facts: Facts
    irregular: Mask
    afternoon: Mask

    def chosen(self, wanted: Wanted) -> Mask:
        """Return the calls (in order or not) that the filter lets through."""
        calls = self.facts.calls
        mask: Mask = np.ones(calls.id.size, bool)
        if wanted.officer_id:
            mask &= calls.officer == wanted.officer_id
        if wanted.service_id:
            mask &= calls.service == wanted.service_id
        if wanted.shift is not None:
            mask &= self.afternoon == (wanted.shift is Shift.AFTERNOON)
        return mask

    def counted(self, wanted: Wanted) -> Mask:
        """Return those of them that count: a slip that was taken back called nobody."""
        mask: Mask = self.chosen(wanted) & (self.facts.calls.taken_back == 0)
        return mask

    def listed(self, wanted: Wanted) -> list[int]:
        """Return the calls out of order that the filter lets through, newest first, with those taken back."""
        calls = self.facts.calls
        mask = self.chosen(wanted) & self.irregular
        if wanted.reason is not None:
            mask &= calls.picked == self.facts.code(wanted.reason)
        ids: list[int] = calls.id[mask].tolist()
        return sorted(ids, reverse=True)


def load_register(reader: Reader, facts: Facts) -> Register:
    """Return the register of these facts, of which it needs the calls."""
    calls = facts.calls
    afternoon = in_the_afternoon(reader, facts.office_id, calls.called_at, calls.service)
    return Register(facts, out_of_order(reader, facts), afternoon)


def list_page(reader: Reader, register: Register, ids: list[int], *, first: int, limit: int) -> list[Entry]:
    """Return some of the listed calls with everything the register says of them."""
    return list_entries(reader, register.facts.office_id, ids[first : first + limit])


@dataclass(frozen=True, slots=True)
class Overview:
    """Calls and calls out of order in numbers, the officers' shares, and how many officers are not shown."""

    calls: int
    out_of_order: int
    passed_over: int
    without_passing: int
    longest_s: int
    share: Estimate | None
    officers: list[OfficerShare]
    hidden: int


def overview(register: Register, wanted: Wanted) -> Overview:
    """Count what the filter lets through; an officer is compared with all others under the same filter."""
    calls, mask = register.facts.calls, register.counted(wanted)
    irregular = mask & register.irregular
    shares, hidden = _shares(register, register.counted(replace(wanted, officer_id=0)), wanted)
    return Overview(
        int(mask.sum()),
        int(irregular.sum()),
        int(calls.passed_over[irregular].sum()),
        int((calls.passed_over[irregular] == 0).sum()),
        max(0, int(calls.longest_overtaken[irregular].max(initial=0))) // 1_000_000,
        _estimate(int(irregular.sum()), int(mask.sum())),
        shares,
        hidden,
    )


def _estimate(hits: int, count: int) -> Estimate | None:
    return Estimate(hits / count, wilson(hits, count), count) if count >= SHOWN else None


def _shares(register: Register, scope: Mask, wanted: Wanted) -> tuple[list[OfficerShare], int]:
    """Return the shares per officer and shift within the scope, those to be ranked first, and how many are hidden."""
    found: list[OfficerShare] = []
    for shift in (None, Shift.MORNING, Shift.AFTERNOON) if wanted.shift is None else (wanted.shift,):
        inside = scope if shift is None else scope & (register.afternoon == (shift is Shift.AFTERNOON))
        found += _of_shift(register, inside, shift)
    everybody = {each.officer_id for each in found}
    shown = [each for each in _corrected(found) if wanted.officer_id in (0, each.officer_id) and each.calls >= SHOWN]
    hidden = everybody - {each.officer_id for each in shown} if not wanted.officer_id else set()
    return _ordered(shown), len(hidden)


def _of_shift(register: Register, inside: Mask, shift: Shift | None) -> list[OfficerShare]:
    officers = register.facts.calls.officer
    counts = np.bincount(officers[inside])
    hits = np.bincount(officers[inside & register.irregular], minlength=counts.size)
    total, total_hits = int(counts.sum()), int(hits.sum())
    return [
        _share(int(officer), shift, int(hits[officer]), int(counts[officer]), total_hits, total)
        for officer in np.flatnonzero(counts)
    ]


def _share(officer: int, shift: Shift | None, hits: int, count: int, total_hits: int, total: int) -> OfficerShare:
    others = total - count
    chance = None
    if count >= RANKED and others >= RANKED:
        chance = chance_of_luck(hits, count, other_hits=total_hits - hits, other_count=others)
    return OfficerShare(officer, shift, count, hits, Estimate(hits / count, wilson(hits, count), count), chance)


def _corrected(shares: list[OfficerShare]) -> list[OfficerShare]:
    """Correct the chances for the number of comparisons made in this table."""
    tested = [each for each in shares if each.chance is not None]
    corrected = dict(zip(map(id, tested), holm([each.chance or 0.0 for each in tested]), strict=True))
    return [replace(each, chance=corrected.get(id(each))) for each in shares]


def _ordered(shares: list[OfficerShare]) -> list[OfficerShare]:
    """Put officers with enough calls first, the highest share on top, the others by id; shifts below the whole."""
    whole = {each.officer_id: each for each in shares if each.shift is None}

    def place(share: OfficerShare) -> tuple[bool, float, int, int]:
        leading = whole.get(share.officer_id, share)
        shift = 0 if share.shift is None else 1 + list(Shift).index(share.shift)
        return not leading.ranked, -leading.share.value if leading.ranked else 0.0, share.officer_id, shift

    return sorted(shares, key=place)
