"""Putting the report days and what happened since together."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, bindparam, column, select, table

from desk.domain.clock import micros
from desk.domain.lifecycle import OPEN_STATES
from desk.models import ReportDay
from desk.models.prepared import Prepared
from desk.reads.clocks import list_office_time_used
from desk.reads.reader import Reader
from desk.reports.building import Rows, build
from desk.reports.columns import Column, Columns, Vocabulary, chosen, columns_from, decode, empty, joined, place_of
from desk.reports.duties import DutyLog
from desk.reports.heads import Head, get_head
from desk.reports.kinds import Duties, Kinds, Transactions, name_of

KEPT = Prepared(
    select(ReportDay.rows, ReportDay.data)
    .where(
        ReportDay.office_id == bindparam("office"),
        ReportDay.kind == bindparam("kind"),
        ReportDay.day.between(bindparam("since"), bindparam("until")),
    )
    .order_by(ReportDay.day)
)


def load_columns(
    reader: Reader,
    office_id: int,
    since: date,
    until: date,
    *,
    at: datetime,
    kinds: Kinds,
    only: Mapping[type, frozenset[str]],
) -> tuple[dict[type, Columns], tuple[str, ...]]:
    """Return the columns of each kind and their words; every kind has its columns, asked for or not."""
    head = get_head(reader, office_id)
    vocabulary = Vocabulary()
    span = (since.toordinal(), until.toordinal())
    found: dict[type, Columns] = {}
    moving = moving_since(reader, head)
    used = list_office_time_used(reader, office_id, at=at) if _reads(Transactions, "work_used", kinds, only) else {}
    rows: Rows = build(reader, office_id, moving, head.days(), at=micros(at), used=used)
    rows[Duties] = _stretches_since(reader, head, since, until, micros(at)) if Duties in kinds else []
    ids = np.array(sorted(moving), np.int64)
    for kind in rows:
        if kind not in kinds:
            found[kind] = empty(kind)
            continue
        kept = _kept(reader, head, kind, since, until, vocabulary, only.get(kind))
        if kind is not Duties:
            kept = chosen(kept, ~within(kept[of_transaction(kind)], ids))
        live = _in_time(kind, rows[kind], span)
        found[kind] = joined(kind, [kept, columns_from(kind, live, vocabulary)]) if live else kept
    return found, vocabulary.words


def _reads(kind: type, column_: str, kinds: Kinds, only: Mapping[type, frozenset[str]]) -> bool:
    return kind in kinds and column_ in only.get(kind, (column_,))


def moving_since(reader: Reader, head: Head) -> set[int]:
    """Return the transactions whose rows the report days do not hold: those open, and those with later events."""
    office: ColumnElement[bool] = column("office_id") == head.office_id
    found: Select[Any] = select(column("id")).select_from(table("transactions"))
    # The states are named for the planner of SQLite, which would otherwise read all transactions of the office.
    still = column("state").in_([each.value for each in OPEN_STATES])
    still_open = found.where(office, still, column("ended_at").is_(None))
    touched = touched_by(reader, head.office_id, after=head.number, upto=head.newest)
    return touched | set(reader.execute(still_open).scalars())


def touched_by(reader: Reader, office_id: int, *, after: int, upto: int) -> set[int]:
    """Return the transactions of the events above number `after`, up to and with `upto`; reads along the key."""
    number: ColumnElement[Any] = column("number")
    query = (
        select(number, column("transaction_id"))
        .select_from(table("events"))
        .where(column("office_id") == office_id, number > after, number <= upto)
        .order_by(number)
    )
    return {row.transaction_id for row in reader.execute(query)} - {None}


def _stretches_since(reader: Reader, head: Head, since: date, until: date, at: int) -> list[tuple[Any, ...]]:
    days = head.days()
    log = DutyLog(days, dict(head.on_duty))
    log.follow(reader, head.office_id, after=head.number, upto=head.newest)
    log.close_all(days.bounds(since)[0], min(at, days.bounds(until)[1]))
    return log.rows


def _kept(
    reader: Reader,
    head: Head,
    kind: type,
    since: date,
    until: date,
    vocabulary: Vocabulary,
    only: frozenset[str] | None,
) -> Columns:
    if head.number == 0:  # none, or in another format
        return empty(kind)
    connection = reader if isinstance(reader, Connection) else reader.connection()
    values = {"office": head.office_id, "kind": name_of(kind), "since": since, "until": until}
    found = KEPT.blobs(connection, values)
    # Which transaction a row belongs to is always needed, to leave out what has moved since.
    wanted = only and only | {"id" if kind is Transactions else "transaction"}
    columns, first = empty(kind, sum(row.rows for row in found), wanted), 0
    for row in found:
        decode(row.data, row.rows, columns, first, vocabulary)
        first += row.rows
    return columns


def of_transaction(kind: type) -> int:
    """Return the position of the column that says which transaction a row belongs to."""
    return place_of(kind, "id" if kind is Transactions else "transaction")


def within(values: Column, ordered: Column) -> Any:
    """Return which values are among the ordered ones."""
    if not len(ordered):
        return np.zeros(len(values), bool)
    places = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    return ordered[places] == values


def _in_time(kind: type, rows: Sequence[tuple[Any, ...]], span: tuple[int, int]) -> list[tuple[Any, ...]]:
    place = place_of(kind, "day")
    return [row for row in rows if span[0] <= row[place] <= span[1]]
