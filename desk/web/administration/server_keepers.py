"""Who keeps the server, on its page: whoever does lets another administrator do so too, and takes it from them."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.models import db
from desk.operations.accounts import server_keepers
from desk.reads.administering import is_keeper, list_possible_keepers
from desk.web.access import access
from desk.web.accounts.reauthentication import ask_first, is_fresh
from desk.web.administration.server_settings import ADMINISTERING, PAGE, refusal
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import back_with, done_and_told
from desk.web.forms.keepers import KeeperForm

blueprint = Blueprint("server_keepers", __name__)
KEEPERS = f"{PAGE}/keepers"


@blueprint.post(KEEPERS)
@access(ADMINISTERING)
def give(office_id: int) -> ResponseReturnValue:
    """Let another administrator keep the server too."""
    stopped = _stopped(office_id)
    if stopped is not None:
        return stopped
    form = KeeperForm(list_possible_keepers(reader()))
    if not form.validate_on_submit():
        said = gettext("Choose an administrator. Whoever is not on the list administers no office, or cannot sign in.")
        return back_with(said, _back(office_id))
    person_id = int(form.person.data)
    request_ = asked(acting(office_id), "give_server", person=person_id)
    return done_and_told(
        lambda: server_keepers.give_server(desk().streams, office_id, person_id, request_),
        gettext("Changed. They find the page Server in their menu from now on."),
        _back(office_id),
    )


@blueprint.post(f"{KEEPERS}/<int:person_id>/removal")
@access(ADMINISTERING)
def take(office_id: int, person_id: int) -> ResponseReturnValue:
    """Let somebody keep it no more; whoever gives it up themselves sees its page no more."""
    stopped = _stopped(office_id)
    if stopped is not None:
        return stopped
    request_ = asked(acting(office_id), "take_server", person=person_id)
    answer = done_and_told(
        lambda: server_keepers.take_server(desk().streams, office_id, person_id, request_),
        gettext("Changed. They keep the server no more."),
        _back(office_id),
    )
    db.session.rollback()  # what is read now is as of after the change
    if not is_keeper(reader(), acting(office_id).person_id or 0):
        return redirect(url_for("staff.people", office_id=office_id), 303)
    return answer


def _stopped(office_id: int) -> ResponseReturnValue | None:
    """Return the answer to who does not keep the server, or did not show lately that it is them."""
    get_office(office_id)
    refused = refusal(office_id)
    if refused is not None or is_fresh():
        return refused
    return ask_first(_back(office_id))


def _back(office_id: int) -> str:
    return url_for("server_settings.page", office_id=office_id, _anchor="keepers")
