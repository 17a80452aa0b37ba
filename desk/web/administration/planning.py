"""Settings that take effect at once or on a later day: what their forms have in common, and how one is carried out."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import format_date, gettext
from wtforms import HiddenField
from wtforms.validators import Optional

from desk.domain.facts import JSON
from desk.domain.refusals import Reason, Refused
from desk.operations.settings import planned
from desk.reads.changes import list_setters
from desk.reads.office_day import get_day
from desk.reads.planned import holding_on
from desk.reads.service_sheets import list_calendars
from desk.web.administration.planned_words import Known, value_of
from desk.web.context import acting, asked, desk, reader
from desk.web.errors import refusal_status, sentence
from desk.web.forms.absences import DayField
from desk.web.forms.base import Form
from desk.web.forms.fields import lazy, new_key
from desk.web.meanwhile import Compared, compared, seen
from desk.wording import N_

SINCE: Final = "since"
# In which field a refusal is said that names none.
FIELD_OF: Final[dict[Reason, str]] = {
    Reason.DATE_OUT_OF_RANGE: SINCE,
    Reason.STILL_WAITED_FOR: SINCE,
    Reason.DAY_NEEDS_PLAN: SINCE,
    Reason.VISITORS_IN_THE_HOUSE: SINCE,
    Reason.COUNTER_NUMBER_TAKEN: "number",
    Reason.COUNTER_IN_USE: "retired",
    Reason.COUNTER_OFFERED_TO: "retired",
    Reason.LAST_COUNTER: "retired",
    Reason.POOL_NOT_EMPTY: "retired",
    Reason.NAME_TAKEN: "name",
    Reason.LAST_REASON: "retired",
    Reason.LAST_PRIORITY_REASON: "retired",
}
# What is said in a field whose value cannot be.
IN_FIELD: Final = N_("This cannot be kept so. Look at it once more.")
# Which field shows a value, where it has another name.
SHOWN_IN: Final = {
    "offer_expires_s": "offer_minutes",
    "head_start_s": "minutes",
    "wait_promise_s": "wait",
    "completion_steps": "steps",
    "daily_quota": "quota",
    "head_id": "head",
    "calendar_id": "calendar",
    "handoff_keeps_arrival": "place",
    "handover_expires_s": "hours",
    "owner_id": "owner",
}
MEANWHILE: Final = N_(
    "Somebody changed this meanwhile: it is “%(value)s” now. Save again to have it as it stands here."
)
BY_THEN: Final = N_("By that day it is planned to be “%(value)s”. Save again to have it as it stands here.")
MOST_WORDS: Final = 200
CLASH: Final = 409
PASSED_ON: Final = frozenset({Reason.FORBIDDEN, Reason.KEY_REUSED, Reason.UNKNOWN})


def since_field() -> DayField:
    """Return the field of the later day on which a change takes effect, empty for now."""
    return DayField(
        lazy(N_("Takes effect on")),
        [Optional()],
        render_kw={"autocomplete": "off"},
        description=lazy(N_("Leave it empty to change it now. A later day: at the start of that day.")),
    )


class PlannedForm(Form):
    """A form whose change may wait for a later day; many of them stand on one page, each in a place of its own."""

    key = HiddenField(default=new_key)
    shown = HiddenField()
    since = since_field()

    def __init__(self, place: str, **more: Any) -> None:
        """Make the form of a place."""
        super().__init__(**more)
        self.place_on_page = place
        self._fields[SINCE] = self._fields.pop(SINCE)  # when stands after what
        for field in self:
            field.id = f"{place}-{field.name}"
            field.label.field_id = field.id


def in_place(wrong: Any, form: Any) -> Any:
    """Return the form that came back with errors if this is its place on the page, else this one."""
    return wrong if wrong is not None and wrong.place_on_page == form.place_on_page else form


def submitted(
    office_id: int,
    form: Any,
    page: Callable[[int, Any], str],
    target: str,
    *,
    kind: str,
    current: Mapping[str, Any] | None = None,
    subject: int = 0,
    code: str = "",
) -> ResponseReturnValue:
    """Make the change that a form asks for or plan it, and return to `target`.

    What is wrong with it, and a refusal, is said in its field on `page(office_id, form)`, with all that was typed.
    `current` is what holds of something that is there: only what differs from what the form showed is changed; without
    it something is new, and the form has `new_values`. `code` is what it is known by where it has no id.
    """
    if not form.validate_on_submit():
        return page(office_id, form), 422
    due: date | None = form.since.data
    if current is None:
        values: Mapping[str, JSON] = form.new_values
    else:
        found = compare(office_id, form, form.values, current, due, kind=kind, subject=subject, code=code)
        if found.clashes:
            return page(office_id, form), CLASH
        values = {**({"code": code} if code and found.wanted else {}), **found.wanted}
    return _carried_out(office_id, form, page, target, kind=kind, values=values, subject=subject)


def _carried_out(
    office_id: int,
    form: Any,
    page: Callable[[int, Any], str],
    target: str,
    *,
    kind: str,
    values: Mapping[str, JSON],
    subject: int,
) -> ResponseReturnValue:
    due: date | None = form.since.data
    body = {"kind": kind, "subject": subject, "values": dict(values), "due": due and due.isoformat()}
    request_ = asked(acting(office_id), "change_setting", **body)
    if not values:
        flash(gettext("Nothing was changed: everything is as it was."), "info")
        return redirect(target, 303)
    try:
        done = planned.change(desk().streams, office_id, request_, kind=kind, subject=subject, values=values, due=due)
    except Refused as refused:
        if refused.reason in PASSED_ON:
            raise
        say_in_field(form, refused)
        return page(office_id, form), refusal_status(refused)
    say_when(None if done.facts["planned"] is None else due)
    return redirect(target, 303)


def say_when(due: date | None) -> None:
    """Say from when on a change holds; None: from now on."""
    if due is None:
        flash(gettext("Kept. It holds from now on."), "success")
        return
    day = format_date(due, "EEEE, d MMMM y")
    flash(gettext("Planned: it takes effect on %(day)s. Until then it can be cancelled.", day=day), "success")


def compare(
    office_id: int,
    form: Any,
    typed: Mapping[str, JSON],
    current: Mapping[str, Any],
    due: date | None,
    *,
    kind: str,
    subject: int,
    code: str = "",
) -> Compared:
    """Return what of a form is to be changed; what clashes is said in its field, and taken for seen from then on."""
    here = reader()
    is_later = due is not None and due > get_day(here, office_id, at=desk().streams.clock()).today
    holding = dict(current)
    if due is not None and is_later:
        holding = holding_on(here, office_id, current, due, kind=kind, subject=subject, code=code)
    planned_otherwise = {name for name in typed if holding[name] != current[name]}
    found = compared(typed, form.shown.data, holding, planned=planned_otherwise)
    if found.clashes:
        known = Known(dict(list_setters(here, office_id)), dict(list_calendars(here, office_id)))
        for name, value in found.clashes.items():
            words = gettext(BY_THEN if name in planned_otherwise else MEANWHILE)
            field = form[_field_of(form, name)]
            field.errors = [words % {"value": value_of(name, value, known)[:MOST_WORDS]}]
        form.shown.data = seen(form.shown.data, found.clashes)
    return found


def say_in_field(form: Any, refused: Refused) -> None:
    """Say a refusal in the field it is about, else in the first one."""
    visible = [field for field in form if getattr(field.widget, "input_type", "") != "hidden"]
    wanted = _field_of(form, str(refused.details.get("field") or FIELD_OF.get(refused.reason, "")))
    field = form[wanted] if wanted in form else visible[0]
    field.errors = [gettext(IN_FIELD) if refused.reason is Reason.INVALID else sentence(refused)]


def _field_of(form: Any, name: str) -> str:
    """Return the field in which a form shows a value; a form may have names of its own for its values."""
    own: Mapping[str, str] = getattr(form, "names_of_values", {})
    return name if name in form else own.get(name) or SHOWN_IN.get(name, name)
