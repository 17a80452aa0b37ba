"""Answers on paper: typed in one by one, or taken over from a file with a report line by line; batches can go back."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime, gettext, ngettext

from desk.domain.access import Role
from desk.domain.closures import read_date
from desk.domain.questionnaires import Measure, Questionnaire, fill
from desk.domain.refusals import Reason, Refused
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.skm_elements import Regulation
from desk.domain.skm_sheet import Refusal, read_sheet, text_of
from desk.domain.skm_sheet import Sheet as FileOfAnswers
from desk.domain.tallies import Origin
from desk.operations.survey import taking_over
from desk.operations.survey.long_files import AT_ONCE
from desk.operations.survey.placing_rows import Otherwise, Placed, Same, merged, place_rows
from desk.operations.survey.taking_over import EARLIEST, read_paper
from desk.reads.questionnaires import list_versions
from desk.reads.report_names import get_names
from desk.reads.sheet_matters import find_sheet_matter
from desk.reads.survey_imports import list_batches
from desk.reports.satisfaction import REGULATIONS
from desk.web.access import access, in_office
from desk.web.context import acting, asked, desk, get_office, language, reader
from desk.web.counter_words import called
from desk.web.errors import sentence
from desk.web.forms.counter import whole_number
from desk.web.forms.fields import new_key
from desk.web.forms.paper import AnswersFileForm, PaperForm, file_form, paper_form, say_beside
from desk.web.reports.question import today_of
from desk.web.survey.paper_words import (
    again_words,
    day_words,
    entered_words,
    left_out_words,
    refused_words,
    too_many_words,
)
from desk.wording.skm import FAULTS, MEASURES, ORIGINS

blueprint = Blueprint("paper", __name__)
KEEPING: Final = in_office(Role.ADMIN, Role.SUPERVISOR)
PLACE: Final = "/offices/<int:office_id>/answers"
CODES: Final = tuple(SHIPPED)
NEW: Final = "skm2017"
# The queue waits while a file is taken over; and of a file that comes back to be mended the text travels both ways.
MOST_ROWS: Final = AT_ONCE
LONGEST_TEXT: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Report:
    """What is to be said of a file that is not taken over: refused lines, how many are good, columns left out.

    `alike` are how many lines say exactly the same as rows already taken over.
    """

    refusals: tuple[Refusal, ...]
    good: int
    left_out: tuple[str, ...]
    alike: int = 0


@blueprint.get(PLACE)
@access(KEEPING)
def overview(office_id: int) -> ResponseReturnValue:
    """Show the form for one sheet of paper, the form for a file, and what was taken over."""
    return _page(office_id)


@blueprint.post(PLACE)
@access(KEEPING)
def enter(office_id: int) -> ResponseReturnValue:
    """Take one sheet of paper over; with a queue number, once its matter was shown and confirmed."""
    questionnaire = _questionnaire(office_id)
    form = paper_form(questionnaire, language(), _services(office_id))
    if not form.validate_on_submit():
        return _page(office_id, paper=form, status=422)
    if request.form.get("step") == "change":
        return _page(office_id, paper=form)
    try:
        if form.typed_number and not form.matter.data:
            return _confirm(office_id, questionnaire, form)
        is_apart = _enter(office_id, questionnaire, form)
    except Refused as refused:
        return _refused(office_id, questionnaire, form, refused)
    flash(*entered_words(is_apart, form.typed_number))
    code, day = questionnaire.code, form.on_day.isoformat()
    return redirect(url_for("paper.overview", office_id=office_id, questionnaire=code, day=day), 303)


def _confirm(office_id: int, questionnaire: Questionnaire, form: PaperForm) -> ResponseReturnValue:
    """Show to whose matter the sheet will belong; nothing is saved yet. Raises `Refused` where it cannot be."""
    matter = find_sheet_matter(reader(), office_id, form.on_day, form.typed_number)
    if matter is None:
        raise Refused(Reason.UNKNOWN)
    taking_over.require_other_sheet(reader(), office_id, matter.transaction_id, acting(office_id))
    if fill(questionnaire, form.given).faults:
        raise Refused(Reason.SCORE_MISSING)
    form.matter.data = str(matter.invitation_id)
    names = get_names(reader(), office_id)
    found: dict[str, Any] = {
        "matter": matter,
        "service": names.services[matter.service_id][language()],
        "counter": "–" if matter.counter_id is None else called(names.counters[matter.counter_id]),
    }
    return render_template("paper/confirm.html", paper=form, questionnaire=questionnaire, **found)


def _enter(office_id: int, questionnaire: Questionnaire, form: PaperForm) -> bool:
    """Take a sheet over; return whether it was kept apart."""
    given, day, number, matter = form.given, form.on_day, form.typed_number, whole_number(form.matter.data)
    told = {"day": str(day), "number": number, "service": form.service.data, "given": dict(given)}
    request_ = asked(acting(office_id), "enter_paper", **told)
    if number:
        done = taking_over.enter_for_visit(
            desk().streams, office_id, request_, day=day, label=number, given=given, invitation_id=matter
        )
        return bool(done.facts.get("kept_apart"))
    sheet = read_paper(questionnaire, given, day, form.service.data)
    done = taking_over.enter_without_visit(
        desk().streams, office_id, request_, questionnaire=questionnaire, sheet=sheet
    )
    return bool(done.facts["kept_apart"])


def _refused(office_id: int, questionnaire: Questionnaire, form: PaperForm, refused: Refused) -> ResponseReturnValue:
    """Say beside the field what is wrong; nothing that was typed is lost."""
    match refused.reason:
        case Reason.UNKNOWN:
            words = gettext(
                "Nobody with this number and day waits to be asked these questions. Leave the number empty to count the"
                " answer without its transaction."
            )
            form.number.errors = [*form.number.errors, words]
        case Reason.SHEET_OF_OWN_CASE | Reason.SHEET_OF_OWN_DAY:
            form.number.errors = [*form.number.errors, sentence(refused)]
        case Reason.DATE_OUT_OF_RANGE:
            form.day.errors = [*form.day.errors, day_words(form.on_day)]
        case Reason.SCORE_MISSING | Reason.ANSWER_TOO_LONG:
            say_beside(form, questionnaire)
        case _:
            form.form_errors.append(sentence(refused))
    return _page(office_id, paper=form, status=422)


@blueprint.post(f"{PLACE}/file")
@access(KEEPING)
def import_file(office_id: int) -> ResponseReturnValue:
    """Take the respondents of a file over; with refused lines only where the person says that the good ones be kept."""
    get_office(office_id)
    form = file_form(_services(office_id))
    if not form.validate_on_submit():
        return _page(office_id, file=form, status=422)
    if not EARLIEST <= form.on_day <= _today(office_id):
        form.day.errors = [day_words(form.on_day)]
        return _page(office_id, file=form, status=422)
    data = form.data_given()
    found = read_sheet(data)
    form.rows.data = text_of(data) if len(data) <= LONGEST_TEXT else ""
    if found.rows > MOST_ROWS:
        form.rows.errors = [too_many_words(found.rows, MOST_ROWS)]
        return _page(office_id, file=form, status=422)
    placed = _place(office_id, found, form)
    refusals = merged(found, placed)
    if found.instrument is None or not placed.sheets or (refusals and not form.keep.data):
        form.rows.errors = [" ".join(filter(None, [refused_words(refusals), again_words(form.rows.data)]))]
        report = Report(refusals, len(placed.sheets), found.left_out, placed.alike)
        return _page(office_id, file=form, status=422, report=report)
    try:
        count = _take_over(office_id, found.instrument.regulation, data, placed, form.same)
    except Refused as refused:
        form.form_errors.append(_why_not(refused))
        return _page(office_id, file=form, status=422)
    flash(ngettext("%(num)d answer was taken over.", "%(num)d answers were taken over.", count), "success")
    if found.left_out:
        flash(left_out_words(found.left_out), "info")
    return redirect(url_for("paper.overview", office_id=office_id), 303)


def _place(office_id: int, found: FileOfAnswers, form: AnswersFileForm) -> Placed:
    """Give the rows of a file their day and service; those of the file go before those of the form."""
    if found.instrument is None:
        return Placed((), ())
    return place_rows(
        reader(), office_id, found.answers, Otherwise(form.on_day, form.service.data, same=form.same),
        measure=_measure_of(found.instrument.regulation), key=desk().streams.keys.links, at=desk().streams.clock(),
    )  # fmt: skip


def _take_over(office_id: int, regulation: Regulation, data: bytes, placed: Placed, same: Same) -> int:
    """Take the rows over and return how many there were."""
    digest, days = sha256(data).hexdigest(), [str(each.day) for each in placed.sheets]
    told = {"file": digest, "day": ",".join(sorted(set(days))), "same": same.value}
    done = taking_over.take_over(
        desk().streams,
        office_id,
        asked(acting(office_id), "import_answers", **told),
        questionnaire=_of_measure(office_id, _measure_of(regulation)),
        origin=Origin.IMPORT,
        sheets=placed.sheets,
        digest=digest,
    )
    count: int = done.facts["answers"]
    return count


def _measure_of(regulation: Regulation) -> Measure:
    return next(key for key, each in REGULATIONS.items() if each is regulation)


def _why_not(refused: Refused) -> str:
    match refused.reason:
        case Reason.ALREADY_DONE:
            return gettext("This very file was taken over already. Take that batch back first, if it is to come again.")
        case Reason.DATE_OUT_OF_RANGE:
            return gettext("A day of the file lies before 2000 or in the future.")
        case _:
            return sentence(refused)


@blueprint.post(f"{PLACE}/<int:import_id>/back")
@access(KEEPING)
def take_back(office_id: int, import_id: int) -> ResponseReturnValue:
    """Take a batch back that was taken over by mistake."""
    get_office(office_id)
    done = taking_over.take_back(
        desk().streams, office_id, import_id, asked(acting(office_id), "take_back", **{"import": import_id})
    )
    count = done.facts["answers"]
    words = ngettext("%(num)d answer counts no more.", "%(num)d answers count no more.", count)
    flash(words, "success")
    return redirect(url_for("paper.overview", office_id=office_id), 303)


def _today(office_id: int) -> date:
    return today_of(reader(), office_id, desk().streams.clock())


def _services(office_id: int) -> list[tuple[int, str]]:
    names = get_names(reader(), office_id).services
    return [(0, gettext("not told")), *((number, words[language()]) for number, words in names.items())]


def _questionnaire(office_id: int) -> Questionnaire:
    """Return the newest version of what is typed in; what comes with the desk where nothing of it is published here."""
    get_office(office_id)
    code = request.values.get("questionnaire", NEW)
    versions = list_versions(reader(), office_id, code)
    return versions[0].questionnaire if versions else SHIPPED.get(code, SHIPPED[NEW])


def _of_measure(office_id: int, measure: Measure) -> Questionnaire:
    versions = list_versions(reader(), office_id, measure.value)
    found = versions[0].questionnaire if versions else SHIPPED[measure.value]
    return found if found.measure is measure else SHIPPED[measure.value]


def _fault_words(refusal: Refusal) -> str:
    words = gettext(FAULTS[refusal.fault])
    if refusal.taken_at is None:
        return words
    at = format_datetime(refusal.taken_at, gettext("d MMM y, HH:mm"))
    batch = gettext("batch of %(time)s", time=at)
    return f"{words} ({batch})"


def _page(
    office_id: int,
    *,
    paper: PaperForm | None = None,
    file: AnswersFileForm | None = None,
    status: int = 200,
    report: Report | None = None,
) -> ResponseReturnValue:
    questionnaire = _questionnaire(office_id)
    if paper is not None:
        paper.matter.data = ""  # whatever is changed now, its matter is shown again before it is saved
    chosen_day = read_date(request.args.get("day", "")) or _today(office_id)
    found: dict[str, Any] = {
        "questionnaire": questionnaire,
        "codes": [(code, SHIPPED[code].title.in_language(language())) for code in CODES],
        "paper": paper or paper_form(questionnaire, language(), _services(office_id), blank_on=chosen_day),
        "file": file or file_form(_services(office_id), blank_on=chosen_day),
        "refusals": [(each, _fault_words(each)) for each in report.refusals] if report else [],
        "good": report.good if report else 0,
        "alike": report.alike if report else 0,
        "left_out": left_out_words(report.left_out) if report and report.left_out else "",
        "batches": list_batches(reader(), office_id),
        "measures": {each.value: gettext(words) for each, words in MEASURES.items()},
        "origins": {each: gettext(words) for each, words in ORIGINS.items()},
    }
    return render_template("paper/page.html", new_key=new_key, **found), status
