"""One calendar over the years: renamed, retired, brought back; what is planned and has not begun is taken back."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.refusals import Reason, Refused
from desk.operations.requests import Done
from desk.operations.settings import keeping_calendars as operations
from desk.reads.calendar_sheets import find_calendar_sheet
from desk.web.access import access
from desk.web.administration.calendar_pages import change_sheet, said_in
from desk.web.administration.calendars import KEEPING, ONE
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import back_with, sentence
from desk.web.forms import calendars as forms
from desk.web.forms.counter import whole_number

blueprint = Blueprint("calendar_keeping", __name__)
# What is said on the page one came from; everything else is an error page, as for whoever may not.
SAID: Final = frozenset(
    {
        Reason.CALENDAR_IN_USE, Reason.CALENDAR_RETIRED, Reason.NAME_TAKEN, Reason.LAST_WEEK, Reason.NOT_POSSIBLE_NOW,
        Reason.ALREADY_DONE,
    }
)  # fmt: skip


@blueprint.post(f"{ONE}/name")
@access(KEEPING)
def rename(office_id: int, calendar_id: int) -> ResponseReturnValue:
    """Call the calendar otherwise."""
    form = forms.RenameForm("rename")
    request_ = said_in(office_id, "rename_calendar", form, calendar=calendar_id)

    def operation() -> Done:
        return operations.rename(desk().streams, office_id, calendar_id, request_, name=form.name.data)

    return change_sheet(office_id, calendar_id, operation, form)


@blueprint.post(f"{ONE}/retirement")
@access(KEEPING)
def retire(office_id: int, calendar_id: int) -> ResponseReturnValue:
    """Offer the calendar no more."""
    return _carried_out(
        office_id,
        calendar_id,
        "retire_calendar",
        operations.retire,
        gettext("Retired. It is offered no more; what went by it keeps its hours."),
    )


@blueprint.post(f"{ONE}/return")
@access(KEEPING)
def bring_back(office_id: int, calendar_id: int) -> ResponseReturnValue:
    """Offer a retired calendar again."""
    form = forms.ReturnForm("return")
    request_ = said_in(office_id, "bring_back_calendar", form, calendar=calendar_id)

    def operation() -> Done:
        return operations.bring_back(desk().streams, office_id, calendar_id, request_, name=form.name.data)

    said = gettext("Brought back. Services can keep it again.")
    return change_sheet(office_id, calendar_id, operation, form, said=said)


@blueprint.post(f"{ONE}/cleared-weeks")
@access(KEEPING)
def take_back_week(office_id: int, calendar_id: int) -> ResponseReturnValue:
    """Take back hours that have not begun."""
    said = gettext("Taken back. The hours before go on; what was promised stays promised.")
    return _carried_out(office_id, calendar_id, "take_back_week", operations.take_back_week, said, since=_since())


@blueprint.post(f"{ONE}/cleared-assignments")
@access(KEEPING)
def take_back_assignment(office_id: int, calendar_id: int) -> ResponseReturnValue:
    """Let a service go on with the calendar it has."""
    return _carried_out(
        office_id,
        calendar_id,
        "take_back_assignment",
        operations.take_back_assignment,
        gettext("Taken back. The service goes on with the calendar it has; what was promised stays promised."),
        service_id=whole_number(request.form.get("service")),
        since=_since(),
    )


def _carried_out(
    office_id: int, calendar_id: int, verb: str, operation: Callable[..., Done], said: str, **given: Any
) -> ResponseReturnValue:
    """Do it and come back to the page of the calendar; what is in the way is said there."""
    get_office(office_id)
    if find_calendar_sheet(reader(), office_id, calendar_id) is None:
        abort(404)
    target = url_for("calendars.sheet", office_id=office_id, calendar_id=calendar_id)
    told = {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}
    try:
        operation(
            desk().streams,
            office_id,
            calendar_id,
            asked(acting(office_id), verb, calendar=calendar_id, **told),
            **given,
        )
    except Refused as refused:
        if refused.reason not in SAID:
            raise
        return back_with(sentence(refused), target)
    flash(said, "success")
    return redirect(target, 303)


def _since() -> date:
    try:
        return date.fromisoformat(request.form.get("since", ""))
    except ValueError as error:
        raise Refused(Reason.INVALID, field="since") from error
