"""The numbers that were taken with this phone, so that one who goes back and presses again is asked first.

They stand in the signed cookie of the browser; a number that is over is no reason to ask.
"""

from dataclasses import dataclass
from typing import Final

from flask import session, url_for

from desk.domain.identity import office_of
from desk.operations.requests import Request
from desk.reads.visits import find_present_number
from desk.web.context import desk, reader
from desk.web.visitor.status import status_token

COOKIE_KEY: Final = "numbers"
MOST_KEPT: Final = 6


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """A number that still waits or is served, and the address of its page."""

    number: str
    path: str


def keep_number(visit_id: int) -> None:
    """Remember that this phone took a number."""
    others = [each for each in _kept() if each != visit_id]
    session[COOKIE_KEY] = [*others, visit_id][-MOST_KEPT:]


def find_own_number(office_id: int) -> OwnNumber | None:
    """Return the newest number of this phone that is still present in the office."""
    mine = [each for each in _kept() if office_of(each) == office_id]
    if not mine:
        return None
    found = find_present_number(reader(), office_id, mine)
    return None if found is None else OwnNumber(found[1], url_for("visitor.page", token=status_token(found[0])))


def asks_first(office_id: int, request: Request, *, confirmed: bool) -> bool:
    """Tell whether somebody has a number already and did not say that they want another; repeats are never asked."""
    if confirmed or find_own_number(office_id) is None:
        return False
    return not (request.key and desk().streams.is_repeat(office_id, request))


def _kept() -> list[int]:
    found = session.get(COOKIE_KEY)
    return [each for each in found if isinstance(each, int)] if isinstance(found, list) else []
