"""Seeing to it that what was erased leaves the files of the database too, after the commit and out of everybody's way.

Each erasing unit counts an erasure; whoever clears the files afterwards writes down how far the count was then. So it
is found after a crash as well, by whichever process works next.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Engine, insert, select, update

from desk.domain.access import SYSTEM
from desk.models import Wiping
from desk.models.clearing import clear
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.reads.reader import Reader

WIPINGS: Any = Wiping.__table__
# Where words, names and addresses stand.
TABLES: Final = (
    "visit_contacts", "voice_contacts", "deliveries", "notes", "case_words", "handoff_words", "response_details",
    "loose_responses", "floor_messages", "survey_askings", "survey_blocks",
)  # fmt: skip


def ask_for_wiping(unit: Unit) -> None:
    """Have the files cleared once this unit, which erases something, is committed."""
    mine = WIPINGS.c.office_id == unit.office_id
    raised = update(WIPINGS).where(mine).values(asked=WIPINGS.c.asked + 1, asked_at=unit.at)
    if not unit.connection.execute(raised).rowcount:
        row = {"office_id": unit.office_id, "asked": 1, "done": 0, "asked_at": unit.at, "done_at": None}
        unit.connection.execute(insert(WIPINGS), row)


def list_unwiped(reader: Reader, *, before: datetime | None = None) -> dict[int, int]:
    """Return the offices with erasures (all, or of before a moment) that may still lie in the files: id → count."""
    conditions = [WIPINGS.c.asked > WIPINGS.c.done]
    if before is not None:
        conditions.append(WIPINGS.c.asked_at < before)
    query = select(WIPINGS.c.office_id, WIPINGS.c.asked).where(*conditions).order_by(WIPINGS.c.office_id)
    return dict(reader.execute(query).tuples().all())


def wipe(streams: Streams, engine: Engine) -> bool:
    """Clear the files where something was erased; False where a reader held the log and it must be tried again."""
    with streams.reading() as connection:
        asked = list_unwiped(connection)
    if not asked:
        return True
    if not clear(engine, TABLES):
        return False
    note_wiped(streams, asked)
    return True


def note_wiped(streams: Streams, asked: Mapping[int, int]) -> None:
    """Write down that the files were cleared of so many erasures of these offices; later ones still wait."""
    for office_id, count in asked.items():
        streams.run(office_id, Request(SYSTEM, "note_wiped"), partial(_note, count))


def _note(count: int, unit: Unit) -> Done:
    mine = (WIPINGS.c.office_id == unit.office_id, WIPINGS.c.done < count)
    unit.connection.execute(update(WIPINGS).where(*mine).values(done=count, done_at=unit.clock_now))
    return unit.done()
