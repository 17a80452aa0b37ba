"""An office's configuration, read once and kept until its version changes.

Every change of configuration raises the version in the rows that head the streams; every unit reads that row first,
under the office's lock, so no unit can decide on a configuration that is out of date.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from desk.domain.asking_rules import SETTINGS, AskingSettings
from desk.domain.clocks import ClockRules, counting_causes
from desk.domain.handoffs import ReasonKind
from desk.domain.hours import Calendar, business_day
from desk.domain.invitation import Privacy
from desk.domain.reasons import PauseCause
from desk.domain.refusals import Reason, Refused
from desk.domain.slips import NoShowRule
from desk.models import (
    Counter,
    HandoffReasonRow,
    Office,
    PauseCauseRow,
    Pool,
    PoolMember,
    PriorityReasonRow,
    QuestionnaireRow,
    Service,
    Skill,
)
from desk.reads.calendars import KeptCalendar, list_kept
from desk.reads.reader import Reader


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


def load_configuration(connection: Reader, office_id: int, version: int) -> Configuration:
    """Read the configuration of an office."""
    row = connection.execute(select(Office.__table__).where(Office.id == office_id)).one()
    rules = Rules(
        ZoneInfo(row.zone),
        time(*divmod(row.day_starts_at, 60)),
        timedelta(seconds=row.head_start_s),
        row.offer_expires_s,
        row.handover_expires_s,
        row.reopen_days,
        AskingSettings(**{name: getattr(row, name) for name in SETTINGS}),
        row.handoff_keeps_arrival,
        counting_causes(row.clock_causes),
        row.risk_percent,
        row.questionnaire,
        Privacy(row.survey_privacy),
        timedelta(seconds=row.survey_correction_s),
        NoShowRule(row.no_show_calls, row.no_show_after_s),
        row.undo_s,
        row.give_way_times,
    )
    return Configuration(
        version,
        rules,
        _services(connection, office_id),
        _counters(connection, office_id),
        _skills(connection, office_id),
        _pools(connection, office_id),
        _reasons(connection, office_id),
        _questionnaires(connection, office_id),
        _priorities(connection, office_id),
    )


def _services(connection: Reader, office_id: int) -> dict[int, ServiceSetting]:
    kept = list_kept(connection, office_id)
    rows = connection.execute(select(Service.__table__).where(Service.office_id == office_id)).all()
    return {
        row.id: ServiceSetting(
            row.id,
            row.series,
            row.head_id,
            kept[row.id].calendar,
            kept[row.id].spans,
            tuple((most, days) for most, days in row.completion_steps),
            row.wait_promise_s,
            row.retired,
            row.questionnaire,
            row.survey_percent,
            row.daily_quota,
            row.no_show_calls,
            row.no_show_after_s,
        )
        for row in rows
    }


def _questionnaires(connection: Reader, office_id: int) -> dict[str, int]:
    rows = connection.execute(
        select(QuestionnaireRow.code, QuestionnaireRow.id)
        .where(QuestionnaireRow.office_id == office_id)
        .order_by(QuestionnaireRow.number)
    )
    return dict(rows.tuples().all())


def _priorities(connection: Reader, office_id: int) -> dict[str, bool]:
    rows = connection.execute(
        select(PriorityReasonRow.code, PriorityReasonRow.retired).where(PriorityReasonRow.office_id == office_id)
    )
    return {code: not retired for code, retired in rows.tuples()}


def _counters(connection: Reader, office_id: int) -> dict[int, CounterSetting]:
    rows = connection.execute(
        select(Counter.__table__).where(Counter.office_id == office_id, Counter.retired.is_(False))
    )
    return {row.id: CounterSetting(row.id, row.name, row.back_office) for row in rows}


def _skills(connection: Reader, office_id: int) -> dict[int, tuple[int, ...]]:
    skills: dict[int, tuple[int, ...]] = {}
    rows = connection.execute(
        select(Skill.person_id, Skill.service_id)
        .join(Service, Service.id == Skill.service_id)
        .where(Service.office_id == office_id)
        .order_by(Skill.service_id)
    )
    for person_id, service_id in rows.tuples():
        skills[person_id] = (*skills.get(person_id, ()), service_id)
    return skills


def _pools(connection: Reader, office_id: int) -> dict[int, PoolSetting]:
    members: dict[int, set[int]] = {}
    belonging = select(PoolMember.pool_id, PoolMember.person_id).join(Pool).where(Pool.office_id == office_id)
    for pool_id, person_id in connection.execute(belonging).tuples():
        members.setdefault(pool_id, set()).add(person_id)
    rows = connection.execute(select(Pool.__table__).where(Pool.office_id == office_id))
    return {
        row.id: PoolSetting(
            row.id, row.name, row.head_id, frozenset({row.head_id, *members.get(row.id, ())}), row.retired
        )
        for row in rows
    }


def _reasons(connection: Reader, office_id: int) -> dict[tuple[ReasonKind, str], ReasonSetting]:
    rows = connection.execute(select(HandoffReasonRow.__table__).where(HandoffReasonRow.office_id == office_id))
    pauses = connection.execute(select(PauseCauseRow.__table__).where(PauseCauseRow.office_id == office_id))
    keyed = [*((ReasonKind(row.kind), row) for row in rows), *((ReasonKind.PAUSE, row) for row in pauses)]
    return {(kind, row.code): ReasonSetting(row.needs_note, row.retired) for kind, row in keyed}
