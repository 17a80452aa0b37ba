"""The decisions to ask or not, counted where they are alike, for the report of coverage.

All of it stands in one index over the decisions (`ix_invitations_decided`). Only those invited in the message about
another transaction of the visit are looked up one by one, beside the messages of the visit: they are few.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import func, or_, select

from desk.domain.invitation import DecisionReason, InvitationState
from desk.models import Delivery, InvitationRow, TransactionRow
from desk.reads.reader import Reader
from desk.reports.asking import Question

INVITATIONS: Any = InvitationRow.__table__
DELIVERIES: Any = Delivery.__table__
TRANSACTIONS: Any = TransactionRow.__table__
INVITED: Final = frozenset(
    {DecisionReason.BY_EMAIL, DecisionReason.BY_PHONE, DecisionReason.BY_LINK, DecisionReason.SAME_VISIT}
)
# Service, officer, reason, state, whether it was delivered, whether it was begun; as they are stored. And by what the
# message of the visit went to those invited in one about another transaction.
Alike: TypeAlias = tuple[Any, ...]
_ALIKE: Final = (
    *(INVITATIONS.c[name] for name in ("service_id", "officer_id", "reason", "state")),
    INVITATIONS.c.delivered_at.is_not(None).label("delivered"),
    INVITATIONS.c.begun_at.is_not(None).label("begun"),
)


def count_decisions(reader: Reader, office_id: int, begins: datetime, ends: datetime) -> Iterator[Alike]:
    """Yield what is alike and how often that was decided in this time.

    Of what a reopening took back only invitations: who was not invited at that end is decided about at the next. What
    was asked before it was opened again stays: nobody takes an answer, or a silence, out of the figures by reopening.
    """
    mine = _decided(office_id, begins, ends)
    in_one = False
    for *how, count in reader.execute(select(*_ALIKE, func.count()).where(*mine).group_by(*_ALIKE)).tuples():
        if how[2] == DecisionReason.SAME_VISIT.value:
            in_one = True
        else:
            yield *how, None, count
    if in_one:
        theirs = INVITATIONS.c.reason == DecisionReason.SAME_VISIT.value
        rows = select(*_ALIKE, _of_visit().label("message")).where(*mine, theirs).subquery()
        yield from reader.execute(select(*rows.c, func.count()).group_by(*rows.c)).tuples()


def count_open_again(reader: Reader, office_id: int, begins: datetime, ends: datetime, question: Question) -> int:
    """Return how many of those that are counted were opened again since and are not ended.

    Only what is open is looked at (`ix_transactions_open`), each with its decision.
    """
    here = INVITATIONS.c.office_id == TRANSACTIONS.c.office_id
    query = (
        select(func.count())
        .select_from(TRANSACTIONS)
        .join(INVITATIONS, here & (INVITATIONS.c.transaction_id == TRANSACTIONS.c.id))
        .where(TRANSACTIONS.c.office_id == office_id, TRANSACTIONS.c.ended_at.is_(None))
        .where(*_decided(office_id, begins, ends))
    )
    if question.service_id:
        query = query.where(INVITATIONS.c.service_id == question.service_id)
    if question.officer_id:
        query = query.where(INVITATIONS.c.officer_id == question.officer_id)
    return int(reader.execute(query).scalar_one())


def _decided(office_id: int, begins: datetime, ends: datetime) -> tuple[Any, ...]:
    return (
        INVITATIONS.c.office_id == office_id,
        INVITATIONS.c.decided_at >= begins,
        INVITATIONS.c.decided_at < ends,
        or_(INVITATIONS.c.state != InvitationState.SUPERSEDED.value, INVITATIONS.c.reason.in_(INVITED)),
    )


def _of_visit() -> Any:
    """Return the channel of the message that waited when it was decided; of its successor if it was taken back."""
    waited, chosen = DELIVERIES.alias("waited"), DELIVERIES.alias("chosen")
    last = select(func.max(waited.c.id)).where(*_asks(waited), waited.c.queued_at <= INVITATIONS.c.decided_at)
    from_it_on = chosen.c.id >= last.correlate(INVITATIONS).scalar_subquery()
    found = select(chosen.c.channel).where(*_asks(chosen), from_it_on).correlate(INVITATIONS)
    return found.order_by(chosen.c.state == "cancelled", chosen.c.id).limit(1).scalar_subquery()


def _asks(message: Any) -> tuple[Any, ...]:
    here = message.c.office_id == INVITATIONS.c.office_id, message.c.visit_id == INVITATIONS.c.visit_id
    return *here, message.c.kind == "survey"
