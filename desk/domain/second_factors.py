"""The second factor: codes of an app by time (RFC 6238), recovery codes, how wrong ones are slowed down, who needs one.

Six digits, a step of 30 s, one step to either side (RFC 6238, 5.2): what every app of that kind reads from a picture.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from desk.domain.access import Actor, Role, acting_person, require
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.refusals import Reason, Refused
from desk.domain.staff import Member

STEP_S: Final = 30
DIGITS: Final = 6
WINDOW: Final = 1  # steps to either side
SEEN_STEPS: Final = 20  # as far back or ahead a code is known again, to tell somebody that their clock is wrong
HALF_WAY_S: Final = 300  # as long somebody may look for the code
SETTING_UP_S: Final = 900  # as long somebody who must have a second factor may take to set it up
ADMINISTRATORS: Final = frozenset({Role.ADMIN})

FREE_FAILURES: Final = 5
LONGEST_WAIT_S: Final = 3600


class Verdict(StrEnum):
    """What became of a code."""

    RIGHT = "right"
    WRONG = "wrong"
    USED = "used"  # it was right, and was taken before
    PAST = "past"  # right at another time: the clock of the phone is slow
    AHEAD = "ahead"  # the same, fast; only said to whoever sees the secret anyway
    WAIT = "wait"  # too many were wrong: not looked at
    SEALED = "sealed"  # nobody can tell: what is kept was sealed with another key than the one that is here


def step_at(at: datetime) -> int:
    """Return the step of time that an instant lies in."""
    return int(at.timestamp()) // STEP_S


def wait_until(failures: int, failed_at: datetime | None) -> datetime | None:
    """Return until when no code is looked at: from the fifth wrong one a minute, then twice as long, up to an hour.

    That leaves whoever knows the password and guesses about 24 codes a day, of which three in a million are right.
    """
    if failed_at is None or failures < FREE_FAILURES:
        return None
    seconds = min(LONGEST_WAIT_S, 60 * 2 ** min(failures - FREE_FAILURES, 10))
    return failed_at + timedelta(seconds=seconds)


def tidied(typed: str) -> str:
    """Return a code as it is compared: without blanks and hyphens, in small letters."""
    return "".join(each for each in typed.lower() if each.isascii() and each.isalnum())


def is_of_app(code: str) -> bool:
    """Tell whether a tidied code is one of an app: six digits."""
    return len(code) == DIGITS and code.isdigit()


def recovery_hash(key: bytes, person_id: int, code: str) -> str:
    """Return what is kept of a recovery code: keyed, and of this person only (64 hex digits)."""
    return hmac.new(key, f"recovery|{person_id}|{tidied(code)}".encode(), hashlib.sha256).hexdigest()


def demand(before: Iterable[str], wanted: frozenset[Role], *, actor: Actor, has_factor: bool) -> Fact:
    """Say which roles need a second factor; whoever says so has one, so that nobody locks everybody out.

    Raises `Refused`: FORBIDDEN, ALREADY_DONE, SECOND_FACTOR_FIRST.
    """
    require(actor, ADMINISTRATORS)
    if frozenset(before) == wanted:
        raise Refused(Reason.ALREADY_DONE)
    if wanted - frozenset(before) and not has_factor:
        raise Refused(Reason.SECOND_FACTOR_FIRST)
    after = sorted(role.value for role in wanted)
    return setting("second_factor_roles", list[JSON](sorted(before)), list[JSON](after))


def take_away(member: Member, *, actor: Actor, has_factor: bool) -> Fact:
    """Take somebody's second factor away, who lost the phone; one's own goes on one's own page, with a code.

    Raises `Refused`: FORBIDDEN, NOT_ONES_OWN_FACTOR, WORKS_ELSEWHERE, ALREADY_DONE.
    """
    require(actor, ADMINISTRATORS)
    if actor.person_id is not None and acting_person(actor) == member.id:
        raise Refused(Reason.NOT_ONES_OWN_FACTOR)
    if not member.within_reach:
        raise Refused(Reason.WORKS_ELSEWHERE)
    if not has_factor:
        raise Refused(Reason.ALREADY_DONE)
    return setting("second_factor", "app", None, person=member.id)


def setting(name: str, before: JSON, after: JSON, **about: JSON) -> Fact:
    """Return the change of a setting; codes and ids only, never a secret."""
    changed: dict[str, JSON] = {"setting": name, "from": before, "to": after}
    return Fact(EventName.SETTING_CHANGED, {**changed, **about})
