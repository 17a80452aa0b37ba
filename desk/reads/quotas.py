"""How many numbers a service gave out on a business day: what its quota is held against.

Counted are the transactions that were opened at check-in, whatever became of them and wherever they went since; who is
here again for something open takes a number, but opens none.
"""

from datetime import date
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from desk.models import TransactionRow, Visit

TRANSACTIONS: Any = TransactionRow.__table__
VISITS: Any = Visit.__table__
_FIRST_OF_DAY: Final = (
    select(func.min(VISITS.c.id))
    .where(VISITS.c.office_id == bindparam("office"), VISITS.c.day == bindparam("day"))
    .scalar_subquery()
)
# Ids rise with time, so those of a day are one piece of the primary key, from the day's first visit on.
ISSUED: Final = (
    select(TRANSACTIONS.c.first_service_id, func.count().label("issued"))
    .join(VISITS, (VISITS.c.office_id == TRANSACTIONS.c.office_id) & (VISITS.c.id == TRANSACTIONS.c.first_visit_id))
    .where(
        TRANSACTIONS.c.office_id == bindparam("office"),
        TRANSACTIONS.c.id > _FIRST_OF_DAY,
        VISITS.c.day == bindparam("day"),
    )
    .group_by(TRANSACTIONS.c.first_service_id)
)


def issued_on(reader: Any, office_id: int, day: date) -> dict[int, int]:
    """Return how many numbers each service gave out on a business day; those that gave none are missing."""
    rows = reader.execute(ISSUED, {"office": office_id, "day": day})
    return dict(rows.tuples().all())
