"""What an office is called, where it is, in which time zone, and how long some things take; now or from a later day on.

The time zone and the start of the business day say which day it is. They change at the start of a business day, while
nobody waits or is on duty; at once only in an office that has not yet had a visitor.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import select, update

from desk.domain import displays
from desk.domain.access import require
from desk.domain.branding import HEX, weak_in_accent, weak_in_main
from desk.domain.door import read_check_in
from desk.domain.facts import JSON
from desk.domain.giving_way import MOST_TIMES
from desk.domain.refusals import Reason, Refused
from desk.domain.texts import several_lines
from desk.domain.zones import read_zone
from desk.models import Duty, Office, QueueEntry, TransactionRow, Visit
from desk.models.transaction import at_counter, waiting
from desk.operations.settings import planned
from desk.operations.settings.planned import ADMINISTRATORS
from desk.operations.settings.setting_changes import number_of, tell, words_of
from desk.operations.stream import Unit

OFFICES: Any = Office.__table__
VISITS: Any = Visit.__table__
DUTIES: Any = Duty.__table__
ENTRIES: Any = QueueEntry.__table__
TRANSACTIONS: Any = TransactionRow.__table__
KIND: Final = "office"
LONGEST_NAME: Final = 200
LONGEST_ADDRESS: Final = 400
LANGUAGES: Final = ("id", "en")
DAY_SETTINGS: Final = frozenset({"zone", "day_starts_at"})
# Column, and its bounds: minutes after midnight up to noon, seconds, days.
BOUNDS: Final[dict[str, tuple[int, int]]] = {
    "day_starts_at": (0, 720),
    "head_start_s": (0, 14_400),
    "offer_expires_s": (60, 14_400),
    "reopen_days": (0, 366),
    "display_turn_s": displays.TURN_SECONDS,
    "door_code_s": (15, 300),
    "give_way_times": (0, MOST_TIMES),
}


def read_language(value: Any) -> JSON:
    """Return the code of a language; raise `Refused(INVALID)`."""
    if value not in LANGUAGES:
        raise Refused(Reason.INVALID, field="language")
    return str(value)


def read_address(value: Any) -> JSON:
    """Return an address with its line breaks, fit to keep; raise `Refused(INVALID)` for one that is too long."""
    words = several_lines(value) if isinstance(value, str) else ""
    if len(words) > LONGEST_ADDRESS:
        raise Refused(Reason.INVALID, field="address")
    return words


def read_display_languages(value: Any) -> JSON:
    """Return in which languages displays speak; raise `Refused(INVALID)`."""
    if value not in displays.LANGUAGES:
        raise Refused(Reason.INVALID, field="display_languages")
    return str(value)


def read_main_color(value: Any) -> JSON:
    """Return the main color of an office, None for the desk's own; raise `Refused(INVALID)` for an unreadable one."""
    if value is not None and not (_is_color(value) and weak_in_main(value) is None):
        raise Refused(Reason.INVALID, field="main_color")
    return None if value is None else str(value)


def read_accent_color(value: Any) -> JSON:
    """Return the accent of an office, None for the desk's own; raise `Refused(INVALID)` where it is not readable."""
    if value is not None and not (_is_color(value) and weak_in_accent(value) is None):
        raise Refused(Reason.INVALID, field="accent_color")
    return None if value is None else str(value)


def _is_color(value: Any) -> bool:
    return isinstance(value, str) and HEX.fullmatch(value) is not None


def _bounded(column: str) -> Callable[[Any], JSON]:
    least, most = BOUNDS[column]
    return lambda value: number_of(value, column, least=least, most=most)


_READ: Final[dict[str, Callable[[Any], JSON]]] = {
    "name": lambda value: words_of(value, "name", most=LONGEST_NAME),
    "address": read_address,
    "language": read_language,
    "zone": read_zone,
    "phone_check_in": read_check_in,
    "display_languages": read_display_languages,
    "main_color": read_main_color,
    "accent_color": read_accent_color,
    **{column: _bounded(column) for column in BOUNDS},
}
# How a change is told, where the column's name alone would not say it.
_TOLD: Final = {"name": "office_name", "address": "office_address", "language": "office_language"}


def apply(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    """Set what `values` names (columns of the office), and tell each that changes.

    Raises `Refused`: FORBIDDEN, INVALID with the field, DAY_NEEDS_PLAN, VISITORS_IN_THE_HOUSE.
    """
    wanted = _checked(unit, values)
    current = unit.connection.execute(select(OFFICES).where(OFFICES.c.id == unit.office_id)).mappings().one()
    changed = {column: value for column, value in wanted.items() if current[column] != value}
    if DAY_SETTINGS & changed.keys():
        _require_new_day(unit)
    if not changed:
        return
    unit.connection.execute(update(Office).where(Office.id == unit.office_id).values(**changed))
    for column, value in changed.items():
        tell(unit, _TOLD.get(column, column), current[column], value)


def _check(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    _checked(unit, values)


def _checked(unit: Unit, values: Mapping[str, JSON]) -> dict[str, JSON]:
    require(unit.actor, ADMINISTRATORS)
    if not values or not values.keys() <= _READ.keys():
        raise Refused(Reason.INVALID, field="name")
    return {column: _READ[column](value) for column, value in values.items()}


def _require_new_day(unit: Unit) -> None:
    """Refuse to say otherwise which day it is, while a day is under way."""
    here = VISITS.c.office_id == unit.office_id
    if unit.planned is None and _is_any(unit, select(VISITS.c.id).where(here)):
        raise Refused(Reason.DAY_NEEDS_PLAN)
    queue = select(ENTRIES.c.id).where(ENTRIES.c.office_id == unit.office_id, waiting())
    counters = select(TRANSACTIONS.c.id).where(TRANSACTIONS.c.office_id == unit.office_id, at_counter())
    on_duty = select(DUTIES.c.id).where(DUTIES.c.office_id == unit.office_id, DUTIES.c.ended_at.is_(None))
    if any(_is_any(unit, query) for query in (queue, counters, on_duty)):
        raise Refused(Reason.VISITORS_IN_THE_HOUSE)


def _is_any(unit: Unit, query: Any) -> bool:
    return unit.connection.execute(query.limit(1)).first() is not None


planned.register(KIND, apply, _check)
