"""Reading who set what in an office: from what to what, and when; out of the trail itself."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, and_, select

from desk.domain.counter_names import CounterName
from desk.domain.facts import JSON, EventName
from desk.models import (
    Calendar,
    Closure,
    Counter,
    Device,
    DisplayWording,
    EventRow,
    Facility,
    Membership,
    Person,
    Pool,
    Service,
    ServiceWording,
)
from desk.reads.counter_names import NAMED
from desk.reads.reader import Reader

LIMIT: Final = 200
BATCH: Final = 1_000
# Where the words of such settings stand; their events have digests.
WORDED: Final[dict[Any, str]] = {ServiceWording: "service_text", DisplayWording: "display_"}
# What is set, and by which events it is told; none of them is about a visitor.
KINDS: Final[dict[str, tuple[EventName, ...]]] = {
    "settings": (
        EventName.SETTING_CHANGED,
        EventName.OFFICE_OPENED,
        EventName.CHANGE_PLANNED,
        EventName.CHANGE_CANCELLED,
        EventName.CHANGE_REFUSED,
    ),
    "calendars": (EventName.CALENDAR_CHANGED,),
    "staff": (
        EventName.STAFF_ENROLLED,
        EventName.STAFF_DEACTIVATED,
        EventName.STAFF_REACTIVATED,
        EventName.STAFF_CONTACT_CHANGED,
        EventName.SKILL_CHANGED,
    ),
    "devices": (EventName.DEVICE_PAIRED, EventName.DEVICE_CHANGED, EventName.DEVICE_REVOKED),
    "questionnaires": (EventName.QUESTIONNAIRE_PUBLISHED, EventName.QUESTIONNAIRE_CHOSEN),
    "points": (EventName.SURVEY_POINT_OPENED, EventName.SURVEY_POINT_CLOSED),
    "trail": (EventName.CLOCK_CONFIRMED, EventName.KEY_ROTATED),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes are wanted: by one person, of one kind, from one moment to another, before one event."""

    person_id: int = 0
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `actor_id` and `actor` are None where nobody in particular made it (the command line, the worker)."""

    number: int
    at: datetime
    name: EventName
    actor_id: int | None
    actor: str | None
    payload: Mapping[str, JSON] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids in the changes are called today; whoever has gone from the office is named as well."""

    people: Mapping[int, str] = field(repr=False)
    services: Mapping[int, tuple[str, str]]  # Indonesian, English
    counters: Mapping[int, CounterName]
    pools: Mapping[int, str]
    calendars: Mapping[int, str]
    facilities: Mapping[int, tuple[str, str]]
    devices: Mapping[int, str]
    # What the texts of services said before and after, by the number of the event that has digests of them.
    wordings: Mapping[int, tuple[str, str]] = field(default_factory=dict, repr=False)
    # What the days are called on which a calendar is closed still, by calendar and day; events have no words.
    closures: Mapping[tuple[int, str], str] = field(default_factory=dict, repr=False)


def list_changes(reader: Reader, office_id: int, wanted: Wanted, *, limit: int = LIMIT) -> list[Change]:
    """Return the newest changes, the newest first."""
    return [_change(row) for row in reader.execute(_query(office_id, wanted).limit(limit))]


def list_setters(reader: Reader, office_id: int) -> list[tuple[int, str]]:
    """Return everybody who may have set something here: who works here or did, by name."""
    query = select(Person.id, Person.name).join(Membership, Membership.person_id == Person.id)
    rows = reader.execute(query.where(Membership.office_id == office_id).distinct().order_by(Person.name, Person.id))
    return [(row.id, row.name) for row in rows]


def get_names(reader: Reader, office_id: int, changes: list[Change]) -> Names:
    """Return what the ids are called that may stand in these changes."""
    people = {each for change in changes for each in _people_of(change.payload)}

    def named(model: Any, *columns: Any) -> dict[int, Any]:
        rows = reader.execute(select(model.id, *columns).where(model.office_id == office_id))
        return {row[0]: row[1] if len(columns) == 1 else tuple(row[1:]) for row in rows}

    found = reader.execute(select(Person.id, Person.name).where(Person.id.in_(sorted(people))))
    return Names(
        {row.id: row.name for row in found},
        named(Service, Service.name_id, Service.name_en),
        named(Counter, NAMED),
        named(Pool, Pool.name),
        named(Calendar, Calendar.name),
        named(Facility, Facility.name_id, Facility.name_en),
        named(Device, Device.name),
        _wordings(reader, office_id, ServiceWording, changes) | _wordings(reader, office_id, DisplayWording, changes),
        _closures(reader, office_id, changes),
    )


def _closures(reader: Reader, office_id: int, changes: list[Change]) -> dict[tuple[int, str], str]:
    if not any(each.payload.get("what") == "closed" for each in changes):
        return {}
    query = select(Closure.calendar_id, Closure.day, Closure.name).join(Calendar, Calendar.id == Closure.calendar_id)
    rows = reader.execute(query.where(Calendar.office_id == office_id)).tuples()
    return {(calendar_id, day.isoformat()): name for calendar_id, day, name in rows}


def _wordings(reader: Reader, office_id: int, kept: Any, changes: list[Change]) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    numbers = [each.number for each in changes if str(each.payload.get("setting")).startswith(WORDED[kept])]
    for start in range(0, len(numbers), BATCH):
        part = numbers[start : start + BATCH]
        query = select(kept.number, kept.before, kept.after)
        rows = reader.execute(query.where(kept.office_id == office_id, kept.number.in_(part)))
        found |= {row.number: (row.before, row.after) for row in rows}
    return found


def _people_of(payload: Mapping[str, JSON]) -> Iterator[int]:
    """Yield the ids of people in a payload, wherever a change of a setting names some."""
    for key in ("person", "officer", "head", "head_id", "owner_id", "from", "to", "members", "wanted"):
        found = payload.get(key)
        if isinstance(found, dict):
            yield from _people_of(found)
        for each in found if isinstance(found, list) else [found]:
            if isinstance(each, int) and not isinstance(each, bool):
                yield each
    for pairs in (payload.get("added"), payload.get("removed")):
        for pair in pairs if isinstance(pairs, list) else []:
            if isinstance(pair, list) and pair and isinstance(pair[0], int):
                yield pair[0]


def _change(row: Any) -> Change:
    return Change(row.number, row.at, EventName(row.name), row.actor_id, row.actor, json.loads(row.payload))


def _query(office_id: int, wanted: Wanted) -> Select[Any]:
    events = EventRow
    kinds = [KINDS[wanted.kind]] if wanted.kind else KINDS.values()
    names = sorted(name.value for kind in kinds for name in kind)
    about_no_visitor = and_(events.transaction_id.is_(None), events.visit_id.is_(None))
    query = (
        select(events.number, events.at, events.name, events.actor_id, events.payload, Person.name.label("actor"))
        .outerjoin(Person, Person.id == events.actor_id)
        .where(events.office_id == office_id, events.name.in_(names), about_no_visitor)
        .order_by(events.number.desc())
    )
    if wanted.person_id:
        query = query.where(events.actor_id == wanted.person_id)
    if wanted.since is not None:
        query = query.where(events.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(events.at < wanted.until)
    if wanted.before:
        query = query.where(events.number < wanted.before)
    return query
