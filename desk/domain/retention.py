"""How long personal data are kept, and what the trail says when they go: which and how many, never whose.

Days are business days of the office: what ended on a day goes when so many days have passed. 0 keeps it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from desk.domain.access import Actor, Role
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.own_case import may_all_the_same
from desk.domain.refusals import Reason, Refused


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """The settings of an office in days, by the names under which they are stored."""

    keep_contacts_days: int = 90
    keep_answers_days: int = 1_095
    keep_notes_days: int = 1_825
    keep_addresses_days: int = 30
    keep_voices_days: int = 365


SETTINGS: Final = tuple(field.name for field in fields(RetentionRules))
FOR_EVER: Final = 0
# What may be set beside 0; a contact is needed while a question may still go out, an answer while it may be corrected.
BOUNDS: Final[dict[str, tuple[int, int]]] = {
    "keep_contacts_days": (7, 3_650),
    "keep_answers_days": (30, 3_650),
    "keep_notes_days": (30, 7_300),
    "keep_addresses_days": (1, 3_650),
    "keep_voices_days": (30, 3_650),
}


class Track(StrEnum):
    """One kind of data that goes by itself, looked through in the order in which it becomes due."""

    CONTACTS = "contacts"
    ANSWERS = "answers"
    LOOSE = "loose"  # answers that belong to no transaction
    NOTES = "notes"
    FOLLOW_UPS = "follow_ups"
    FLOOR = "floor"
    ADDRESSES = "addresses"
    VOICES = "voices"


RULE_OF: Final[dict[Track, str]] = {
    Track.CONTACTS: "keep_contacts_days",
    Track.ANSWERS: "keep_answers_days",
    Track.LOOSE: "keep_answers_days",
    Track.NOTES: "keep_notes_days",
    Track.FOLLOW_UPS: "keep_notes_days",
    Track.FLOOR: "keep_notes_days",
    Track.ADDRESSES: "keep_addresses_days",
    Track.VOICES: "keep_voices_days",
}


class ErasureReason(StrEnum):
    """Why somebody's data were erased; no words, which could hold personal data themselves."""

    ASKED = "asked"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    ENTERED_WRONGLY = "entered_wrongly"
    ORDERED = "ordered"


@dataclass(frozen=True, slots=True)
class Place:
    """How far a track came: everything before this moment, and at it up to this id."""

    at: datetime
    id: int = 0


def last_day(today: date, days: int) -> date:
    """Return the last day of which nothing is kept any more today."""
    return today - timedelta(days=days)


def start_from(reached: Place, until: datetime) -> Place:
    """Return where to go on: not after what is due, lest a rule made longer or a wrong clock leave something out."""
    return reached if reached.at <= until else Place(until)


def read_days(name: str, days: JSON) -> int:
    """Return how long something is kept; raise `Refused(INVALID)` (field) for what is out of bounds."""
    least, most = BOUNDS[name]
    if type(days) is not int or (days != FOR_EVER and not least <= days <= most):
        raise Refused(Reason.INVALID, field=name)
    return days


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased of one person: which visits, transactions and voices, how much of each kind.

    `by_handler`: by somebody who had a hand in them, because nobody else was there.
    """

    reason: ErasureReason
    with_notes: bool
    visits: Sequence[int]
    transactions: Sequence[int]
    voices: Sequence[int]
    counts: Mapping[str, int]
    by_handler: bool = False


def may_erase_own(actor: Actor, hands: Collection[int], keepers: Mapping[Role, Collection[int]]) -> bool:
    """Tell whether somebody may erase the data of a person in whose matters they had a hand themselves.

    `keepers` are the supervisors and administrators of the office. Only where each of them had a hand, so that nobody's
    right is left unmet: then an administrator may, and in an office without one a supervisor.
    """
    return may_all_the_same(actor, hands, keepers)


def erased(what: Erased) -> Fact:
    """Return the event of an erasure that somebody asked for."""
    payload: dict[str, JSON] = {"reason": what.reason.value, "notes": what.with_notes}
    subjects = {"visits": what.visits, "transactions": what.transactions, "voices": what.voices}
    payload |= {name: list[JSON](sorted(ids)) for name, ids in subjects.items()}
    if what.by_handler:
        payload["by_handler"] = True
    return Fact(EventName.PERSONAL_DATA_ERASED, {**payload, "counts": _numbers(what.counts)})


def expired(track: Track, counts: Mapping[str, int]) -> Fact:
    """Return the event of a bite that the rules of retention took."""
    return Fact(EventName.PERSONAL_DATA_EXPIRED, {"track": track.value, "counts": _numbers(counts)})


def _numbers(counts: Mapping[str, int]) -> dict[str, JSON]:
    return {name: count for name, count in sorted(counts.items()) if count}
