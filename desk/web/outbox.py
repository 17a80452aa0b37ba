"""Messages to visitors: what waits, what was sent, what was given up and why; a dead one can be sent again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.refusals import Refused
from desk.operations.delivering import resend as resend_message
from desk.reads.outbox import get_health, list_deliveries
from desk.web.access import SUPERVISING, access
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import back_with, sentence

blueprint = Blueprint("outbox", __name__)

STATES = ("pending", "sending", "sent", "dead", "cancelled")
LIMIT = 200


@blueprint.get("/offices/<int:office_id>/messages")
@access(SUPERVISING)
def messages(office_id: int) -> ResponseReturnValue:
    """List the office's messages, newest first; addresses are masked, links are not shown at all."""
    get_office(office_id)
    state = request.args.get("state", "")
    chosen = state if state in STATES else ""
    return render_template(
        "outbox/messages.html",
        lines=list_deliveries(reader(), office_id, chosen or None, LIMIT),
        health=get_health(reader(), office_id, at=desk().streams.clock()),
        states=STATES,
        chosen=chosen,
        limit=LIMIT,
        mail_set_up=desk().settings.mail.host is not None,
    )


@blueprint.post("/offices/<int:office_id>/messages/<int:delivery_id>/resending")
@access(SUPERVISING)
def resend(office_id: int, delivery_id: int) -> ResponseReturnValue:
    """Try a message that was given up once more."""
    target = url_for("outbox.messages", office_id=office_id)
    wanted = asked(acting(office_id), "resend", delivery=delivery_id)
    try:
        resend_message(desk().streams, office_id, delivery_id, wanted)
    except Refused as refused:
        return back_with(sentence(refused), target)
    flash(gettext("The message waits to be sent again."), "success")
    return redirect(target, 303)
