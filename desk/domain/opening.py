"""What an office needs before its first number can be called, and what can be tried out before that."""

import re
import unicodedata
from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_address
from typing import Final

LONGEST_CODE: Final = 39
SETUP_TOKEN_LASTS: Final = timedelta(hours=24)
RINGS_FOR: Final = timedelta(seconds=20)  # so long the words of a trial stand on the lobby displays
_ADDRESS: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[^\s/?#:@\[\]]+)(?P<port>:\d{1,5})?(?P<rest>([/?#]\S*)?)",
    re.IGNORECASE,
)
_UNFIT_SENDERS: Final = (".local", ".localdomain", ".invalid", ".test")


class Trial(StrEnum):
    """What can be tried out without a visitor."""

    TICKET = "ticket"
    ADDRESS = "address"
    MESSAGE = "message"
    DISPLAY = "display"
    BACKUP = "backup"
    SEEN = "seen"  # that every display sounded when all of them were rung
    TEXT = "text"  # a message to a phone
    HOLIDAYS = "holidays"  # that the office works on the holidays that are not entered


class Step(StrEnum):
    """What the list of the setting up goes through, in its order: each needs what stands before it."""

    HOURS = "hours"
    HOLIDAYS = "holidays"
    COUNTERS = "counters"
    STAFF = "staff"
    SERVICES = "services"
    SKILLS = "skills"
    DISPLAYS = "displays"
    ADDRESS = "address"
    SENDER = "sender"
    BACKUP = "backup"


# Without these no number can be called; the others an office should not be without.
NEEDED: Final = (Step.HOURS, Step.COUNTERS, Step.STAFF, Step.SERVICES, Step.SKILLS)


class AddressFault(StrEnum):
    """What is wrong with the address that QR codes and messages point at."""

    UNSET = "unset"
    NO_ADDRESS = "no_address"
    THIS_MACHINE = "this_machine"
    MORE_THAN_HOST = "more_than_host"
    OPEN = "open"  # readable on the way; worth a warning only


def needed_of(missing: Collection[Step]) -> list[Step]:
    """Return which of the missing steps keep the office from calling anybody."""
    return [step for step in NEEDED if step in missing]


def find_address_fault(given: str) -> AddressFault | None:
    """Return what is wrong with a public address, None where visitors can be expected to reach it."""
    if not given:
        return AddressFault.UNSET
    found = _ADDRESS.fullmatch(given)
    if found is None:
        return AddressFault.NO_ADDRESS
    host = found["host"].strip("[]").lower()
    if _is_this_machine(host):
        return AddressFault.THIS_MACHINE
    if found["rest"].strip("/"):
        return AddressFault.MORE_THAN_HOST
    return AddressFault.OPEN if found["scheme"].lower() == "http" and not _is_near(host) else None


def is_only_here(host: str, port: int, given: str) -> bool:
    """Tell whether a desk that listens there can be reached from this machine only.

    A public address that is served by TLS, or on another port, is one of a server in front that passes requests on.
    """
    if not _is_this_machine(host):
        return False
    found = _ADDRESS.fullmatch(given)
    if found is None or _is_this_machine(found["host"].strip("[]").lower()):
        return True
    return found["scheme"].lower() == "http" and int((found["port"] or ":80")[1:]) == port


def is_refused_sender(sender: str) -> bool:
    """Tell whether most mail servers would refuse what comes from this address."""
    domain = sender.rpartition("@")[2].strip("> ")
    return "." not in domain or domain.endswith(_UNFIT_SENDERS)


def code_of(name: str) -> str:
    """Return a code for an office by its name: a–z, 0–9 and -, at most 39."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_CODE].strip("-") or "office"


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_near(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(".local")
