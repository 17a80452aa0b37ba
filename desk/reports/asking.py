"""What a report is asked: the days, and what it is narrowed to."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from desk.reports.columns import Column
from desk.reports.facts import Facts
from desk.reports.kinds import Calls, Duties, Handoffs, Legs, Transactions
from desk.reports.measures import Groups, Mask, grouped, mapped
from desk.reports.tables import By

MOST_DAYS: Final = 92  # beyond which days are shown by month only


class Period(StrEnum):
    """The spans that have a name of their own."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Question:
    """The days from `since` to `until`, both included; 0 narrows nothing. `within_s` None: each service's promise."""

    since: date
    until: date
    service_id: int = 0
    counter_id: int = 0
    officer_id: int = 0
    within_s: int | None = None

    @property
    def days(self) -> int:
        """How many days are asked about; none where the last comes before the first."""
        return max(0, (self.until - self.since).days + 1)


def span_of(period: Period, today: date) -> tuple[date, date]:
    """Return the first and last day of the current week (Monday to Sunday), month, quarter or year."""
    first = today.replace(day=1)
    match period:
        case Period.WEEK:
            monday = today - timedelta(days=today.weekday())
            return monday, monday + timedelta(days=6)
        case Period.QUARTER:
            first = first.replace(month=(today.month - 1) // 3 * 3 + 1)
            return first, _month_end(first.replace(month=first.month + 2))
        case Period.YEAR:
            return first.replace(month=1), date(today.year, 12, 31)
        case Period.MONTH:
            return first, _month_end(first)
        case _:
            return today, today


def _month_end(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def kept(rows: Any, mask: Mask) -> Any:
    """Return the rows of one kind that the mask keeps."""
    if mask.all():
        return rows
    return replace(rows, **{name: getattr(rows, name)[mask] for name in rows.__dataclass_fields__})


def narrowed(rows: Any, question: Question) -> Any:
    """Return the rows the question is about: of transactions by who served first and where, others by their own."""
    names: dict[type, tuple[str, str, str]] = {
        Transactions: ("first_service", "first_counter", "first_officer"),
        Legs: ("service", "counter", "officer"),
        Calls: ("service", "counter", "officer"),
        Handoffs: ("from_service", "to_counter", ""),
        Duties: ("", "counter", "officer"),
    }
    wanted = (question.service_id, question.counter_id, question.officer_id)
    mask: Mask = rows.day == rows.day
    for name, value in zip(names[type(rows)], wanted, strict=True):
        if value and name:
            mask &= getattr(rows, name) == value
    if isinstance(rows, Handoffs) and question.officer_id:
        mask &= (rows.giver == question.officer_id) | (rows.receiver == question.officer_id)
    return kept(rows, mask)


def by_time(facts: Facts, days: Column) -> dict[By, Groups]:
    """Return rows by day (of a range that is not too long) and by month (of one that touches several)."""
    found = {By.DAY: grouped(days)} if (facts.until - facts.since).days < MOST_DAYS else {}
    if (facts.since.year, facts.since.month) != (facts.until.year, facts.until.month):
        months = {each: _month(date.fromordinal(each)) for each in grouped(days).keys}
        found[By.MONTH] = grouped(mapped(days, months, otherwise=0))
    return found


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
