"""Giving the rows of a file of answers their day and service, and knowing those again that were taken over before.

A file that was mended, or in which a column that is not kept has changed, comes again with rows that count already. A
row is known by the respondent's number where the file has one, else by what it says and the how manyth of its kind it
is in the file, for its questionnaire, service and day. Two respondents who say the very same are two rows.

In another file they cannot be told from rows that come again: only a person knows, and says so (`Same.FURTHER`).
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
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
from desk.operations.survey.taking_over import EARLIEST, Sheet
from desk.reads.reader import Reader
from desk.reads.survey_imports import find_taken, list_digests

SERVICE: Final = "layanan"


class Same(StrEnum):
    """What rows are that say exactly the same as rows already taken over, without a respondent's number."""

    AGAIN = "again"  # the same people once more: refused
    FURTHER = "further"  # other people, as the person says who takes them over


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What holds for rows that do not say it: the day, the service (0: not told), and what those are that say the same.

    `scope` takes the place of the day in knowing rows without a date again, where the day moves on from day to day.
    """

    day: date
    service_id: int = 0
    scope: str | None = None
    same: Same = Same.AGAIN


@dataclass(frozen=True, slots=True)
class Placed:
    """The rows that can be taken over, and what is wrong with the others, in the order of the file.

    `alike` are how many say exactly the same as rows already taken over and have no respondent's number: refused, or
    among the sheets, as was chosen. `before` are how many were taken over before the same file was interrupted.
    """

    sheets: tuple[Sheet, ...]
    refusals: tuple[Refusal, ...]
    alike: int = 0
    before: int = 0


@dataclass(frozen=True, slots=True)
class _Known:
    """A row by what it says, for its questionnaire, service and day, and the how manyth of its kind it is."""

    content: str
    number: int


def place_rows(
    reader: Reader, office_id: int, answers: Sequence[Answer], otherwise: Otherwise, *,
    measure: Measure, key: bytes, at: datetime, parts: Sequence[int] = (),
) -> Placed:  # fmt: skip
    """Return the rows of a file as sheets of this office, and refuse those that cannot be or are taken over already.

    `key` is that of visitors' links, under which rows are known again. `parts` are the batches of this very file that
    were taken over before it was interrupted: their rows are neither refused nor taken over again.
    """
    zone, today = today_of(reader, office_id, at)
    services = _services(reader, office_id)
    judged = [(each, _placed(each, otherwise, services, today)) for each in answers]
    refusals = [found for _, found in judged if isinstance(found, Refusal)]
    rows = [(answer, found) for answer, found in judged if isinstance(found, Sheet)]
    known = _known(rows, otherwise, measure)
    register = _Register(reader, office_id, key, list_digests(reader, office_id, parts))
    register.look_up(known)
    alike = [
        each for each, (answer, _) in zip(known, rows, strict=True) if register.taken_at(each) and not answer.respondent
    ]
    further = _numbered_on(register, known, alike) if otherwise.same is Same.FURTHER else {}
    sheets, before = [], 0
    for (answer, sheet), each in zip(rows, known, strict=True):
        found = further.get(each, each)
        taken_at = register.taken_at(found)
        if register.is_of_part(found):
            before += 1
        elif taken_at is None:
            sheets.append(replace(sheet, digest=register.digest(found), is_further=each in further))
        else:
            refusals.append(Refusal(answer.line, RowFault.TAKEN, taken_at=taken_at.astimezone(zone)))
    return Placed(tuple(sheets), tuple(sorted(refusals, key=lambda each: each.line)), len(alike), before)


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


class _Register:
    """Which rows an office has taken over, as far as they were looked up; those of parts of the file stand apart."""

    def __init__(self, reader: Reader, office_id: int, key: bytes, of_parts: Collection[str]) -> None:
        self._reader, self._office_id, self._key, self._of_parts = reader, office_id, key, of_parts
        self._taken: dict[str, datetime] = {}

    def digest(self, row: _Known) -> str:
        return row_digest(self._key, self._office_id, f"{row.content}|{row.number}")

    def look_up(self, rows: Sequence[_Known]) -> None:
        sought = [self.digest(each) for each in rows if not self.is_of_part(each)]
        self._taken |= find_taken(self._reader, self._office_id, sought)

    def taken_at(self, row: _Known) -> datetime | None:
        return self._taken.get(self.digest(row))

    def is_of_part(self, row: _Known) -> bool:
        return bool(self._of_parts) and self.digest(row) in self._of_parts


def _numbered_on(register: _Register, rows: Sequence[_Known], alike: Sequence[_Known]) -> dict[_Known, _Known]:
    """Return for each row that is taken over already the next of its kind that is neither taken nor in the file.

    Those of parts that were taken over before the file was interrupted are met again, and are not taken.
    """
    found: dict[_Known, _Known] = {}
    last = {each.content: each.number for each in rows}  # the numbers of a kind rise through the file
    of_kind: dict[str, list[_Known]] = {}
    for each in alike:
        of_kind.setdefault(each.content, []).append(each)
    for content, due in of_kind.items():
        free: list[_Known] = []
        room, number = len(due), last[content] + 1
        while len(free) < len(due):
            tried = [_Known(content, number + place) for place in range(room)]
            register.look_up(tried)
            free += [each for each in tried if not register.taken_at(each)]
            number, room = number + room, 2 * room
        found |= dict(zip(due, free, strict=False))
    return found


def _known(rows: Sequence[tuple[Answer, Sheet]], otherwise: Otherwise, measure: Measure) -> list[_Known]:
    seen: Counter[str] = Counter()
    known = []
    for answer, sheet in rows:
        dated = DATE in answer.profile or otherwise.scope is None
        when = sheet.day.isoformat() if dated else otherwise.scope
        said = answer.respondent or [sorted(sheet.answers.items()), sorted(sheet.profile.items())]
        content = json.dumps([measure.value, sheet.service_id, when, said], ensure_ascii=False)
        seen[content] += 1
        known.append(_Known(content, seen[content]))
    return known


def merged(found: skm_sheet.Sheet, placed: Placed) -> tuple[Refusal, ...]:
    """Return everything that is refused in a file, line by line."""
    return tuple(sorted((*found.refusals, *placed.refusals), key=lambda each: each.line))
