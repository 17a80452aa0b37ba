"""How the office hands on: its reasons for it and for declining, the place in another queue, how long offers wait.

Each at once, or from a later day on.
"""

from functools import partial
from typing import Any, Final

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from desk.domain.access import Role
from desk.domain.handoffs import ReasonKind
from desk.operations.settings.pools_and_reasons import KIND_HANDING_ON, REASON_KINDS
from desk.reads.handoff_reasons import OfficeReason
from desk.web.access import access, in_office
from desk.web.administration.planning import PlannedForm, in_place, submitted
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
    return submitted(office_id, form, _page, _target(office_id), kind=REASON_KINDS[_kind(kind)])


@blueprint.post("/offices/<int:office_id>/handoff-reasons/<kind>/<code>")
@access(KEEPING)
def change(office_id: int, kind: str, code: str) -> ResponseReturnValue:
    """Reword a reason, say whether it needs a note, or retire it."""
    get_office(office_id)
    found = office_reasons().get((_kind(kind).value, code))
    if found is None:
        abort(404)
    form = ReasonForm(f"{kind}-{code}")
    setting, current, target = REASON_KINDS[_kind(kind)], _current(found), _target(office_id)
    return submitted(office_id, form, _page, target, kind=setting, current=current, code=code)


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
    return submitted(office_id, form, _page, _target(office_id), kind=KIND_HANDING_ON, current=_rules(office_id))


def _target(office_id: int) -> str:
    return url_for("reasons.listed", office_id=office_id)


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
    shown = partial(in_place, wrong)
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
        language_path=_target(office_id),
    )


def _form(reason: OfficeReason) -> ReasonForm:
    current = _current(reason)
    return ReasonForm(f"{reason.kind}-{reason.code}", formdata=None, shown=marks_of(current), **current)


def _new(kind: ReasonKind) -> ReasonForm:
    form = ReasonForm(f"new-{kind.value}", formdata=None)
    del form.retired
    return form
