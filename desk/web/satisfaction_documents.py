"""What an office publishes of its survey, as files: the report (PDF, DOCX), the publication sheet, the answers (XLSX).

In Indonesian unless asked for in English (`in=en`), whatever language the pages are in.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext
from sqlalchemy import Connection

from desk.operations import looking
from desk.reads.report_names import get_names
from desk.web.access import OVERSEEING, access
from desk.web.context import OfficeView, acting, desk, get_office

if TYPE_CHECKING:
    from desk.reports.skm_findings import Findings, Question
    from desk.web.satisfaction_question import Asked
    from desk.web.satisfaction_report import About

blueprint = Blueprint("satisfaction_documents", __name__)
PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get(
    '/offices/<int:office_id>/reports/ikm/<any("report.pdf", "report.docx", "sheet.pdf", "answers.xlsx"):name>'
)
@access(OVERSEEING)
def document(office_id: int, name: str) -> ResponseReturnValue:
    """Send one of the documents of a period, and record who took it along; refuse under five respondents."""
    from desk.reports.skm_findings import find
    from desk.reports.snapshot import snapshot
    from desk.web.report_question import today_of
    from desk.web.satisfaction_question import read_asked

    office, streams = get_office(office_id), desk().streams
    spoken = "en" if request.args.get("in") == "en" else "id"
    content = None
    with snapshot(streams.engine) as connection:
        names, today = get_names(connection, office_id), today_of(connection, office_id, streams.clock())
        asked = read_asked(today, names)
        found = None if asked.wrong else find(connection, question_of(office_id, asked))
        wrong = asked.wrong or _too_few(found)
        if found is not None and not wrong:
            services = {each: words[spoken] for each, words in names.services.items()}
            with force_locale(spoken):
                content = MADE[name](connection, found, _about(office, services, today))
    verb = "looked" if content is None else "exported"
    looking.record_look(
        streams, office_id, acting(office_id), verb=verb, subject=f"report ikm {name}", subject_id=office_id
    )
    return _refused(office_id, str(wrong)) if content is None else _file(content, name, str(asked.period))


def question_of(office_id: int, asked: "Asked") -> "Question":
    """Return what is asked as the findings take it."""
    from desk.reports.skm_findings import Question

    return Question(office_id, asked.period, asked.measure, asked.weight, asked.service_id)


def _too_few(found: "Findings | None") -> str | None:
    """Return why no document can be made."""
    from desk.web.satisfaction_page import why_untold

    if found is None:
        return None
    if found.too_few:
        return gettext(
            "Fewer than 5 people answered in this period, so no document is made of it: it would tell what each of them"
            " said. Choose a longer period."
        )
    if found.untold is not None:
        return why_untold(found.untold)
    if found.index.value is None:
        return gettext("Nobody answered one of the elements, so there is no index. Choose a longer period.")
    return None


def _about(office: OfficeView, services: dict[int, str], day: date) -> "About":
    from desk.web.satisfaction_report import About

    return About(office.name, office.address, services, day)


def _refused(office_id: int, wrong: str) -> ResponseReturnValue:
    """Show the page of the index with the reason on top."""
    from desk.web.satisfaction import answered, page_with

    found = answered(office_id, "ikm", None)
    return page_with(office_id, replace(found, asked=replace(found.asked, wrong=wrong)))


def _report_pdf(connection: Connection, found: "Findings", about: "About") -> bytes:
    from desk.reports.skm_pdf import as_pdf
    from desk.web.satisfaction_report import report_of

    return as_pdf(report_of(found, about))


def _report_docx(connection: Connection, found: "Findings", about: "About") -> bytes:
    from desk.reports.skm_docx import as_docx
    from desk.web.satisfaction_report import report_of

    return as_docx(report_of(found, about))


def _sheet(connection: Connection, found: "Findings", about: "About") -> bytes:
    from desk.reports.skm_poster import PAPERS, as_poster
    from desk.web.satisfaction_poster import poster_of

    paper = request.args.get("paper", "a4")
    return as_poster(poster_of(found, about), paper if paper in PAPERS else "a4")


def _answers(connection: Connection, found: "Findings", about: "About") -> bytes:
    from desk.reports.skm_answers import list_answers
    from desk.reports.skm_workbook import as_workbook
    from desk.web.satisfaction_poster import workbook_words
    from desk.web.satisfaction_report import profile_rows

    answers = list_answers(connection, found.question)
    return as_workbook(found.instrument, found.index.weight, answers, profile_rows(found), workbook_words(found, about))


MADE: Final[dict[str, Callable[[Connection, "Findings", "About"], bytes]]] = {
    "report.pdf": _report_pdf,
    "report.docx": _report_docx,
    "sheet.pdf": _sheet,
    "answers.xlsx": _answers,
}
KINDS: Final = {"pdf": PDF, "docx": DOCX, "xlsx": XLSX}


def _file(content: bytes, name: str, period: str) -> Response:
    stem, _, ending = name.partition(".")
    answer = Response(content, content_type=KINDS[ending])
    shown = "inline" if ending == "pdf" else "attachment"
    answer.headers["Content-Disposition"] = f'{shown}; filename="ikm-{period}-{stem}.{ending}"'
    return answer
