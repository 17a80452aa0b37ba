"""Reading the configuration of an office from the database; `desk.operations.configuration` says what it is."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from desk.domain.asking_rules import SETTINGS, AskingSettings
from desk.domain.clocks import counting_causes
from desk.domain.handoffs import ReasonKind
from desk.domain.invitation import Privacy
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
from desk.operations.configuration import (
    Configuration,
    CounterSetting,
    PoolSetting,
    ReasonSetting,
    Rules,
    ServiceSetting,
)
from desk.reads.calendars import list_kept
from desk.reads.reader import Reader
from desk.reads.served import list_active, list_served


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
        row.retired_at is not None,
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
        list_active(connection, office_id),
        list_served(connection, office_id),
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
