"""Comparing report days with the rows they were made from."""

from datetime import date
from random import Random
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, select

from desk.models import ReportDay, ReportHead, TransactionRow
from desk.reads.findings import Finding, Findings
from desk.reports.biting import read_days
from desk.reports.building import build
from desk.reports.columns import Columns, Ints, Vocabulary, chosen, columns_from, place_of
from desk.reports.heads import Head, get_head
from desk.reports.kinds import Calls, Handoffs, Kinds, Legs, Transactions, name_of
from desk.reports.loading import moving_since, of_transaction, within

SAMPLE: Final = 5
OF_TRANSACTIONS: Final[Kinds] = (Transactions, Legs, Handoffs, Calls)


def examine_days(connection: Connection, *, sample: int = SAMPLE) -> list[Finding]:
    """Return what does not hold of the report days of all offices; so many days of each are worked out again.

    Give a connection that sees one snapshot.
    """
    found: list[Finding] = []
    for office_id in connection.execute(select(ReportHead.office_id).order_by(ReportHead.office_id)).scalars().all():
        findings = Findings(office_id)
        head = get_head(connection, office_id)
        if head.behind < 0:
            findings.add(4, "report days", "report_heads", f"made up to event {head.number}, which there is not")
        elif head.number:
            _examine(connection, head, findings, sample)
        found += findings.all()
    return found


def _examine(connection: Connection, head: Head, findings: Findings, sample: int) -> None:
    mine = ReportDay.office_id == head.office_id, ReportDay.kind == name_of(Transactions)
    days = list(connection.execute(select(ReportDay.day).where(*mine).order_by(ReportDay.day)).scalars())
    moving = np.array(sorted(moving_since(connection, head)), np.int64)
    _check_whole(connection, head, days, moving, findings)
    # The newest day, and others by chance: the same for the same head.
    some = {*days[-1:], *Random(head.number).sample(days, min(sample - 1, len(days)))}  # noqa: S311
    for day in sorted(some):
        _check_day(connection, head, day, moving, findings)


def _check_whole(connection: Connection, head: Head, days: list[date], moving: Ints, findings: Findings) -> None:
    """Every transaction that nothing moved since is in exactly one day."""
    keys = [(Transactions, day.toordinal()) for day in days]
    kept = [each[0] for each in read_days(connection, head, keys, Vocabulary()).values()]
    stored = np.concatenate(kept) if kept else np.empty(0, np.int64)
    query = select(TransactionRow.id).where(TransactionRow.office_id == head.office_id)
    known = np.array(connection.execute(query).scalars().all(), np.int64)
    stored, known = (np.sort(each[~within(each, moving)]) for each in (stored, known))
    if not np.array_equal(stored, known):
        said = f"they hold {len(stored)} transactions that nothing has moved since, there are {len(known)}"
        findings.add(4, "report days", "report_days", said)


def _check_day(connection: Connection, head: Head, day: date, moving: Ints, findings: Findings) -> None:
    """Work out again what the day says of every transaction that it speaks of."""
    vocabulary = Vocabulary()
    kept = read_days(connection, head, [(kind, day.toordinal()) for kind in OF_TRANSACTIONS], vocabulary)
    stored = {
        kind: chosen(columns, ~within(columns[of_transaction(kind)], moving)) for (kind, _), columns in kept.items()
    }
    ids: set[int] = set().union(*(columns[of_transaction(kind)].tolist() for kind, columns in stored.items()))
    rows = build(connection, head.office_id, ids, head.days(), at=0)
    for kind, columns in stored.items():
        place = place_of(kind, "day")
        fresh = columns_from(kind, [row for row in rows[kind] if row[place] == day.toordinal()], vocabulary)
        if _ordered(columns) != _ordered(fresh):
            findings.add(4, "report days", f"{name_of(kind)} of {day}", "the state tables say something else")


def _ordered(columns: Columns) -> list[tuple[Any, ...]]:
    return sorted(zip(*(column.tolist() for column in columns), strict=True))
