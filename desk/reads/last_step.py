"""The last step of an officer that could be taken back, as far as nothing has followed it."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from desk.domain.facts import EventName
from desk.domain.identity import id_of
from desk.domain.lifecycle import AT_COUNTER_STATES, Action
from desk.domain.queueing import DutyState, Post
from desk.domain.slips import BRINGS_BACK, NO_STEPS, UNDOABLE, Taken, state_before, undoing
from desk.models import EventRow, Stream, TransactionRow, Visit
from desk.reads.reader import Reader

# Within the seconds that can be set no office writes more events; further back nothing is looked for.
NEWEST = 500


@dataclass(frozen=True, slots=True)
class LastStep:
    """What can be taken back, of which transaction, how, and until when."""

    transaction_id: int
    number: str
    action: Action
    until: datetime


def find_last_step(
    reader: Reader, office_id: int, officer_id: int, *, post: Post | None, at: datetime, within_s: int
) -> LastStep | None:
    """Return the officer's newest step, if it can be taken back now from where they stand.

    Only the newest of any kind counts: what lies before it, or before its undoing, is no longer at hand.
    """
    step = _newest_step(reader, office_id, officer_id, since=at - timedelta(seconds=within_s)) if within_s > 0 else None
    if step is None or step.name not in UNDOABLE:
        return None
    before = state_before(json.loads(step.payload))
    if before is None:
        return None
    taken = Taken(EventName(step.name), before, officer_id, step.at)
    action = undoing(taken, actor_id=officer_id, at=at, within_s=within_s)
    if action is None:
        return None
    found = _moved_last(reader, office_id, step)
    if found is None or (action in BRINGS_BACK and (found.offer_id or found.elsewhere or not _is_free(post))):
        return None
    return LastStep(found.id, found.label, action, step.at + timedelta(seconds=within_s))


def _newest_step(reader: Reader, office_id: int, officer_id: int, *, since: datetime) -> Any:
    newest = select(Stream.number).where(Stream.office_id == office_id).scalar_subquery()
    return reader.execute(
        select(EventRow.number, EventRow.name, EventRow.transaction_id, EventRow.payload, EventRow.at)
        .where(EventRow.office_id == office_id, EventRow.number > newest - NEWEST, EventRow.actor_id == officer_id)
        .where(EventRow.at >= since, EventRow.name.not_in(sorted(each.value for each in NO_STEPS)))
        .order_by(EventRow.number.desc())
        .limit(1)
    ).one_or_none()


def _moved_last(reader: Reader, office_id: int, step: Any) -> Any:
    """Return the transaction that the step moved, None where another step has followed."""
    found = TransactionRow
    transaction_id = step.transaction_id or id_of(office_id, number=step.number)
    return reader.execute(
        select(found.id, found.offer_id, Visit.label, _elsewhere().label("elsewhere"))
        .join(Visit, (Visit.office_id == found.office_id) & (Visit.id == found.visit_id))
        .where(found.office_id == office_id, found.id == transaction_id, found.moved_by == step.number)
    ).one_or_none()


def _elsewhere() -> ColumnElement[bool]:
    """Whether the visitor is at a counter for something else meanwhile."""
    other = aliased(TransactionRow)
    same = (other.office_id == TransactionRow.office_id) & (other.visit_id == TransactionRow.visit_id)
    at_counter = other.state.in_(sorted(each.value for each in AT_COUNTER_STATES))
    return exists().where(same, other.id != TransactionRow.id, at_counter)


def _is_free(post: Post | None) -> bool:
    return post is not None and not (post.back_office or post.busy or post.state is DutyState.BREAK)
