"""The single answers behind an index, without whose they are; the same that the tallies of the days add up."""

from collections.abc import Iterator
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from desk.domain.hours import day_bounds
from desk.domain.invitation import Standing
from desk.domain.tallies import OFFICIAL, Origin
from desk.models import LooseResponse, Office, QuestionnaireRow, ResponseRow
from desk.reads.reader import Reader
from desk.reports.satisfaction import instrument_of
from desk.reports.skm_findings import Question
from desk.reports.skm_workbook import on_scale

LINKED: Any = ResponseRow.__table__
LOOSE: Any = LooseResponse.__table__
VERSIONS: Any = QuestionnaireRow.__table__
LOOSE_ORIGINS = [each.value for each in OFFICIAL if each is not Origin.LINKED]


def list_answers(reader: Reader, question: Question) -> list[dict[str, int]]:
    """Return the scores of each respondent who counts, by element key."""
    instrument = instrument_of(question.measure)
    return [on_scale(instrument, each) for each in (*_linked(reader, question), *_loose(reader, question))]


def _linked(reader: Reader, question: Question) -> Iterator[dict[str, Any]]:
    office = reader.execute(select(Office.zone, Office.day_starts_at).where(Office.id == question.office_id)).one()
    zone, starts_at = ZoneInfo(office.zone), time(*divmod(office.day_starts_at, 60))
    begins, _ = day_bounds(question.period.first, zone, starts_at=starts_at)
    _, ends = day_bounds(question.period.last, zone, starts_at=starts_at)
    query = (
        select(LINKED.c.answers)
        .join(VERSIONS, (VERSIONS.c.office_id == LINKED.c.office_id) & (VERSIONS.c.id == LINKED.c.questionnaire_id))
        .where(
            LINKED.c.office_id == question.office_id,
            LINKED.c.received_at >= begins,
            LINKED.c.received_at < ends,
            LINKED.c.standing == Standing.VISITOR.value,
            VERSIONS.c.measure == question.measure.value,
        )
    )
    if question.service_id:
        query = query.where(LINKED.c.service_id == question.service_id)
    yield from reader.execute(query).scalars()


def _loose(reader: Reader, question: Question) -> Iterator[dict[str, Any]]:
    query = select(LOOSE.c.answers).where(
        LOOSE.c.office_id == question.office_id,
        LOOSE.c.day.between(question.period.first, question.period.last),
        LOOSE.c.measure == question.measure.value,
        LOOSE.c.origin.in_(LOOSE_ORIGINS),
    )
    if question.service_id:
        query = query.where(LOOSE.c.service_id == question.service_id)
    yield from reader.execute(query).scalars()
