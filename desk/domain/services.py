"""What an office sets of a service: the letter of its numbers, its texts, its promises, how many numbers a day.

A service is never deleted. One that is retired gets no new numbers; whoever waits for it is still called and served,
and whoever is here again for something open still gets a number for that.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

from desk.domain.promises import MOST_OBJECTS
from desk.domain.refusals import Reason, Refused
from desk.domain.texts import one_line, several_lines

LANGUAGES: Final = ("id", "en")
TOPICS: Final = ("name", "requirements", "procedure", "time", "fee", "product", "complaints")
TEXTS: Final = tuple(f"{topic}_{language}" for topic in TOPICS for language in LANGUAGES)
NAMES: Final = frozenset({"name_id", "name_en"})
LONGEST_NAME: Final = 200
LONGEST_TEXT: Final = 4_000
LETTER: Final = re.compile(r"[A-Z]{1,3}")
LONGEST_WAIT_MINUTES: Final = 24 * 60
MOST_STEPS: Final = 12
MOST_DAYS: Final = 260  # working days: about a year
MOST_NUMBERS: Final = 9_999
LARGEST_ID: Final = 2**31 - 1
# Pictures that fit a counter service; each is in the sprite (static/vendor/bootstrap-icons/ICONS).
ICONS: Final = (
    "file-earmark-text", "file-earmark-check", "files", "journal-text", "book", "clipboard-check",
    "building", "buildings", "house", "hammer", "calculator", "cash-coin", "cash-stack", "receipt", "key", "people",
    "person-badge", "person-wheelchair", "mortarboard", "geo-alt", "telephone", "chat-left-text", "info-circle",
    "question-circle", "gear",
)  # fmt: skip
Steps = tuple[tuple[int, int], ...]


class Direction(StrEnum):
    """Where a service is moved in the list."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Plan:
    """A service as an office wants it; every text in Indonesian (`…_id`) and English (`…_en`).

    `completion_steps` are (objects up to, working days), none where it is done at the counter; `daily_quota` is how
    many numbers a business day has, None for any.
    """

    series: str
    texts: Mapping[str, str]
    calendar_id: int
    head_id: int
    icon: str = ICONS[0]
    wait_promise_s: int = 1800
    completion_steps: Steps = ()
    daily_quota: int | None = None

    @property
    def typed(self) -> dict[str, Any]:
        """What is set, by name, as it was typed."""
        return {
            "series": self.series,
            "icon": self.icon,
            "wait_promise_s": self.wait_promise_s,
            "completion_steps": [list(step) for step in self.completion_steps],
            "daily_quota": self.daily_quota,
            "calendar_id": self.calendar_id,
            "head_id": self.head_id,
            **{name: self.texts.get(name, "") for name in TEXTS},
        }

    @property
    def values(self) -> dict[str, Any]:
        """What is set, by name, fit to keep; raises `Refused(INVALID)` with the field that is not."""
        return tidied(self.typed)


def tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is to be set, fit to keep; raises `Refused(INVALID)` with the field that is not, or is unknown."""
    return {name: _tidied(name, value) for name, value in values.items()}


def _tidied(name: str, value: Any) -> Any:
    if name in TEXTS:
        return _text(name, value)
    if name == "series":
        return _letter(value)
    if name == "completion_steps":
        return [list(step) for step in checked_steps(value)]
    fits = _FITS.get(name)
    return _demanded(value, fits=fits is not None and fits(value), field=name)


def _is_within(value: Any, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


_FITS: Final[dict[str, Callable[[Any], bool]]] = {
    "icon": lambda value: value in ICONS,
    "wait_promise_s": lambda value: _is_within(value, 60, LONGEST_WAIT_MINUTES * 60),
    "daily_quota": lambda value: value is None or _is_within(value, 1, MOST_NUMBERS),
    "calendar_id": lambda value: _is_within(value, 1, LARGEST_ID),
    "head_id": lambda value: _is_within(value, 1, LARGEST_ID),
}


def _demanded(value: Any, *, fits: bool, field: str) -> Any:
    if not fits:
        raise Refused(Reason.INVALID, field=field)
    return value


def _letter(value: Any) -> str:
    letter = one_line(value).upper() if isinstance(value, str) else ""
    found: str = _demanded(letter, fits=LETTER.fullmatch(letter) is not None, field="series")
    return found


def _text(name: str, value: Any) -> str:
    typed = value if isinstance(value, str) else ""
    if name in NAMES:
        text = one_line(typed)
        fits = 0 < len(text) <= LONGEST_NAME
    else:
        text = several_lines(typed)
        fits = len(text) <= LONGEST_TEXT
    _demanded(text, fits=fits, field=name)
    return text


def checked_steps(steps: Iterable[Sequence[int]]) -> Steps:
    """Return the promise by quantity where every step has more objects and more working days than the one before.

    Else raises `Refused(INVALID)`: then the days would not rise with the work, and no promise could go on above the
    last step.
    """
    found = [tuple(step) for step in steps]
    pairs = [(step[0], step[1]) for step in found if len(step) == 2]
    bounds = all(_is_within(most, 1, MOST_OBJECTS) and _is_within(days, 1, MOST_DAYS) for most, days in pairs)
    rising = all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))
    if len(pairs) != len(found) or len(found) > MOST_STEPS or not bounds or not rising:
        raise Refused(Reason.INVALID, field="completion_steps")
    return tuple(pairs)


def changed(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what differs, by name: from what to what."""
    return {name: (before[name], value) for name, value in wanted.items() if before[name] != value}


def is_full(quota: int | None, issued: int) -> bool:
    """Tell whether a day's numbers are given out."""
    return quota is not None and issued >= quota


def moved(order: Sequence[int], service_id: int, direction: Direction) -> tuple[int, ...]:
    """Return the order with a service one place up or down; at an end it stays where it is."""
    place = order.index(service_id)
    other = place - 1 if direction is Direction.UP else place + 1
    if not 0 <= other < len(order):
        return tuple(order)
    found = list(order)
    found[place], found[other] = found[other], found[place]
    return tuple(found)


Pair = tuple[int, int]
"""Who (the id of an officer) serves what (the id of a service)."""


@dataclass(frozen=True, slots=True)
class SkillChanges:
    """Which officers are to serve what from now on, and which no more; in a fixed order."""

    added: tuple[Pair, ...]
    removed: tuple[Pair, ...]


def skill_changes(*, shown: Collection[Pair], ticked: Collection[Pair], now: Collection[Pair]) -> SkillChanges:
    """Return what somebody changed in a table that showed `shown` and came back as `ticked`.

    What others changed meanwhile (`now`) stays, unless it was changed here to the same.
    """
    added = {*ticked} - {*shown} - {*now}
    removed = ({*shown} - {*ticked}) & {*now}
    return SkillChanges(tuple(sorted(added)), tuple(sorted(removed)))


def left_unserved(changes: SkillChanges, *, now: Collection[Pair], active: Collection[int]) -> frozenset[int]:
    """Return the services that somebody active serves `now`, and nobody active once it is changed.

    What others than the `active` may serve counts for nothing: nobody is called by somebody who has left.
    """
    after = ({*now} | {*changes.added}) - {*changes.removed}
    return served_by(now, active) - served_by(after, active)


def served_by(pairs: Collection[Pair], active: Collection[int]) -> frozenset[int]:
    """Return the services that somebody active may be given visitors of."""
    return frozenset(what for who, what in pairs if who in active)
