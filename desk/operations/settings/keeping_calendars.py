"""Calendars over the years: renamed, retired, brought back; a week or a service's change that has not begun taken back.

What was promised by the hours that are taken back stays as it was promised: a promise is written down when it is made.
"""

from datetime import date
from typing import Any, Final

from sqlalchemy import delete, func, select, update

from desk.domain.facts import JSON
from desk.domain.refusals import Reason, Refused
from desk.models import Calendar, ServiceCalendar, Week
from desk.models.transaction import TransactionRow
from desk.operations.requests import Done, Request
from desk.operations.settings.calendar_demands import (
    find_calendar,
    hours_on,
    local_today,
    raise_version,
    require_calendar_name,
    require_free_name,
)
from desk.operations.settings.scheduling import take_calendar, tell_calendar
from desk.operations.settings.service_demands import KIND, KIND_ADDED, KIND_RETIRED
from desk.operations.stream import Streams, Unit
from desk.reads.planned import list_waiting

CALENDARS: Final[Any] = Calendar.__table__
WEEKS: Final[Any] = Week.__table__
ASSIGNED: Final[Any] = ServiceCalendar.__table__
TRANSACTIONS: Final[Any] = TransactionRow.__table__


def rename(streams: Streams, office_id: int, calendar_id: int, request: Request, *, name: str) -> Done:
    """Call a calendar otherwise; answers calendar, version.

    Raises `Refused`: NAME_UNFIT, INVALID (name) for one that is too long, NAME_TAKEN, ALREADY_DONE, CALENDAR_RETIRED,
    UNKNOWN.
    """

    def work(unit: Unit) -> Done:
        before = find_calendar(unit, calendar_id).name
        require_calendar_name(name)
        if name == before:
            raise Refused(Reason.ALREADY_DONE)
        version = take_calendar(unit, calendar_id)
        require_free_name(unit, name, but=calendar_id)
        unit.connection.execute(update(CALENDARS).where(CALENDARS.c.id == calendar_id).values(name=name))
        return tell_calendar(unit, calendar_id, version, "renamed", {"from": before, "to": name})

    return streams.run(office_id, request, work)


def retire(streams: Streams, office_id: int, calendar_id: int, request: Request) -> Done:
    """Offer a calendar no more; all that went by it keeps it. Answers calendar, version.

    Raises `Refused`: CALENDAR_IN_USE (letters) where a service keeps it today or from a planned day on, ALREADY_DONE,
    UNKNOWN.
    """

    def work(unit: Unit) -> Done:
        found = find_calendar(unit, calendar_id)
        letters = _letters_of_keepers(unit, calendar_id)
        if letters:
            raise Refused(Reason.CALENDAR_IN_USE, letters=", ".join(letters))
        return _set_retired(unit, found, retired=True)

    return streams.run(office_id, request, work)


def bring_back(
    streams: Streams, office_id: int, calendar_id: int, request: Request, *, name: str | None = None
) -> Done:
    """Offer a retired calendar again, under another `name` where its own is taken; answers calendar, version.

    Raises `Refused`: NAME_TAKEN, NAME_UNFIT, INVALID (name) for one that is too long, ALREADY_DONE, UNKNOWN.
    """

    def work(unit: Unit) -> Done:
        found = find_calendar(unit, calendar_id)
        if found.retired:
            wanted = found.name if name is None else name
            require_free_name(unit, wanted, but=calendar_id)
            found = _renamed(unit, found, wanted)
        return _set_retired(unit, found, retired=False)

    return streams.run(office_id, request, work)


def take_back_week(streams: Streams, office_id: int, calendar_id: int, request: Request, *, since: date) -> Done:
    """Take back hours that are planned from a later day on: those before them go on. Answers calendar, version.

    Raises `Refused`: UNKNOWN without such a week, NOT_POSSIBLE_NOW for one that has begun, LAST_WEEK for the only one.
    """

    def work(unit: Unit) -> Done:
        version = take_calendar(unit, calendar_id)
        _require_ahead(unit, since)
        before = hours_on(unit, calendar_id, since)
        gone = (WEEKS.c.calendar_id == calendar_id) & (WEEKS.c.since == since)
        if not unit.connection.execute(delete(WEEKS).where(gone)).rowcount:
            raise Refused(Reason.UNKNOWN, since=since.isoformat())
        left = select(func.count()).select_from(WEEKS).where(WEEKS.c.calendar_id == calendar_id)
        if not unit.connection.execute(left).scalar_one():
            raise Refused(Reason.LAST_WEEK)
        told: dict[str, JSON] = {"since": since.isoformat(), "from": before}
        told["hours"] = hours_on(unit, calendar_id, since)
        return tell_calendar(unit, calendar_id, version, "week_taken_back", told)

    return streams.run(office_id, request, work)


def take_back_assignment(
    streams: Streams, office_id: int, calendar_id: int, request: Request, *, service_id: int, since: date
) -> Done:
    """Let a service go on with the calendar it has, that was to keep this one from a later day on.

    Answers calendar, version. Raises `Refused`: UNKNOWN where that is not planned, NOT_POSSIBLE_NOW once it has begun.
    """

    def work(unit: Unit) -> Done:
        version = take_calendar(unit, calendar_id)
        _require_ahead(unit, since)
        service = unit.configuration.services.get(service_id)
        if service is None:
            raise Refused(Reason.UNKNOWN, id=service_id)
        planned = (ASSIGNED.c.service_id == service_id, ASSIGNED.c.since == since)
        gone = delete(ASSIGNED).where(*planned, ASSIGNED.c.calendar_id == calendar_id)
        if not unit.connection.execute(gone).rowcount:
            raise Refused(Reason.UNKNOWN, since=since.isoformat())
        kept = next(each.calendar_id for each in reversed(service.kept) if each.since < since)
        told: dict[str, JSON] = {"service": service_id, "since": since.isoformat(), "from": calendar_id, "to": kept}
        return tell_calendar(unit, calendar_id, version, "assignment_taken_back", told)

    return streams.run(office_id, request, work)


def _renamed(unit: Unit, calendar: Any, name: str) -> Any:
    """Return the calendar by its new name; what it was called stays in the record."""
    if name == calendar.name:
        return calendar
    require_calendar_name(name)
    version = raise_version(unit, calendar)
    unit.connection.execute(update(CALENDARS).where(CALENDARS.c.id == calendar.id).values(name=name))
    tell_calendar(unit, calendar.id, version, "renamed", {"from": calendar.name, "to": name})
    return find_calendar(unit, calendar.id)


def _set_retired(unit: Unit, calendar: Any, *, retired: bool) -> Done:
    if calendar.retired is retired:
        raise Refused(Reason.ALREADY_DONE)
    version = raise_version(unit, calendar)
    unit.connection.execute(update(CALENDARS).where(CALENDARS.c.id == calendar.id).values(retired=retired))
    what = "retired" if retired else "brought_back"
    return tell_calendar(unit, calendar.id, version, what, {})


def _require_ahead(unit: Unit, since: date) -> None:
    if since <= local_today(unit):
        raise Refused(Reason.NOT_POSSIBLE_NOW)


def _letters_of_keepers(unit: Unit, calendar_id: int) -> list[str]:
    """Return the letters of the services that go by a calendar today, or will from a planned day on."""
    today = local_today(unit)
    waiting = list_waiting(unit.connection, unit.office_id)
    coming_back = {each.subject for each in waiting if each.kind == KIND_RETIRED and not each.values["retired"]}
    letters = {
        each.series
        for each in unit.configuration.services.values()
        if (not each.retired or each.id in coming_back or _is_still_open(unit, each.id))
        and calendar_id
        in {each.calendar_on(today).calendar_id, *(kept.calendar_id for kept in each.kept if kept.since > today)}
    }
    for plan in waiting:
        if plan.kind in (KIND, KIND_ADDED) and plan.values.get("calendar_id") == calendar_id:
            service = unit.configuration.services.get(plan.subject)
            letters.add(plan.values["series"] if service is None else service.series)
    return sorted(letters)


def _is_still_open(unit: Unit, service_id: int) -> bool:
    """Tell whether work of a service goes on: its clock runs by its calendar, retired as it is."""
    mine = (TRANSACTIONS.c.office_id == unit.office_id, TRANSACTIONS.c.service_id == service_id)
    query = select(TRANSACTIONS.c.id).where(*mine, TRANSACTIONS.c.ended_at.is_(None)).limit(1)
    return unit.connection.execute(query).first() is not None
