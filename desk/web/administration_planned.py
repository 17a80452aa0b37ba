"""Changes of settings that were planned for a later day, with what became of the last ones."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import Role
from desk.domain.refusals import Reason, Refused
from desk.operations import planned
from desk.reads.changes import list_setters
from desk.reads.office_day import get_day
from desk.reads.planned import count_overdue, list_ended, list_waiting, name_subjects
from desk.reads.service_sheets import list_calendars
from desk.web.access import access, in_office
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import back_with, sentence
from desk.web.forms.fields import new_key
from desk.web.planned_words import Known, state_of, subject_of, what_of, why_refused, wish_of

blueprint = Blueprint("administration_planned", __name__)
ADMINISTERING = in_office(Role.ADMIN)
PLANNED = "/offices/<int:office_id>/planned-changes"


@blueprint.get(PLANNED)
@access(ADMINISTERING)
def listed(office_id: int) -> ResponseReturnValue:
    """List what is planned, each with a button to cancel it, and what became of the last ones."""
    get_office(office_id)
    today = get_day(reader(), office_id, at=desk().streams.clock()).today
    names = name_subjects(reader(), office_id)
    known = Known(dict(list_setters(reader(), office_id)), dict(list_calendars(reader(), office_id)))
    return render_template(
        "administration/planned.html",
        waiting=list_waiting(reader(), office_id),
        ended=list_ended(reader(), office_id),
        overdue=count_overdue(reader(), office_id, before=today),
        what=what_of,
        subject=lambda change: subject_of(change, names),
        wish=lambda change: wish_of(change, known),
        state=state_of,
        said=why_refused,
        new_key=new_key,
    )


@blueprint.post(f"{PLANNED}/<int:change_id>/cancellation")
@access(ADMINISTERING)
def cancel(office_id: int, change_id: int) -> ResponseReturnValue:
    """Take a planned change back."""
    target = url_for("administration_planned.listed", office_id=office_id)
    try:
        planned.cancel(
            desk().streams, office_id, change_id, asked(acting(office_id), "cancel_change", change=change_id)
        )
    except Refused as refused:
        if refused.reason is not Reason.NOT_POSSIBLE_NOW:
            raise
        return back_with(sentence(refused), target)
    flash(gettext("Cancelled. Everything stays as it is."), "success")
    return redirect(target, 303)
