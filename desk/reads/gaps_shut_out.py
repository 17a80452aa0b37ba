"""The finder of what is with somebody who left, or was shut out at once: it stays theirs until somebody takes it."""

from typing import Any

from sqlalchemy import func, select

from desk.domain.gaps import GapAction, GapKind
from desk.domain.lifecycle import State
from desk.models import Service, TransactionRow
from desk.reads.gaps import HOLDER, Gap, Scene, gap_from, open_query


def find_disabled(scene: Scene) -> list[Gap]:
    """Whoever is responsible does not work here any more, or was shut out, and nobody was asked to take it.

    A queue goes on without its head, so of those who wait in one there is one gap: for the first, while the head is
    shut out still and nobody else was named.
    """
    found, office_id = TransactionRow, scene.office_id
    waits = (found.office_id == office_id, found.ended_at.is_(None), _in_the_queue())
    firsts = select(func.min(found.id)).where(*waits).group_by(found.service_id)
    is_first = (Service.head_id == found.holder_id) & found.id.in_(firsts)
    query = (
        open_query(office_id, HOLDER.is_shut_out, _in_the_queue().label("waits"))
        .join(Service, Service.id == found.service_id)
        .where(HOLDER.disabled_at.is_not(None), found.offer_id.is_(None))
        .where(~HOLDER.is_shut_out | ~_in_the_queue() | is_first)
    )
    return [_gap(row) for row in scene.reader.execute(query)]


def _gap(row: Any) -> Gap:
    if not row.is_shut_out:
        return gap_from(row, GapKind.HOLDER_DISABLED, GapAction.REASSIGN)
    if row.waits:
        return gap_from(row, GapKind.HEAD_SHUT_OUT, GapAction.NAME_HEAD)
    return gap_from(row, GapKind.HOLDER_SHUT_OUT, GapAction.REASSIGN)


def _in_the_queue() -> Any:
    """Return the condition that anybody may call whom it is about: no name on it, and no pool."""
    found = TransactionRow
    return (
        (found.state == State.WAITING.value)
        & found.addressee_id.is_(None)
        & found.pool_id.is_(None)
        & found.offer_id.is_(None)
    )
