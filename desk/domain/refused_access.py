"""What was refused to somebody who is known, and how often: counted by the hour, so that nobody fills a disk."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from desk.domain.identity import MAX_OFFICE_ID

# How many different things are told apart of a person in an hour; what comes beyond counts together.
TOLD_APART: Final = 40
LONGEST_ROUTE: Final = 200
NO_OFFICE: Final = 0  # what was asked for is of no office


class RefusedAs(StrEnum):
    """Why somebody did not get what they asked for."""

    NOT_SIGNED_IN = "not_signed_in"  # with a token that was revoked, has run out, or acts in a role its person lost
    NOT_ALLOWED = "not_allowed"
    NOT_THEIRS = "not_theirs"
    FORGED = "forged"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is counted together: of an hour (when it begins), a person, the pattern of a route and a token's hash."""

    hour: datetime
    office_id: int
    person_id: int
    kind: RefusedAs
    route: str
    token_hash: str = ""

    @property
    def among_others(self) -> "Refusal":
        """Return as what it counts where too many were told apart already."""
        return replace(self, office_id=NO_OFFICE, route="", token_hash="")


Counted = Mapping[Refusal, tuple[int, datetime]]  # how often, and when last


def refusal_at(
    at: datetime, *, office_id: int | None, person_id: int, kind: RefusedAs, route: str, token_hash: str = ""
) -> Refusal:
    """Return as what a refusal of this moment counts; an office that cannot be is none."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    office = office_id if office_id is not None and 0 < office_id <= MAX_OFFICE_ID else NO_OFFICE
    return Refusal(hour, office, person_id, kind, route[:LONGEST_ROUTE], token_hash)
