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

from desk.operations.keeping import looking
from desk.reads.report_names import get_names
from desk.web.access import OVERSEEING, access
from desk.web.context import OfficeView, acting, desk, get_office

if TYPE_CHECKING:
    from desk.reports.skm_findings import Findings, Question
    from desk.web.satisfaction.question import Asked
    from desk.web.satisfaction.report import About

blueprint = Blueprint("satisfaction_documents", __name__)
PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LANGUAGES: Final = ("id", "en")
SHEET: Final = "sheet.pdf"
PAPERS: Final = ("a4", "a3")  # of the publication sheet
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get(
    '/offices/<int:office_id>/reports/ikm/<any("report.pdf", "report.docx", "sheet.pdf", "answers.xlsx"):name>'
)
@access(OVERSEEING)
def document(office_id: int, name: str) -> ResponseReturnValue:
    """Send one of the documents of a period, and record who took it along; refuse under five respondents."""
    from desk.reports.skm_findings import find
    from desk.reports.snapshot import snapshot
    from desk.web.reports.question import today_of
    from desk.web.satisfaction.question import read_asked

    office, streams = get_office(office_id), desk().streams
    spoken, paper, unknown = _manner(name)
    content = None
    with snapshot(streams.engine) as connection:
        names, today = get_names(connection, office_id), today_of(connection, office_id, streams.clock())
        asked = read_asked(today, names)
        wrong = " ".join(filter(None, (asked.wrong, unknown))) or None
        found = None if wrong else find(connection, question_of(office_id, asked))
        wrong = wrong or _too_few(found) or _held(found, name)
        if found is not None and not wrong:
            services = {each: words[spoken] for each, words in names.services.items()}
            with force_locale(spoken):
                about = _about(office, services, today)
                content = _sheet(found, about, paper) if name == SHEET else MADE[name](connection, found, about)
    verb = "looked" if content is None else "exported"
    looking.record_look(
        streams, office_id, acting(office_id), verb=verb, subject=f"report ikm {name}", subject_id=office_id
    )
    return _refused(office_id, str(wrong)) if content is None else _file(content, name, str(asked.period))


def _manner(name: str) -> tuple[str, str, str | None]:
    """Return the language and the paper that are asked for, and what is wrong with them."""
    spoken, paper = (request.args.get(each, "").strip().lower() for each in ("in", "paper"))
    wrong = []
    if spoken not in ("", *LANGUAGES):
        wrong.append(gettext("The documents are in Indonesian (in=id) or English (in=en). Choose one of them."))
    if paper not in ("", *PAPERS) or (paper and name != SHEET):
        wrong.append(gettext("The publication sheet fits A4 (paper=a4) or A3 (paper=a3). Choose one of them."))
    return spoken or LANGUAGES[0], paper or PAPERS[0], " ".join(wrong) or None


def question_of(office_id: int, asked: "Asked") -> "Question":
    """Return what is asked as the findings take it."""
    from desk.reports.skm_findings import Question

    return Question(office_id, asked.period, asked.measure, asked.weight, asked.service_id, today=asked.today)


def _too_few(found: "Findings | None") -> str | None:
    """Return why no document can be made."""
    from desk.web.satisfaction.page import why_elements_untold, why_untold

    if found is None:
        return None
    if found.too_few:
        return gettext(
            "Fewer than 5 people answered in this period, so no document is made of it: it would tell what each of them"
            " said. Choose a longer period."
        )
    if found.untold is not None:
        return why_untold(found.untold)
    if found.index.hidden:
        return why_elements_untold(found.index)
    if found.index.value is None:
        return gettext("Nobody answered one of the elements, so there is no index. Choose a longer period.")
    return None


def _held(found: "Findings | None", name: str) -> str | None:
    """Return why the single answers are not given: among them are those that are not counted in yet."""
    if found is None or not found.is_held or not name.startswith("answers."):
        return None
    return gettext(
        "What has come in or was changed since this period was published is of fewer than 5 people: the single answers"
        " can be taken along again once it is counted in. Until then they would tell what these few said."
    )


def _about(office: OfficeView, services: dict[int, str], day: date) -> "About":
    from desk.web.satisfaction.report import About

    return About(office.name, office.address, services, day)


def _refused(office_id: int, wrong: str) -> ResponseReturnValue:
    """Show the page of the index with the reason on top."""
    from desk.web.satisfaction.pages import answered, page_with

    found = answered(office_id, "ikm", None)
    return page_with(office_id, replace(found, asked=replace(found.asked, wrong=wrong)))


def _report_pdf(connection: Connection, found: "Findings", about: "About") -> bytes:
    from desk.reports.skm_pdf import as_pdf
    from desk.web.satisfaction.report import report_of

    return as_pdf(report_of(found, about))


def _report_docx(connection: Connection, found: "Findings", about: "About") -> bytes:
    from desk.reports.skm_docx import as_docx
    from desk.web.satisfaction.report import report_of

    return as_docx(report_of(found, about))


def _sheet(found: "Findings", about: "About", paper: str) -> bytes:
    from desk.reports.skm_poster import as_poster
    from desk.web.satisfaction.poster import poster_of

    return as_poster(poster_of(found, about), paper)


def _answers(connection: Connection, found: "Findings", about: "About") -> bytes:
    from desk.reports.skm_answers import list_answers
    from desk.reports.skm_workbook import as_workbook
    from desk.web.satisfaction.poster import workbook_words
    from desk.web.satisfaction.report import profile_counts

    answers = list_answers(connection, found.question)
    profile, words = profile_counts(found), workbook_words(found, about)
    return as_workbook(found.instrument, found.index.weight, answers, profile, words)


MADE: Final[dict[str, Callable[[Connection, "Findings", "About"], bytes]]] = {
    "report.pdf": _report_pdf,
    "report.docx": _report_docx,
    "answers.xlsx": _answers,
}
KINDS: Final = {"pdf": PDF, "docx": DOCX, "xlsx": XLSX}


def _file(content: bytes, name: str, period: str) -> Response:
    stem, _, ending = name.partition(".")
    answer = Response(content, content_type=KINDS[ending])
    shown = "inline" if ending == "pdf" else "attachment"
    answer.headers["Content-Disposition"] = f'{shown}; filename="ikm-{period}-{stem}.{ending}"'
    return answer
