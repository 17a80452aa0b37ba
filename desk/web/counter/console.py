"""The counter console: one screen for an officer's whole day. Here: the page and its parts, duty, and calling."""

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.identity import office_of
from desk.domain.reasons import BreakReason, PickReason
from desk.domain.refusals import Reason, Refused
from desk.operations import calling, floor, staffing
from desk.operations.requests import Done
from desk.web.access import AT_THE_FRONT, access
from desk.web.context import acting, asked, desk
from desk.web.counter import documents as counter_documents
from desk.web.counter import handoffs as counter_handoffs
from desk.web.counter import papers as counter_papers
from desk.web.counter import passing as counter_passing
from desk.web.counter import requests as counter_requests
from desk.web.counter import slips as counter_slips
from desk.web.counter import steps as counter_steps
from desk.web.counter.answers import PARTS, blueprint, called, carry_out, console_page, console_part
from desk.web.counter.steps import sealed
from desk.web.forms.counter import BreakForm, PickForm

__all__ = ["blueprint"]
_REGISTERED = (
    counter_documents, counter_handoffs, counter_papers, counter_passing, counter_requests, counter_slips,
    counter_steps,
)  # fmt: skip


@blueprint.get("/offices/<int:office_id>/counter")
@access(AT_THE_FRONT)
def console(office_id: int) -> ResponseReturnValue:
    """Show the console; `?transaction=` opens one beside the visitor at the counter."""
    return console_page(office_id, opened_id=_opened(office_id))


@blueprint.get("/offices/<int:office_id>/counter/<part>")
@access(AT_THE_FRONT)
def part(office_id: int, part: str) -> ResponseReturnValue:
    """Return a part of the console that changes by itself."""
    if part not in PARTS:
        abort(404)
    return console_part(office_id, part, opened_id=_opened(office_id))


def _opened(office_id: int) -> int | None:
    """Return the transaction to open; one of another office does not exist here."""
    wanted = request.args.get("transaction", type=int)
    try:
        return wanted if wanted is not None and office_of(wanted) == office_id else None
    except Refused:
        return None


@blueprint.post("/offices/<int:office_id>/counters/<int:counter_id>/duties")
@access(AT_THE_FRONT)
def sign_on(office_id: int, counter_id: int) -> ResponseReturnValue:
    """Begin work at a counter or back-office desk."""
    request_ = asked(acting(office_id), "sign_on", counter=counter_id)
    return carry_out(
        office_id,
        lambda: staffing.sign_on(desk().streams, counter_id, office_id, request_),
        lambda done: gettext("You are on duty. Have a good day."),
    )


@blueprint.post("/offices/<int:office_id>/duty/end")
@access(AT_THE_FRONT)
def sign_off(office_id: int) -> ResponseReturnValue:
    """End work at the counter."""
    request_ = asked(acting(office_id), "sign_off")
    return carry_out(
        office_id,
        lambda: staffing.sign_off(desk().streams, office_id, request_),
        lambda done: gettext("You are off duty. Thank you for today."),
    )


@blueprint.post("/offices/<int:office_id>/duty/breaks")
@access(AT_THE_FRONT)
def begin_break(office_id: int) -> ResponseReturnValue:
    """Take a break, and say why."""
    form = BreakForm("break")
    request_ = asked(acting(office_id), "begin_break", reason=form.reason.data)
    return carry_out(
        office_id,
        lambda: staffing.begin_break(desk().streams, office_id, request_, reason=BreakReason(form.reason.data)),
        lambda done: gettext("You are on a break. Nobody is called to you."),
        form=form,
    )


@blueprint.post("/offices/<int:office_id>/duty/breaks/end")
@access(AT_THE_FRONT)
def end_break(office_id: int) -> ResponseReturnValue:
    """Be available again."""
    request_ = asked(acting(office_id), "end_break")
    return carry_out(
        office_id,
        lambda: staffing.end_break(desk().streams, office_id, request_),
        lambda done: gettext("You are available again."),
    )


@blueprint.post("/offices/<int:office_id>/counter/messages/<int:message_id>/reading")
@access(AT_THE_FRONT)
def read_message(office_id: int, message_id: int) -> ResponseReturnValue:
    """The officer has read a message of the supervisor."""
    request_ = asked(acting(office_id), "read_message", message=message_id)
    return carry_out(
        office_id,
        lambda: floor.read_message(desk().streams, message_id, request_),
        lambda done: gettext("The supervisor sees that you have read it."),
    )


@blueprint.post("/offices/<int:office_id>/counters/<int:counter_id>/calls")
@access(AT_THE_FRONT)
def call(office_id: int, counter_id: int) -> ResponseReturnValue:
    """Call the next visitor, or with a number and a reason a particular one."""
    if "transaction" in request.form or "reason" in request.form:
        return _call_particular(office_id, counter_id)
    request_ = asked(acting(office_id), "call_next", counter=counter_id)
    return carry_out(office_id, lambda: calling.call_next(desk().streams, counter_id, office_id, request_), called)


def _call_particular(office_id: int, counter_id: int) -> ResponseReturnValue:
    card = request.form.get("transaction", "") if request.form.get("opened") else ""
    form = PickForm(f"call-{card}" if card else "pick")
    transaction_id, reason, note = form.transaction.data, form.reason.data, form.note.data
    said = {"transaction": transaction_id, "reason": reason, "note": sealed(note)}
    request_ = asked(acting(office_id), "call", counter=counter_id, **said)

    def operation() -> Done:
        if office_of(transaction_id) != office_id:
            raise Refused(Reason.UNKNOWN, id=transaction_id)
        return calling.call_particular(
            desk().streams, transaction_id, counter_id, request_, reason=PickReason(reason), note=note
        )

    return carry_out(office_id, operation, called, form=form, transaction_id=transaction_id if card else None)
