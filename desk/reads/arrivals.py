"""Finding an earlier visit by the number that a person remembers or shows."""

from datetime import date

from sqlalchemy import select

from desk.models import Visit
from desk.reads.reader import Reader


def find_visit_by_number(reader: Reader, office_id: int, day: date, *, series: str, ordinal: int) -> int | None:
    """Return the visit that had this number on a business day, None if none had."""
    query = select(Visit.id).where(
        Visit.office_id == office_id, Visit.day == day, Visit.series == series, Visit.ordinal == ordinal
    )
    return reader.execute(query).scalar_one_or_none()
