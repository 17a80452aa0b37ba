"""An officer's own day in numbers: the visitors, how long each was served, handoffs, breaks."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, union_all

from desk.domain.facts import EventName
from desk.domain.handoffs import HandoffState
from desk.domain.identity import event_of
from desk.domain.lifecycle import State
from desk.models import Call, CustodySegment, Duty, EventRow, HandoffRow, TransactionRow
from desk.reads.office_day import Day
from desk.reads.reader import Reader

# An officer cannot have served more in a day; what has ended earlier is not looked at.
MOST = 500


@dataclass(frozen=True, slots=True)
class OwnDay:
    """The day so far; all lengths are seconds, None where there is nothing to take them from."""

    served: int
    mean_s: int | None
    longest_s: int | None
    working_s: int
    on_duty_s: int
    breaks: int
    breaks_s: int
    calls: int
    missed: int
    outcomes: tuple[tuple[str, int], ...]
    given: int
    accepted: int
    taken: int


def get_own_day(reader: Reader, office_id: int, officer_id: int, *, at: datetime, day: Day) -> OwnDay:
    """Return the business day of one officer up to `at`."""
    rows = reader.execute(_segments(office_id, officer_id, day)).all()
    lengths = Counter[int]()
    for row in rows:
        if row.state == State.SERVING.value:
            lengths[row.transaction_id] += _seconds(row.started_at, row.ended_at or at)
    duties = _duties(reader, office_id, officer_id, day)
    breaks = _breaks(reader, office_id, duties, at)
    given, accepted, taken = _handoffs(reader, office_id, officer_id, duties)
    ended = {row.transaction_id: row for row in rows if row.ending is not None and row.ordinal == row.segment}
    return OwnDay(
        served=len(lengths),
        mean_s=sum(lengths.values()) // len(lengths) if lengths else None,
        longest_s=max(lengths.values(), default=None),
        working_s=sum(_seconds(r.started_at, r.ended_at or at) for r in rows if r.state == State.PROCESSING.value),
        on_duty_s=sum(_seconds(max(row.started_at, day.began_at), row.ended_at or at) for row in duties),
        breaks=len(breaks),
        breaks_s=sum(breaks),
        calls=_calls(reader, office_id, officer_id, day),
        missed=sum(row.ending == "no_show" for row in ended.values()),
        outcomes=tuple(Counter(row.outcome for row in ended.values() if row.outcome).most_common()),
        given=given,
        accepted=accepted,
        taken=taken,
    )


def _seconds(start: datetime, end: datetime) -> int:
    return max(0, int((end - start).total_seconds()))


def _segments(office_id: int, officer_id: int, day: Day) -> Any:
    """What the officer had in hand today: of what is open, and of what has ended today."""
    own, found = CustodySegment, TransactionRow
    there = select(found.id).where(found.office_id == office_id, found.ended_at.is_(None))
    ended = select(found.id).where(found.office_id == office_id, found.ended_at >= day.began_at)
    return (
        select(
            own.transaction_id, own.ordinal, own.state, own.started_at, own.ended_at,
            found.segment, found.ending, found.outcome,
        )
        .join(found, (found.office_id == own.office_id) & (found.id == own.transaction_id))
        .where(own.office_id == office_id, own.holder_id == officer_id, own.started_at >= day.began_at)
        .where(found.id.in_(union_all(there, ended)))
        .limit(MOST)
    )  # fmt: skip


def _duties(reader: Reader, office_id: int, officer_id: int, day: Day) -> Sequence[Any]:
    is_today = Duty.ended_at.is_(None) | (Duty.ended_at >= day.began_at)
    query = select(Duty.id, Duty.started_at, Duty.ended_at).where(Duty.office_id == office_id, is_today)
    return reader.execute(query.where(Duty.officer_id == officer_id, Duty.started_at >= day.began_at)).all()


def _breaks(reader: Reader, office_id: int, duties: Sequence[Any], at: datetime) -> list[int]:
    """Return the length of each break of these duties in seconds; one that lasts, until now."""
    if not duties:
        return []
    names = (EventName.BREAK_STARTED.value, EventName.BREAK_ENDED.value)
    rows = reader.execute(
        select(EventRow.name, EventRow.at, EventRow.payload)
        .where(EventRow.office_id == office_id, EventRow.name.in_(names))
        .where(EventRow.transaction_id.is_(None), EventRow.visit_id.is_(None))
        .where(EventRow.number > min(event_of(row.id) for row in duties))
        .order_by(EventRow.number)
    )
    ids, began, lengths = {row.id: row.ended_at for row in duties}, dict[int, datetime](), list[int]()
    for row in rows:
        duty = json.loads(row.payload)["duty"]
        if duty not in ids:
            continue
        if row.name == EventName.BREAK_STARTED.value:
            began[duty] = row.at
        elif duty in began:
            lengths.append(_seconds(began.pop(duty), row.at))
    return lengths + [_seconds(start, ids[duty] or at) for duty, start in began.items()]


def _calls(reader: Reader, office_id: int, officer_id: int, day: Day) -> int:
    """Return how many visitors the officer called, however often; a call that was a slip is none."""
    query = select(Call.visit_id).where(Call.office_id == office_id, Call.last_called_at >= day.began_at)
    own = query.where(Call.officer_id == officer_id, Call.called_at >= day.began_at, Call.taken_back_at.is_(None))
    return len(reader.execute(own.distinct()).all())


def _handoffs(reader: Reader, office_id: int, officer_id: int, duties: Sequence[Any]) -> tuple[int, int, int]:
    """Return how many the officer handed on since coming, how many were accepted, and how many came to them."""
    if not duties:
        return 0, 0, 0
    first = min(row.id for row in duties)
    rows = reader.execute(
        select(HandoffRow.giver_id, HandoffRow.receiver_id, HandoffRow.state).where(
            HandoffRow.office_id == office_id, HandoffRow.id > first
        )
    ).all()
    own = [row for row in rows if row.giver_id == officer_id]
    accepted = sum(row.state == HandoffState.ACCEPTED.value for row in own)
    taken = sum(
        row.receiver_id == officer_id and row.giver_id != officer_id and row.state == HandoffState.ACCEPTED.value
        for row in rows
    )
    return len(own), accepted, taken
