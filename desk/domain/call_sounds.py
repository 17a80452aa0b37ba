"""How calls are heard: which languages the voice speaks, how often, how loud, and when no sound is made at all.

An office sets it for all of its displays, and each display may have it otherwise, apart from the quiet hours.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from desk.domain.announcing import LANGUAGES
from desk.domain.facts import JSON
from desk.domain.refusals import Reason, Refused

REPEATS: Final = range(1, 4)
VOLUMES: Final = range(101)
MINUTES: Final = range(24 * 60)


@dataclass(frozen=True, slots=True)
class CallSounds:
    """How an office lets calls be heard.

    `languages` in the order they are spoken; none leaves the chime alone. `times`: how often each call is said.
    `volume` in per cent. Quiet from one minute of the day to another, over midnight too; both the same: never.
    """

    languages: tuple[str, ...] = ("id",)
    times: int = 1
    volume: int = 80
    quiet_from: int = 0
    quiet_until: int = 0

    def require_fit(self) -> None:
        """Raise `Refused(INVALID)` with the field where something cannot be."""
        _require_fit(self.languages, self.times, self.volume)
        for field in ("quiet_from", "quiet_until"):
            if getattr(self, field) not in MINUTES:
                raise Refused(Reason.INVALID, field=field)

    def is_quiet(self, minute: int) -> bool:
        """Tell whether no sound is made in this minute of the office's day."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= minute < self.quiet_until
        return minute >= self.quiet_from or minute < self.quiet_until

    def on(self, own: "OwnSounds") -> "CallSounds":
        """Return how they are heard on a display that has some of it otherwise."""
        return replace(self, **{name: value for name, value in asdict(own).items() if value is not None})


@dataclass(frozen=True, slots=True)
class OwnSounds:
    """What one display has otherwise than its office; None is as the office has it."""

    languages: tuple[str, ...] | None = None
    times: int | None = None
    volume: int | None = None

    @property
    def settings(self) -> dict[str, JSON]:
        """What is kept of it: what is set."""
        kept: dict[str, JSON] = {} if self.languages is None else {"voice": [*self.languages]}
        numbers = {"times": self.times, "volume": self.volume}
        return {**kept, **{name: value for name, value in numbers.items() if value is not None}}

    def require_fit(self) -> None:
        """Raise `Refused(INVALID)` with the field where something cannot be."""
        office = CallSounds()
        heard = office.on(self)
        _require_fit(heard.languages, heard.times, heard.volume)


def own_sounds(settings: Mapping[str, Any] | None) -> OwnSounds:
    """Return what the settings of a display have of it."""
    found = settings or {}
    languages = found.get("voice")
    return OwnSounds(None if languages is None else tuple(languages), found.get("times"), found.get("volume"))


def _require_fit(languages: tuple[str, ...], times: int, volume: int) -> None:
    if len(set(languages)) != len(languages) or not set(languages) <= set(LANGUAGES):
        raise Refused(Reason.INVALID, field="languages")
    if times not in REPEATS:
        raise Refused(Reason.INVALID, field="times")
    if volume not in VOLUMES:
        raise Refused(Reason.INVALID, field="volume")
