"""Working a satisfaction page out for a page or a file: question, tallies, sheets."""

from datetime import datetime

from sqlalchemy import Connection

from desk.domain.questionnaires import Measure
from desk.reads.report_names import get_names
from desk.reports.answered_periods import find_answered_periods
from desk.reports.satisfaction import REGULATIONS
from desk.web.reports.question import today_of
from desk.web.satisfaction.index import ikm
from desk.web.satisfaction.page import Answer
from desk.web.satisfaction.question import offered_periods, read_asked
from desk.web.satisfaction.scores import scores


def answer(reader: Connection, office_id: int, report: str, *, at: datetime) -> Answer:
    """Answer the question of this request."""
    names, today = get_names(reader, office_id), today_of(reader, office_id, at)
    asked = read_asked(today, names) if report == "ikm" else read_asked(today, names, tuple(Measure))
    measures = tuple(REGULATIONS) if report == "ikm" else tuple(Measure)
    known = find_answered_periods(reader, office_id, asked.period.year, today, measures)
    bare = Answer(report, asked, names, offered_periods(today, asked.period, known))
    if bare.wrong:
        return bare
    return ikm(reader, bare, office_id) if report == "ikm" else scores(reader, bare, office_id)
