"""Files and rows that come again: looked up before the office is locked, and under the lock only as far as need be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from desk.domain.refusals import Reason, Refused
from desk.models import ImportRow, SurveyImport
from desk.operations.stream import Streams, Unit
from desk.reads.survey_imports import find_taken

IMPORTS: Any = SurveyImport.__table__
ROWS: Any = ImportRow.__table__


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The digests of rows, which of them were taken over, and the batch that was the latest then."""

    digests: Sequence[str]
    latest: int
    taken: Sequence[str]


def look_up(streams: Streams, office_id: int, digests: Sequence[str]) -> LookedUp:
    """Look rows up without the office's lock."""
    if not digests:
        return LookedUp((), 0, ())
    with streams.reading() as connection:
        # The batch first: what comes in between is looked up twice, not never.
        latest = connection.execute(select(func.max(IMPORTS.c.id)).where(IMPORTS.c.office_id == office_id)).scalar()
        return LookedUp(digests, latest or 0, list(find_taken(connection, office_id, digests)))


def require_new_rows(unit: Unit, looked_up: LookedUp) -> None:
    """Refuse rows that are taken over: of what was looked up before the lock only what may have changed since."""
    digests = set(looked_up.digests)
    if not digests:
        return
    later = select(ROWS.c.digest).where(ROWS.c.office_id == unit.office_id, ROWS.c.import_id > looked_up.latest)
    if (
        len(digests) < len(looked_up.digests)
        or find_taken(unit.connection, unit.office_id, looked_up.taken)
        or not digests.isdisjoint(unit.connection.execute(later).scalars())
    ):
        raise Refused(Reason.ALREADY_DONE)


def require_new_file(unit: Unit, digest: str | None) -> None:
    """Refuse a file that was taken over when nothing of its rows was kept yet; later ones are known row by row."""
    if digest is None:
        return
    same = (IMPORTS.c.office_id == unit.office_id, IMPORTS.c.digest == digest, IMPORTS.c.undone_at.is_(None))
    rows = (ROWS.c.office_id == IMPORTS.c.office_id) & (ROWS.c.import_id == IMPORTS.c.id)
    query = select(IMPORTS.c.id).where(*same, ~select(ROWS.c.digest).where(rows).exists())
    if unit.connection.execute(query).first() is not None:
        raise Refused(Reason.ALREADY_DONE)
