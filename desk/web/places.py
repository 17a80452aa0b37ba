"""The places of the navigation: which pages there are to go to, for which roles, in which groups and sections.

A new page of a group is one line here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from desk.domain.access import Role
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
# What is there for every office of the server serves only who keeps the server.
SERVER: Final = "server_settings.page"


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
class Section:
    """Places of a group that stand together under a heading."""

    label: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Places that stand together in a row of their own; of many, in a row for each of its sections."""

    label: str
    icon: str
    places: tuple[Place, ...] = ()
    sections: tuple[Section, ...] = ()

    def sorted_places(self) -> Iterator[tuple[str, Place]]:
        """Yield its places in their order, each with the label of its section."""
        yield from (("", place) for place in self.places)
        yield from ((section.label, place) for section in self.sections for place in section.places)


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
            ("supervisor.", "corrections.", "shift."),
        ),
        Place("outbox.messages", N_("Messages"), "envelope", KEEPERS, ("outbox.", "revoking.")),
        Place("display_messages.emergency", N_("Emergency message"), "megaphone", KEEPERS),
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
    sections=(
        Section(
            N_("My work"),
            (
                Place("own_day.page", N_("My day"), "stopwatch", FRONT),
                Place("console_habits.page", N_("My console"), "keyboard", FRONT, ("console_habits.",)),
                Place("absences.plan", N_("Absences"), "calendar-x", FRONT, ("absences.",)),
                Place("voices.compliments", N_("My compliments"), "star", FRONT),
            ),
        ),
        Section(
            N_("Staff and hours"),
            (
                Place(
                    "staff.people",
                    N_("Staff"),
                    "people",
                    KEEPERS,
                    ("staff.", "staff_access.", "staff_names.", "letting_in."),
                ),
                Place(
                    "calendars.overview",
                    N_("Calendars"),
                    "calendar3",
                    CALENDAR_READERS,
                    ("calendars.", "calendar_keeping."),
                ),
                Place("reasons.listed", N_("Reasons"), "list-ul", KEEPERS, ("reasons.",)),
                Place("console_settings.page", N_("Console"), "keyboard", KEEPERS, ("console_settings.",)),
                Place("voices.facilities", N_("My facilities"), "house-check", FRONT | ADMINISTRATORS, ("voices.act",)),
                Place(
                    "facilities.listed", N_("Facilities and complaints"), "door-open", ADMINISTRATORS, ("facilities.",)
                ),
            ),
        ),
        Section(
            N_("Survey and data"),
            (
                Place(
                    "questionnaires.shelf",
                    N_("Questionnaires"),
                    "chat-square-text",
                    QUESTIONNAIRE_READERS,
                    ("questionnaires.",),
                ),
                Place(
                    "survey_settings.page",
                    N_("Survey settings"),
                    "envelope-check",
                    ADMINISTRATORS,
                    ("survey_settings.",),
                ),
                Place("survey_points.listed", N_("Posters and tablets"), "qr-code", KEEPERS, ("survey_points.",)),
                Place("paper.overview", N_("Answers on paper"), "pencil", KEEPERS, ("paper.",)),
                Place(
                    "improvement_plans.plan",
                    N_("Follow-up plan"),
                    "list-check",
                    CALENDAR_READERS,
                    ("improvement_plans.",),
                ),
                Place(
                    "privacy.page",
                    N_("Personal data"),
                    "search",
                    KEEPERS,
                    ("privacy.search", "privacy.ex", "privacy.erase"),
                ),
                Place(
                    "privacy.retention",
                    N_("How long data are kept"),
                    "hourglass-split",
                    ADMINISTRATORS,
                    ("privacy.change",),
                ),
            ),
        ),
    ),
)
ADMINISTRATION: Final = Group(
    N_("Administration"),
    "gear",
    sections=(
        Section(
            N_("Office and services"),
            (
                Place("checklist.page", N_("Set-up"), "clipboard-check", ADMINISTRATORS, ("checklist.",)),
                Place("identity.page", N_("Name, colors and logo"), "building", ADMINISTRATORS, ("identity.",)),
                Place(
                    "administration_office.page",
                    N_("Days and times"),
                    "clock",
                    ADMINISTRATORS,
                    ("administration_office.", "retirement."),
                ),
                Place(
                    "administration_services.listed",
                    N_("Services"),
                    "list-check",
                    CALENDAR_READERS,
                    ("administration_services.",),
                ),
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
                    "administration_messages.listed",
                    N_("Words of messages"),
                    "envelope",
                    ADMINISTRATORS,
                    ("administration_messages.",),
                ),
            ),
        ),
        Section(
            N_("People and devices"),
            (
                Place(
                    "administration_skills.table", N_("Who serves what"), "people", KEEPERS, ("administration_skills.",)
                ),
                Place("factor_demand.page", N_("Second factor"), "shield-check", ADMINISTRATORS, ("factor_demand.",)),
                Place("devices.listed", N_("Devices"), "display", ADMINISTRATORS, ("devices.",)),
                Place("announcements.page", N_("Calls by voice"), "volume-up", ADMINISTRATORS),
                Place("display_messages.listed", N_("Messages on displays"), "megaphone", ADMINISTRATORS),
                Place(
                    "administration_phones.page",
                    N_("Visitors' phones"),
                    "phone",
                    ADMINISTRATORS,
                    ("administration_phones.",),
                ),
            ),
        ),
        Section(
            N_("Changes and server"),
            (
                Place(
                    PLANNED,
                    N_("Planned changes"),
                    "calendar-check",
                    KEEPERS,
                    ("administration_planned.",),
                ),
                Place(
                    "administration_imports.page",
                    N_("Import and export"),
                    "arrow-down-up",
                    ADMINISTRATORS,
                    ("administration_imports.",),
                ),
                Place(
                    SERVER,
                    N_("Server"),
                    "globe2",
                    ADMINISTRATORS,
                    ("server_settings.", "server_backups.", "server_keepers."),
                ),
            ),
        ),
    ),
)
PLACES: Final[tuple[Place | Group, ...]] = (
    Place("counter.console", N_("Counter"), "person-workspace", AGENTS, ("shift.hand", "shift.batch")),
    Place("reception.form", N_("Reception"), "ticket-perforated", FRONT, ("reception.",)),
    SUPERVISION,
    REPORTS,
    PROOF,
    KEEPING,
    ADMINISTRATION,
)
