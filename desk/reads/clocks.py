"""Both clocks and the promise of many transactions at once: as they run, or as they were frozen at the end."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, select

from desk.domain.clocks import ClockRules, Ruler, Stretch, counting_causes
from desk.domain.lifecycle import State
from desk.domain.promises import percent_used, standing
from desk.domain.reasons import PauseCause
from desk.domain.risk import Standing
from desk.models import CustodySegment, Office, TransactionRow
from desk.reads.calendars import list_kept
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class PromiseView:
    """What was promised when the documents were complete, and how much of the office time it allows is used."""

    complete_at: datetime
    promised_at: datetime
    quantity: int
    allowed_s: int
    used_s: int
    percent: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class ClockView:
    """Both clocks in seconds; `frozen` once the transaction has ended, `running` while the office's clock may run."""

    visitor_s: int
    office_s: int
    frozen: bool
    running: bool
    promise: PromiseView | None


def list_clocks(
    reader: Reader, office_id: int, transaction_ids: Collection[int], rules: ClockRules, *, at: datetime
) -> dict[int, ClockView]:
    """Return the clocks of these transactions as of `at`; those the office does not have are left out."""
    if not transaction_ids:
        return {}
    return _read(reader, office_id, TransactionRow.id.in_(transaction_ids), rules, at)


def list_running_promises(reader: Reader, office_id: int, rules: ClockRules, *, at: datetime) -> dict[int, ClockView]:
    """Return the clocks of every open transaction whose documents are complete, as of `at`."""
    running = TransactionRow.ended_at.is_(None) & TransactionRow.complete_at.is_not(None)
    return _read(reader, office_id, running, rules, at)


def list_office_time_used(reader: Reader, office_id: int, *, at: datetime) -> dict[int, int]:
    """Return the office's time in seconds since complete documents, of every open transaction that has them."""
    found = TransactionRow
    running = select(found.id).where(
        found.office_id == office_id, found.ended_at.is_(None), found.complete_at.is_not(None)
    )
    if reader.execute(running.limit(1)).first() is None:
        return {}  # and no calendar need be read
    views = list_running_promises(reader, office_id, _get_rules(reader, office_id), at=at)
    return {each: view.promise.used_s for each, view in views.items() if view.promise is not None}


def _get_rules(reader: Reader, office_id: int) -> ClockRules:
    office = reader.execute(select(Office.clock_causes, Office.risk_percent).where(Office.id == office_id)).one()
    calendars = {service_id: kept.calendar for service_id, kept in list_kept(reader, office_id).items()}
    return ClockRules(calendars, counting_causes(office.clock_causes), office.risk_percent)


def _read(
    reader: Reader, office_id: int, wanted: ColumnElement[bool], rules: ClockRules, at: datetime
) -> dict[int, ClockView]:
    found, segment = TransactionRow, CustodySegment
    rows = reader.execute(
        select(
            found.id,
            found.ended_at.label("closed_at"),
            found.complete_at,
            found.promised_at,
            found.quantity,
            found.promise_s,
            found.visitor_s,
            found.office_s,
            found.used_s,
            segment.service_id,
            segment.state,
            segment.cause,
            segment.started_at,
            segment.ended_at,
        )
        .join(segment, (segment.office_id == found.office_id) & (segment.transaction_id == found.id))
        .where(found.office_id == office_id, wanted)
        .order_by(found.id, segment.ordinal)
    ).all()
    if not rows:
        return {}
    ruler = Ruler(rules, [stretch_from(row) for row in rows], at=at)
    grouped = groupby(rows, key=lambda row: row.id)
    return {transaction_id: _view(list(group), ruler, rules, at) for transaction_id, group in grouped}


def _view(rows: list[Any], ruler: Ruler, rules: ClockRules, at: datetime) -> ClockView:
    """Return the clocks of one transaction from its segments; frozen ones need no calendar."""
    head = rows[0]
    stretches = [stretch_from(row) for row in rows]
    if head.visitor_s is not None:
        visitor_s, office_s, used_s = head.visitor_s, head.office_s, head.used_s
    else:
        clocks = ruler.read(stretches)
        visitor_s, office_s = _seconds(clocks.visitor), _seconds(clocks.office)
        used_s = _used(stretches, head.complete_at, ruler)
    last = stretches[-1]
    running = head.closed_at is None and (last.state is not State.PAUSED or last.cause in rules.counting)
    promise = None if head.complete_at is None else _promise(head, used_s or 0, rules)
    return ClockView(visitor_s, office_s, head.visitor_s is not None, running, promise)


def _used(stretches: Iterable[Stretch], complete_at: datetime | None, ruler: Ruler) -> int | None:
    return None if complete_at is None else _seconds(ruler.office_time(stretches, since=complete_at))


def _promise(head: Any, used_s: int, rules: ClockRules) -> PromiseView:
    used, allowed = timedelta(seconds=used_s), timedelta(seconds=head.promise_s)
    return PromiseView(
        head.complete_at,
        head.promised_at,
        head.quantity,
        head.promise_s,
        used_s,
        percent_used(used, allowed),
        standing(used, allowed, risk_percent=rules.risk_percent),
    )


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())


def stretch_from(row: Any) -> Stretch:
    """Return a custody segment as the clocks see it."""
    cause = None if row.cause is None else PauseCause(row.cause)
    return Stretch(row.service_id, State(row.state), cause, row.started_at, row.ended_at)
