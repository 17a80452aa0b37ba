"""Services as a visitor meets them: the published standard in one language, whether it is open, how many wait."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Row, func, select

from desk.domain.hours import Calendar, is_open, next_opening
from desk.domain.services import is_full
from desk.models import QueueEntry, Service
from desk.models.transaction import waiting
from desk.reads.calendars import list_kept
from desk.reads.office_day import get_day
from desk.reads.quotas import issued_on
from desk.reads.reader import Reader
from desk.reads.served import list_served

SERVICES: Any = Service.__table__
ENTRIES: Any = QueueEntry.__table__
LARGEST_ID: Final = 2**31 - 1
_BULLET = re.compile(r"^\s*(?:[-–•*]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Opening:
    """When a closed service opens next, and how many dates of the office lie between (0: today)."""

    at: datetime
    days: int


@dataclass(frozen=True, slots=True)
class OfferedService:
    """One service on the kiosk; `opening` is None while it gives numbers, and also when no opening is known.

    `full` says that the numbers of the day are given out; then `opening` is that of a later day. `served` says that
    somebody may be given its visitors. `promised_wait_s` is the longest wait that visitors are promised.
    """

    id: int
    series: str
    icon: str
    name: str
    fee: str
    time: str
    open_now: bool
    opening: Opening | None
    waiting: int
    full: bool = False
    promised_wait_s: int = 0
    served: bool = True

    @property
    def gives_numbers(self) -> bool:
        """Whether somebody who presses now gets a number."""
        return self.open_now and self.served and not self.full


@dataclass(frozen=True, slots=True)
class ServiceSheet:
    """The standard of one service; texts of several lines as their lines."""

    offered: OfferedService
    requirements: tuple[str, ...]
    procedure: tuple[str, ...]
    fee: tuple[str, ...]
    time: tuple[str, ...]
    product: tuple[str, ...]
    complaints: tuple[str, ...]


def list_offered(reader: Reader, office_id: int, *, language: str, at: datetime) -> tuple[OfferedService, ...]:
    """Return the services in use, in the office's order."""
    query = select(SERVICES).where(SERVICES.c.office_id == office_id, SERVICES.c.retired.is_(False))
    rows = reader.execute(query.order_by(SERVICES.c.position, SERVICES.c.id)).all()
    kept = list_kept(reader, office_id)
    counts = _waiting(reader, office_id)
    full, served = _full(reader, office_id, rows, at), list_served(reader, office_id)
    found = (
        _offered(row, kept[row.id].calendar, counts.get(row.id, 0), language=language, at=at, full=row.id in full)
        for row in rows
    )
    return tuple(replace(each, served=each.id in served) for each in found)


def find_sheet(
    reader: Reader, office_id: int, service_id: int, *, language: str, at: datetime, retired: bool = False
) -> ServiceSheet | None:
    """Return one service in use (`retired`: or a retired one) with all that is published; None where there is none."""
    if not 0 < service_id <= LARGEST_ID:
        return None
    query = select(SERVICES).where(SERVICES.c.office_id == office_id, SERVICES.c.id == service_id)
    row = reader.execute(query).one_or_none()
    if row is None or (row.retired and not retired):
        return None
    full = bool(_full(reader, office_id, [row], at))
    calendar = list_kept(reader, office_id)[service_id].calendar
    count = _waiting(reader, office_id, service_id).get(service_id, 0)
    texts = {each: lines(text_of(row, each, language)) for each in ServiceSheet.__slots__ if each != "offered"}
    offered = _offered(row, calendar, count, language=language, at=at, full=full)
    return ServiceSheet(replace(offered, served=service_id in list_served(reader, office_id)), **texts)


def _full(reader: Reader, office_id: int, rows: Sequence[Row[Any]], at: datetime) -> set[int]:
    """Return which of these services have given out the numbers of the day; asked only where one has a quota."""
    quotas = {row.id: row.daily_quota for row in rows if row.daily_quota is not None}
    if not quotas:
        return set()
    issued = issued_on(reader, office_id, get_day(reader, office_id, at=at).today)
    return {each for each, quota in quotas.items() if is_full(quota, issued.get(each, 0))}


def text_of(row: Any, text: str, language: str) -> str:
    """Return a text of a service in the language, else in the other one."""
    other = "en" if language == "id" else "id"
    found: str = getattr(row, f"{text}_{language}") or getattr(row, f"{text}_{other}")
    return found


def lines(text: str) -> tuple[str, ...]:
    """Return the lines of a text without their bullets or numbers."""
    return tuple(_BULLET.sub("", line).strip() for line in text.splitlines() if line.strip())


def _offered(
    row: Row[Any], calendar: Calendar, count: int, *, language: str, at: datetime, full: bool
) -> OfferedService:
    open_now = is_open(calendar, at)
    return OfferedService(
        row.id,
        row.series,
        row.icon,
        text_of(row, "name", language),
        _first(lines(text_of(row, "fee", language))),
        _first(lines(text_of(row, "time", language))),
        open_now,
        None if open_now and not full else _opening(calendar, at, not_today=full),
        count,
        full,
        row.wait_promise_s,
    )


def _opening(calendar: Calendar, at: datetime, *, not_today: bool) -> Opening | None:
    today = at.astimezone(calendar.zone).date()
    tomorrow = datetime.combine(today + timedelta(days=1), time(), calendar.zone)
    opens_at = next_opening(calendar, tomorrow if not_today else at)
    if opens_at is None:
        return None
    return Opening(opens_at, (opens_at.astimezone(calendar.zone).date() - today).days)


def _waiting(reader: Reader, office_id: int, service_id: int | None = None) -> dict[int, int]:
    query = select(ENTRIES.c.service_id, func.count()).where(ENTRIES.c.office_id == office_id, waiting())
    if service_id is not None:
        query = query.where(ENTRIES.c.service_id == service_id)
    return dict(reader.execute(query.group_by(ENTRIES.c.service_id)).tuples().all())


def _first(texts: Iterable[str]) -> str:
    return next(iter(texts), "")
