"""Finding a visit by the number a visitor shows."""

import re
from datetime import date
from typing import Final

from sqlalchemy import select

from desk.models import Visit
from desk.reads.reader import Reader

# However it is typed: "A007", "a 7", "A-07".
_NUMBER: Final = re.compile(r"\s*([A-Za-z]{1,3})[\s.-]*0*([0-9]{1,5})\s*")


def find_visit_by_number(reader: Reader, office_id: int, typed: str, *, day: date) -> int | None:
    """Return the visit with this number on a business day, None where there is none."""
    number = _NUMBER.fullmatch(typed)
    if number is None or not number[2]:
        return None
    query = select(Visit.id).where(
        Visit.office_id == office_id,
        Visit.day == day,
        Visit.series == number[1].upper(),
        Visit.ordinal == int(number[2]),
    )
    return reader.execute(query).scalar_one_or_none()
