"""Business days of an office, fast for many instants that lie near one another."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from desk.domain.clock import instant, micros
from desk.domain.hours import business_day, day_bounds


class Days:
    """Tells for instants (microseconds since 1970) the business day, and the hour and weekday on the office's wall."""

    def __init__(self, zone: str, starts_at: int) -> None:
        self.zone = ZoneInfo(zone)
        self._starts_at = time(*divmod(starts_at, 60))
        self._day, self._begins, self._ends = 0, 0, 0

    def day(self, at: int) -> int:
        """Return the business day as an ordinal."""
        if not self._begins <= at < self._ends:
            found = business_day(instant(at), self.zone, starts_at=self._starts_at)
            self._day, (self._begins, self._ends) = found.toordinal(), self.bounds(found)
        return self._day

    def bounds(self, day: date) -> tuple[int, int]:
        """Return when a business day begins and ends."""
        begins, ends = day_bounds(day, self.zone, starts_at=self._starts_at)
        return micros(begins), micros(ends)

    def wall(self, at: int) -> datetime:
        """Return the local time."""
        return instant(at).astimezone(self.zone)

    def pieces(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """Return (day, start, end) for the part of a stretch in each business day."""
        found = []
        while True:
            day = self.day(start)
            ends = min(end, self._ends)
            found.append((day, start, ends))
            if ends >= end:
                return found
            start = ends
