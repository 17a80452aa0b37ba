"""The main navigation: what the signed-in person may open in the office of the page, and in which other offices.

It has two levels: a row of places, and below a group of them its own row while one is inside. A new page of a group is
one line in `PLACES`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import select

from desk.domain.access import Role
from desk.domain.identity import MAX_OFFICE_ID
from desk.models import Office
from desk.reads.late_cases import count_waiting
from desk.reads.planned import count_to_look_at
from desk.web.context import desk, reader
from desk.wording import N_

AGENTS = frozenset({Role.AGENT})
FRONT = frozenset({Role.AGENT, Role.SUPERVISOR})
OVERSEERS = frozenset({Role.SUPERVISOR, Role.AUDITOR})
KEEPERS = frozenset({Role.ADMIN, Role.SUPERVISOR})
SUPERVISORS = frozenset({Role.SUPERVISOR})
CALENDAR_READERS = frozenset({Role.ADMIN, Role.SUPERVISOR, Role.AUDITOR})
QUESTIONNAIRE_READERS = CALENDAR_READERS
WATCHERS = CALENDAR_READERS
# The places that say how many are one's own, and how many are late.
PLANNED: Final = "administration_planned.listed"
FOLLOW_UPS: Final = "follow_ups.listed"
VOICES: Final = "voices.listed"
ADMINISTRATORS = frozenset({Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Place:
    """A page one goes to, for these roles; `within` are the beginnings of further endpoints that belong to it."""

    endpoint: str
    label: str
    icon: str
    roles: frozenset[Role]
    within: tuple[str, ...] = ()

    def holds(self, endpoint: str) -> bool:
        """Tell whether an endpoint belongs to this place."""
        return endpoint == self.endpoint or any(endpoint.startswith(each) for each in self.within)


@dataclass(frozen=True, slots=True)
class Group:
    """Places that stand together in a row of their own."""

    label: str
    icon: str
    places: tuple[Place, ...]


SUPERVISION: Final = Group(
    N_("Supervision"),
    "eye",
    (
        Place("floor.now", N_("Now"), "display", OVERSEERS, ("floor.",)),
        Place("gaps.page", N_("Gaps"), "exclamation-triangle", WATCHERS, ("gaps.",)),
        Place(
            "supervisor.today",
            N_("Today"),
            "list-check",
            OVERSEERS,
            ("supervisor.", "corrections.", "shift.unanswered"),
        ),
        Place("outbox.messages", N_("Messages"), "envelope", KEEPERS, ("outbox.", "revoking.")),
        Place(FOLLOW_UPS, N_("Follow-ups"), "flag", WATCHERS, ("follow_ups.",)),
        Place(
            VOICES,
            N_("Complaints and suggestions"),
            "chat-left-text",
            WATCHERS,
            ("voices.one", "voices.take", "voices.pass"),
        ),
    ),
)
REPORTS: Final = Place(
    "reports.waiting",
    N_("Reports"),
    "bar-chart-line",
    OVERSEERS,
    ("reports.", "fairness.", "satisfaction.", "coverage.", "follow_up_report."),
)
PROOF: Final = Group(
    N_("Proof"),
    "shield-check",
    (
        Place("trail.page", N_("Trail"), "shield-check", OVERSEERS, ("trail.",)),
        Place("access_log.page", N_("Access log"), "list-ul", OVERSEERS, ("access_log.",)),
        Place("setting_changes.page", N_("Changes of settings"), "pencil", CALENDAR_READERS),
        Place("sign_ins.page", N_("Sign-ins and refusals"), "person-check", ADMINISTRATORS | frozenset({Role.AUDITOR})),
        Place("privacy.register", N_("Erasures and exports"), "list-check", CALENDAR_READERS),
    ),
)
KEEPING: Final = Group(
    N_("Office"),
    "building",
    (
        Place("absences.plan", N_("Absences"), "calendar-x", FRONT, ("absences.",)),
        Place("voices.compliments", N_("My compliments"), "star", FRONT),
        Place("voices.facilities", N_("My facilities"), "house-check", FRONT | ADMINISTRATORS, ("voices.act",)),
        Place("facilities.listed", N_("Facilities and complaints"), "door-open", ADMINISTRATORS, ("facilities.",)),
        Place("staff.people", N_("Staff"), "people", KEEPERS, ("staff.", "staff_access.")),
        Place("reasons.listed", N_("Reasons"), "list-ul", KEEPERS, ("reasons.",)),
        Place(
            "calendars.overview", N_("Calendars"), "calendar3", CALENDAR_READERS, ("calendars.", "calendar_imports.")
        ),
        Place(
            "questionnaires.shelf",
            N_("Questionnaires"),
            "chat-square-text",
            QUESTIONNAIRE_READERS,
            ("questionnaires.",),
        ),
        Place("improvement_plans.plan", N_("Follow-up plan"), "list-check", CALENDAR_READERS, ("improvement_plans.",)),
        Place("paper.overview", N_("Answers on paper"), "pencil", KEEPERS, ("paper.",)),
        Place("survey_points.listed", N_("Posters and tablets"), "qr-code", KEEPERS, ("survey_points.",)),
        Place(
            "privacy.page", N_("Personal data"), "search", KEEPERS, ("privacy.search", "privacy.ex", "privacy.erase")
        ),
        Place(
            "privacy.retention", N_("How long data are kept"), "hourglass-split", ADMINISTRATORS, ("privacy.change",)
        ),
        Place("survey_settings.page", N_("Survey settings"), "envelope-check", ADMINISTRATORS, ("survey_settings.",)),
    ),
)
ADMINISTRATION: Final = Group(
    N_("Administration"),
    "gear",
    (
        Place("checklist.page", N_("Set-up"), "clipboard-check", ADMINISTRATORS, ("checklist.",)),
        Place("identity.page", N_("Name and logo"), "building", ADMINISTRATORS, ("identity.",)),
        Place("administration_office.page", N_("Days and times"), "clock", ADMINISTRATORS, ("administration_office.",)),
        Place(
            "administration_counters.listed",
            N_("Counters and desks"),
            "person-workspace",
            ADMINISTRATORS,
            ("administration_counters.",),
        ),
        Place("administration_pools.listed", N_("Pools"), "people", ADMINISTRATORS, ("administration_pools.",)),
        Place(
            "administration_priorities.listed",
            N_("Priority"),
            "universal-access",
            ADMINISTRATORS,
            ("administration_priorities.",),
        ),
        Place(
            PLANNED,
            N_("Planned changes"),
            "calendar-check",
            ADMINISTRATORS,
            ("administration_planned.",),
        ),
        Place(
            "administration_services.listed",
            N_("Services"),
            "list-check",
            CALENDAR_READERS,
            ("administration_services.",),
        ),
        Place("administration_skills.table", N_("Who serves what"), "people", KEEPERS, ("administration_skills.",)),
        Place("factor_demand.page", N_("Second factor"), "shield-check", ADMINISTRATORS, ("factor_demand.",)),
        Place("devices.listed", N_("Devices"), "display", ADMINISTRATORS, ("devices.",)),
        Place("server_settings.page", N_("Server"), "globe2", ADMINISTRATORS, ("server_settings.",)),
        Place(
            "administration_imports.page",
            N_("Import and export"),
            "arrow-down-up",
            ADMINISTRATORS,
            ("administration_imports.",),
        ),
        Place(
            "administration_messages.listed",
            N_("Words of messages"),
            "envelope",
            ADMINISTRATORS,
            ("administration_messages.",),
        ),
    ),
)
PLACES: Final[tuple[Place | Group, ...]] = (
    Place("counter.console", N_("Counter"), "person-workspace", AGENTS),
    Place("reception.form", N_("Reception"), "ticket-perforated", FRONT, ("reception.",)),
    SUPERVISION,
    REPORTS,
    PROOF,
    KEEPING,
    ADMINISTRATION,
)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the navigation; `current` is "page" for the page itself, "true" for where it belongs, or empty."""

    label: str
    url: str
    icon: str
    current: str = ""
    items: tuple["Item", ...] = ()
    waiting: int = 0
    late: int = 0


def all_places() -> Iterator[Place]:
    """Yield every place, in its order."""
    for each in PLACES:
        yield from each.places if isinstance(each, Group) else (each,)


def navigation(person: Any, office: Any) -> list[Item]:
    """Return the entries for a person in an office; none without both."""
    if person is None or office is None:
        return []
    roles = person.roles_in(office.id)
    found = (_entry(each, roles, office.id) for each in PLACES)
    return [_counted(item, person, office.id) for item in found if item is not None]


def _entry(place: Place | Group, roles: frozenset[Role], office_id: int) -> Item | None:
    if isinstance(place, Place):
        return _item(place, office_id) if roles & place.roles else None
    items = tuple(_item(each, office_id) for each in place.places if roles & each.roles)
    if len(items) < 2:
        return next(iter(items), None)
    inside = any(item.current for item in items)
    return Item(gettext(place.label), items[0].url, place.icon, "true" if inside else "", items if inside else ())


def _counted(item: Item, person: Any, office_id: int) -> Item:
    """Say in the row of a group what waits for the person and what is late; asked only where that row is shown."""
    planned = url_for(PLANNED, office_id=office_id)
    if any(each.url == planned for each in item.items):
        count = count_to_look_at(reader(), office_id, now=desk().streams.clock())
        return replace(item, items=tuple(_saying(each, count if each.url == planned else 0, 0) for each in item.items))
    follow_ups, voices = (url_for(each, office_id=office_id) for each in (FOLLOW_UPS, VOICES))
    if not any(each.url == follow_ups for each in item.items):
        return item
    found = count_waiting(reader(), office_id, person.id)
    said = {follow_ups: (found.own, found.late_follow_ups), voices: (0, found.late_complaints)}
    return replace(item, items=tuple(_saying(each, *said.get(each.url, (0, 0))) for each in item.items))


def _saying(item: Item, waiting: int, late: int) -> Item:
    return replace(item, waiting=waiting, late=late)


def _item(place: Place, office_id: int) -> Item:
    here = request.endpoint or ""
    current = "page" if here == place.endpoint else "true" if place.holds(here) else ""
    return Item(gettext(place.label), url_for(place.endpoint, office_id=office_id), place.icon, current)


def office_switch(person: Any, office: Any) -> list[Item]:
    """Return the offices of a person with roles in several, this one marked: the same place there, or the first."""
    if person is None or office is None or len(person.offices) < 2:
        return []
    ids = [office_id for office_id in person.offices if office_id <= MAX_OFFICE_ID]
    rows = reader().execute(select(Office.id, Office.name).where(Office.id.in_(ids)).order_by(Office.name, Office.id))
    found = ((row, _place_in(person.roles_in(row.id))) for row in rows)
    return [
        Item(row.name, url_for(place.endpoint, office_id=row.id), "building", "true" if row.id == office.id else "")
        for row, place in found
        if place is not None
    ]


def _place_in(roles: frozenset[Role]) -> Place | None:
    """Return the place like the one of this page that these roles open, else the first they open."""
    open_places = [place for place in all_places() if roles & place.roles]
    here = request.endpoint or ""
    return next((place for place in open_places if place.holds(here)), next(iter(open_places), None))
