"""Who had a hand in the matter of a case: by the custody that is written down, whatever role they have today.

A case keeps the handlers of the time it was opened. Its matter may have been opened again since, and earlier versions
kept supervisors only; so where the matter is known, custody is asked. The matter itself is for no page: of a
confidential answer nobody may learn it.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, and_, func, or_, select

from desk.domain.lifecycle import State
from desk.models import CustodySegment, FollowUpRow, ResponseRow, TransactionRow, Visit, VoiceRow
from desk.reads.reader import Reader

FOLLOW_UPS: Any = FollowUpRow.__table__
RESPONSES: Any = ResponseRow.__table__
SEGMENTS: Any = CustodySegment.__table__
TRANSACTIONS: Any = TransactionRow.__table__
VISITS: Any = Visit.__table__
VOICES: Any = VoiceRow.__table__
AT_ONCE: Final = 500
ANSWER: Final = and_(RESPONSES.c.office_id == FOLLOW_UPS.c.office_id, RESPONSES.c.id == FOLLOW_UPS.c.response_id)
# The transaction that a follow-up is about, shown or not: to be selected with `ANSWER` joined.
MATTER: Final = func.coalesce(FOLLOW_UPS.c.transaction_id, RESPONSES.c.transaction_id).label("matter_id")


def list_handlers(reader: Reader, office_id: int, transaction_ids: Collection[int | None]) -> dict[int, frozenset[int]]:
    """Return by transaction who had a hand in it; the head of a queue in which it only waited had none."""
    found: dict[int, set[int]] = {}
    for transaction_id, holder_id in _held(reader, office_id, transaction_ids):
        found.setdefault(transaction_id, set()).add(holder_id)
    return {transaction_id: frozenset(holders) for transaction_id, holders in found.items()}


def handled_by(
    reader: Reader, office_id: int, person_id: int | None, transaction_ids: Collection[int | None]
) -> set[int]:
    """Return in which of these transactions somebody had a hand."""
    mine = SEGMENTS.c.holder_id == person_id
    return {transaction_id for transaction_id, _ in _held(reader, office_id, transaction_ids, mine)}


def _held(
    reader: Reader, office_id: int, transaction_ids: Collection[int | None], *conditions: Any
) -> Iterator[tuple[int, int]]:
    wanted = sorted({each for each in transaction_ids if each is not None})
    for first in range(0, len(wanted), AT_ONCE):
        query = select(SEGMENTS.c.transaction_id, SEGMENTS.c.holder_id).where(
            SEGMENTS.c.office_id == office_id,
            SEGMENTS.c.transaction_id.in_(wanted[first : first + AT_ONCE]),
            SEGMENTS.c.state != State.WAITING.value,
            *conditions,
        )
        yield from reader.execute(query.distinct()).tuples()


def list_handlers_of_day(reader: Reader, office_id: int, day: date, service_id: int = 0) -> set[int]:
    """Return who had a hand in any matter of the visitors of a day, on whatever day they had it.

    With a service in those only that began there or are there now; 0 is all.
    """
    of_day = (
        select(TRANSACTIONS.c.id)
        .join(VISITS, (VISITS.c.office_id == TRANSACTIONS.c.office_id) & (VISITS.c.id == TRANSACTIONS.c.visit_id))
        .where(VISITS.c.office_id == office_id, VISITS.c.day == day, TRANSACTIONS.c.office_id == office_id)
    )
    if service_id:
        of_day = of_day.where(
            or_(*(each == service_id for each in (TRANSACTIONS.c.service_id, TRANSACTIONS.c.first_service_id)))
        )
    found = list_handlers(reader, office_id, reader.execute(of_day).scalars().all())
    return set[int]().union(*found.values())


def list_barred(reader: Reader, office_id: int, case_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Return by its id who must not follow up each of these voices and follow-ups."""
    rows = [row for query in (_voices(), _follow_ups()) for row in _of(reader, query, office_id, case_ids)]
    handlers = list_handlers(reader, office_id, [row.matter_id for row in rows])
    return {row.id: frozenset(row.barred) | handlers.get(row.matter_id, frozenset()) for row in rows}


def _voices() -> tuple[Any, Select[Any]]:
    return VOICES, select(VOICES.c.id, VOICES.c.barred, VOICES.c.transaction_id.label("matter_id"))


def _follow_ups() -> tuple[Any, Select[Any]]:
    return FOLLOW_UPS, select(FOLLOW_UPS.c.id, FOLLOW_UPS.c.barred, MATTER).outerjoin(RESPONSES, ANSWER)


def _of(reader: Reader, asked: tuple[Any, Select[Any]], office_id: int, case_ids: Collection[int]) -> list[Any]:
    table, query = asked
    return list(reader.execute(query.where(table.c.office_id == office_id, table.c.id.in_(case_ids))))
