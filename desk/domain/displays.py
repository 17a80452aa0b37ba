"""What displays say besides calls: in which languages, which messages of the office, and an emergency.

Everybody in the lobby reads it, so it names nobody; whoever words a message is told so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from desk.domain.facts import JSON
from desk.domain.hours import Calendar, next_opening
from desk.domain.refusals import Reason, Refused
from desk.domain.texts import one_line

LONGEST_MESSAGE: Final = 160
# So long that it can be read at 10 m in both languages at once (docs/design-language.md).
LONGEST_EMERGENCY: Final = 80
MOST_MESSAGES: Final = 60  # of an office, those no longer shown not counted
MOST_DEVICES: Final = 200
TURN_SECONDS: Final = (5, 60)  # how long a language stands before the other one's turn
BOTH: Final = "both"
ORDER: Final = ("id", "en")
LANGUAGES: Final = (*ORDER, BOTH)


class Urgent(StrEnum):
    """Words for an emergency that need not be typed."""

    LEAVE = "leave"
    STAY = "stay"
    WAY = "way"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class OwnTurn:
    """What of its languages a display has otherwise than its office: which, and how long each stands; else as there."""

    languages: str = ""
    seconds: int = 0

    @property
    def settings(self) -> dict[str, JSON]:
        """What is kept of it."""
        own: dict[str, JSON] = {"languages": self.languages, "turn_s": self.seconds}
        return {name: value for name, value in own.items() if value}

    def require_fit(self) -> None:
        """Raise `Refused(INVALID)` with the field where something cannot be."""
        if self.languages not in ("", *LANGUAGES):
            raise Refused(Reason.INVALID, field="languages")
        if self.seconds and not TURN_SECONDS[0] <= self.seconds <= TURN_SECONDS[1]:
            raise Refused(Reason.INVALID, field="turn_s")


@dataclass(frozen=True, slots=True)
class MessageWish:
    """A message as an administrator words it, from a moment to another one; `devices` none means all displays.

    `position` is its place in the order, from 0; None leaves it where it is, a new one at the end.
    """

    words_id: str
    words_en: str
    since: datetime
    until: datetime | None = None
    devices: tuple[int, ...] = ()
    position: int | None = None
    retired: bool = False

    def require_fit(self) -> None:
        """Raise `Refused(INVALID)` with the field where something cannot be."""
        require_words({"words_id": self.words_id, "words_en": self.words_en}, most=LONGEST_MESSAGE)
        if self.until is not None and self.until <= self.since:
            raise Refused(Reason.INVALID, field="until_day")
        if len(self.devices) > MOST_DEVICES:
            raise Refused(Reason.INVALID, field="devices")
        if self.position is not None and not 0 <= self.position < MOST_MESSAGES:
            raise Refused(Reason.INVALID, field="position")


def require_words(words: Mapping[str, str], *, most: int) -> None:
    """Raise `Refused(INVALID)` with the field of a text that is empty or too long, or unfit for one line."""
    for field, said in words.items():
        if not 0 < len(said) <= most or said != one_line(said):
            raise Refused(Reason.INVALID, field=field)


def in_turn(chosen: str, first: str) -> tuple[str, ...]:
    """Return the languages of a display, the one of the page first where it is among them."""
    if chosen in ORDER:
        return (chosen,)
    return (first, *(each for each in ORDER if each != first))


def opening_after(calendars: Iterable[Calendar], at: datetime) -> tuple[bool, datetime | None]:
    """Return whether any service is open, and when the first opens next, None where none does within 400 days."""
    found = [each for each in (next_opening(calendar, at) for calendar in calendars) if each is not None]
    first = min(found, default=None)
    return first is not None and first <= at, first
