"""Working the report of coverage out for a page or a file: question, counts, sheets, key figures."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from desk.domain.access import READERS
from desk.domain.asking_times import limit_of
from desk.reads.report_names import find_people, get_names
from desk.reports.survey_coverage import Coverage, coverage
from desk.reports.survey_undone import TakenBack
from desk.web.context import acting, desk
from desk.web.reports.coverage_sheets import charts_of, figures_of, sheets_of
from desk.web.reports.coverage_undone import Paths, undone_sheets
from desk.web.reports.fairness_answers import Answer, read_narrowed

REPORT = "coverage"


def answer(reader: Connection, office_id: int, *, at: datetime) -> Answer:
    """Answer the question of this request."""
    names = get_names(reader, office_id)
    bare = Answer(REPORT, read_narrowed(reader, office_id, at, names), names)
    if bare.wrong:
        return bare
    found = coverage(reader, office_id, bare.asked.question)
    names.people.update(find_people(reader, _seen(found) - names.people.keys()))
    paths = Paths(office_id, bare.narrowed.arguments, opens_files=bool(acting(office_id).roles & READERS))
    undone = undone_sheets(found, names, paths, _limits(reader, office_id, found.taken_back))
    sheets = [*sheets_of(found, names), *undone]
    if not found.total.ended:
        return replace(bare, sheets=[replace(each, rows=[], notes=()) for each in sheets], nothing=True)
    return replace(bare, figures=figures_of(found), sheets=sheets, charts=charts_of(found))


def _seen(found: Coverage) -> set[int]:
    """Return everybody who is named."""
    people = {int(each.key) for each in found.officers} | {each.key for each in found.reopened_officers}
    people |= {each.person_id for each in found.revokers}
    return people | {person for each in found.taken_back for person in (each.officer_id, each.reopened_by or 0)}


def _limits(reader: Connection, office_id: int, taken_back: list[TakenBack]) -> dict[int, datetime]:
    """Return by transaction when the system decides about it all the same."""
    kept = desk().streams.configuration(reader, office_id)
    days, starts_at = kept.rules.asking.survey_reopened_days, kept.rules.day_starts_at
    return {
        each.transaction_id: limit_of(service.calendar, each.taken_back_at, days, starts_at=starts_at)
        for each in taken_back
        if (service := kept.services.get(each.service_id)) is not None
    }
