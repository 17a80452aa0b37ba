"""The follow-up plan of the survey: the measures of a period with their history; supervisors and admins keep it."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from desk.domain.access import Role
from desk.domain.questionnaires import Measure as Asked
from desk.domain.refusals import Reason, Refused
from desk.domain.skm_elements import EXACT, INSTRUMENTS, Instrument
from desk.domain.skm_period import Period, read_period
from desk.operations.requests import Done
from desk.operations.survey import improving
from desk.reads import improvements as reads
from desk.reads.improvements import Measure
from desk.reads.report_names import get_names
from desk.web.access import access, in_office
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import refusal_status, sentence
from desk.web.forms.counter import StepForm
from desk.web.forms.fields import new_key
from desk.web.forms.improvements import ProgressForm, known_of, measure_form
from desk.wording.skm import STATUSES

blueprint = Blueprint("improvement_plans", __name__)
READING: Final = in_office(Role.ADMIN, Role.SUPERVISOR, Role.AUDITOR)
KEEPING: Final = in_office(Role.ADMIN, Role.SUPERVISOR)
PLAN: Final = "/offices/<int:office_id>/follow-up-plan"
ONE: Final = f"{PLAN}/measures/<int:improvement_id>"


@blueprint.get(PLAN)
@access(READING)
def plan(office_id: int) -> ResponseReturnValue:
    """Show the plan of a period (`period`, else this quarter), what is proposed, what is unfinished from before."""
    get_office(office_id)
    return _plan(office_id, _period(office_id, request.args.get("period")), None, 200)


@blueprint.post(f"{PLAN}/<period>")
@access(KEEPING)
def add(office_id: int, period: str) -> ResponseReturnValue:
    """Add a measure to the plan of a period."""
    get_office(office_id)
    of, place = _read(period), request.form.get("place", "new")
    form = measure_form(place, _instrument(), _people(office_id), of.first, blank=False)
    request_ = _asked_by(office_id, "plan_improvement", form, period=period)
    return _carry_out(
        form,
        lambda: improving.plan(
            desk().streams, office_id, request_, period=of, wish=form.wish, words=form.program.data or ""
        ),
        lambda status: _plan(office_id, of, form, status),
        gettext("Added to the plan."),
        url_for("improvement_plans.plan", office_id=office_id, period=period),
    )


@blueprint.post(f"{PLAN}/<period>/unfinished")
@access(KEEPING)
def carry_over(office_id: int, period: str) -> ResponseReturnValue:
    """Take what is unfinished of all earlier periods along."""
    get_office(office_id)
    of = _read(period)
    request_ = asked(acting(office_id), "carry_over_improvements", period=period)
    done = improving.carry_over(desk().streams, office_id, request_, period=of)
    count = int(done.facts["carried"])
    flash(ngettext("%(num)d measure is taken along.", "%(num)d measures are taken along.", count), "success")
    return redirect(url_for("improvement_plans.plan", office_id=office_id, period=period), 303)


@blueprint.get(ONE)
@access(READING)
def measure(office_id: int, improvement_id: int) -> ResponseReturnValue:
    """Show a measure with its history."""
    get_office(office_id)
    return _measure(office_id, improvement_id, None, 200)


@blueprint.post(ONE)
@access(KEEPING)
def change(office_id: int, improvement_id: int) -> ResponseReturnValue:
    """Plan a measure otherwise."""
    get_office(office_id)
    found, _, periods = _get(office_id, improvement_id)
    first = read_period(periods[0]).first
    form = measure_form(
        "change", _instrument(found.element), _people(office_id, found), first, blank=False, due=str(found.due)
    )
    request_ = _asked_by(office_id, "change_improvement", form, improvement=improvement_id)
    return _carry_out(
        form,
        lambda: improving.change(
            desk().streams, improvement_id, request_, wish=form.wish, words=form.program.data or ""
        ),
        lambda status: _measure(office_id, improvement_id, form, status),
        gettext("Kept."),
        url_for("improvement_plans.measure", office_id=office_id, improvement_id=improvement_id),
    )


@blueprint.post(f"{ONE}/progress")
@access(KEEPING)
def progress(office_id: int, improvement_id: int) -> ResponseReturnValue:
    """Say how far a measure is."""
    get_office(office_id)
    form = ProgressForm("progress")
    request_ = _asked_by(office_id, "note_improvement_progress", form, improvement=improvement_id)
    return _carry_out(
        form,
        lambda: improving.note_progress(
            desk().streams, improvement_id, request_, status=form.reached, note=form.note.data
        ),
        lambda status: _measure(office_id, improvement_id, form, status),
        gettext("Kept."),
        url_for("improvement_plans.measure", office_id=office_id, improvement_id=improvement_id),
    )


def _asked_by(office_id: int, verb: str, form: StepForm, **more: Any) -> Any:
    said = [f"{each.name}={each.data}" for each in form if each.name not in ("key", "csrf_token")]
    return asked(acting(office_id), verb, said=said, **more)


def _carry_out(
    form: StepForm, operation: Callable[[], Done], page: Callable[[int], ResponseReturnValue], words: str, target: str
) -> ResponseReturnValue:
    """Do it and go on, or show the page with what is wrong."""
    if not form.validate_on_submit():
        return page(422)
    try:
        operation()
    except Refused as refused:
        if refused.reason is Reason.UNKNOWN:
            raise
        form.form_errors.append(sentence(refused))
        return page(refusal_status(refused))
    flash(words, "success")
    return redirect(target, 303)


def _read(text: str) -> Period:
    try:
        return read_period(text)
    except Refused:
        abort(404)


def _period(office_id: int, text: str | None) -> Period:
    from desk.web.reports.question import today_of

    if text:
        return _read(text)
    today = today_of(reader(), office_id, desk().streams.clock())
    return Period(today.year, 3, (today.month - 1) // 3 + 1)


def _instrument(element: str | None = None) -> Instrument:
    """Return the regulation's questionnaire to which an element belongs; that of 2017 without one."""
    found = [each for each in INSTRUMENTS.values() if element is None or element in each.keys]
    return found[0]


def _people(office_id: int, of: Measure | None = None) -> dict[int, str]:
    """Return who can answer for a measure: everybody of the office, and who does already."""
    return {**get_names(reader(), office_id).people, **({of.owner_id: of.owner} if of else {})}


def _get(office_id: int, improvement_id: int) -> tuple[Measure, list[reads.Step], list[str]]:
    found = reads.find_measure(reader(), office_id, improvement_id)
    if found is None:
        abort(404)
    return found


def _lowest(office_id: int, period: Period, today: date) -> list[str]:
    """Return the elements that come first: the three lowest of the period, none while too few have answered."""
    from desk.reports.skm_findings import Question, find_lowest

    return find_lowest(reader(), Question(office_id, period, Asked.SKM_2017, EXACT, today=today))


def _plan(office_id: int, period: Period, problem: StepForm | None, status: int) -> ResponseReturnValue:
    from desk.web.reports.question import today_of
    from desk.web.satisfaction.question import offered_periods, period_words
    from desk.web.satisfaction.report_analysis import element_name

    today = today_of(reader(), office_id, desk().streams.clock())
    lowest, people = _lowest(office_id, period, today), _people(office_id)
    planned = reads.lowest_first(reads.list_plan(reader(), office_id, period), lowest)
    wanting = [each for each in lowest if each not in {measure.element for measure in planned}]
    forms: dict[str, StepForm] = {
        place: measure_form(place, _instrument(), people, period.first, blank=True, element=element)
        for place, element in (*((f"new-{each}", each) for each in wanting), ("new", None))
    }
    if problem is not None:
        forms[problem.place if problem.place in forms else "new"] = problem
    page = render_template(
        "improvement/plan.html",
        period=period,
        planned=planned,
        unfinished=reads.list_unfinished(reader(), office_id, period),
        lowest=lowest,
        forms=forms,
        form=problem,
        periods=offered_periods(today, period),
        may_keep=may_keep(office_id),
        words=period_words,
        element_name=element_name,
        status_words=status_words,
        read_period=read_period,
        new_key=new_key,
        language_path=url_for("improvement_plans.plan", office_id=office_id, period=period),
    )
    return page, status


def _measure(office_id: int, improvement_id: int, problem: StepForm | None, status: int) -> ResponseReturnValue:
    from desk.web.satisfaction.question import period_words
    from desk.web.satisfaction.report_analysis import element_name

    found, steps, periods = _get(office_id, improvement_id)
    first, people = read_period(periods[0]).first, _people(office_id, found)
    forms: dict[str, StepForm] = {
        "change": measure_form("change", _instrument(found.element), people, first, blank=True, **known_of(found)),
        "progress": ProgressForm("progress", blank=True, status=found.status.value),
    }
    if problem is not None:
        forms[problem.place] = problem
    page = render_template(
        "improvement/measure.html",
        measure=found,
        steps=steps,
        periods=[read_period(each) for each in periods],
        plans=", ".join(period_words(read_period(each)) for each in periods),
        forms=forms,
        form=problem,
        may_keep=may_keep(office_id),
        words=period_words,
        element_name=element_name,
        status_words=status_words,
        read_period=read_period,
        language_path=url_for("improvement_plans.measure", office_id=office_id, improvement_id=improvement_id),
    )
    return page, status


def status_words(status: Any) -> str:
    """Return how far a measure is, in words."""
    return gettext(STATUSES[status])


def may_keep(office_id: int) -> bool:
    """Tell whether the signed-in person may change the plan here."""
    return bool(acting(office_id).roles & improving.KEEPERS)
