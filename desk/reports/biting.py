"""Working out what the report days become when some more events are taken in; writes nothing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import select

from desk.models import ReportDay
from desk.reads.reader import Reader
from desk.reports.building import Rows, build
from desk.reports.columns import Columns, Vocabulary, chosen, columns_from, decode, empty, encode, joined, place_of
from desk.reports.duties import DutyLog
from desk.reports.heads import Head
from desk.reports.kinds import Duties, Transactions, name_of
from desk.reports.loading import of_transaction, touched_by, within

Key = tuple[type, int]  # kind, and day as an ordinal
Fresh = dict[Key, list[Any]]


@dataclass(frozen=True, slots=True)
class Bite:
    """One step forward: the head before it, the event it leads to, the duties open then, and the days made anew."""

    before: Head
    number: int
    on_duty: dict[str, list[Any]]
    blocks: dict[Key, tuple[int, bytes]]  # how many rows, and the rows


def take_bite(reader: Reader, head: Head, number: int, *, at: int) -> Bite:
    """Return what the days become when the events up to `number` are taken in."""
    log = DutyLog(head.days(), dict(head.on_duty))
    log.follow(reader, head.office_id, after=head.number, upto=number)
    touched = touched_by(reader, head.office_id, after=head.number, upto=number)
    rows = build(reader, head.office_id, touched, head.days(), at=at)
    rows[Duties] = log.rows
    fresh = _by_day(rows)
    vocabulary = Vocabulary()
    kept = read_days(reader, head, fresh, vocabulary)
    ids = np.array(sorted(touched), np.int64)
    blocks = {key: _block(key[0], kept.get(key), new, ids, vocabulary) for key, new in fresh.items()}
    return Bite(head, number, log.on_duty, blocks)


def _by_day(rows: Rows) -> Fresh:
    """Return the rows by kind and day; of transactions that are open none, but their days, where rows may go."""
    ended = {row[0] for row in rows[Transactions] if row[place_of(Transactions, "ended_at")]}
    fresh: Fresh = defaultdict(list)
    for kind, all_rows in rows.items():
        day, of = place_of(kind, "day"), None if kind is Duties else of_transaction(kind)
        for row in all_rows:
            mine = fresh[kind, row[day]]
            if of is None or row[of] in ended:
                mine.append(row)
    return fresh


def _block(kind: type, old: Columns | None, new: list[Any], ids: Any, vocabulary: Vocabulary) -> tuple[int, bytes]:
    kept = empty(kind) if old is None else old
    if kind is not Duties:
        kept = chosen(kept, ~within(kept[of_transaction(kind)], ids))
    columns = joined(kind, [kept, columns_from(kind, new, vocabulary)])
    return len(columns[0]), encode(kind, columns, vocabulary.words)


def read_days(reader: Reader, head: Head, keys: Iterable[Key], vocabulary: Vocabulary) -> dict[Key, Columns]:
    """Return the columns of these days, as far as there are any."""
    wanted: dict[type, list[int]] = defaultdict(list)
    for kind, day in keys if head.number else ():
        wanted[kind].append(day)
    found: dict[Key, Columns] = {}
    for kind, days in wanted.items():
        query = select(ReportDay.day, ReportDay.rows, ReportDay.data).where(
            ReportDay.office_id == head.office_id,
            ReportDay.kind == name_of(kind),
            ReportDay.day.in_([date.fromordinal(day) for day in days]),
        )
        for row in reader.execute(query):
            columns = found[kind, row.day.toordinal()] = empty(kind, row.rows)
            decode(row.data, row.rows, columns, 0, vocabulary)
    return found
