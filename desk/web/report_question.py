"""What a report is asked, read from the address and written into it again."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext
from sqlalchemy import select

from desk.domain.hours import business_day
from desk.models import Office
from desk.reads.reader import Reader
from desk.reports.asking import Period, Question, span_of

LONGEST_DAYS: Final = 5 * 366
MOST_MINUTES: Final = 24 * 60
NAMED: Final = frozenset(each.value for each in Period)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a page shows it; `wrong` says what cannot be answered and how to ask instead."""

    question: Question
    period: Period
    wrong: str | None = None

    @property
    def narrowing(self) -> dict[str, Any]:
        """The parts of the address that every link of the page keeps, without the days."""
        found = {
            "service": self.question.service_id or None,
            "counter": self.question.counter_id or None,
            "officer": self.question.officer_id or None,
            "within": None if self.question.within_s is None else self.question.within_s // 60,
        }
        return {name: value for name, value in found.items() if value is not None}

    @property
    def arguments(self) -> dict[str, Any]:
        """All parts of the address: a named period goes on moving with the days, one's own stands still."""
        if self.period is not Period.OWN:
            return {"period": self.period.value, **self.narrowing}
        days = {"since": self.question.since.isoformat(), "until": self.question.until.isoformat()}
        return {"period": Period.OWN.value, **days, **self.narrowing}


def read_question(reader: Reader, office_id: int, at: datetime) -> Asked:
    """Return what this request asks; dates that differ from the named period's make it one's own."""
    today = _today(reader, office_id, at)
    named = request.args.get("period", Period.MONTH.value)
    period = Period(named) if named in NAMED else Period.MONTH
    first, last = span_of(Period.MONTH if period is Period.OWN else period, today)
    since, until = _date("since", first), _date("until", last)
    wrong = _wrong(since, until)
    question = Question(
        since or first,
        until or last,
        request.args.get("service", 0, type=_number),
        request.args.get("counter", 0, type=_number),
        request.args.get("officer", 0, type=_number),
        _within(),
    )
    return Asked(question, period if (since, until) == (first, last) else Period.OWN, wrong)


def _today(reader: Reader, office_id: int, at: datetime) -> date:
    office = reader.execute(select(Office.zone, Office.day_starts_at).where(Office.id == office_id)).one()
    return business_day(at, ZoneInfo(office.zone), starts_at=time(*divmod(office.day_starts_at, 60)))


def _date(name: str, otherwise: date) -> date | None:
    text = request.args.get(name, "").strip()
    if not text:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    value = int(text)
    return value if 0 <= value < 1 << 31 else 0


def _within() -> int | None:
    text = request.args.get("within", "").strip()
    return min(int(text), MOST_MINUTES) * 60 if text.isascii() and text.isdecimal() else None


def _wrong(since: date | None, until: date | None) -> str | None:
    if since is None or until is None:
        return gettext("This is not a date. Write it as year-month-day, for example 2026-03-31.")
    if until < since:
        return gettext("The last day lies before the first. Exchange them, or choose other days.")
    if (until - since).days >= LONGEST_DAYS:
        return gettext("A report covers five years at most. Choose fewer days.")
    return None
