"""What the office goes by: time zone, business day, how long some things take; and opening another office."""

from datetime import time
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import Role
from desk.domain.refusals import Reason, Refused
from desk.operations.opening.opening_offices import open_another
from desk.operations.opening.setting_up import OfficePlan
from desk.operations.settings import office_settings
from desk.reads.administering import is_keeper, list_keepers
from desk.reads.office_settings import get_office_settings
from desk.web.access import access, in_office
from desk.web.accounts.reauthentication import is_fresh
from desk.web.administration.planning import PASSED_ON, say_in_field, submitted
from desk.web.administration.server_settings import CONFIRM_FIRST, refusal
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import refusal_status
from desk.web.forms.administration import NewOfficeForm, OfficeForm
from desk.web.forms.zones import keep_choice
from desk.web.meanwhile import marks_of

blueprint = Blueprint("administration_office", __name__)
ADMINISTERING = in_office(Role.ADMIN)
OFFICE = "/offices/<int:office_id>/office-settings"


@blueprint.get(OFFICE)
@access(ADMINISTERING)
def page(office_id: int) -> ResponseReturnValue:
    """Show the settings of the office, and the form of another one."""
    get_office(office_id)
    return _page(office_id)


@blueprint.post(OFFICE)
@access(ADMINISTERING)
def change(office_id: int) -> ResponseReturnValue:
    """Change them, at once or on a later day."""
    get_office(office_id)
    form = OfficeForm("office")
    target = url_for("administration_office.page", office_id=office_id)
    current = _current(get_office_settings(reader(), office_id))
    return submitted(office_id, form, _page, target, kind=office_settings.KIND, current=current)


@blueprint.post("/offices/<int:office_id>/further-offices")
@access(ADMINISTERING)
def open_office(office_id: int) -> ResponseReturnValue:
    """Open another office, which whoever does so administers: whoever keeps the server, and showed that it is them."""
    get_office(office_id)
    stopped = refusal(office_id)
    if stopped is not None:
        return stopped
    form = NewOfficeForm()
    if not (is_fresh() and form.validate_on_submit()):
        return _page(office_id, new=form), 422
    plan = OfficePlan(form.code.data or "", form.name.data or "", form.zone.data or "", language=form.language.data)
    request_ = asked(acting(office_id), "open_office", plan=str(plan))
    try:
        made = open_another(desk().streams, office_id, request_, plan).facts["office"]
    except Refused as refused:
        if refused.reason in PASSED_ON | {Reason.KEEPERS_ONLY, Reason.NOBODY_KEEPS_SERVER}:
            raise
        say_in_field(form, refused)
        return _page(office_id, new=form), refusal_status(refused)
    flash(gettext("The office is open. Its counters, services and staff are set up next."), "success")
    return redirect(url_for("checklist.page", office_id=made), 303)


def _page(office_id: int, form: OfficeForm | None = None, new: NewOfficeForm | None = None) -> str:
    settings = get_office_settings(reader(), office_id)
    own = form or OfficeForm("office", formdata=None, **_typed(settings))
    here = url_for("administration_office.page", office_id=office_id)
    keep_choice(own.zone, settings["zone"])
    return render_template(
        "administration/office.html",
        own=own,
        new=new or NewOfficeForm(formdata=None, zone=settings["zone"], language=settings["language"]),
        form=form or new,
        keeps_server=is_keeper(reader(), acting(office_id).person_id or 0),
        keepers=[each.name for each in list_keepers(reader()) if each.active],
        is_given=new is not None,
        is_fresh=is_fresh(),
        confirm_first=gettext(CONFIRM_FIRST),
        here=here,
        language_path=here,
    )


def _current(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what the form shows, in its own precision: whole minutes."""
    names = ("zone", "day_starts_at", "reopen_days")
    return {**{name: settings[name] for name in names}, "offer_expires_s": settings["offer_expires_s"] // 60 * 60}


def _typed(settings: dict[str, Any]) -> dict[str, Any]:
    return {
        **settings,
        "shown": marks_of(_current(settings)),
        "day_starts_at": time(*divmod(settings["day_starts_at"], 60)),
        "offer_minutes": settings["offer_expires_s"] // 60,
    }
