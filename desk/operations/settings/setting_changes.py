"""How a change of a setting is told: one event for what was changed, with what it was and what it is now."""

from typing import Any

from desk.domain.facts import JSON, EventName, Fact
from desk.domain.refusals import Reason, Refused
from desk.domain.texts import one_line
from desk.operations.stream import Unit


def tell(unit: Unit, setting: str, before: JSON, after: JSON, **about: JSON) -> bool:
    """Append the event of one change and have every process read the configuration anew; nothing where nothing changed.

    `about` are ids and codes of what the setting belongs to.
    """
    if before == after:
        return False
    unit.append(Fact(EventName.SETTING_CHANGED, {"setting": setting, "from": before, "to": after, **about}))
    unit.renew_configuration()
    return True


def words_of(value: Any, field: str, *, most: int) -> str:
    """Return typed words on one line, fit to keep; raise `Refused(INVALID)` for none, or too many."""
    words = one_line(value) if isinstance(value, str) else ""
    if not 0 < len(words) <= most:
        raise Refused(Reason.INVALID, field=field)
    return words


def number_of(value: Any, field: str, *, least: int, most: int) -> int:
    """Return a whole number between its bounds; raise `Refused(INVALID)`."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Refused(Reason.INVALID, field=field)
    return value
