"""How somebody proves who they are, and what came of it; which network they came from, and on what device.

Of an address only its network is kept: enough to tell an attack from a colleague, too little to tell where a person is.
"""

from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address
from typing import Final

# How long whoever changes what lets people in must have shown before that it is them (ASVS 5.0, 7.5.1 and 7.5.3).
PROVEN_FOR: Final = timedelta(minutes=10)
# A session is seen again at most so often, so that looking at pages writes next to nothing.
SEEN_EVERY: Final = timedelta(minutes=5)
# How long records are kept, and for how long of that the network in them.
RECORDS_KEPT: Final = timedelta(days=365)
SOURCES_KEPT: Final = timedelta(days=30)
# How long a one-time code or link lets somebody choose a password (ASVS 5.0, 6.4.1), by what it is for and how it goes.
INVITED_FOR: Final = timedelta(hours=72)
HANDED_FOR: Final = timedelta(hours=24)
MAILED_FOR: Final = timedelta(minutes=30)
_BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chromium", "Chromium"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


class Outcome(StrEnum):
    """What came of an attempt, or how a session ended."""

    SUCCESS = "success"
    REFUSED = "refused"
    DELAYED = "delayed"  # not looked at: too many wrong attempts before it
    ENDED = "ended"
    CHANGED = "changed"  # a password, an address or a second factor


class How(StrEnum):
    """By what somebody proved, or tried to prove, who they are."""

    PASSWORD = "password"  # noqa: S105 - a way, not a password
    CODE = "code"  # a one-time code or link
    TOTP = "totp"
    RECOVERY = "recovery"
    OIDC = "oidc"
    SESSION = "session"  # of somebody signed in
    SERVER = "server"  # the command line of the server


class Purpose(StrEnum):
    """What a one-time code is for."""

    INVITATION = "invitation"
    RESET = "reset"


class Secured(StrEnum):
    """What lets somebody in and was changed: they are told."""

    PASSWORD = "password"  # noqa: S105 - a thing, not a password
    ADDRESS = "address"
    SECOND_FACTOR = "second_factor"
    ACCOUNT = "account"  # of an identity provider


def network_of(address: str) -> str:
    """Return the network of an address: the first 24 bits of IPv4, 48 of IPv6; empty for what is no address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return f"{IPv6Address(int(found) >> 80 << 80)}/48"
        found = found.ipv4_mapped
    return f"{str(found).rpartition('.')[0]}.0/24"


def device_of(user_agent: str) -> str:
    """Return what a browser says of itself in a few words, without versions; empty where it says nothing known."""
    found = (next((word for mark, word in known if mark in user_agent), "") for known in (_BROWSERS, _SYSTEMS))
    return ", ".join(each for each in found if each)
