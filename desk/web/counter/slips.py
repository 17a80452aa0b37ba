"""Two more steps from the console: taking the last one back, and a further service for the visitor at the counter."""

from flask import abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.operations import intake, undoing
from desk.operations.requests import Done
from desk.web.access import AT_THE_FRONT, access
from desk.web.context import desk, get_office
from desk.web.counter.answers import blueprint, carry_out
from desk.web.counter.cards import make_matter_form
from desk.web.counter.page import Console
from desk.web.counter.steps import STEP, ask
from desk.wording.console_keys import UNDONE


@blueprint.post(f"{STEP}/undoing")
@access(AT_THE_FRONT)
def undo(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Take one's last step with the transaction back."""
    request_ = ask(office_id, "undo", transaction_id)
    return carry_out(
        office_id,
        lambda: undoing.undo(desk().streams, transaction_id, request_),
        _undone,
    )


def _undone(done: Done) -> str:
    words = UNDONE[done.facts["undone"]]
    said = [gettext(words)]
    if done.facts["requests"]:
        said.append(gettext("Open requests wait for their answer again."))
    if done.facts["offer_withdrawn"]:
        said.append(gettext("The offer to a colleague was withdrawn; offer again."))
    return " ".join(said)


@blueprint.post(f"{STEP}/matters")
@access(AT_THE_FRONT)
def add_matter(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Open one more service for the visitor at the counter."""
    console = Console(get_office(office_id))
    item = console.find(transaction_id)
    if item is None:
        abort(404)
    form = make_matter_form(item, [], room=console.room)
    service_id = form.service.data
    request_ = ask(office_id, "add_matter", transaction_id, service=service_id)
    return carry_out(
        office_id,
        lambda: intake.add_matter(desk().streams, transaction_id, service_id, request_),
        lambda done: gettext("Added. It waits under the same number, for whoever serves it."),
        form=form,
        transaction_id=transaction_id,
    )
