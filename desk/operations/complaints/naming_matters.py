"""Which matter a visitor means who types a queue number and a day, and who had a hand in it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from desk.domain.complaints import read_number, read_visit_day
from desk.models import TransactionRow, Visit
from desk.operations.complaints.following_up import handlers_of, today_of
from desk.operations.stream import Unit
from desk.reads.barred import list_handlers_of_day

TRANSACTIONS: Any = TransactionRow.__table__
VISITS: Any = Visit.__table__


@dataclass(frozen=True, slots=True)
class Tied:
    """The transaction of a visit that was named, if exactly one is meant, and who had a hand in it."""

    transaction_id: int | None = None
    service_id: int | None = None
    handlers: frozenset[int] = frozenset()


def tie(unit: Unit, number: str, day: str, service_id: int | None) -> Tied:
    """Find the one transaction that is meant, in any spelling; where several could be, none is."""
    meant, visited = read_number(number), read_visit_day(day, today=today_of(unit))
    if meant is None or visited is None:
        return Tied()
    rows = unit.connection.execute(_meant(unit.office_id, meant, visited)).all()
    if service_id is not None:
        rows = [row for row in rows if service_id in (row.service_id, row.first_service_id)]
    if len(rows) != 1:
        return Tied()
    return Tied(rows[0].id, rows[0].service_id, frozenset(handlers_of(unit, rows[0].id)))


def _meant(office_id: int, number: tuple[str, int], day: date) -> Any:
    series, ordinal = number
    visit = (
        select(VISITS.c.id)
        .where(
            VISITS.c.office_id == office_id,
            VISITS.c.day == day,
            VISITS.c.series == series,
            VISITS.c.ordinal == ordinal,
        )
        .scalar_subquery()
    )
    return select(TRANSACTIONS.c.id, TRANSACTIONS.c.service_id, TRANSACTIONS.c.first_service_id).where(
        TRANSACTIONS.c.office_id == office_id, TRANSACTIONS.c.visit_id == visit
    )


def handlers_of_day(unit: Unit, day: str) -> set[int]:
    """Return who had a hand in any matter of a visitor of that day.

    In the place of who handled the one matter, where their names together would lead to it.
    """
    visited = read_visit_day(day, today=today_of(unit))
    return set() if visited is None else list_handlers_of_day(unit.connection, unit.office_id, visited)
