"""Reading how far an office is on its way to the first number, and what was tried out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from desk.domain.access import FRONT_LINE
from desk.domain.devices import MISSING_AFTER, DeviceKind
from desk.domain.hours import next_opening
from desk.domain.opening import Trial
from desk.models import Calendar, Closure, Counter, Device, Membership, OfficeLogo, OfficeTrial, Person, Service, Skill
from desk.reads.calendars import list_kept
from desk.reads.reader import Reader

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
    years_without_holidays: tuple[int, ...]
    displays_seen: int = 0  # paired displays that were seen lately

    @property
    def can_call(self) -> bool:
        """Whether there is all without which no number can be called."""
        has_all = self.services and self.counters and self.officers and self.calendars
        return bool(has_all) and not self.unserved and not self.closed and self.opens_at is not None


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
    counters = select(func.count()).select_from(Counter)
    here = (Counter.office_id == office_id, Counter.retired.is_(False), Counter.back_office.is_(False))
    calendars = select(func.count()).select_from(Calendar).where(Calendar.office_id == office_id)
    served = _list_served(reader, office_id)
    kept = list_kept(reader, office_id)
    openings = {each: next_opening(kept[each].calendar, at) for each, _ in services}
    late = at + LOOK_AHEAD
    closed = (series for each, series in services if (opens := openings[each]) is None or opens > late)
    return Furniture(
        len(services),
        reader.execute(counters.where(*here)).scalar_one(),
        _count_officers(reader, office_id),
        tuple(series for each, series in services if each not in served),
        reader.execute(calendars).scalar_one(),
        tuple(closed),
        min((each for each in openings.values() if each is not None), default=None),
        _years_without_holidays(reader, office_id, at=at),
        _count_displays(reader, office_id, at=at),
    )


def _count_officers(reader: Reader, office_id: int) -> int:
    """Return how many people there are who can call visitors."""
    query = select(func.count(Person.id.distinct())).join(Membership, Membership.person_id == Person.id)
    front = [role.value for role in FRONT_LINE]
    here = (Membership.office_id == office_id, Membership.role.in_(front), Person.disabled_at.is_(None))
    return reader.execute(query.where(*here)).scalar_one()


def _count_displays(reader: Reader, office_id: int, *, at: datetime) -> int:
    """Return how many paired displays are in use and were seen lately."""
    query = select(func.count()).select_from(Device).where(Device.office_id == office_id, Device.revoked_at.is_(None))
    lately = (Device.kind == DeviceKind.DISPLAY.value, Device.seen_at > at - MISSING_AFTER)
    return reader.execute(query.where(*lately)).scalar_one()


def list_unserved(reader: Reader, office_id: int) -> tuple[str, ...]:
    """Return the letters of the services in use that nobody serves."""
    query = select(Service.id, Service.series).where(Service.office_id == office_id, Service.retired.is_(False))
    served = _list_served(reader, office_id)
    rows = reader.execute(query.order_by(Service.position, Service.id)).tuples()
    return tuple(series for each, series in rows if each not in served)


def _list_served(reader: Reader, office_id: int) -> set[int]:
    """Return the services for which somebody can be found."""
    query = (
        select(Skill.service_id)
        .join(Person, Person.id == Skill.person_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.office_id == office_id, Person.disabled_at.is_(None))
    )
    return set(reader.execute(query.distinct()).scalars())


def _years_without_holidays(reader: Reader, office_id: int, *, at: datetime) -> tuple[int, ...]:
    """Return for which years no calendar is closed on any day: this one, and in December the next."""
    ahead = at + timedelta(days=31)
    first, last = at.date().replace(month=1, day=1), ahead.date().replace(month=12, day=31)
    query = (
        select(Closure.day)
        .join(Calendar, Calendar.id == Closure.calendar_id)
        .where(Calendar.office_id == office_id, Closure.day.between(first, last))
    )
    found = {day.year for day in reader.execute(query).scalars()}
    return tuple(sorted({at.year, ahead.year} - found))


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


def find_logo(reader: Reader, office_id: int) -> LogoView | None:
    """Return the logo of an office, None where it has none."""
    query = select(OfficeLogo.content, OfficeLogo.media_type, OfficeLogo.digest)
    row = reader.execute(query.where(OfficeLogo.office_id == office_id)).one_or_none()
    return None if row is None else LogoView(*row)
