"""The last step of an officer that could be taken back, as far as nothing has followed it."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from desk.domain.facts import EventName
from desk.domain.lifecycle import Action, State
from desk.domain.slips import UNDOABLE, Taken, undoing
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


def find_last_step(reader: Reader, office_id: int, officer_id: int, *, at: datetime, within_s: int) -> LastStep | None:
    """Return the officer's newest step that moved a transaction last, if it can be taken back now."""
    if within_s <= 0:
        return None
    newest = select(Stream.number).where(Stream.office_id == office_id).scalar_subquery()
    found = TransactionRow
    row = reader.execute(
        select(found.id, Visit.label, EventRow.name, EventRow.payload, EventRow.at)
        .select_from(EventRow)
        .join(found, (found.office_id == EventRow.office_id) & (found.id == EventRow.transaction_id))
        .join(Visit, (Visit.office_id == found.office_id) & (Visit.id == found.visit_id))
        .where(EventRow.office_id == office_id, EventRow.number > newest - NEWEST, EventRow.actor_id == officer_id)
        .where(EventRow.at >= at - timedelta(seconds=within_s), found.moved_by == EventRow.number)
        .where(EventRow.name.in_(sorted(each.value for each in UNDOABLE)))
        .order_by(EventRow.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    taken = Taken(EventName(row.name), State(json.loads(row.payload)["before"]), officer_id, row.at)
    action = undoing(taken, actor_id=officer_id, at=at, within_s=within_s)
    return None if action is None else LastStep(row.id, row.label, action, row.at + timedelta(seconds=within_s))
