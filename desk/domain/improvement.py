"""The follow-up plan of a survey (*rencana tindak lanjut*): what is done about which element, by when, how far it is.

A measure belongs to the plan of a period, and is taken along to that of the next while it is unfinished: it stays the
same one, with its whole history. What is written about it stands beside the events.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from desk.domain.facts import JSON, EventName, Fact
from desk.domain.refusals import Reason, Refused
from desk.domain.skm_elements import INSTRUMENTS
from desk.domain.skm_period import Period, read_period

LONGEST_PROGRAM: Final = 1_000
MOST_IN_PLAN: Final = 60
ELEMENTS: Final = frozenset(key for instrument in INSTRUMENTS.values() for key in instrument.keys)


class Status(StrEnum):
    """How far a measure is."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"


UNFINISHED: Final = frozenset({Status.PLANNED, Status.UNDER_WAY})


class StepKind(StrEnum):
    """What happened to a measure."""

    PLANNED = "planned"
    CHANGED = "changed"
    PROGRESSED = "progressed"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is planned: for which element, until the end of which month or quarter, and who answers for it."""

    element: str
    due: Period
    owner_id: int


@dataclass(frozen=True, slots=True)
class Improvement:
    """A measure as it stands, with the periods in whose plans it is."""

    id: int
    wish: Wish
    status: Status
    periods: frozenset[str]


def plan(wish: Wish, period: Period, *, words: JSON, planned: int) -> Fact:
    """Return the fact that a measure is planned; `words` is the digest of the program, `planned` how many there are.

    Raises `Refused`: INVALID (field) for no such element, a full plan, or a time before the period; WORDS_MISSING.
    """
    _require_sound(wish)
    if words is None:
        raise Refused(Reason.WORDS_MISSING)
    if planned >= MOST_IN_PLAN:
        raise Refused(Reason.INVALID, field="period")
    if wish.due.last < period.first:
        raise Refused(Reason.DUE_IN_THE_PAST)
    return Fact(EventName.IMPROVEMENT_PLANNED, {"period": str(period), **_wished(wish), "words": words})


def change(now: Improvement, wish: Wish, *, words: JSON, same_words: bool) -> Fact:
    """Return the fact that a measure is planned otherwise; raises `Refused`: INVALID, WORDS_MISSING, ALREADY_DONE."""
    _require_sound(wish)
    if words is None:
        raise Refused(Reason.WORDS_MISSING)
    if same_words and wish == now.wish:
        raise Refused(Reason.ALREADY_DONE)
    payload: dict[str, JSON] = {"improvement": now.id, **_wished(wish), "before": _wished(now.wish)}
    return Fact(EventName.IMPROVEMENT_CHANGED, {**payload, "words": None if same_words else words})


def progress(now: Improvement, status: Status, *, note: JSON) -> Fact:
    """Return the fact that a measure came on; `note` is the digest of what is said of it.

    Raises `Refused`: ALREADY_DONE where nothing is new, NOTE_MISSING for dropping it, or opening it again, silently.
    """
    if note is None and status is now.status:
        raise Refused(Reason.ALREADY_DONE)
    if note is None and (status is Status.DROPPED or now.status not in UNFINISHED):
        raise Refused(Reason.NOTE_MISSING)
    facts: dict[str, JSON] = {"improvement": now.id, "from": now.status.value, "to": status.value, "note": note}
    return Fact(EventName.IMPROVEMENT_PROGRESSED, facts)


def left_from(periods: Iterable[str], to: Period) -> Period | None:
    """Return the last period before this one, of whatever length, in whose plan a measure is.

    None where it is in no earlier plan, or in this one or a later one already.
    """
    found = [read_period(each) for each in periods]
    if any(each == to or each.first > to.last for each in found):
        return None
    return max((each for each in found if each.last < to.first), key=_newest, default=None)


def _newest(period: Period) -> tuple[date, date]:
    return period.last, period.first


def carry(unfinished: Sequence[Improvement], to: Period) -> list[Fact]:
    """Return the facts that what is unfinished of all earlier plans is taken along, the newest first.

    Raises `Refused(ALREADY_DONE)` where nothing is.
    """
    left = [(each, left_from(each.periods, to)) for each in unfinished if each.status in UNFINISHED]
    due = [(each, period) for each, period in left if period is not None]
    if not due:
        raise Refused(Reason.ALREADY_DONE)
    due.sort(key=lambda pair: _newest(pair[1]), reverse=True)
    return [
        Fact(EventName.IMPROVEMENT_CARRIED, {"improvement": each.id, "from": str(period), "to": str(to)})
        for each, period in due
    ]


def _require_sound(wish: Wish) -> None:
    if wish.element not in ELEMENTS:
        raise Refused(Reason.INVALID, field="element")


def _wished(wish: Wish) -> dict[str, JSON]:
    return {"element": wish.element, "due": str(wish.due), "owner": wish.owner_id}
