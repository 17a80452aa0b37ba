"""Batches of answers from paper and files, and the questionnaires they may follow."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from desk.domain.identity import event_of
from desk.domain.tallies import Origin
from desk.models import EventRow, ImportRow, Person, SurveyImport
from desk.reads.reader import Reader

IMPORTS: Any = SurveyImport.__table__
EVENTS: Any = EventRow.__table__
ROWS: Any = ImportRow.__table__
SHOWN = 50
AT_ONCE: Final = 500  # digests in one query


@dataclass(frozen=True, slots=True)
class Batch:
    """One taking over; `alike` said the same as rows before, and count because somebody decided so."""

    id: int
    origin: Origin
    measure: str
    answers: int
    first_day: date
    last_day: date
    made_at: datetime
    by: str | None
    undone_at: datetime | None
    alike: int = 0


def list_batches(reader: Reader, office_id: int) -> tuple[Batch, ...]:
    """Return the latest fifty batches, the newest first."""
    query = (
        select(IMPORTS, Person.name)
        .outerjoin(Person, Person.id == IMPORTS.c.made_by)
        .where(IMPORTS.c.office_id == office_id)
        .order_by(IMPORTS.c.id.desc())
        .limit(SHOWN)
    )
    rows = reader.execute(query).all()
    alike = _alike(reader, office_id, [row.id for row in rows])
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
            alike.get(row.id, 0),
        )
        for row in rows
    )


def _alike(reader: Reader, office_id: int, ids: Sequence[int]) -> dict[int, int]:
    """Return how many rows of batches said the same as others before: it stands in the event, whose id a batch has."""
    batches = {event_of(each): each for each in ids}
    query = select(EVENTS.c.number, EVENTS.c.payload).where(
        EVENTS.c.office_id == office_id, EVENTS.c.number.in_(batches)
    )
    return {batches[number]: json.loads(text).get("alike", 0) for number, text in reader.execute(query).tuples()}


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
