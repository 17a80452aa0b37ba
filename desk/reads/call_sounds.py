"""How an office lets its calls be heard, and where its counters are called to."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import select

from desk.domain.call_sounds import CallSounds
from desk.models import Counter, Office
from desk.reads.board import Place
from desk.reads.counter_names import NAMED
from desk.reads.reader import Reader

OFFICES: Any = Office.__table__
# By setting, the column that keeps it, which is also its name in an event.
COLUMNS: Final = {
    "languages": "voice_languages",
    "times": "voice_times",
    "volume": "sound_volume",
    "quiet_from": "sound_quiet_from",
    "quiet_until": "sound_quiet_until",
}


def get_call_sounds(reader: Reader, office_id: int) -> CallSounds:
    """Return how an existing office has it."""
    columns = (OFFICES.c[column] for column in COLUMNS.values())
    languages, *numbers = reader.execute(select(*columns).where(OFFICES.c.id == office_id)).one()
    return CallSounds(tuple(languages), *numbers)


def find_place(reader: Reader, office_id: int, number: int) -> Place | None:
    """Return the counter of that number, one in use before a retired one; None where there was none such."""
    query = select(NAMED).where(Counter.office_id == office_id, Counter.number == number)
    found = reader.execute(query.order_by(Counter.retired, Counter.id.desc()).limit(1)).scalars().one_or_none()
    return None if found is None else Place(found)


def list_named(reader: Reader, office_id: int, languages: Iterable[str]) -> list[Place]:
    """Return the counters in use that have a name of their own in one of these languages, by number."""
    mine = (Counter.office_id == office_id, Counter.retired.is_(False), Counter.back_office.is_(False))
    found = reader.execute(select(NAMED).where(*mine).order_by(Counter.number)).scalars()
    return [place for place in map(Place, found) if place.is_named(languages)]
