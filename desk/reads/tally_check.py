"""The tallies of a survey against the answers themselves: every sum is what it is a sum of.

A profile may have been erased and stays counted: of those there are bounds only. What is known of them is counted, and
nobody is counted twice.
"""

from collections.abc import Iterator
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from desk.domain.handlers import WHOLE
from desk.domain.hours import business_day
from desk.domain.invitation import Standing
from desk.domain.questionnaires import Measure
from desk.domain.tallies import Counts, Origin, Tally, added
from desk.models import (
    ImportProfile,
    LooseResponse,
    Office,
    QuestionnaireRow,
    ResponseHandler,
    ResponseRow,
    SurveyImport,
    SurveyTally,
    TransactionRow,
)
from desk.reads.findings import Findings
from desk.reads.leg_check import check_legs
from desk.reads.replay import UNREADABLE

ANSWERS: Any = ResponseRow.__table__
LOOSE: Any = LooseResponse.__table__
KEPT: Any = ImportProfile.__table__
IMPORTS: Any = SurveyImport.__table__
TALLIES: Any = SurveyTally.__table__
HANDLERS: Any = ResponseHandler.__table__
TRANSACTIONS: Any = TransactionRow.__table__
Place = tuple[date, int, str, str]  # day, service, measure, origin
Key = tuple[int, date, int, str, str]  # holder, day, service, measure, origin


def check_tallies(connection: Connection, findings: Findings) -> None:
    """Add everything up anew and note each tally that says something else."""
    try:
        _compare(connection, findings)
    except UNREADABLE as error:
        findings.add(4, "tally", "survey_tallies", f"the answers cannot be added up ({error!r})")


def _compare(connection: Connection, findings: Findings) -> None:
    expected: dict[Key, Tally] = {}
    for key, answers, satisfaction, weight in (
        *_of_transactions(connection, findings.office_id),
        *_loose(connection, findings.office_id),
    ):
        expected.setdefault(key, Tally()).add(answers, satisfaction, {}, weight=weight)
    profiles = _known_profiles(connection, findings.office_id)
    rows = connection.execute(select(TALLIES).where(TALLIES.c.office_id == findings.office_id))
    for row in rows:
        key = (row.holder_id, row.day, row.service_id, row.measure, row.origin)
        stored = Tally(row.answers, row.rated, row.weight, row.weight_square, row.total, row.square, dict(row.counts))
        if expected.pop(key, None) != stored:
            findings.add(4, "tally", f"survey_tallies {_told(key)}", "it is not the sum of its answers")
        elif not _fits(dict(row.profile), profiles.get(key, {}), row.answers):
            findings.add(4, "tally", f"survey_tallies {_told(key)}", "its profiles are not those of its answers")
    for key in expected:
        findings.add(4, "tally", f"survey_tallies {_told(key)}", "there are answers, and no tally of them")
    check_legs(connection, findings, _places(connection, findings.office_id))


def _fits(stored: Counts, known: Counts, answers: int) -> bool:
    """Tell whether all known profiles are counted, and for each question at most one for an answer."""
    if any(
        count > stored.get(key, {}).get(value, 0) for key, values in known.items() for value, count in values.items()
    ):
        return False
    return all(min(values.values(), default=0) > 0 and sum(values.values()) <= answers for values in stored.values())


def _known_profiles(connection: Connection, office_id: int) -> dict[Key, Counts]:
    """Return what is known of the profiles of loose answers, those too that were erased from batches."""
    found: dict[Key, Tally] = {}
    for row in connection.execute(select(LOOSE).where(LOOSE.c.office_id == office_id)):
        key = (0, row.day, row.service_id or 0, row.measure, row.origin)
        found.setdefault(key, Tally()).add({}, None, row.profile)
    known = {key: tally.profile for key, tally in found.items()}
    batch = (IMPORTS.c.office_id == KEPT.c.office_id) & (IMPORTS.c.id == KEPT.c.import_id)
    kept = select(KEPT, IMPORTS.c.measure, IMPORTS.c.origin).join(IMPORTS, batch).where(KEPT.c.office_id == office_id)
    for row in connection.execute(kept):
        key = (0, row.day, row.service_id, row.measure, row.origin)
        known[key] = added([known.get(key, {}), row.profile])
    return known


def _told(key: Key) -> str:
    return "/".join(str(part) for part in key)


def _of_transactions(connection: Connection, office_id: int) -> Iterator[tuple[Key, dict[str, Any], int | None, int]]:
    shares: dict[int, dict[int, int]] = {}
    for row in connection.execute(select(HANDLERS).where(HANDLERS.c.office_id == office_id)):
        shares.setdefault(row.response_id, {})[row.holder_id] = row.share
    for response_id, place, answers, satisfaction in _places(connection, office_id):
        yield (0, *place), answers, satisfaction, WHOLE
        for holder_id, share in shares.get(response_id, {}).items():
            yield (holder_id, *place), {}, satisfaction, share


def _places(connection: Connection, office_id: int) -> Iterator[tuple[int, Place, dict[str, Any], int | None]]:
    """Return each answer to an invitation with where it counts: (id, place, answers, satisfaction)."""
    office = connection.execute(select(Office.__table__).where(Office.id == office_id)).one_or_none()
    if office is None:
        return
    zone, starts_at = ZoneInfo(office.zone), time(*divmod(office.day_starts_at, 60))
    kinds = select(QuestionnaireRow.id, QuestionnaireRow.measure).where(QuestionnaireRow.office_id == office_id)
    measures = dict(connection.execute(kinds).tuples().all())
    query = select(ANSWERS, TRANSACTIONS.c.service_id.label("now")).join(
        TRANSACTIONS,
        (TRANSACTIONS.c.office_id == ANSWERS.c.office_id) & (TRANSACTIONS.c.id == ANSWERS.c.transaction_id),
    )
    for row in connection.execute(query.where(ANSWERS.c.office_id == office_id)):
        origin = Origin.STAFF if row.standing == Standing.STAFF else Origin.LINKED
        day = business_day(row.received_at, zone, starts_at=starts_at)
        measure = measures.get(row.questionnaire_id, Measure.CSAT.value)
        place = (day, row.now if row.service_id is None else row.service_id, measure, origin.value)
        yield row.id, place, row.answers, row.satisfaction


def _loose(connection: Connection, office_id: int) -> Iterator[tuple[Key, dict[str, Any], int | None, int]]:
    for row in connection.execute(select(LOOSE).where(LOOSE.c.office_id == office_id)):
        key = (0, row.day, row.service_id or 0, row.measure, row.origin)
        yield key, row.answers, row.satisfaction, WHOLE
