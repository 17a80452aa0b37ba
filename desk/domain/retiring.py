"""When an office can be closed for good, and brought back.

One that is retired gives out no numbers and has nobody on duty. Nothing of it is deleted: whoever could read it still
can, surveys of past visits are answered, and cases that run are brought to their end.
"""

from dataclasses import asdict, dataclass
from typing import Final

from desk.domain.facts import EventName, Fact
from desk.domain.refusals import Reason, Refused

SETTING: Final = "office_retired"


@dataclass(frozen=True, slots=True)
class UnderWay:
    """How much of each still goes on in an office.

    `waiting` are visitors in a queue, `unfinished` transactions that have not ended, those of the waiting among them;
    `offers` and `requests` are those that nobody has answered, `on_duty` officers at a counter or a desk.
    """

    waiting: int = 0
    unfinished: int = 0
    offers: int = 0
    requests: int = 0
    on_duty: int = 0

    @property
    def is_any(self) -> bool:
        """Whether anything goes on."""
        return any(asdict(self).values())


def require_retirable(under_way: UnderWay, *, others: int) -> None:
    """Raise `Refused`: LAST_OFFICE where none of the others is in use, OFFICE_AT_WORK (with the counts)."""
    if not others:
        raise Refused(Reason.LAST_OFFICE)
    if under_way.is_any:
        raise Refused(Reason.OFFICE_AT_WORK, **asdict(under_way))


def retire(under_way: UnderWay, *, is_retired: bool, others: int) -> Fact:
    """Return the event of an office that is closed for good; `others` counts those that are not.

    Raises `Refused`: ALREADY_DONE, and as `require_retirable`.
    """
    if is_retired:
        raise Refused(Reason.ALREADY_DONE)
    require_retirable(under_way, others=others)
    return _told(is_retired=True)


def bring_back(*, is_retired: bool) -> Fact:
    """Return the event of an office that opens again; raise `Refused(ALREADY_DONE)` where it never closed."""
    if not is_retired:
        raise Refused(Reason.ALREADY_DONE)
    return _told(is_retired=False)


def _told(*, is_retired: bool) -> Fact:
    return Fact(EventName.SETTING_CHANGED, {"setting": SETTING, "from": not is_retired, "to": is_retired})
