"""The business day of an office, and what of its settings depends on it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from desk.domain.hours import business_day, day_bounds
from desk.models import Office
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class Day:
    """The office's business day, and for how many days a completed transaction may be opened again."""

    today: date
    began_at: datetime
    reopen_days: int

    @property
    def ends_at(self) -> datetime:
        """When the next day begins."""
        return self.began_at + timedelta(days=1)

    def holds(self, at: datetime) -> bool:
        """Tell whether an instant belongs to this day."""
        return self.began_at <= at < self.ends_at


def get_day(reader: Reader, office_id: int, *, at: datetime) -> Day:
    """Return the office's business day at an instant."""
    row = reader.execute(
        select(Office.zone, Office.day_starts_at, Office.reopen_days).where(Office.id == office_id)
    ).one()
    zone, starts_at = ZoneInfo(row.zone), time(*divmod(row.day_starts_at, 60))
    today = business_day(at, zone, starts_at=starts_at)
    return Day(today, day_bounds(today, zone, starts_at=starts_at)[0], row.reopen_days)
