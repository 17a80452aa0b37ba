"""How the office hands on: its reasons for it and for declining, the place in another queue, how long offers wait.

Each at once, or from a later day on.
"""

from typing import Any, Final

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from desk.domain.access import Role
from desk.domain.handoffs import ReasonKind
from desk.operations.settings.pools_and_reasons import KIND_HANDING_ON, REASON_KINDS
from desk.reads.handoff_reasons import OfficeReason
from desk.web.access import access, in_office
from desk.web.administration.planning import PlannedForm, carried_out
from desk.web.context import desk, get_office, reader
from desk.web.forms.reasons import ANEW, KEEPS, HandoverHoursForm, QueuePlaceForm, ReasonForm
from desk.web.meanwhile import marks_of
from desk.web.reason_words import office_reasons

blueprint = Blueprint("reasons", __name__)
KEEPING = in_office(Role.ADMIN, Role.SUPERVISOR)
PLACE: Final = "queue-place"
HOURS: Final = "handover-hours"


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
    del form.retired
    if not form.validate_on_submit():
        return _page(office_id, form), 422
    return _carried_out(office_id, form, REASON_KINDS[_kind(kind)], form.new_values)


@blueprint.post("/offices/<int:office_id>/handoff-reasons/<kind>/<code>")
@access(KEEPING)
def change(office_id: int, kind: str, code: str) -> ResponseReturnValue:
    """Reword a reason, say whether it needs a note, or retire it."""
    get_office(office_id)
    found = office_reasons().get((_kind(kind).value, code))
    if found is None:
        abort(404)
    form = ReasonForm(f"{kind}-{code}")
    if not form.validate_on_submit():
        return _page(office_id, form), 422
    return _carried_out(office_id, form, REASON_KINDS[_kind(kind)], form.values, current=_current(found), code=code)


@blueprint.post("/offices/<int:office_id>/handoff-reasons/queue-place")
@access(KEEPING)
def choose_place(office_id: int) -> ResponseReturnValue:
    """Say where a visitor who is handed to another queue stands in it."""
    return _handing_on(office_id, QueuePlaceForm(PLACE))


@blueprint.post("/offices/<int:office_id>/handoff-reasons/handover-hours")
@access(KEEPING)
def choose_hours(office_id: int) -> ResponseReturnValue:
    """Say how long an offer of an end of shift or of an absence waits for its answer."""
    return _handing_on(office_id, HandoverHoursForm(HOURS))


def _handing_on(office_id: int, form: QueuePlaceForm | HandoverHoursForm) -> ResponseReturnValue:
    get_office(office_id)
    if not form.validate_on_submit():
        return _page(office_id, form), 422
    return _carried_out(office_id, form, KIND_HANDING_ON, form.values, current=_rules(office_id))


def _carried_out(
    office_id: int, form: PlannedForm, kind: str, values: dict[str, Any], **more: Any
) -> ResponseReturnValue:
    """Make or plan it and come back to the list; a refusal is said in its field, with all that was typed."""
    target = url_for("reasons.listed", office_id=office_id)
    return carried_out(office_id, form, lambda: _page(office_id, form), target, kind=kind, values=values, **more)


def _rules(office_id: int) -> dict[str, Any]:
    """Return how the office hands on, in whole hours as the form shows it."""
    rules = desk().streams.configuration(reader(), office_id).rules
    seconds = rules.handover_expires_s // 3600 * 3600
    return {"handoff_keeps_arrival": rules.handoff_keeps_arrival, "handover_expires_s": seconds}


def _current(reason: OfficeReason) -> dict[str, Any]:
    """Return what can be changed of a reason, as it is."""
    labels = {"label_id": reason.label["id"], "label_en": reason.label["en"]}
    return {**labels, "needs_note": reason.needs_note, "retired": reason.retired}


def _page(office_id: int, wrong: PlannedForm | None = None) -> str:
    """Return the page; a form that came back with errors takes the place of its own."""

    def shown(form: PlannedForm) -> PlannedForm:
        return wrong if wrong is not None and wrong.place_on_page == form.place_on_page else form

    found = list(office_reasons().values())
    rules = _rules(office_id)
    keeps, hours = KEEPS if rules["handoff_keeps_arrival"] else ANEW, rules["handover_expires_s"] // 3600
    return render_template(
        "supervisor/reasons.html",
        lists={
            kind.value: [(each, shown(_form(each))) for each in found if each.kind == kind.value] for kind in ReasonKind
        },
        new={kind.value: shown(_new(kind)) for kind in ReasonKind},
        place=shown(QueuePlaceForm(PLACE, formdata=None, shown=marks_of(rules), data={"place": keeps})),
        hours=shown(HandoverHoursForm(HOURS, formdata=None, shown=marks_of(rules), hours=hours)),
        form=wrong,
        language_path=url_for("reasons.listed", office_id=office_id),
    )


def _form(reason: OfficeReason) -> ReasonForm:
    current = _current(reason)
    return ReasonForm(f"{reason.kind}-{reason.code}", formdata=None, shown=marks_of(current), **current)


def _new(kind: ReasonKind) -> ReasonForm:
    form = ReasonForm(f"new-{kind.value}", formdata=None)
    del form.retired
    return form
