"""The code at the door that changes: whoever sends it along was at the door a moment ago.

It is derived from the office and the step of time (as RFC 6238 does), kept nowhere, and good for its own step and the
`TOLERATED` before it: who scans it late in a step still reaches the page. What it gives is a grant for as long as it
takes to choose and to type. Whoever is sent a picture of the code within that time can use it too: it keeps out who is
far away and alone, not who has a helper at the door; and under one grant only a few numbers are issued.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from desk.domain.facts import JSON
from desk.domain.refusals import Reason, Refused

LENGTH: Final = 10  # letters of five bits: nobody guesses one of a few valid ones out of 10¹⁵
TOLERATED: Final = 2
AHEAD: Final = 1  # of a machine whose clock is a little fast
GRANT: Final = timedelta(minutes=10)
NUMBERS_PER_GRANT: Final = 3  # of a family; who needs more is helped at the reception


class CheckInMode(StrEnum):
    """What a number taken by phone needs."""

    OPEN = "open"  # the address, which a poster at the door shows
    ROTATING = "rotating"  # a code that a screen at the door shows and changes


@dataclass(frozen=True, slots=True)
class DoorCode:
    """The code of now, and when the next one takes its place."""

    code: str
    until: datetime


def read_check_in(value: Any) -> JSON:
    """Return a mode as it is kept; raise `Refused(INVALID)`."""
    if value not in list(CheckInMode):
        raise Refused(Reason.INVALID, field="phone_check_in")
    return str(value)


def code_now(key: bytes, office_id: int, *, seconds: int, at: datetime) -> DoorCode:
    """Return the code that the screen at the door shows."""
    step = _step(at, seconds)
    return DoorCode(_code(key, office_id, step, seconds), at + timedelta(seconds=(step + 1) * seconds - at.timestamp()))


def is_valid(key: bytes, office_id: int, typed: str, *, seconds: int, at: datetime) -> bool:
    """Tell whether the screen showed this code now or a moment ago."""
    step = _step(at, seconds)
    given = typed.strip().lower().encode()
    steps = range(step - TOLERATED, step + AHEAD + 1)
    found = [hmac.compare_digest(_code(key, office_id, each, seconds).encode(), given) for each in steps]
    return any(found)


def _step(at: datetime, seconds: int) -> int:
    return int(at.timestamp() // seconds)


def _code(key: bytes, office_id: int, step: int, seconds: int) -> str:
    digest = hmac.digest(key, f"door|{office_id}|{seconds}|{step}".encode(), "sha256")
    return base64.b32encode(digest).decode()[:LENGTH].lower()
