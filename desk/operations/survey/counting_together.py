"""Counting many answers in one go: added up in memory, and read and written once for each day and service.

`desk.operations.survey.tallying.count` does it for a single answer. The queue waits for whoever counts, so of a file of
thousands no answer may cost a way to the database of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Insert, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from desk.domain.tallies import Origin, Tally
from desk.models import SurveyTally
from desk.operations.stream import Unit
from desk.operations.survey.tallying import Cell, Said, tally_of

TALLIES: Any = SurveyTally.__table__
KEY: Final = ("office_id", "holder_id", "day", "service_id", "measure", "origin")
VALUES: Final = tuple(each.name for each in fields(Tally))
AT_ONCE: Final = 500  # days in one query
ANSWERED: Final = 0  # the holder under whom all answers are together
_REMOVE: Final = delete(TALLIES).where(*(TALLIES.c[name] == bindparam(f"key_{name}") for name in KEY))


def add_up(answers: Iterable[tuple[Cell, Said]], *, times: int = 1) -> dict[Cell, Tally]:
    """Return what answers count for, by where they count; `times` of -1 is what takes them out again."""
    tallies: dict[Cell, Tally] = {}
    for cell, said in answers:
        tally = tallies.get(cell) or tallies.setdefault(cell, Tally())
        tally.add(said.answers, said.satisfaction, said.profile, times=times)
    return tallies


def count_together(unit: Unit, tallies: Mapping[Cell, Tally]) -> None:
    """Add tallies to those of all; as if each of their answers had been counted by itself."""
    stored = _stored(unit, tallies)
    written, empty = [], []
    for cell, tally in tallies.items():
        key, whole = _key(unit.office_id, cell), stored.get(cell, Tally())
        whole.merge(tally)
        if whole.is_empty:
            empty.append({f"key_{name}": value for name, value in key.items()})
        else:
            written.append(key | _values(whole))
    for statement, rows in ((_writing(unit), written), (_REMOVE, empty)):
        if rows:
            unit.connection.execute(statement, rows)


def _writing(unit: Unit) -> Insert:
    """Return what writes tallies, whether they are new or not: an update of each is slow on PostgreSQL."""
    on: Any = sqlite if unit.connection.dialect.name == "sqlite" else postgresql
    statement = on.insert(TALLIES)
    changed = {name: statement.excluded[name] for name in VALUES}
    written: Insert = statement.on_conflict_do_update(index_elements=KEY, set_=changed)
    return written


def _stored(unit: Unit, cells: Iterable[Cell]) -> dict[Cell, Tally]:
    """Return the tallies that there are already of these cells."""
    by_class: dict[tuple[str, Origin], list[Cell]] = {}
    for cell in cells:
        by_class.setdefault((cell.measure, cell.origin), []).append(cell)
    found: dict[Cell, Tally] = {}
    for (measure, origin), some in by_class.items():
        days = sorted({each.day for each in some})
        mine = select(TALLIES).where(
            TALLIES.c.office_id == unit.office_id,
            TALLIES.c.holder_id == ANSWERED,
            TALLIES.c.measure == measure,
            TALLIES.c.origin == origin.value,
            TALLIES.c.service_id.in_({each.service_id for each in some}),
        )
        for start in range(0, len(days), AT_ONCE):
            due = days[start : start + AT_ONCE]
            # The bounds too: PostgreSQL would compare every tally there is with every one of the days.
            some_days = TALLIES.c.day.between(due[0], due[-1]) & TALLIES.c.day.in_(due)
            rows = unit.connection.execute(mine.where(some_days))
            found |= {Cell(row.day, row.service_id, measure, origin): tally_of(row) for row in rows}
    return found


def _key(office_id: int, cell: Cell) -> dict[str, Any]:
    key = (office_id, ANSWERED, cell.day, cell.service_id, cell.measure, cell.origin.value)
    return dict(zip(KEY, key, strict=True))


def _values(tally: Tally) -> dict[str, Any]:
    return {name: getattr(tally, name) for name in VALUES}
