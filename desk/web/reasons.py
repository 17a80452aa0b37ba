"""How the office hands on: its reasons for it and for declining, the place in another queue, how long offers wait."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm

from desk.domain.access import Role
from desk.domain.handoffs import ReasonKind
from desk.domain.refusals import Refused
from desk.operations import pools_and_reasons
from desk.reads.handoff_reasons import OfficeReason
from desk.web.access import access, in_office
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import refusal_status
from desk.web.forms.reasons import ANEW, KEEPS, HandoverHoursForm, QueuePlaceForm, ReasonForm
from desk.web.planning import PASSED_ON, say_in_field
from desk.web.reason_words import office_reasons

blueprint = Blueprint("reasons", __name__)
KEEPING = in_office(Role.ADMIN, Role.SUPERVISOR)


def _kind(name: str) -> ReasonKind:
    try:
        return ReasonKind(name)
    except ValueError:
        abort(404)


@blueprint.get("/offices/<int:office_id>/handoff-reasons")
@access(KEEPING)
def listed(office_id: int) -> ResponseReturnValue:
    """Show both lists, each reason with its form."""
    get_office(office_id)
    return _page(office_id)


@blueprint.post("/offices/<int:office_id>/handoff-reasons/<kind>")
@access(KEEPING)
def add(office_id: int, kind: str) -> ResponseReturnValue:
    """Add a reason to the end of a list."""
    get_office(office_id)
    form = ReasonForm(f"new-{_kind(kind).value}")
    if not form.validate_on_submit():
        return _page(office_id, form), 422
    actor = acting(office_id)
    return _kept(
        office_id,
        form,
        lambda: pools_and_reasons.add_reason(desk().streams, office_id, _kind(kind), form.plan, actor=actor),
    )


@blueprint.post("/offices/<int:office_id>/handoff-reasons/<kind>/<code>")
@access(KEEPING)
def change(office_id: int, kind: str, code: str) -> ResponseReturnValue:
    """Reword a reason, say whether it needs a note, or retire it."""
    get_office(office_id)
    if (_kind(kind).value, code) not in office_reasons():
        abort(404)
    form = ReasonForm(f"{kind}-{code}")
    if not form.validate_on_submit():
        return _page(office_id, form), 422
    actor = acting(office_id)
    return _kept(
        office_id,
        form,
        lambda: pools_and_reasons.change_reason(desk().streams, office_id, _kind(kind), code, form.plan, actor=actor),
    )


@blueprint.post("/offices/<int:office_id>/handoff-reasons/queue-place")
@access(KEEPING)
def choose_place(office_id: int) -> ResponseReturnValue:
    """Say where a visitor who is handed to another queue stands in it."""
    get_office(office_id)
    form = QueuePlaceForm()
    if not form.validate_on_submit():
        return _page(office_id, wrong=form), 422
    keeps = form.keeps_arrival
    request_ = asked(acting(office_id), "choose_queue_place", keeps=keeps)
    pools_and_reasons.choose_queue_place(desk().streams, office_id, request_, keeps_arrival=keeps)
    flash(gettext("Kept. It holds for handoffs from now on."), "success")
    return redirect(url_for("reasons.listed", office_id=office_id), 303)


@blueprint.post("/offices/<int:office_id>/handoff-reasons/handover-hours")
@access(KEEPING)
def choose_hours(office_id: int) -> ResponseReturnValue:
    """Say how long an offer of an end of shift or of an absence waits for its answer."""
    get_office(office_id)
    form = HandoverHoursForm()
    if not form.validate_on_submit():
        return _page(office_id, wrong=form), 422
    hours = int(form.hours.data)
    request_ = asked(acting(office_id), "choose_handover_hours", hours=hours)
    pools_and_reasons.choose_handover_hours(desk().streams, office_id, request_, hours=hours)
    flash(gettext("Kept. It holds for offers from now on."), "success")
    return redirect(url_for("reasons.listed", office_id=office_id), 303)


def _kept(office_id: int, form: ReasonForm, keep: Callable[[], object]) -> ResponseReturnValue:
    """Keep it and come back to the list; a refusal is said in its field, with all that was typed."""
    try:
        keep()
    except Refused as refused:
        if refused.reason in PASSED_ON:
            raise
        say_in_field(form, refused)
        return _page(office_id, form), refusal_status(refused)
    flash(gettext("The list of reasons is changed."), "success")
    return redirect(url_for("reasons.listed", office_id=office_id), 303)


def _page(office_id: int, wrong: FlaskForm | None = None) -> str:
    """Return the page; a form that came back with errors takes the place of its own."""
    problem = wrong if isinstance(wrong, ReasonForm) else None
    found = list(office_reasons().values())
    lists = {
        kind.value: [(each, _form(each, problem)) for each in found if each.kind == kind.value] for kind in ReasonKind
    }
    new = {kind.value: _new(kind, problem) for kind in ReasonKind}
    rules = desk().streams.configuration(reader(), office_id).rules
    keeps = KEEPS if rules.handoff_keeps_arrival else ANEW
    place = wrong if isinstance(wrong, QueuePlaceForm) else QueuePlaceForm(formdata=None, place=keeps)
    kept = HandoverHoursForm(formdata=None, hours=rules.handover_expires_s // 3600)
    hours = wrong if isinstance(wrong, HandoverHoursForm) else kept
    return render_template("supervisor/reasons.html", lists=lists, new=new, place=place, hours=hours, form=wrong)


def _form(reason: OfficeReason, problem: ReasonForm | None) -> ReasonForm:
    place = f"{reason.kind}-{reason.code}"
    if problem is not None and problem.place == place:
        return problem
    known = {"needs_note": reason.needs_note, "retired": reason.retired}
    return ReasonForm(place, formdata=None, label_id=reason.label["id"], label_en=reason.label["en"], **known)


def _new(kind: ReasonKind, problem: ReasonForm | None) -> ReasonForm:
    place = f"new-{kind.value}"
    return problem if problem is not None and problem.place == place else ReasonForm(place, formdata=None)
