"""Batches of answers from paper and files, and the questionnaires they may follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from desk.domain.tallies import Origin
from desk.models import ImportRow, Person, SurveyImport
from desk.reads.reader import Reader

IMPORTS: Any = SurveyImport.__table__
ROWS: Any = ImportRow.__table__
SHOWN = 50
AT_ONCE: Final = 500  # digests in one query


@dataclass(frozen=True, slots=True)
class Batch:
    """One taking over."""

    id: int
    origin: Origin
    measure: str
    answers: int
    first_day: date
    last_day: date
    made_at: datetime
    by: str | None
    undone_at: datetime | None


def list_batches(reader: Reader, office_id: int) -> tuple[Batch, ...]:
    """Return the latest fifty batches, the newest first."""
    query = (
        select(IMPORTS, Person.name)
        .outerjoin(Person, Person.id == IMPORTS.c.made_by)
        .where(IMPORTS.c.office_id == office_id)
        .order_by(IMPORTS.c.id.desc())
        .limit(SHOWN)
    )
    return tuple(
        Batch(
            row.id,
            Origin(row.origin),
            row.measure,
            row.answers,
            row.first_day,
            row.last_day,
            row.made_at,
            row.name,
            row.undone_at,
        )
        for row in reader.execute(query)
    )


def find_taken(reader: Reader, office_id: int, digests: Sequence[str]) -> dict[str, datetime]:
    """Return which of these rows of a file are taken over already, by their digests, and when each was."""
    found: dict[str, datetime] = {}
    for start in range(0, len(digests), AT_ONCE):
        some = digests[start : start + AT_ONCE]
        query = (
            select(ROWS.c.digest, IMPORTS.c.made_at)
            .join(IMPORTS, (IMPORTS.c.office_id == ROWS.c.office_id) & (IMPORTS.c.id == ROWS.c.import_id))
            .where(ROWS.c.office_id == office_id, ROWS.c.digest.in_(some))
        )
        found |= dict(reader.execute(query).tuples().all())
    return found
