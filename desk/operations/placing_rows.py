"""Giving the rows of a file of answers their day and service, and knowing those again that were taken over before.

A file that was mended, or in which a column that is not kept has changed, comes again with rows that count already. A
row is known by the respondent's number where the file has one, else by what it says and the how manyth of its kind it
is in the file, for its questionnaire, service and day. Two respondents who say the very same are two rows.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from desk.domain import skm_sheet
from desk.domain.closures import read_date
from desk.domain.hours import business_day
from desk.domain.questionnaires import Measure
from desk.domain.sampling import row_digest
from desk.domain.skm_profile import DATE
from desk.domain.skm_sheet import Answer, Refusal, RowFault
from desk.models import Office, Service
from desk.operations.taking_over import EARLIEST, Sheet
from desk.reads.reader import Reader
from desk.reads.survey_imports import find_taken

SERVICE: Final = "layanan"


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What holds for rows that do not say it: the day, the service (0: not told).

    `scope` takes the place of the day in knowing rows without a date again, where the day moves on from day to day.
    """

    day: date
    service_id: int = 0
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """The rows that can be taken over, and what is wrong with the others, in the order of the file."""

    sheets: tuple[Sheet, ...]
    refusals: tuple[Refusal, ...]


def place_rows(
    reader: Reader, office_id: int, answers: Sequence[Answer], otherwise: Otherwise, *,
    measure: Measure, key: bytes, at: datetime,
) -> Placed:  # fmt: skip
    """Return the rows of a file as sheets of this office, and refuse those that cannot be or are taken over already.

    `key` is that of visitors' links, under which rows are known again.
    """
    zone, today = today_of(reader, office_id, at)
    services = _services(reader, office_id)
    judged = [(each, _placed(each, otherwise, services, today)) for each in answers]
    refusals = [found for _, found in judged if isinstance(found, Refusal)]
    rows = [(answer, found) for answer, found in judged if isinstance(found, Sheet)]
    digests = _digests(rows, otherwise, measure, key, office_id)
    taken = find_taken(reader, office_id, digests)
    sheets = []
    for (answer, sheet), digest in zip(rows, digests, strict=True):
        if digest in taken:
            refusals.append(Refusal(answer.line, RowFault.TAKEN, taken_at=taken[digest].astimezone(zone)))
        else:
            sheets.append(replace(sheet, digest=digest))
    return Placed(tuple(sheets), tuple(sorted(refusals, key=lambda each: each.line)))


def today_of(reader: Reader, office_id: int, at: datetime) -> tuple[ZoneInfo, date]:
    """Return the zone and the business day of an office."""
    office = reader.execute(select(Office.zone, Office.day_starts_at).where(Office.id == office_id)).one()
    zone = ZoneInfo(office.zone)
    return zone, business_day(at, zone, starts_at=time(*divmod(office.day_starts_at, 60)))


def _services(reader: Reader, office_id: int) -> dict[str, int]:
    """Return the services by letter and by name; of two the one in use."""
    query = select(Service.id, Service.series, Service.name_id, Service.name_en).where(Service.office_id == office_id)
    rows = reader.execute(query.order_by(Service.retired.desc(), Service.id)).all()
    by_name = {name.casefold(): row.id for row in rows for name in (row.name_id, row.name_en)}
    return by_name | {row.series.casefold(): row.id for row in rows}


def _placed(answer: Answer, otherwise: Otherwise, services: Mapping[str, int], today: date) -> Sheet | Refusal:
    """Return one respondent with day and service; those of the row go before the others."""
    profile = dict(answer.profile)
    told, name = profile.pop(DATE, ""), profile.pop(SERVICE, "").strip()
    day = read_date(told) or otherwise.day
    if not EARLIEST <= day <= today:
        return Refusal(answer.line, RowFault.FUTURE, DATE if told else "", told)
    service_id = services.get(name.casefold()) if name else otherwise.service_id
    if service_id is None:
        return Refusal(answer.line, RowFault.SERVICE, SERVICE, name)
    return Sheet(answer.scores, profile, day, service_id)


def _digests(
    rows: Sequence[tuple[Answer, Sheet]], otherwise: Otherwise, measure: Measure, key: bytes, office_id: int
) -> list[str]:
    seen: Counter[str] = Counter()
    digests = []
    for answer, sheet in rows:
        dated = DATE in answer.profile or otherwise.scope is None
        when = sheet.day.isoformat() if dated else otherwise.scope
        said = answer.respondent or [sorted(sheet.answers.items()), sorted(sheet.profile.items())]
        content = json.dumps([measure.value, sheet.service_id, when, said], ensure_ascii=False)
        seen[content] += 1
        digests.append(row_digest(key, office_id, f"{content}|{seen[content]}"))
    return digests


def merged(found: skm_sheet.Sheet, placed: Placed) -> tuple[Refusal, ...]:
    """Return everything that is refused in a file, line by line."""
    return tuple(sorted((*found.refusals, *placed.refusals), key=lambda each: each.line))
