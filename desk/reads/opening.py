"""Reading how far an office is on its way to the first number, and what was tried out."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from desk.domain.access import FRONT_LINE
from desk.domain.devices import MISSING_AFTER, DeviceKind
from desk.domain.hours import Calendar, next_opening
from desk.domain.opening import Trial
from desk.models import Calendar as CalendarRow
from desk.models import (
    Counter,
    Device,
    Membership,
    Office,
    OfficeLogo,
    OfficeTrial,
    Person,
    PlannedChange,
    PlannedLogo,
    Service,
)
from desk.reads.calendars import list_in_use, list_kept
from desk.reads.reader import Reader
from desk.reads.served import list_served

UTC: Final = ZoneInfo("UTC")
LOOK_AHEAD: Final = timedelta(days=14)  # within which each service should open


@dataclass(frozen=True, slots=True)
class Furniture:
    """What an office has; services are named by their letters, `opens_at` is when the first of them opens next."""

    services: int
    counters: int
    officers: int
    unserved: tuple[str, ...]
    calendars: int
    closed: tuple[str, ...]
    opens_at: datetime | None
    displays_seen: int = 0  # paired displays that were seen lately
    zone: ZoneInfo = UTC
    kept: tuple[Calendar, ...] = ()  # by the services, or all in use where there is no service

    @property
    def can_call(self) -> bool:
        """Whether there is all without which no number can be called: one service is enough."""
        return bool(self.counters and self.officers and self.calendars) and self.can_serve_some

    @property
    def can_serve_some(self) -> bool:
        """Whether there is a service that somebody serves and that opens."""
        return self.services > len({*self.unserved, *self.closed})


@dataclass(frozen=True, slots=True)
class Tried:
    """When something was tried last, by whom, and whether it went well."""

    at: datetime
    by: str | None
    succeeded: bool


@dataclass(frozen=True, slots=True)
class LogoView:
    """A logo as it is sent."""

    content: bytes
    media_type: str
    digest: str


def get_furniture(reader: Reader, office_id: int, *, at: datetime) -> Furniture:
    """Return what an existing office has now."""
    open_ones = select(Service.id, Service.series).where(Service.office_id == office_id, Service.retired.is_(False))
    services = reader.execute(open_ones.order_by(Service.position, Service.id)).tuples().all()
    counted = _count(reader, office_id, at=at)
    served = list_served(reader, office_id)
    kept = list_kept(reader, office_id)
    openings = {each: next_opening(kept[each].calendar, at) for each, _ in services}
    late = at + LOOK_AHEAD
    closed = (series for each, series in services if (opens := openings[each]) is None or opens > late)
    return Furniture(
        len(services),
        counted.counters,
        counted.officers,
        tuple(series for each, series in services if each not in served),
        counted.calendars,
        tuple(closed),
        min((each for each in openings.values() if each is not None), default=None),
        counted.displays,
        ZoneInfo(counted.zone),
        tuple(kept[each].calendar for each, _ in services) or list_in_use(reader, office_id),
    )


def _count(reader: Reader, office_id: int, *, at: datetime) -> Any:
    """Count in one query: counters and calendars in use, who can call visitors, paired displays seen lately."""
    front = [role.value for role in FRONT_LINE]
    people = select(func.count(Person.id.distinct())).join(Membership, Membership.person_id == Person.id)
    officers = people.where(
        Membership.office_id == office_id, Membership.role.in_(front), Person.disabled_at.is_(None)
    )  # fmt: skip
    counters = select(func.count(Counter.id)).where(
        Counter.office_id == office_id, Counter.retired.is_(False), Counter.back_office.is_(False)
    )
    calendars = select(func.count(CalendarRow.id)).where(
        CalendarRow.office_id == office_id, CalendarRow.retired.is_(False)
    )
    displays = select(func.count(Device.id)).where(
        Device.office_id == office_id,
        Device.revoked_at.is_(None),
        Device.kind == DeviceKind.DISPLAY.value,
        Device.seen_at > at - MISSING_AFTER,
    )
    zone = select(Office.zone).where(Office.id == office_id)
    named: dict[str, Any] = {
        "zone": zone,
        "officers": officers,
        "counters": counters,
        "calendars": calendars,
        "displays": displays,
    }
    return reader.execute(select(*(each.scalar_subquery().label(name) for name, each in named.items()))).one()


def list_unserved(reader: Reader, office_id: int) -> tuple[str, ...]:
    """Return the letters of the services in use that nobody serves."""
    query = select(Service.id, Service.series).where(Service.office_id == office_id, Service.retired.is_(False))
    served = list_served(reader, office_id)
    rows = reader.execute(query.order_by(Service.position, Service.id)).tuples()
    return tuple(series for each, series in rows if each not in served)


def list_trials(reader: Reader, office_id: int) -> dict[Trial, Tried]:
    """Return what was tried here, each with the last time."""
    query = (
        select(OfficeTrial.trial, OfficeTrial.at, Person.name, OfficeTrial.succeeded)
        .outerjoin(Person, Person.id == OfficeTrial.person_id)
        .where(OfficeTrial.office_id == office_id)
    )
    known = set(Trial)
    rows = reader.execute(query).tuples()
    return {Trial(name): Tried(at, by, succeeded) for name, at, by, succeeded in rows if name in known}


def find_planned_logo(reader: Reader, office_id: int, change_id: int) -> LogoView | None:
    """Return the picture that a planned change of an office wants for a logo, None where it wants none."""
    mine = (PlannedChange.office_id == office_id, PlannedChange.id == change_id, PlannedChange.kind == "office_logo")
    wanted = reader.execute(select(PlannedChange.wanted).where(*mine)).scalar_one_or_none()
    digest = None if wanted is None else json.loads(wanted).get("logo")
    query = select(PlannedLogo.content, PlannedLogo.media_type, PlannedLogo.digest)
    row = reader.execute(query.where(PlannedLogo.office_id == office_id, PlannedLogo.digest == digest)).one_or_none()
    return None if row is None else LogoView(*row)


def find_colors(reader: Reader, office_id: int) -> tuple[str | None, str | None] | None:
    """Return the main color and the accent of an office, each None where it has the desk's; None for no office."""
    row = reader.execute(select(Office.main_color, Office.accent_color).where(Office.id == office_id)).one_or_none()
    return None if row is None else (row.main_color, row.accent_color)


def find_logo(reader: Reader, office_id: int) -> LogoView | None:
    """Return the logo of an office, None where it has none."""
    query = select(OfficeLogo.content, OfficeLogo.media_type, OfficeLogo.digest)
    row = reader.execute(query.where(OfficeLogo.office_id == office_id)).one_or_none()
    return None if row is None else LogoView(*row)
