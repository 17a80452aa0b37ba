"""Changes of settings that were planned for a later day, with what became of the last ones.

Supervisors see those they may make themselves, administrators all.
"""

from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import Role
from desk.domain.planning import keepers_of
from desk.operations.requests import Done
from desk.operations.settings import planned
from desk.reads.changes import list_setters
from desk.reads.office_day import get_day
from desk.reads.opening import find_planned_logo
from desk.reads.planned import Change, count_overdue, list_ended, list_waiting, name_subjects
from desk.reads.service_sheets import list_calendars
from desk.reads.today import list_service_names
from desk.web.access import access, in_office
from desk.web.administration.planned_words import Known, state_of, subject_of, what_of, why_refused, wish_of
from desk.web.context import acting, asked, desk, get_office, language, reader
from desk.web.errors import done_and_told
from desk.web.forms.fields import new_key

blueprint = Blueprint("administration_planned", __name__)
KEEPING: Final = in_office(Role.ADMIN, Role.SUPERVISOR)
ADMINISTERING: Final = in_office(Role.ADMIN)
PLANNED: Final = "/offices/<int:office_id>/planned-changes"


@blueprint.get(PLANNED)
@access(KEEPING)
def listed(office_id: int) -> ResponseReturnValue:
    """List what is planned, each with buttons to take it back or over, and what became of the last ones."""
    get_office(office_id)
    actor = acting(office_id)

    def mine(changes: list[Change]) -> list[Change]:
        return [each for each in changes if actor.roles & keepers_of(each.kind)]

    today = get_day(reader(), office_id, at=desk().streams.clock()).today
    names = name_subjects(reader(), office_id, language=language())
    known = known_names(office_id)
    return render_template(
        "administration/planned.html",
        waiting=mine(list_waiting(reader(), office_id)),
        ended=mine(list_ended(reader(), office_id)),
        overdue=count_overdue(reader(), office_id, before=today),
        own_id=actor.person_id,
        what=what_of,
        subject=lambda change: subject_of(change, names),
        wish=lambda change: wish_of(change, known),
        state=state_of,
        said=why_refused,
        new_key=new_key,
    )


def known_names(office_id: int) -> Known:
    """Return what the ids in planned changes of an office are called."""
    services = {each: names[language()] for each, names in list_service_names(reader(), office_id)}
    return Known(dict(list_setters(reader(), office_id)), dict(list_calendars(reader(), office_id)), services)


@blueprint.get(f"{PLANNED}/<int(max={2**63 - 1}):logo_id>/logo")
@access(ADMINISTERING)
def logo(office_id: int, logo_id: int) -> ResponseReturnValue:
    """Return the picture that a planned change (its id) wants for a logo."""
    get_office(office_id)
    found = find_planned_logo(reader(), office_id, logo_id)
    if found is None:
        abort(404)
    response = Response(found.content, mimetype=found.media_type)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post(f"{PLANNED}/<int:change_id>/cancellation")
@access(KEEPING)
def cancel(office_id: int, change_id: int) -> ResponseReturnValue:
    """Take a planned change back."""
    request_ = asked(acting(office_id), "cancel_change", change=change_id)
    return _carried_out(
        office_id,
        lambda: planned.cancel(desk().streams, office_id, change_id, request_),
        gettext("Cancelled. Everything stays as it is."),
    )


@blueprint.post(f"{PLANNED}/<int:change_id>/takeover")
@access(KEEPING)
def take_over(office_id: int, change_id: int) -> ResponseReturnValue:
    """Plan in one's own name what somebody else planned."""
    request_ = asked(acting(office_id), "take_over_change", change=change_id)
    return _carried_out(
        office_id,
        lambda: planned.take_over(desk().streams, office_id, change_id, request_),
        gettext("It is your plan now, for the same day, and is carried out in your name."),
    )


def _carried_out(office_id: int, operation: Callable[[], Done], said: str) -> ResponseReturnValue:
    return done_and_told(operation, said, url_for("administration_planned.listed", office_id=office_id))
