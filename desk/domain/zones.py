"""Time zones that an office can be in: those that a browser knows as well, by region and city."""

from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from desk.domain.refusals import Reason, Refused

# Names of a time-zone database that say where the machine is, or nothing at all.
NO_PLACE: Final = frozenset({"localtime", "Factory", "posixrules"})
_FOLDERS: Final = ("posix/", "right/", "SystemV/")


@cache
def known_zones() -> frozenset[str]:
    """Return the names of the zones that can be chosen."""
    return frozenset(each for each in available_timezones() - NO_PLACE if not each.startswith(_FOLDERS))


def read_zone(value: object) -> str:
    """Return the name of a time zone; raise `Refused(INVALID)` (field zone) where there is none like it."""
    if not isinstance(value, str) or value not in known_zones():
        raise Refused(Reason.INVALID, field="zone")
    return ZoneInfo(value).key
