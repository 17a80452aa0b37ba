"""Reading who looked at or exported what, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, select

from desk.models import AccessRecord, Person, TransactionRow, Visit
from desk.reads.reader import Reader

LIMIT: Final = 50  # a page
BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the log is wanted: by one person, one verb, one kind of thing, between moments, before one look."""

    person_id: int = 0
    verb: str = ""
    subject: str = ""
    before: int = 0
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One look: `person` None for whoever worked at the command line, `number` that of a transaction's visit."""

    at: datetime
    person: str | None
    verb: str
    subject: str
    subject_id: int | None
    number: str | None
    id: int


def list_looks(reader: Reader, office_id: int, wanted: Wanted, *, limit: int = LIMIT) -> list[Look]:
    """Return the newest looks, the newest first."""
    return [Look(*row) for row in reader.execute(_query(office_id, wanted).limit(limit)).tuples()]


def iterate_looks(connection: Connection, office_id: int, wanted: Wanted) -> Iterator[Look]:
    """Yield all looks, the newest first, in memory that does not grow with their number."""
    with connection.execute(_query(office_id, wanted), execution_options={"yield_per": BATCH}) as rows:
        for row in rows.tuples():
            yield Look(*row)


def list_lookers(reader: Reader, office_id: int) -> list[tuple[int, str]]:
    """Return everybody who ever looked at something here, by name."""
    lookers = select(AccessRecord.person_id).where(AccessRecord.office_id == office_id).distinct()
    query = select(Person.id, Person.name).where(Person.id.in_(lookers)).order_by(Person.name)
    return [(row[0], row[1]) for row in reader.execute(query).tuples()]


def _query(office_id: int, wanted: Wanted) -> Select[Any]:
    of_transaction = (TransactionRow.office_id == office_id) & (TransactionRow.id == AccessRecord.subject_id)
    query = (
        select(
            AccessRecord.at,
            Person.name,
            AccessRecord.verb,
            AccessRecord.subject,
            AccessRecord.subject_id,
            Visit.label,
            AccessRecord.id,
        )
        .outerjoin(Person, Person.id == AccessRecord.person_id)
        .outerjoin(TransactionRow, of_transaction & AccessRecord.subject.startswith("transaction"))
        .outerjoin(Visit, (Visit.office_id == office_id) & (Visit.id == TransactionRow.visit_id))
        .where(AccessRecord.office_id == office_id)
        .order_by(AccessRecord.at.desc(), AccessRecord.id.desc())
    )
    if wanted.person_id:
        query = query.where(AccessRecord.person_id == wanted.person_id)
    if wanted.verb:
        query = query.where(AccessRecord.verb == wanted.verb)
    if wanted.subject:
        query = query.where(AccessRecord.subject == wanted.subject)
    if wanted.before:
        query = query.where(_earlier_than(office_id, wanted.before))
    if wanted.since is not None:
        query = query.where(AccessRecord.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AccessRecord.at < wanted.until)
    return query


def _earlier_than(office_id: int, look_id: int) -> ColumnElement[bool]:
    """Return what lies before one look, in the order of the list."""
    its = select(AccessRecord.at).where(AccessRecord.office_id == office_id, AccessRecord.id == look_id)
    at = its.scalar_subquery()
    return (AccessRecord.at < at) | ((AccessRecord.at == at) & (AccessRecord.id < look_id))
