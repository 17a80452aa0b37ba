"""What erased profiles of taken-over answers count for: kept with their batch, so that it can still be taken back.

The tallies keep counting a profile that was erased. Of a batch the same numbers are kept apart, by day and service as
the tallies are, and nothing that leads from them to an answer.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, insert, select, update

from desk.domain.tallies import Origin, Tally, added
from desk.models import ImportProfile
from desk.operations.stream import Unit
from desk.operations.survey.tallying import Cell, uncount_profiles

KEPT: Any = ImportProfile.__table__
Place = tuple[int, Any, int]  # batch, day, service (0: not told)


def keep_counted(unit: Unit, rows: Iterable[Any]) -> None:
    """Keep what the profiles of loose answers count for that are about to be erased; what is in no batch stays."""
    counted: dict[Place, Tally] = {}
    for row in rows:
        if row.import_id is not None and row.profile:
            place = (row.import_id, row.day, row.service_id or 0)
            counted.setdefault(place, Tally()).add({}, None, row.profile)
    for place, tally in counted.items():
        _keep(unit, place, tally.profile)


def _keep(unit: Unit, place: Place, profile: dict[str, dict[str, int]]) -> None:
    key = {"office_id": unit.office_id, **dict(zip(("import_id", "day", "service_id"), place, strict=True))}
    mine = [KEPT.c[name] == value for name, value in key.items()]
    before = unit.connection.execute(select(KEPT.c.profile).where(*mine)).scalar()
    if before is None:
        unit.connection.execute(insert(ImportProfile), {**key, "profile": profile})
    else:
        unit.connection.execute(update(KEPT).where(*mine).values(profile=added([before, profile])))


def uncount_kept(unit: Unit, batch: Any) -> None:
    """Take what was kept of a batch (a row of `survey_imports`) out of the tallies, and keep it no more."""
    mine = (KEPT.c.office_id == unit.office_id, KEPT.c.import_id == batch.id)
    for row in unit.connection.execute(select(KEPT).where(*mine)).all():
        uncount_profiles(unit, Cell(row.day, row.service_id, batch.measure, Origin(batch.origin)), row.profile)
    unit.connection.execute(delete(KEPT).where(*mine))
