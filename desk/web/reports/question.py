"""What a report is asked, read from the address and written into it again; what cannot be meant is never widened."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext
from sqlalchemy import select

from desk.domain.hours import business_day
from desk.models import Duty, Office
from desk.reads.reader import Reader
from desk.reads.report_names import Names, find_people
from desk.reports.asking import Period, Question, span_of

LONGEST_DAYS: Final = 5 * 366
MOST_MINUTES: Final = 24 * 60
LONGEST_NUMBER: Final = 9  # digits: below what a key of a database holds
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


def read_question(reader: Reader, office_id: int, at: datetime, names: Names) -> Asked:
    """Return what this request asks; dates that differ from the named period's make it one's own.

    Whatever is wrong narrows nothing and is told in `wrong`, all of it; the rest stands. `names` are what the office
    has; somebody who was on duty here once is added to them when asked for.
    """
    today = today_of(reader, office_id, at)
    named = _said("period") or Period.MONTH.value
    period = Period(named) if named in NAMED else Period.MONTH
    first, last = span_of(Period.MONTH if period is Period.OWN else period, today)
    since, until = _date("since", first), _date("until", last)
    _add_former(reader, office_id, names)
    known: dict[str, Container[int]] = {
        "service": names.services, "counter": names.counters, "officer": names.people
    }  # fmt: skip
    chosen = {name: number for name, ids in known.items() if (number := _number(name)) in ids}
    question = Question(
        since or first,
        until or last,
        chosen.get("service", 0),
        chosen.get("counter", 0),
        chosen.get("officer", 0),
        _within(),
    )
    wrong = [_wrong(since, until), *_unknown(known), *_misread(office_id)]
    return Asked(question, period if (since, until) == (first, last) else Period.OWN, together(wrong))


def together(sentences: Iterable[str | None]) -> str | None:
    """Return in one text what there is to say, None for nothing."""
    return " ".join(each for each in sentences if each) or None


def _said(name: str) -> str:
    return request.args.get(name, "").strip()


def today_of(reader: Reader, office_id: int, at: datetime) -> date:
    """Return the business day of an office."""
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


def _number(name: str) -> int:
    """Return the number that stands in the address, -1 for none and for what is no number."""
    text = _said(name)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else -1


def _within() -> int | None:
    """Return the seconds in which service is to begin; None for as promised, and for what is not such a time."""
    minutes = _number("within")
    return minutes * 60 if 0 <= minutes <= MOST_MINUTES else None


def _add_former(reader: Reader, office_id: int, names: Names) -> None:
    """Add the one asked for to the names if they were once on duty here; nobody of other offices."""
    officer_id = _number("officer")
    if officer_id < 0 or officer_id in names.people:
        return
    of_theirs = select(Duty.id).where(Duty.office_id == office_id, Duty.officer_id == officer_id).limit(1)
    if reader.execute(of_theirs).first() is not None:
        names.people.update(find_people(reader, [officer_id]))


def _unknown(known: Mapping[str, Container[int]]) -> list[str]:
    """Return a sentence for each thing asked for that the office does not have, whether another one has it or not."""
    sentences = {
        "service": gettext("This office has no such service. Choose one from the list."),
        "counter": gettext("This office has no such counter. Choose one from the list."),
        "officer": gettext("Nobody here has this number. Choose an officer from the list."),
    }
    return [sentences[name] for name, ids in known.items() if _said(name) and _number(name) not in ids]


def _misread(office_id: int) -> list[str]:
    """Return a sentence for each other part of the address that cannot be meant."""
    found = []
    if _said("period") and _said("period") not in NAMED:
        found.append(gettext("There is no such period. Choose one of those above, or the days yourself."))
    if _said("within") and _within() is None:
        found.append(gettext("“Served within” is a number of whole minutes from 0 to 1440, or empty."))
    if _said("office") not in ("", str(office_id)):
        found.append(gettext("A report is of one office. Open the reports of the other one instead."))
    return found


def _wrong(since: date | None, until: date | None) -> str | None:
    if since is None or until is None:
        return gettext("This is not a date. Write it as year-month-day, for example 2026-03-31.")
    if until < since:
        return gettext("The last day lies before the first. Exchange them, or choose other days.")
    if (until - since).days >= LONGEST_DAYS:
        return gettext("A report covers five years at most. Choose fewer days.")
    return None
