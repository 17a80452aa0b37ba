"""What the API answers of clocks, promises and calendars."""

from datetime import date, datetime

from pydantic import BaseModel

from desk.api.bodies import Id
from desk.domain.closures import ClosureKind
from desk.domain.risk import Standing


class ClocksItem(BaseModel):
    """Both clocks in seconds; frozen once the transaction has ended, running while the office's clock may run."""

    visitor_s: int
    office_s: int
    frozen: bool
    running: bool


class PromiseItem(BaseModel):
    """The promise since complete documents, and how much of the office time that it allows is used (percent)."""

    complete_at: datetime
    promised_at: datetime
    quantity: int
    allowed_s: int
    used_s: int
    percent: int
    standing: Standing


class WeekItem(BaseModel):
    """Hours from a date on: for each weekday, Monday first, its [start, end] minutes."""

    since: date
    hours: list[list[list[int]]]


class ClosureItem(BaseModel):
    """A date closed all day."""

    day: date
    name: str
    kind: ClosureKind


class OpeningItem(BaseModel):
    """A date with hours of its own."""

    day: date
    name: str
    hours: list[list[int]]


class CalendarItem(BaseModel):
    """A calendar in its present version."""

    id: Id
    name: str
    version: int
    weeks: list[WeekItem]
    closed: list[ClosureItem]
    opened: list[OpeningItem]
    retired: bool


class Calendars(BaseModel):
    """The calendars of an office."""

    items: list[CalendarItem]
