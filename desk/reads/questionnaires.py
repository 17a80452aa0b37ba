"""Questionnaires of an office: published versions with their answers, drafts, and what is asked where."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from desk.domain.invitation import Privacy
from desk.domain.questionnaire_json import read
from desk.domain.questionnaires import Measure, Questionnaire, Words
from desk.domain.shipped_questionnaires import FIRST, SHIPPED
from desk.models import (
    LooseResponse,
    Office,
    Person,
    QuestionnaireDraft,
    QuestionnaireRow,
    QuestionnaireStep,
    ResponseRow,
    Service,
)
from desk.reads.reader import Reader

VERSIONS: Any = QuestionnaireRow.__table__
DRAFTS: Any = QuestionnaireDraft.__table__
STEPS: Any = QuestionnaireStep.__table__
SERVICES: Any = Service.__table__
OFFICES: Any = Office.__table__
PEOPLE: Any = Person.__table__
AS_IT_COMES = 0  # the number of a questionnaire as it comes with the desk


@dataclass(frozen=True, slots=True)
class Version:
    """A published version, who published it, and how many answers point at it."""

    id: int
    number: int
    published_at: datetime
    published_by: str | None
    questionnaire: Questionnaire
    answers: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody works on; `steps` is how many changes can be taken back."""

    revision: int
    saved_at: datetime
    saved_by: str | None
    questionnaire: Questionnaire
    steps: int


@dataclass(frozen=True, slots=True)
class Shelved:
    """One questionnaire of the office: newest version and draft, either may be missing, and answers to all versions."""

    code: str
    title: Words
    newest: Version | None
    draft: Draft | None
    answers: int


@dataclass(frozen=True, slots=True)
class AskedService:
    """A service and the code of its own questionnaire; None: as the office."""

    id: int
    series: str
    name: Words
    code: str | None


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked where, and how answers are kept."""

    code: str
    services: tuple[AskedService, ...]
    privacy: Privacy
    correction: timedelta


def find_questionnaire(reader: Reader, office_id: int, version_id: int | None) -> Questionnaire:
    """Return a published version; None is the one question that every desk begins with."""
    if version_id is None:
        return SHIPPED[FIRST]
    query = select(VERSIONS.c.definition).where(VERSIONS.c.office_id == office_id, VERSIONS.c.id == version_id)
    return read(json.loads(reader.execute(query).scalar_one()))


def list_versions(reader: Reader, office_id: int, code: str) -> tuple[Version, ...]:
    """Return the published versions of a questionnaire, the newest first."""
    rows = _versions(reader, office_id, VERSIONS.c.code == code)
    counts = count_answers(reader, office_id, [row.id for row in rows])
    return tuple(_version(row, counts) for row in reversed(rows))


def find_version(reader: Reader, office_id: int, code: str, number: int) -> Questionnaire | None:
    """Return what a version asks (0: as it comes with the desk), None where there is none."""
    if number == AS_IT_COMES:
        return SHIPPED.get(code)
    if not 0 < number < 2**31:  # a database may not even be able to look for it
        return None
    query = select(VERSIONS.c.definition).where(VERSIONS.c.office_id == office_id, VERSIONS.c.code == code)
    found = reader.execute(query.where(VERSIONS.c.number == number)).scalar()
    return None if found is None else read(json.loads(found))


def find_draft(reader: Reader, office_id: int, code: str) -> Draft | None:
    """Return the draft of a questionnaire, None where there is none."""
    return _drafts(reader, office_id, DRAFTS.c.code == code).get(code)


def list_shelf(reader: Reader, office_id: int) -> tuple[Shelved, ...]:
    """Return every questionnaire that the office has published or drafted, by code."""
    rows = _versions(reader, office_id, VERSIONS.c.number == _newest_of(office_id))
    codes = {row.id: row.code for row in _ids(reader, office_id)}
    counts = count_answers(reader, office_id, codes)
    newest = {row.code: _version(row, counts) for row in rows}
    drafts = _drafts(reader, office_id)
    return tuple(
        Shelved(
            code,
            (newest.get(code) or drafts[code]).questionnaire.title,
            newest.get(code),
            drafts.get(code),
            sum(counts.get(version_id, 0) for version_id, of in codes.items() if of == code),
        )
        for code in sorted(newest.keys() | drafts.keys())
    )


def list_taken_codes(reader: Reader, office_id: int) -> frozenset[str]:
    """Return the codes that no new questionnaire can have: of versions, of drafts, and of what comes with the desk."""
    versions = reader.execute(select(VERSIONS.c.code).where(VERSIONS.c.office_id == office_id)).scalars()
    drafts = reader.execute(select(DRAFTS.c.code).where(DRAFTS.c.office_id == office_id)).scalars()
    return frozenset({*versions, *drafts, *SHIPPED})


def get_asking(reader: Reader, office_id: int) -> Asking:
    """Return what is asked where in an office, services in its order, without retired ones."""
    row = reader.execute(select(OFFICES).where(OFFICES.c.id == office_id)).one()
    query = select(SERVICES).where(SERVICES.c.office_id == office_id, SERVICES.c.retired.is_(False))
    services = tuple(
        AskedService(each.id, each.series, Words(each.name_id, each.name_en), each.questionnaire)
        for each in reader.execute(query.order_by(SERVICES.c.position, SERVICES.c.id))
    )
    correction = timedelta(seconds=row.survey_correction_s)
    return Asking(row.questionnaire, services, Privacy(row.survey_privacy), correction)


def count_answers(reader: Reader, office_id: int, version_ids: Iterable[int]) -> Mapping[int, int]:
    """Return how many answers point at each version; none for one without."""
    wanted, counts = list(version_ids), dict[int, int]()
    for table in (ResponseRow.__table__.c, LooseResponse.__table__.c):
        mine = (table.office_id == office_id) & table.questionnaire_id.in_(wanted)
        query = select(table.questionnaire_id, func.count()).where(mine).group_by(table.questionnaire_id)
        for version_id, number in reader.execute(query).tuples() if wanted else ():
            counts[version_id] = counts.get(version_id, 0) + number
    return counts


def count_first_answers(reader: Reader, office_id: int) -> int:
    """Return how many answers there are to the one question that comes with the desk."""
    answers, loose = ResponseRow.__table__.c, LooseResponse.__table__.c
    queries = (
        select(func.count()).where(answers.office_id == office_id, answers.questionnaire_id.is_(None)),
        # Answers out of a file have no version either, but are answers to something else.
        select(func.count()).where(
            loose.office_id == office_id,
            loose.questionnaire_id.is_(None),
            loose.measure == SHIPPED[FIRST].measure.value,
        ),
    )
    return sum(reader.execute(each).scalar_one() for each in queries)


def _newest_of(office_id: int) -> Any:
    other = VERSIONS.alias()
    newest = select(func.max(other.c.number)).where(other.c.office_id == office_id, other.c.code == VERSIONS.c.code)
    return newest.scalar_subquery()


def _ids(reader: Reader, office_id: int) -> list[Any]:
    query = select(VERSIONS.c.id, VERSIONS.c.code).where(VERSIONS.c.office_id == office_id)
    return list(reader.execute(query).all())


def _versions(reader: Reader, office_id: int, wanted: Any) -> list[Any]:
    query = (
        select(VERSIONS, PEOPLE.c.name.label("publisher"))
        .outerjoin(PEOPLE, PEOPLE.c.id == VERSIONS.c.published_by)
        .where(VERSIONS.c.office_id == office_id, wanted)
    )
    return list(reader.execute(query.order_by(VERSIONS.c.code, VERSIONS.c.number)).all())


def _version(row: Any, counts: Mapping[int, int]) -> Version:
    asked = read(json.loads(row.definition))
    return Version(row.id, row.number, row.published_at, row.publisher, asked, counts.get(row.id, 0))


def _drafts(reader: Reader, office_id: int, *wanted: Any) -> dict[str, Draft]:
    same = (STEPS.c.office_id == DRAFTS.c.office_id) & (STEPS.c.code == DRAFTS.c.code)
    steps = select(func.count()).where(same).correlate(DRAFTS).scalar_subquery()
    query = (
        select(DRAFTS, PEOPLE.c.name.label("saver"), steps.label("steps"))
        .outerjoin(PEOPLE, PEOPLE.c.id == DRAFTS.c.saved_by)
        .where(DRAFTS.c.office_id == office_id, *wanted)
    )
    return {
        row.code: Draft(row.revision, row.saved_at, row.saver, read(json.loads(row.definition)), row.steps)
        for row in reader.execute(query)
    }


def newest_measuring(reader: Reader, office_id: int, measure: Measure) -> Questionnaire:
    """Return the newest questionnaire of an office that measures this, else the one that comes with the desk."""
    newest = (
        select(VERSIONS.c.definition)
        .where(VERSIONS.c.office_id == office_id, VERSIONS.c.measure == measure.value)
        .order_by(VERSIONS.c.id.desc())
        .limit(1)
    )
    definition = reader.execute(newest).scalar()
    return SHIPPED[measure.value] if definition is None else read(json.loads(definition))
