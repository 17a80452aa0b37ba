"""Posters and tablets of an office, what a poster asks, and whom a tablet may ask at this moment."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select

from desk.domain.counter_names import CounterName
from desk.domain.invitation import Invitation, InvitationState
from desk.domain.lifecycle import State
from desk.domain.points import PointKind
from desk.domain.questionnaire_json import read
from desk.domain.questionnaires import Questionnaire
from desk.domain.shipped_questionnaires import FIRST, SHIPPED
from desk.models import (
    Counter,
    CustodySegment,
    InvitationRow,
    Office,
    Person,
    QuestionnaireRow,
    Service,
    SurveyPoint,
    TransactionRow,
    Visit,
)
from desk.models.transaction import at_counter
from desk.reads.counter_names import NAMED
from desk.reads.invitations import Asked
from desk.reads.reader import Reader
from desk.reads.services import text_of
from desk.reads.visits import Subject

POINTS: Any = SurveyPoint.__table__
SERVICES: Any = Service.__table__
OFFICES: Any = Office.__table__
VERSIONS: Any = QuestionnaireRow.__table__
TRANSACTIONS: Any = TransactionRow.__table__
SEGMENTS: Any = CustodySegment.__table__
INVITATIONS: Any = InvitationRow.__table__
VISITS: Any = Visit.__table__
# A poster's answer belongs to nobody's invitation.
NOBODY = Invitation(0, 0, 0, InvitationState.OPEN, 1, None)


@dataclass(frozen=True, slots=True)
class Point:
    """A poster or a tablet; `service` and `counter` are names, None where it is for the office as a whole."""

    id: int
    kind: PointKind
    service_id: int | None
    counter_id: int | None
    service: str | None
    counter: CounterName | None
    opened_at: datetime
    opened_by: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Finished:
    """The transaction that has just ended at a counter: its invitation and when it ended."""

    subject: Subject
    ended_at: datetime


def list_points(reader: Reader, office_id: int, *, language: str) -> list[Point]:
    """Return the posters and tablets of an office, open ones first, then the newest."""
    query = _points(office_id).order_by(POINTS.c.closed_at.is_not(None), POINTS.c.id.desc())
    return [_point(row, language) for row in reader.execute(query)]


def find_point(reader: Reader, office_id: int, point_id: int, *, language: str) -> Point | None:
    """Return one poster or tablet; None where there is none such."""
    row = reader.execute(_points(office_id).where(POINTS.c.id == point_id)).one_or_none()
    return None if row is None else _point(row, language)


def _points(office_id: int) -> Any:
    return (
        select(
            POINTS,
            SERVICES.c.name_id,
            SERVICES.c.name_en,
            NAMED.label("counter"),
            Person.name.label("by"),
        )
        .outerjoin(SERVICES, SERVICES.c.id == POINTS.c.service_id)
        .outerjoin(Counter, Counter.id == POINTS.c.counter_id)
        .outerjoin(Person, Person.id == POINTS.c.opened_by)
        .where(POINTS.c.office_id == office_id)
    )


def _point(row: Any, language: str) -> Point:
    service = None if row.name_id is None else text_of(row, "name", language)
    about = (row.service_id, row.counter_id, service, row.counter)
    return Point(row.id, PointKind(row.kind), *about, row.opened_at, row.by, row.closed_at)


def questionnaire_of(reader: Reader, office_id: int, service_id: int | None) -> tuple[int | None, Questionnaire]:
    """Return what is asked about a service, or about an office as a whole; the id of the version, None as it comes."""
    code = reader.execute(select(OFFICES.c.questionnaire).where(OFFICES.c.id == office_id)).scalar_one()
    series = None
    if service_id is not None:
        own = select(SERVICES.c.questionnaire, SERVICES.c.series).where(SERVICES.c.id == service_id)
        service = reader.execute(own).one()
        code, series = service.questionnaire or code, service.series
    newest = select(func.max(VERSIONS.c.number)).where(VERSIONS.c.office_id == office_id, VERSIONS.c.code == code)
    query = select(VERSIONS.c.id, VERSIONS.c.definition).where(
        VERSIONS.c.office_id == office_id, VERSIONS.c.code == code, VERSIONS.c.number == newest.scalar_subquery()
    )
    row = reader.execute(query).one_or_none()
    found = SHIPPED[FIRST] if row is None else read(json.loads(row.definition))
    worded = tuple(each.worded_for(series or "") for each in found.questions)
    return (None if row is None else row.id), replace(found, questions=worded)


def asked_by_poster(reader: Reader, office_id: int, point: Point, office: str) -> Asked:
    """Return what a poster asks, about its service or the office as a whole."""
    questionnaire = questionnaire_of(reader, office_id, point.service_id)[1]
    return Asked(NOBODY, point.service or office, "building", None, questionnaire)


def find_finished(
    reader: Reader,
    office_id: int,
    counter_id: int,
    *,
    at: datetime,
    within: timedelta,
    during_call: bool = False,
    state: InvitationState = InvitationState.OPEN,
) -> Finished | None:
    """Return what ended last at a counter within that time, if its visitor is to be asked and has not answered.

    With another `state` it is what ended last, if its invitation has that. None as soon as the next visitor is there:
    called, or served where `during_call` is set.
    """
    query = _last_ended(office_id, counter_id, since=at - within, until=at)
    row = reader.execute(query).one_or_none()
    if row is None or row.state != state or _next_is_there(reader, office_id, counter_id, during_call):
        return None
    return Finished(Subject(office_id, row.id, row.generation), row.ended_at)


def _last_ended(office_id: int, counter_id: int, *, since: datetime, until: datetime) -> Any:
    """Return the query of what ended last at a counter, with its invitation; `since` itself is too early."""
    return (
        select(TRANSACTIONS.c.ended_at, INVITATIONS.c.id, INVITATIONS.c.generation, INVITATIONS.c.state)
        .join(
            SEGMENTS,
            and_(
                SEGMENTS.c.office_id == TRANSACTIONS.c.office_id,
                SEGMENTS.c.transaction_id == TRANSACTIONS.c.id,
                SEGMENTS.c.ended_at == TRANSACTIONS.c.ended_at,
            ),
        )
        .outerjoin(
            INVITATIONS,
            and_(
                INVITATIONS.c.office_id == TRANSACTIONS.c.office_id, INVITATIONS.c.transaction_id == TRANSACTIONS.c.id
            ),
        )
        .where(
            TRANSACTIONS.c.office_id == office_id,
            TRANSACTIONS.c.ended_at > since,
            TRANSACTIONS.c.ended_at <= until,
            SEGMENTS.c.counter_id == counter_id,
            SEGMENTS.c.state == State.SERVING.value,
        )
        .order_by(TRANSACTIONS.c.ended_at.desc(), TRANSACTIONS.c.id.desc())
        .limit(1)
    )


def _next_is_there(reader: Reader, office_id: int, counter_id: int, during_call: bool) -> bool:  # noqa: FBT001
    here = (TRANSACTIONS.c.office_id == office_id, TRANSACTIONS.c.counter_id == counter_id, at_counter())
    state = reader.execute(select(TRANSACTIONS.c.state).where(*here)).scalar()
    return state == State.SERVING or (state is not None and not during_call)
