"""Batches of answers from paper and files, and the questionnaires they may follow."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
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
    """One taking over; `alike` said the same as rows before, and count because somebody decided so.

    `rest` are how many more respondents of the same file were to follow in further batches.
    """

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
    rest: int = 0


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
    said = _said(reader, office_id, [row.id for row in rows])
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
            said[row.id].get("alike", 0),
            said[row.id].get("rest", 0),
        )
        for row in rows
    )


def _said(reader: Reader, office_id: int, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return what stands in the events of batches and in no row; a batch has the id of its event."""
    batches = {event_of(each): each for each in ids}
    query = select(EVENTS.c.number, EVENTS.c.payload).where(
        EVENTS.c.office_id == office_id, EVENTS.c.number.in_(batches)
    )
    return {batches[number]: json.loads(text) for number, text in reader.execute(query).tuples()}


def list_parts(reader: Reader, office_id: int, digest: str) -> list[int]:
    """Return the batches of a file, by its digest, that was interrupted the last time before its end; else none.

    The end is the batch after which nothing was to follow: what came before the one of an earlier time is not among
    them. Nor are batches that were taken back.
    """
    theirs = (IMPORTS.c.office_id == office_id, IMPORTS.c.digest == digest, IMPORTS.c.undone_at.is_(None))
    ids = reader.execute(select(IMPORTS.c.id).where(*theirs).order_by(IMPORTS.c.id.desc())).scalars().all()
    said = _said(reader, office_id, ids)
    return list(takewhile(lambda each: said[each].get("rest"), ids))


def list_digests(reader: Reader, office_id: int, batches: Collection[int]) -> frozenset[str]:
    """Return by what the rows of batches are known again."""
    if not batches:
        return frozenset()
    query = select(ROWS.c.digest).where(ROWS.c.office_id == office_id, ROWS.c.import_id.in_(batches))
    return frozenset(reader.execute(query).scalars())


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
