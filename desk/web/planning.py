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
from desk.operations import planned
from desk.web.context import acting, asked, desk
from desk.web.errors import refusal_status, sentence
from desk.web.forms.absences import DayField
from desk.web.forms.base import Form
from desk.web.forms.fields import lazy, new_key
from desk.wording import N_

SINCE: Final = "since"
# In which field a refusal is said that names none.
FIELD_OF: Final[dict[Reason, str]] = {
    Reason.DATE_OUT_OF_RANGE: SINCE,
    Reason.DAY_NEEDS_PLAN: SINCE,
    Reason.VISITORS_IN_THE_HOUSE: SINCE,
    Reason.COUNTER_NUMBER_TAKEN: "number",
    Reason.COUNTER_IN_USE: "retired",
    Reason.COUNTER_OFFERED_TO: "retired",
    Reason.LAST_COUNTER: "retired",
    Reason.POOL_NOT_EMPTY: "retired",
    Reason.NAME_TAKEN: "name",
    Reason.LAST_REASON: "retired",
}
PASSED_ON: Final = frozenset({Reason.FORBIDDEN, Reason.KEY_REUSED, Reason.UNKNOWN})


class PlannedForm(Form):
    """A form whose change may wait for a later day; many of them stand on one page, each in a place of its own."""

    key = HiddenField(default=new_key)
    since = DayField(
        lazy(N_("Takes effect on")),
        [Optional()],
        render_kw={"autocomplete": "off"},
        description=lazy(N_("Leave it empty to change it now. A later day: at the start of that day.")),
    )

    def __init__(self, place: str, **more: Any) -> None:
        """Make the form of a place."""
        super().__init__(**more)
        self.place_on_page = place
        self._fields[SINCE] = self._fields.pop(SINCE)  # when stands after what
        for field in self:
            field.id = f"{place}-{field.name}"
            field.label.field_id = field.id


def carried_out(
    office_id: int,
    form: PlannedForm,
    page: Callable[[], str],
    target: str,
    *,
    kind: str,
    values: Mapping[str, JSON],
    subject: int = 0,
) -> ResponseReturnValue:
    """Make the change or plan it, and return to `target`; a refusal is said in its field, with all that was typed."""
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
        return page(), refusal_status(refused)
    if done.facts["planned"] is None:
        flash(gettext("Kept. It holds from now on."), "success")
    else:
        day = format_date(due, "EEEE, d MMMM y")
        flash(gettext("Planned: it takes effect on %(day)s. Until then it can be cancelled.", day=day), "success")
    return redirect(target, 303)


def say_in_field(form: Any, refused: Refused) -> None:
    """Say a refusal in the field it is about, else in the first one."""
    visible = [field for field in form if getattr(field.widget, "input_type", "") != "hidden"]
    wanted = str(refused.details.get("field") or FIELD_OF.get(refused.reason, ""))
    field = form[wanted] if wanted in form else visible[0]
    field.errors = [sentence(refused)]


def changed(values: Mapping[str, JSON], current: Mapping[str, Any]) -> dict[str, JSON]:
    """Return what differs from now: a planned change leaves the rest as it will be then."""
    return {name: value for name, value in values.items() if current[name] != value}
