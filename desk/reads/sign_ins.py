"""Reading who signed in, or tried to, among the staff of an office; and what was tried under no name that is known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, or_, select

from desk.models import Membership, Person, SignInRecord
from desk.reads.reader import Reader

LIMIT: Final = 200
BATCH: Final = 1_000
NOBODY: Final = -1  # as a person: attempts under names that nobody has


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records are wanted: of one person (`NOBODY`: of none), with one outcome, from one moment to another."""

    person_id: int = 0
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One record; `person` is None where nobody has the name that was typed, `typed` tells such names apart."""

    at: datetime
    person: str | None
    outcome: str
    how: str
    source: str | None
    typed: str | None


def list_attempts(reader: Reader, office_id: int, wanted: Wanted) -> list[Attempt]:
    """Return the newest records, the newest first."""
    return [Attempt(*row) for row in reader.execute(_query(office_id, wanted).limit(LIMIT)).tuples()]


def iterate_attempts(connection: Connection, office_id: int, wanted: Wanted) -> Iterator[Attempt]:
    """Yield all records, the newest first, in memory that does not grow with their number."""
    with connection.execute(_query(office_id, wanted), execution_options={"yield_per": BATCH}) as rows:
        for row in rows.tuples():
            yield Attempt(*row)


def _query(office_id: int, wanted: Wanted) -> Select[Any]:
    kept = SignInRecord
    # Guests sign in where they are at home: what they did there is none of this office's business.
    colleagues = select(Membership.person_id).where(Membership.office_id == office_id, Membership.is_guest.is_(False))
    query = (
        select(kept.at, Person.name, kept.outcome, kept.how, kept.source, kept.typed)
        .outerjoin(Person, Person.id == kept.person_id)
        .where(or_(kept.person_id.is_(None), kept.person_id.in_(colleagues)))
        .order_by(kept.at.desc(), kept.id.desc())
    )
    if wanted.person_id:
        of_them = kept.person_id.is_(None) if wanted.person_id == NOBODY else kept.person_id == wanted.person_id
        query = query.where(of_them)
    if wanted.outcome:
        query = query.where(kept.outcome == wanted.outcome)
    if wanted.since is not None:
        query = query.where(kept.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(kept.at < wanted.until)
    return query
