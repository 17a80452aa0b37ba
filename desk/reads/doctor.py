"""Looking whether an office's records hold together: the eight invariants, from the event log up.

The events are read twice: once in order (chain, order, numbers, counters, calls), once transaction by transaction to
rebuild the state tables by the same projection that wrote them. Neither needs memory for more than part of the history.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from typing import Final

from sqlalchemy import ColumnClause, Connection, column, func, select, table
from sqlalchemy.exc import DBAPIError

from desk.domain.audit import Head
from desk.models import Office, Stream
from desk.reads.case_check import check_case_words
from desk.reads.database_check import check_database
from desk.reads.findings import Finding, Findings
from desk.reads.planned_check import check_planned
from desk.reads.replay import REBUILT, Rebuilt, Span
from desk.reads.stream_check import StreamCheck
from desk.reads.tally_check import check_tallies
from desk.reads.transaction_check import TransactionCheck

__all__ = ["Finding", "examine"]

NO_OFFICE: Final = 0


def examine(
    connection: Connection,
    keys: Mapping[str, bytes],
    checkpoints: Mapping[int, Head] | None = None,
    *,
    offices: Collection[int] | None = None,
) -> list[Finding]:
    """Return what does not hold, of all offices or only these; nothing when all is well.

    `keys` are the keys of the trail by id, `checkpoints` the heads kept outside the database by office. Give a
    connection that has no transaction yet: all is read from one snapshot, so that an office at work is no finding.
    """
    if connection.dialect.name == "postgresql" and not connection.in_transaction():
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    database = Findings(NO_OFFICE)
    check_database(connection, database)
    found = database.all()
    for office_id in sorted(offices if offices is not None else _offices(connection, checkpoints or {})):
        found += _examine_office(connection, office_id, keys, (checkpoints or {}).get(office_id))
    return found


def _offices(connection: Connection, checkpoints: Mapping[int, Head]) -> set[int]:
    """Return every office that any row speaks of, whether it exists or not."""
    known = set(connection.execute(select(Office.id).union(select(Stream.office_id))).scalars())
    for name in ("events", *REBUILT):
        known.update(_offices_in(connection, name))
    return known | checkpoints.keys()


def _offices_in(connection: Connection, name: str) -> Iterator[int]:
    """Yield the offices in a table, leaping from one to the next by its key."""
    office_id: ColumnClause[int] = column("office_id")
    query = select(func.min(office_id)).select_from(table(name))
    found = connection.execute(query).scalar()
    while found is not None:
        yield found
        found = connection.execute(query.where(office_id > found)).scalar()


def _examine_office(
    connection: Connection, office_id: int, keys: Mapping[str, bytes], checkpoint: Head | None
) -> list[Finding]:
    findings = Findings(office_id)
    try:
        _read_all(connection, findings, keys, checkpoint)
    except DBAPIError as error:
        findings.add(0, "unreadable", "database", str(error.orig))
    return findings.all()


def _read_all(connection: Connection, findings: Findings, keys: Mapping[str, bytes], checkpoint: Head | None) -> None:
    rebuilt = Rebuilt(findings)
    stream = StreamCheck(connection, findings, rebuilt)
    stream.read(keys, checkpoint)
    transactions = TransactionCheck(connection, findings, rebuilt, stream.offsets, keys)
    for after, last in pairwise([None, *stream.parts, None]):
        transactions.check(Span(after, last))
    check_tallies(connection, findings)
    check_case_words(connection, findings, keys)
    check_planned(connection, findings, keys)
