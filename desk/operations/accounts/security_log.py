"""The log of what was refused for reasons of security: lines of `desk.security` (OWASP ASVS 5.0, 16.3.2, 16.3.3).

A line tells the kind, who by the person's id, and the route or the operation; the id of the request leads to its line
in `desk.access`. Never a name, an address, a token or a word that was typed. Of each kind and person some lines a
minute are written, so that nobody fills the disk and nobody's noise hides another; the next tells how many were not.
"""

import threading
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from logging import INFO, WARNING, getLogger
from time import monotonic
from typing import Any, Final, TypeVar

from desk.domain.refusals import Reason, Refused
from desk.logs import FACTS

LOG: Final = getLogger("desk.security")
LINES_A_MINUTE: Final = 20
MINUTE_S: Final = 60.0
# Under which the environment of a request of the API keeps whose token it brought, and the token's office and hash.
PERSON: Final = "desk.person"
TOKEN: Final = "desk.token"  # noqa: S105 - the name of a place, not a token
Found = TypeVar("Found")


class Alarm(StrEnum):
    """What a line is about."""

    NOT_SIGNED_IN = "not_signed_in"  # a page or the API was asked for without a session or a token
    NOT_ALLOWED = "not_allowed"  # by the role, or by the rule of the operation
    NOT_THEIRS = "not_theirs"  # an id that does not exist for them: of another office, say
    FORGED = "forged"  # a form without the token of its session, or from another site
    LIMIT = "limit"  # more than anybody may send
    TOO_LONG = "too_long"
    UNFIT = "unfit"  # what no page of ours and no program that keeps to the schema sends


# Refusals that say who may not do something, not that it cannot be done now.
OF_RIGHTS: Final = frozenset(
    {
        Reason.FORBIDDEN, Reason.NOT_CUSTODIAN, Reason.NOT_THE_RECEIVER, Reason.NOT_THE_ONE_ASKED,
        Reason.NOT_IN_THIS_POOL, Reason.WORKS_ELSEWHERE, Reason.NOT_ONES_OWN_FACTOR, Reason.SECOND_FACTOR_DEMANDED,
        Reason.SECOND_FACTOR_FIRST, Reason.LAST_ADMINISTRATOR, Reason.HANDLED_IT, Reason.IN_THE_CHAIN,
        Reason.LAST_KEEPER, Reason.KEEPERS_ONLY, Reason.NOBODY_KEEPS_SERVER,
        Reason.NOT_BY_A_HANDLER, Reason.SHEET_OF_OWN_CASE, Reason.SHEET_OF_OWN_DAY, Reason.ADDRESS_OF_OWN_CASE,
    }
)  # fmt: skip


class Ration:
    """How many lines there may be: so many a minute for each kind and person, in this process."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._minute = clock()
        self._seen: Counter[tuple[Alarm, int | None]] = Counter()

    def take(self, alarm: Alarm, person_id: int | None) -> tuple[bool, int]:
        """Tell whether a line may be written, and how many were left out in the minute before."""
        with self._lock:
            left_out = self._begin_minute()
            self._seen[alarm, person_id] += 1
            return self._seen[alarm, person_id] <= LINES_A_MINUTE, left_out

    def _begin_minute(self) -> int:
        now = self._clock()
        if now - self._minute < MINUTE_S:
            return 0
        left_out = sum(max(0, count - LINES_A_MINUTE) for count in self._seen.values())
        self._minute, self._seen = now, Counter()
        return left_out


RATION: Final = Ration()


def tell(alarm: Alarm, *, person_id: int | None = None, **facts: int | str | None) -> None:
    """Write a line, unless there were enough of its kind; facts are codes, ids and routes as they stand in the code."""
    is_due, left_out = RATION.take(alarm, person_id)
    if left_out:
        LOG.warning("left out %(left_out)d lines", {"left_out": left_out}, extra={FACTS: {"left_out": left_out}})
    if not is_due:
        return
    told: dict[str, Any] = {"alarm": alarm.value, "person": person_id, **facts}
    told = {name: value for name, value in told.items() if value is not None}
    words = " ".join(f"{name}={value}" for name, value in told.items())
    LOG.log(INFO if alarm is Alarm.NOT_SIGNED_IN else WARNING, words, extra={FACTS: told})


def judged(work: Callable[..., Found], unit: Any, request: Any) -> Found:
    """Do the work of an operation; a refusal for want of a right is told, whichever way in it came."""
    try:
        return work(unit)
    except Refused as refused:
        if refused.reason in OF_RIGHTS:
            who = request.actor.person_id
            about = {"verb": request.verb, "reason": refused.reason.value, "office": unit.office_id}
            tell(Alarm.NOT_ALLOWED, person_id=who, **about)
        raise
