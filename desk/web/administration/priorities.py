"""Priority: why a visitor may go before others, in the office's words and order, and by how much."""

from functools import partial
from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from desk.domain.access import Role
from desk.operations.settings import office_settings, priority_reasons
from desk.reads.office_settings import get_office_settings
from desk.reads.priority_reasons import PriorityReasonView
from desk.web import priority_words
from desk.web.access import access, in_office
from desk.web.administration.planning import PlannedForm, in_place, submitted
from desk.web.context import get_office, reader
from desk.web.forms.administration import HeadStartForm, PriorityReasonForm
from desk.web.meanwhile import marks_of

blueprint = Blueprint("administration_priorities", __name__)
ADMINISTERING = in_office(Role.ADMIN)
PRIORITIES = "/offices/<int:office_id>/priority-settings"
NEW = "new"
HEAD_START = "head-start"


@blueprint.get(PRIORITIES)
@access(ADMINISTERING)
def listed(office_id: int) -> ResponseReturnValue:
    """List the reasons, and show the head start."""
    get_office(office_id)
    return _page(office_id)


@blueprint.post(PRIORITIES)
@access(ADMINISTERING)
def add(office_id: int) -> ResponseReturnValue:
    """Add a reason at the end."""
    get_office(office_id)
    form = PriorityReasonForm(NEW)
    del form.position
    return submitted(office_id, form, _page, _target(office_id), kind=priority_reasons.KIND)


@blueprint.post(f"{PRIORITIES}/reasons/<priority>")
@access(ADMINISTERING)
def change(office_id: int, priority: str) -> ResponseReturnValue:
    """Word a reason otherwise, move it, retire it, or bring it back."""
    get_office(office_id)
    known = priority_words.priority_reasons()
    if priority not in known:
        abort(404)
    form = PriorityReasonForm(f"r-{priority}")
    current, target = _current(known[priority], list(known).index(priority)), _target(office_id)
    return submitted(office_id, form, _page, target, kind=priority_reasons.KIND, current=current, code=priority)


@blueprint.post(f"{PRIORITIES}/head-start")
@access(ADMINISTERING)
def change_head_start(office_id: int) -> ResponseReturnValue:
    """Say by how much priority goes before others."""
    get_office(office_id)
    form = HeadStartForm(HEAD_START)
    current = _current_start(office_id)
    return submitted(office_id, form, _page, _target(office_id), kind=office_settings.KIND, current=current)


def _target(office_id: int) -> str:
    return url_for("administration_priorities.listed", office_id=office_id)


def _current_start(office_id: int) -> dict[str, Any]:
    """Return the head start as its form shows it, in whole minutes."""
    return {"head_start_s": get_office_settings(reader(), office_id)["head_start_s"] // 60 * 60}


def _page(office_id: int, wrong: PlannedForm | None = None) -> str:
    """Return the page; a form that came back with errors takes the place of its own."""
    shown = partial(in_place, wrong)
    new = PriorityReasonForm(NEW, formdata=None)
    del new.position
    start = _current_start(office_id)
    minutes = start["head_start_s"] // 60
    found = list(priority_words.priority_reasons().values())
    return render_template(
        "administration/priorities.html",
        reasons=[(each, shown(_form(each, place))) for place, each in enumerate(found, start=1)],
        new=shown(new),
        head_start=shown(HeadStartForm(HEAD_START, formdata=None, shown=marks_of(start), minutes=minutes)),
        form=wrong,
        language_path=_target(office_id),
    )


def _form(reason: PriorityReasonView, place: int) -> PriorityReasonForm:
    current = _current(reason, place - 1)
    return PriorityReasonForm(
        f"r-{reason.code}", formdata=None, shown=marks_of(current), **{**current, "position": place}
    )


def _current(reason: PriorityReasonView, place: int) -> dict[str, Any]:
    """Return what can be changed of a reason, as it is; places are counted from 0."""
    labels = {"label_id": reason.label["id"], "label_en": reason.label["en"]}
    return {**labels, "position": place, "retired": reason.retired}
