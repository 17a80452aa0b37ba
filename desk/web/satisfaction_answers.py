"""Working a satisfaction page out for a page or a file: question, tallies, sheets."""

from datetime import datetime

from sqlalchemy import Connection

from desk.reads.report_names import get_names
from desk.web.report_question import today_of
from desk.web.satisfaction_index import ikm
from desk.web.satisfaction_page import Answer
from desk.web.satisfaction_question import offered_periods, read_asked
from desk.web.satisfaction_scores import scores


def answer(reader: Connection, office_id: int, report: str, *, at: datetime) -> Answer:
    """Answer the question of this request."""
    names, today = get_names(reader, office_id), today_of(reader, office_id, at)
    asked = read_asked(today, names)
    bare = Answer(report, asked, names, offered_periods(today, asked.period))
    if bare.wrong:
        return bare
    return ikm(reader, bare, office_id) if report == "ikm" else scores(reader, bare, office_id)
