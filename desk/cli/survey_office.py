"""What `desk survey` does with `--office`: answers in the database, beside those that visitors gave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from desk.cli.opening import get_office, opened
from desk.cli.refusing import Trouble
from desk.domain.access import SYSTEM
from desk.domain.closures import read_date
from desk.domain.questionnaires import Measure
from desk.domain.refusals import Reason, Refused
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.skm_index import Tallied
from desk.domain.skm_period import Period
from desk.domain.skm_profile import DATE, ProfileCount
from desk.domain.skm_sheet import Sheet
from desk.domain.tallies import Origin
from desk.models import Service
from desk.operations import taking_over
from desk.operations.requests import Request
from desk.reports.satisfaction import (
    REGULATIONS,
    count_served,
    instrument_of,
    load_cells,
    official,
    profiles_of,
    tallied_of,
)

EARLIER: Final = 8  # periods that are looked at beside the one asked for


@dataclass(frozen=True, slots=True)
class OfficeSurvey:
    """What an office's visitors answered in a period, beside earlier periods, and how many were served."""

    tallied: Tallied
    profiles: tuple[ProfileCount, ...]
    served: int
    others: dict[Period, Tallied]


def read_office(code: str, period: Period, service: str | None) -> OfficeSurvey:
    """Return the answers of a period under the regulation that most of them follow; raise `Trouble` for none."""
    with opened() as desk, desk.streams.reading() as connection:
        office = get_office(connection, code)
        service_id = _service(connection, office.id, service)
        cells = load_cells(connection, office.id, _first(period), period.last)
        now = [each for each in cells if each.month in period]
        tallies = {measure: official(now, measure, service_id) for measure in REGULATIONS}
        measure = max(tallies, key=lambda each: tallies[each].answers)
        if not tallies[measure].answers:
            raise Trouble(f"Nobody answered a survey of {period} in {office.name}.")
        instrument = instrument_of(measure)
        served = count_served(connection, office.id, period.first, period.last)
        others: dict[Period, Tallied] = {}
        for earlier in _before(period):
            tally = official([each for each in cells if each.month in earlier], measure, service_id)
            if tally.answers:
                others[earlier] = tallied_of(instrument, tally)
        count = served.get(service_id, 0) if service_id else sum(served.values())
        return OfficeSurvey(tallied_of(instrument, tallies[measure]), profiles_of(tallies[measure]), count, others)


def _before(period: Period) -> list[Period]:
    found = [period.before]
    while len(found) < EARLIER:
        found.append(found[-1].before)
    return found


def _first(period: Period) -> date:
    return _before(period)[-1].first


def _service(connection: Connection, office_id: int, series: str | None) -> int:
    """Return the id of the service with this letter; 0 for all."""
    if series is None:
        return 0
    rows = connection.execute(select(Service.series, Service.id).where(Service.office_id == office_id)).tuples().all()
    known = {letter.casefold(): number for letter, number in rows}
    if series.casefold() not in known:
        raise Trouble(f"There is no service {series!r}. There are: {', '.join(sorted(letter for letter, _ in rows))}.")
    return known[series.casefold()]


def keep_in_office(code: str, period: Period, service: str | None, sheet: Sheet, file: Path) -> int:
    """Take the good rows over and return how many; those without a date count on the last day of the period.

    Raises `Trouble` for a file that was taken over already, and for a period that has not begun.
    """
    if sheet.instrument is None:
        raise Trouble("The file is refused whole.")
    measure = next(each for each, regulation in REGULATIONS.items() if regulation is sheet.instrument.regulation)
    with opened() as desk:
        with desk.streams.reading() as connection:
            office = get_office(connection, code)
            service_id = _service(connection, office.id, service)
        last = min(period.last, desk.streams.clock().date())
        sheets = [_respondent(each.scores, dict(each.profile), last, service_id) for each in sheet.answers]
        request = Request(SYSTEM, "import_answers")
        try:
            taking_over.take_over(
                desk.streams,
                office.id,
                request,
                questionnaire=SHIPPED[Measure(measure).value],
                origin=Origin.IMPORT,
                sheets=sheets,
                digest=sha256(file.read_bytes()).hexdigest(),
            )
        except Refused as refused:
            raise Trouble(_why_not(refused)) from refused
    return len(sheets)


def _respondent(scores: Mapping[str, int], profile: dict[str, str], last: date, service_id: int) -> taking_over.Sheet:
    day = read_date(profile.pop(DATE, "")) or last
    return taking_over.Sheet(scores, profile, day, service_id)


def _why_not(refused: Refused) -> str:
    if refused.reason is Reason.ALREADY_DONE:
        return "This very file was taken over already. Take that batch back on the page “Answers on paper” first."
    return "A day of the file lies before 2000 or in the future."
