"""Working the report of coverage out for a page or a file: question, counts, sheets, key figures."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from desk.reads.report_names import find_people, get_names
from desk.reports.survey_coverage import coverage
from desk.web.coverage_sheets import charts_of, figures_of, sheets_of
from desk.web.fairness_answers import Answer, read_narrowed

REPORT = "coverage"


def answer(reader: Connection, office_id: int, *, at: datetime) -> Answer:
    """Answer the question of this request."""
    names = get_names(reader, office_id)
    bare = Answer(REPORT, read_narrowed(reader, office_id, at, names), names)
    if bare.wrong:
        return bare
    found = coverage(reader, office_id, bare.asked.question)
    seen = {int(each.key) for each in found.officers}
    names.people.update(find_people(reader, seen - names.people.keys()))
    sheets = sheets_of(found, names)
    if not found.total.ended:
        return replace(bare, sheets=[replace(each, rows=[], notes=()) for each in sheets], nothing=True)
    return replace(bare, figures=figures_of(found), sheets=sheets, charts=charts_of(found))
