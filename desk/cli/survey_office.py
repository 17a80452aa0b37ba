"""What `desk survey` does with `--office`: answers in the database, beside those that visitors gave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from desk.cli.opening import get_office, opened
from desk.cli.refusing import Trouble
from desk.cli.survey_words import HiddenProfile
from desk.domain.access import SYSTEM
from desk.domain.questionnaires import Measure
from desk.domain.refusals import Reason, Refused
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.skm_elements import Regulation
from desk.domain.skm_index import Tallied
from desk.domain.skm_period import Period
from desk.domain.skm_sheet import Refusal, Sheet
from desk.domain.skm_warnings import ReportWarning, warn_of_running
from desk.domain.tallies import Tally
from desk.models import Service
from desk.operations.survey.long_files import Interrupted, take_over_in_parts
from desk.operations.survey.placing_rows import Otherwise, Same, place_rows, today_of
from desk.reads.survey_imports import list_parts
from desk.reports.profiles import Profile, profile_of
from desk.reports.satisfaction import (
    REGULATIONS,
    Cell,
    count_served,
    instrument_of,
    load_survey,
    official,
    sample_of,
    tallied_of,
)
from desk.reports.skm_findings import warn_of_held
from desk.reports.telling import ALL, Untold
from desk.reports.telling_elements import ElementTelling, element_telling, whole_years

UNTOLD: Final[Mapping[Untold, str]] = {
    Untold.FEW: "Too few to tell: {answers} answered in {period}, and of fewer than 5 no figures are given.",
    Untold.RUNNING: "{period} is still running: it is told once at least 5 more people have answered. Beside what is"
    " told already it would tell what fewer than 5 said. Take a period that is over.",
    Untold.AFTER: "{period} is over, its quarter still running: it is told once at least 5 more people have answered,"
    " or when the quarter is over. Take the quarter.",
    Untold.UNFINISHED: "{period} is still running, and a quarter of it that is over has too few answers to be told by"
    " itself: it is told in its last quarter at the earliest. Take a quarter that is over.",
    Untold.PERIOD: "Hidden: beside other periods within {period} or around it, it would tell what fewer than 5"
    " people said. Take one of those.",
    Untold.PUBLISHED: "Hidden: beside what was published of {period}, or of one within it or around it,"
    " it would tell what fewer than 5 people said who answered or changed their answers since. See what was published.",
    Untold.SERVICE: "Hidden: beside the other services or other periods, this service in {period} would tell"
    " what fewer than 5 people said. Take another period or all services.",
}
BETWEEN: Final = (
    "Somebody took rows of this file over while it was being taken over. {kept} of {rows} respondents are kept. Import"
    " the file again: those are known, and what is refused now is told line by line."
)
EARLIER: Final = 8  # periods that are looked at beside the one asked for


@dataclass(frozen=True, slots=True)
class OfficeSurvey:
    """What an office's visitors answered in a period, beside earlier periods, and how many were served."""

    tallied: Tallied
    tally: Tally
    profiles: tuple[HiddenProfile, ...]
    served: int | None  # None: nothing is known of who was served
    others: dict[Period, Tallied]
    hidden: frozenset[str]  # elements that may not be told
    left_out: dict[Regulation, int]  # answers under the other regulation
    held: list[ReportWarning]  # what changed since it was published is of few people, and not counted in; not over yet


def read_office(code: str, period: Period, service: str | None, regulation: Regulation | None = None) -> OfficeSurvey:
    """Return the answers of a period under a regulation, else under the one that most of them follow.

    Raises `Trouble` for none, and for so few that their figures would tell what single people said.
    """
    with opened() as desk, desk.streams.reading() as connection:
        office = get_office(connection, code)
        service_id = _service(connection, office.id, service)
        days = whole_years(_first(period), period.last)
        zone, today = today_of(connection, office.id, desk.streams.clock())
        read = {each: load_survey(connection, office.id, days, today, each) for each in REGULATIONS}
        now = [each for cells, _ in read.values() for each in cells if each.month in period]
        tallies = {measure: official(now, measure, service_id) for measure in REGULATIONS}
        measure = _measure(tallies, regulation)
        if not tallies[measure].answers:
            raise Trouble(f"Nobody answered a survey of {period} in {office.name}.")
        mine, bare = read[measure]
        telling = element_telling(mine, bare, instrument_of(measure), today)
        group = (service_id,) if service_id else ALL
        if untold := bare.why_not(period, group):
            raise Trouble(UNTOLD[untold].format(answers=tallies[measure].answers, period=period))
        served = count_served(connection, office.id, period.first, period.last)
        drawn = sample_of(served, [each for each in now if each.measure == measure], 0, service_id)
        return OfficeSurvey(
            tallied_of(instrument_of(measure), tallies[measure]),
            tallies[measure],
            _profiles(profile_of(mine, bare, measure, period, group)),
            None if drawn is None else drawn.population,
            _others(mine, period, measure, service_id, telling),
            telling.hidden(period, group),
            {REGULATIONS[each]: tally.answers for each, tally in tallies.items() if each != measure and tally.answers},
            [*warn_of_running(period, today), *warn_of_held(bare.since, period, zone)],
        )


def _measure(tallies: Mapping[Measure, Tally], regulation: Regulation | None) -> Measure:
    if regulation is not None:
        return next(measure for measure, each in REGULATIONS.items() if each is regulation)
    return max(tallies, key=lambda each: tallies[each].answers)


def _profiles(profile: Profile) -> tuple[HiddenProfile, ...]:
    """Return who answered as the documents tell it: what would tell of single people is hidden."""
    return tuple(HiddenProfile(column, counts) for column, counts in profile.counts.items())


def _others(
    cells: Sequence[Cell], period: Period, measure: Measure, service_id: int, telling: ElementTelling
) -> dict[Period, Tallied]:
    """Return earlier periods to compare with, as far as they and all their elements may be told."""
    others: dict[Period, Tallied] = {}
    for earlier in _before(period):
        tally = official([each for each in cells if each.month in earlier], measure, service_id)
        if tally.answers and telling.told(earlier, (service_id,) if service_id else ALL):
            others[earlier] = tallied_of(instrument_of(measure), tally)
    return others


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


@dataclass(frozen=True, slots=True)
class Kept:
    """How many rows were taken over (None: nothing is), and what the office refuses beside the file's own faults.

    `alike` are how many say exactly the same as rows taken over before, `before` how many were taken over before this
    very file was interrupted.
    """

    rows: int | None
    refusals: tuple[Refusal, ...]
    alike: int
    before: int


def keep_in_office(
    code: str, period: Period, service: str | None, sheet: Sheet, file: Path, *, same: Same, keep_good: bool
) -> Kept:
    """Take the good rows over; those without a date count on the last day of the period.

    With rows that are refused, only if `keep_good`. A file that was interrupted goes on. Raises `Trouble` for one that
    was taken over before its rows were known one by one, for a period that has not begun, and where somebody comes
    between the parts of a long file.
    """
    digest = sha256(file.read_bytes()).hexdigest()
    if sheet.instrument is None:
        raise Trouble("The file is refused whole.")
    measure = next(each for each, regulation in REGULATIONS.items() if regulation is sheet.instrument.regulation)
    with opened() as desk:
        with desk.streams.reading() as connection:
            office = get_office(connection, code)
            service_id = _service(connection, office.id, service)
            now = desk.streams.clock()
            last = min(period.last, today_of(connection, office.id, now)[1])
            if last < period.first:
                raise Trouble("The period has not begun.")
            placed = place_rows(
                connection, office.id, sheet.answers, Otherwise(last, service_id, str(period), same),
                measure=measure, key=desk.streams.keys.links, at=now,
                parts=list_parts(connection, office.id, digest),
            )  # fmt: skip
        if not placed.sheets or (placed.refusals and not keep_good):
            return Kept(None, placed.refusals, placed.alike, placed.before)
        asked, streams = SHIPPED[measure.value], desk.streams
        try:
            take_over_in_parts(streams, office.id, SYSTEM, questionnaire=asked, sheets=placed.sheets, digest=digest)
        except Refused as refused:
            raise Trouble(_why_not(refused)) from refused
        except Interrupted as interrupted:
            raise Trouble(BETWEEN.format(kept=interrupted.kept, rows=len(placed.sheets))) from interrupted
    return Kept(len(placed.sheets), placed.refusals, placed.alike, placed.before)


def _why_not(refused: Refused) -> str:
    if refused.reason is Reason.ALREADY_DONE:
        return "This very file was taken over already. Take that batch back on the page “Answers on paper” first."
    return "A day of the file lies before 2000 or in the future."
