"""Days of an address, from one to another, as the filters of lists have them; both are included."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext

LONGEST_SHOWN = 40
FIRST, LAST = date(1970, 1, 1), date(9998, 12, 31)


@dataclass(frozen=True, slots=True)
class DaysAsked:
    """The moments that the days begin and end at, what was typed, and what is wrong with each day."""

    since: datetime | None
    until: datetime | None
    given: dict[str, str]
    faults: dict[str, str]  # by field

    @property
    def wrong(self) -> str | None:
        """What is wrong with the days, in one text."""
        return " ".join(dict.fromkeys(self.faults.values())) or None


def read_days(zone: str) -> DaysAsked:
    """Return the days `from` and `to` of the address in an office's zone."""
    since, until = _day("from"), _day("to")
    where = ZoneInfo(zone)
    return DaysAsked(
        None if since is None else datetime.combine(since, time(), where),
        None if until is None else datetime.combine(until + timedelta(days=1), time(), where),
        {name: _text(name) for name in ("from", "to")},
        _faults(since, until),
    )


def _faults(since: date | None, until: date | None) -> dict[str, str]:
    """Return what is wrong with the days of the address, by field; a picker of days cannot show what is none."""
    unread = [name for name, day in (("from", since), ("to", until)) if day is None and _text(name)]
    if unread:
        return {
            name: gettext("“%(value)s” is no day of the calendar. Choose a day.", value=_text(name)[:LONGEST_SHOWN])
            for name in unread
        }
    if since and until and until < since:
        return {"to": gettext("The last day lies before the first. Exchange them, or choose other days.")}
    return {}


def _day(name: str) -> date | None:
    """Return a day of the address; one before or after all records stands for the first or last that can be counted."""
    try:
        return min(max(date.fromisoformat(_text(name)), FIRST), LAST)
    except ValueError:
        return None


def _text(name: str) -> str:
    return request.args.get(name, "").strip()
