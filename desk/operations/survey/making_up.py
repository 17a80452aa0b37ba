"""Making up for a question that a reopening took back: whoever leaves the transaction in work keeps nobody from asking.

After so many working days in work the system decides as for the last end. A transaction that ends before is decided
about at that end, and leaves this list with it. So does one whose message had gone out and was held: from the limit on
its link works and its reminder waits as after an end.
"""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import literal_column, select

from desk.domain.invitation import DecidedAt
from desk.operations.finding import get_transaction
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.operations.survey.asking import INVITATIONS, LastEnd, ask_at_limit, find_invitation, time_anew
from desk.operations.survey.taking_back import limit_for

AT_ONCE: Final = 100
# As literal text: with bound parameters the partial index would not be used.
_TAKEN_BACK: Final = (
    INVITATIONS.c.state == literal_column("'superseded'"),
    INVITATIONS.c.decision == literal_column("'invited'"),
)
_HELD: Final = (INVITATIONS.c.state == literal_column("'open'"), INVITATIONS.c.held_at.is_not(None))


def offices_with_taken_back(streams: Streams) -> list[int]:
    """Return the offices in which an invitation was taken back or held a day ago or more and has been so since.

    No limit is shorter.
    """
    since = INVITATIONS.c.taken_back_at <= streams.clock() - timedelta(days=1)
    offices = select(INVITATIONS.c.office_id.distinct())
    with streams.reading() as connection:
        found = [connection.execute(offices.where(*which, since)).scalars().all() for which in (_TAKEN_BACK, _HELD)]
    return sorted(set().union(*found))


def make_up(streams: Streams, office_id: int, request: Request) -> Done:
    """Decide about the transactions whose limit is over, at most 100; answers decided (their ids), retimed (theirs)."""

    def work(unit: Unit) -> Done:
        over, held = (_list_over(unit, which) for which in (_TAKEN_BACK, _HELD))
        for each in over:
            transaction = get_transaction(unit, each.transaction_id)
            ask_at_limit(unit, transaction, LastEnd(_service(unit, each), each.officer_id))
        for each in held:
            invitation = find_invitation(unit, invitation_id=each.id)
            if invitation is not None:
                time_anew(unit, invitation, DecidedAt.LIMIT)
        return unit.done(decided=[each.transaction_id for each in over], retimed=[each.transaction_id for each in held])

    return streams.run(office_id, request, work)


def _list_over(unit: Unit, which: tuple[Any, ...]) -> list[Any]:
    query = select(INVITATIONS).where(*which, INVITATIONS.c.office_id == unit.office_id)
    found = unit.connection.execute(query.order_by(INVITATIONS.c.taken_back_at)).all()
    return [each for each in found if unit.at >= _limit(unit, each)][:AT_ONCE]


def _limit(unit: Unit, row: Any) -> Any:
    return limit_for(unit, _service(unit, row), row.taken_back_at)


def _service(unit: Unit, row: Any) -> int:
    """Return the service of the last end; decisions of the first days did not say it."""
    return row.service_id or get_transaction(unit, row.transaction_id).service_id
