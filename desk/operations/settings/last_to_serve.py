"""What a change of who serves what leaves without anybody: refused while people wait, else it has to be confirmed."""

from collections.abc import Collection

from desk.domain.refusals import Reason, Refused
from desk.domain.services import Pair, SkillChanges, left_unserved
from desk.operations.stream import Unit
from desk.reads.served import list_queues


def holding(unit: Unit) -> frozenset[Pair]:
    """Return who may be given visitors of what, those who have left too."""
    return frozenset((who, what) for who, served in unit.configuration.skills.items() for what in served)


def find_left(unit: Unit, changes: SkillChanges, now: Collection[Pair]) -> frozenset[int]:
    """Return the services, retired ones too, that somebody serves `now` and nobody does after the changes."""
    return left_unserved(changes, now=now, active=unit.configuration.active)


def require_none_waits(unit: Unit, left: Collection[int]) -> None:
    """Raise `Refused(STILL_WAITED_FOR)` with the letters of those that people wait for now, retired or not."""
    waited_for = {*left} & list_queues(unit.connection, unit.office_id).keys() if left else set[int]()
    if waited_for:
        raise Refused(Reason.STILL_WAITED_FOR, letters=_letters(unit, waited_for))


def require_sure(unit: Unit, left: Collection[int], sure_of: Collection[int]) -> None:
    """Raise `Refused(LAST_TO_SERVE)` with those in use (letters; left: ids between spaces) unless all are confirmed."""
    in_use = {each for each in left if not unit.configuration.services[each].retired}
    if in_use - {*sure_of}:
        raise Refused(Reason.LAST_TO_SERVE, letters=_letters(unit, in_use), left=" ".join(map(str, sorted(in_use))))


def _letters(unit: Unit, services: Collection[int]) -> str:
    return ", ".join(sorted(unit.configuration.services[each].series for each in services))
