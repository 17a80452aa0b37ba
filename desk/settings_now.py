"""The settings as they are now: what an administrator changes in the browser holds in every process a second later."""

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from desk.settings import Settings, with_kept
from desk.settings_kept import Stamp, stamp_of

LOG: Final = logging.getLogger(__name__)
LOOK_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was found when the file was looked at last."""

    own: Settings
    stamp: Stamp | None
    looked_at: float
    settings: Settings


# By data folder; a process works in one. Whichever thread looks last is as right as any other.
_SEEN: Final[dict[Path, _Seen]] = {}


def current(settings: Settings) -> Settings:
    """Return these settings with what the file says now; it is looked at once a second at most."""
    own = settings.own or settings
    seen = _SEEN.get(own.data)
    if seen is not None and seen.own is own and time.monotonic() - seen.looked_at < LOOK_SECONDS:
        return seen.settings
    return reread(settings)


def reread(settings: Settings) -> Settings:
    """Return these settings with what the file says now, looked at anew."""
    own = settings.own or settings
    seen, stamp, at = _SEEN.get(own.data), stamp_of(own.data), time.monotonic()
    is_known = seen is not None and seen.own is own and seen.stamp == stamp
    found = seen.settings if seen is not None and is_known else with_kept(own)
    if not is_known and found.kept.fault:
        LOG.error("what was set in the browser does not hold: %s", found.kept.fault)
    _SEEN[own.data] = _Seen(own, stamp, at, found)
    return found
