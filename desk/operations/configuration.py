"""An office's configuration, read once and kept until its version changes.

Every change of configuration raises the version in the rows that head the streams; every unit reads that row first,
under the office's lock, so no unit can decide on a configuration that is out of date.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from desk.domain.asking_rules import AskingSettings
from desk.domain.clocks import ClockRules
from desk.domain.handoffs import ReasonKind
from desk.domain.hours import Calendar, business_day
from desk.domain.invitation import Privacy
from desk.domain.reasons import PauseCause
from desk.domain.refusals import Reason, Refused
from desk.domain.slips import NoShowRule
from desk.reads.calendars import KeptCalendar


@dataclass(frozen=True, slots=True)
class Rules:
    """The office's settings that the rules need."""

    zone: ZoneInfo
    day_starts_at: time
    head_start: timedelta
    offer_expires_s: int
    handover_expires_s: int
    reopen_days: int
    asking: AskingSettings
    handoff_keeps_arrival: bool
    counting: frozenset[PauseCause]
    risk_percent: int
    questionnaire: str
    survey_privacy: Privacy
    survey_correction: timedelta
    no_show: NoShowRule
    undo_s: int
    give_way_times: int
    retired: bool

    @property
    def survey_valid_days(self) -> int:
        """How many days a link works."""
        return self.asking.survey_valid_days


@dataclass(frozen=True, slots=True)
class ServiceSetting:
    """What the operations need to know of a service; `calendar` follows all that it kept and keeps, by date."""

    id: int
    series: str
    head_id: int
    calendar: Calendar
    kept: tuple[KeptCalendar, ...]
    steps: tuple[tuple[int, int], ...]
    wait_promise_s: int
    retired: bool
    questionnaire: str | None
    survey_percent: int | None
    daily_quota: int | None
    no_show_calls: int | None
    no_show_after_s: int | None

    def calendar_on(self, day: date) -> KeptCalendar:
        """Return which calendar, in which version, is in force on a date."""
        return next((each for each in reversed(self.kept) if each.since <= day), self.kept[0])


@dataclass(frozen=True, slots=True)
class CounterSetting:
    """What the operations need to know of a counter."""

    id: int
    name: str
    back_office: bool


@dataclass(frozen=True, slots=True)
class PoolSetting:
    """What the operations need to know of a pool; its head is one of its members."""

    id: int
    name: str
    head_id: int
    members: frozenset[int]
    retired: bool


@dataclass(frozen=True, slots=True)
class ReasonSetting:
    """A reason of the office's pick-lists."""

    needs_note: bool
    retired: bool


@dataclass(frozen=True, slots=True)
class Configuration:
    """All of it, of one office, at one version."""

    version: int
    rules: Rules
    services: dict[int, ServiceSetting]
    counters: dict[int, CounterSetting]
    skills: dict[int, tuple[int, ...]]
    pools: dict[int, PoolSetting]
    reasons: dict[tuple[ReasonKind, str], ReasonSetting]
    questionnaires: dict[str, int]
    priorities: dict[str, bool]  # every code that gives priority, and whether it is still chosen
    active: frozenset[int]  # who works here and can call visitors
    served: frozenset[int]  # the services that one of them may be given visitors of

    def offered(self, service_id: int) -> ServiceSetting:
        """Return a service that gives numbers; raises as `service`, and `Refused(NOBODY_SERVES)`."""
        found = self.service(service_id)
        if service_id not in self.served:
            raise Refused(Reason.NOBODY_SERVES, letter=found.series, service=service_id)
        return found

    def require_in_use(self) -> None:
        """Raise `Refused(OFFICE_RETIRED)` where the office is closed for good."""
        if self.rules.retired:
            raise Refused(Reason.OFFICE_RETIRED)

    def service(self, service_id: int) -> ServiceSetting:
        """Return a service in use; raise `Refused(UNKNOWN)` or `Refused(SERVICE_RETIRED)`."""
        found = self.services.get(service_id)
        if found is None:
            raise Refused(Reason.UNKNOWN, id=service_id)
        if found.retired:
            raise Refused(Reason.SERVICE_RETIRED)
        return found

    def head_of(self, service_id: int) -> int:
        """Return the named head of a service's queue, retired or not."""
        return self.services[service_id].head_id

    def counter(self, counter_id: int) -> CounterSetting:
        """Return a counter in use; raise `Refused(UNKNOWN)`."""
        found = self.counters.get(counter_id)
        if found is None:
            raise Refused(Reason.UNKNOWN, id=counter_id)
        return found

    def pool(self, pool_id: int) -> PoolSetting:
        """Return a pool in use; raise `Refused(UNKNOWN)`."""
        found = self.pools.get(pool_id)
        if found is None or found.retired:
            raise Refused(Reason.UNKNOWN, id=pool_id)
        return found

    def questionnaire_for(self, service_id: int) -> int | None:
        """Return the newest version of what is asked about a service; None where that is not published here.

        Then the desk's own one question is asked, which needs no version.
        """
        code = self.services[service_id].questionnaire or self.rules.questionnaire
        return self.questionnaires.get(code)

    def survey_percent(self, service_id: int) -> int:
        """Return of how many per cent of a service's transactions is asked."""
        own = self.services[service_id].survey_percent
        return self.rules.asking.survey_percent if own is None else own

    def no_show(self, service_id: int) -> NoShowRule:
        """Return from when on a called visitor of a service may be said not to have come."""
        own, rule = self.services[service_id], self.rules.no_show
        calls = rule.calls if own.no_show_calls is None else own.no_show_calls
        return NoShowRule(calls, rule.seconds if own.no_show_after_s is None else own.no_show_after_s)

    @property
    def clock_rules(self) -> ClockRules:
        """What the office's clock goes by; the services that are retired have calendars too."""
        calendars = {service_id: service.calendar for service_id, service in self.services.items()}
        return ClockRules(calendars, self.rules.counting, self.rules.risk_percent)

    def business_date(self, at: datetime) -> str:
        """Return the office's business day at an instant, as an ISO date."""
        return business_day(at, self.rules.zone, starts_at=self.rules.day_starts_at).isoformat()
