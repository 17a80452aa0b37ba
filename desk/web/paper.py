"""Answers on paper: typed in one by one, or taken over from a file with a report line by line; batches can go back."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from desk.domain.access import Role
from desk.domain.closures import read_date
from desk.domain.questionnaires import Measure, Questionnaire
from desk.domain.refusals import Reason, Refused
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.skm_profile import DATE
from desk.domain.skm_sheet import Answer, Refusal, read_sheet
from desk.domain.tallies import Origin
from desk.operations import taking_over
from desk.operations.taking_over import Sheet, read_paper
from desk.reads.questionnaires import list_versions
from desk.reads.report_names import get_names
from desk.reads.survey_imports import list_batches
from desk.reports.satisfaction import REGULATIONS
from desk.web.access import access, in_office
from desk.web.context import acting, asked, desk, get_office, language, reader
from desk.web.errors import sentence
from desk.web.forms.fields import new_key
from desk.web.forms.paper import AnswersFileForm, PaperForm, file_form, paper_form
from desk.web.report_question import today_of
from desk.wording.skm import FAULTS, MEASURES, ORIGINS

blueprint = Blueprint("paper", __name__)
KEEPING: Final = in_office(Role.ADMIN, Role.SUPERVISOR)
PLACE: Final = "/offices/<int:office_id>/answers"
CODES: Final = tuple(SHIPPED)
NEW: Final = "skm2017"


@blueprint.get(PLACE)
@access(KEEPING)
def overview(office_id: int) -> ResponseReturnValue:
    """Show the form for one sheet of paper, the form for a file, and what was taken over."""
    return _page(office_id)


@blueprint.post(PLACE)
@access(KEEPING)
def enter(office_id: int) -> ResponseReturnValue:
    """Take one sheet of paper over; with a queue number it belongs to that visit's transaction."""
    questionnaire = _questionnaire(office_id)
    form = paper_form(questionnaire, language(), _services(office_id))
    if not form.validate_on_submit():
        return _page(office_id, paper=form, status=422)
    try:
        _enter(office_id, questionnaire, form)
    except Refused as refused:
        return _refused(office_id, form, refused)
    flash(gettext("The answer was taken over. The next sheet can follow."), "success")
    code, day = questionnaire.code, form.on_day.isoformat()
    return redirect(url_for("paper.overview", office_id=office_id, questionnaire=code, day=day), 303)


def _enter(office_id: int, questionnaire: Questionnaire, form: PaperForm) -> None:
    given, day, number = form.given, form.on_day, (form.number.data or "").strip()
    told = {"day": str(day), "number": number, "service": form.service.data, "given": dict(given)}
    request_ = asked(acting(office_id), "enter_paper", **told)
    if number:
        taking_over.enter_for_visit(desk().streams, office_id, request_, day=day, label=number, given=given)
        return
    sheet = read_paper(questionnaire, given, day, form.service.data)
    taking_over.take_over(
        desk().streams, office_id, request_, questionnaire=questionnaire, origin=Origin.PAPER, sheets=[sheet]
    )


def _refused(office_id: int, form: PaperForm, refused: Refused) -> ResponseReturnValue:
    """Say beside the field what is wrong; nothing that was typed is lost."""
    match refused.reason:
        case Reason.UNKNOWN:
            words = gettext(
                "Nobody with this number and day waits to be asked these questions. Leave the number empty to count the"
                " answer without its transaction."
            )
            form.number.errors = [*form.number.errors, words]
        case Reason.DATE_OUT_OF_RANGE:
            form.day.errors = [*form.day.errors, gettext("The day cannot lie in the future.")]
        case Reason.SCORE_MISSING:
            form.form_errors.append(gettext("An answer is off its scale or missing. Compare with the sheet."))
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
    data = form.data_given()
    found = read_sheet(data)
    form.rows.data = data.decode("utf-8", "replace")
    if found.instrument is None or not found.answers or (found.refusals and not form.keep.data):
        return _page(office_id, file=form, status=422, refusals=found.refusals, good=len(found.answers))
    measure = next(key for key, regulation in REGULATIONS.items() if regulation is found.instrument.regulation)
    request_ = asked(acting(office_id), "import_answers", file=sha256(data).hexdigest(), day=str(form.on_day))
    try:
        done = taking_over.take_over(
            desk().streams,
            office_id,
            request_,
            questionnaire=_of_measure(office_id, measure),
            origin=Origin.IMPORT,
            sheets=[_sheet(office_id, each, form) for each in found.answers],
            digest=sha256(data).hexdigest(),
        )
    except Refused as refused:
        form.form_errors.append(_why_not(refused))
        return _page(office_id, file=form, status=422)
    count = done.facts["answers"]
    flash(ngettext("%(num)d answer was taken over.", "%(num)d answers were taken over.", count), "success")
    return redirect(url_for("paper.overview", office_id=office_id), 303)


def _why_not(refused: Refused) -> str:
    match refused.reason:
        case Reason.ALREADY_DONE:
            return gettext("This very file was taken over already. Take that batch back first, if it is to come again.")
        case Reason.DATE_OUT_OF_RANGE:
            return gettext("A day of the file lies before 2000 or in the future.")
        case _:
            return sentence(refused)


def _sheet(office_id: int, answer: Answer, form: AnswersFileForm) -> Sheet:
    """Return one respondent; day and service of the file go before those of the form."""
    profile = dict(answer.profile)
    day = read_date(profile.pop(DATE, "")) or form.on_day
    told = profile.get("layanan", "").strip().casefold()
    service_id = _by_name(office_id).get(told, form.service.data) if told else form.service.data
    return Sheet(answer.scores, profile, day, service_id)


def _by_name(office_id: int) -> Mapping[str, int]:
    names = get_names(reader(), office_id).services
    return {words[tongue].casefold(): number for number, words in names.items() for tongue in ("id", "en")}


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


def _page(
    office_id: int,
    *,
    paper: PaperForm | None = None,
    file: AnswersFileForm | None = None,
    status: int = 200,
    refusals: tuple[Refusal, ...] = (),
    good: int = 0,
) -> ResponseReturnValue:
    questionnaire = _questionnaire(office_id)
    chosen_day = read_date(request.args.get("day", "")) or _today(office_id)
    found: dict[str, Any] = {
        "questionnaire": questionnaire,
        "codes": [(code, SHIPPED[code].title.in_language(language())) for code in CODES],
        "paper": paper or paper_form(questionnaire, language(), _services(office_id), blank_on=chosen_day),
        "file": file or file_form(_services(office_id), blank_on=chosen_day),
        "refusals": [(each, gettext(FAULTS[each.fault])) for each in refusals],
        "good": good,
        "batches": list_batches(reader(), office_id),
        "measures": {each.value: gettext(words) for each, words in MEASURES.items()},
        "origins": {each: gettext(words) for each, words in ORIGINS.items()},
    }
    return render_template("paper/page.html", new_key=new_key, **found), status
