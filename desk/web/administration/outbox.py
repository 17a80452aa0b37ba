"""Messages to visitors and staff: what waits, what was sent or given up, and why; a dead one can be sent again."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime, gettext

from desk.domain.access import Role
from desk.domain.audit import digest_of
from desk.domain.clock import instant
from desk.domain.redirecting import Correction
from desk.domain.refusals import Reason, Refused
from desk.operations.accounts.resending_mail import resend_about_account
from desk.operations.complaints.resending import resend_about_case
from desk.operations.delivering import RESENDERS, require_not_asked, require_other_case
from desk.operations.delivering import redirect as redirect_message
from desk.operations.delivering import resend as resend_message
from desk.operations.requests import Done
from desk.reads.account_messages import is_about_account, list_account_messages
from desk.reads.asked_otherwise import Otherwise
from desk.reads.case_messages import is_about_case, list_case_messages
from desk.reads.outbox import DeliveryLine, find_dead, get_health, is_any_waiting, is_message, list_deliveries
from desk.web.access import access, in_office
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import back_with, refusal_status, sentence
from desk.web.filters_asked import Choices
from desk.web.forms.outbox import AddressForm, address_form
from desk.wording import follow_ups
from desk.wording.messages import (
    ABOUT_ACCOUNTS,
    ASKS_INSTEAD,
    CANCELLED,
    CANCELLED_ABOUT_ACCOUNTS,
    CANCELLED_ABOUT_CASES,
    CANNOT_BE_MADE,
    FROM,
    MAKING_FAILED,
    STOPPED,
)

blueprint = Blueprint("outbox", __name__)

STATES = ("pending", "sending", "sent", "dead", "cancelled")
LIMIT = 200
RESENDING = in_office(*RESENDERS)


@blueprint.get("/offices/<int:office_id>/messages")
@access(RESENDING)
def messages(office_id: int) -> ResponseReturnValue:
    """List the office's messages, newest first; addresses are masked, links are not shown at all."""
    get_office(office_id)
    choices, at = Choices(), desk().streams.clock()
    chosen = choices.code("state", STATES)
    page = render_template(
        "outbox/messages.html",
        **_listed(office_id, chosen, at) if not choices.unknown else {},
        unknown=choices.unknown,
        words=follow_ups,
        about_accounts=ABOUT_ACCOUNTS,
        administers=Role.ADMIN in acting(office_id).roles,
        said_of=said_of,
        asks_instead=asks_instead,
        health=get_health(reader(), office_id, at=at),
        states=STATES,
        chosen=chosen,
        limit=LIMIT,
        mail_set_up=desk().settings.mail.host is not None,
        phones_wait=not desk().settings.gateway.url and is_any_waiting(reader(), office_id, "phone"),
    )
    return page, 422 if choices.unknown else 200


def _listed(office_id: int, state: str, at: datetime) -> dict[str, Any]:
    """Return the messages in this state, in any if it is empty: to visitors, about cases, about accounts."""
    return {
        "lines": list_deliveries(reader(), office_id, state or None, LIMIT),
        "cases": list_case_messages(reader(), office_id, viewer_id=acting(office_id).person_id, state=state or None),
        "accounts": list_account_messages(reader(), office_id, at=at, state=state or None),
    }


def said_of(error: str | None, *, about_case: bool = False, about_account: bool = False) -> str:
    """Return what stopped a message in words; those of the other side stand as they came."""
    if not error:
        return "–"
    cancelled = CANCELLED_ABOUT_CASES if about_case else CANCELLED_ABOUT_ACCOUNTS if about_account else CANCELLED
    known = {**cancelled, **STOPPED}
    if error in known:
        return str(gettext(known[error]))
    if error.endswith(MAKING_FAILED):
        return str(gettext(CANNOT_BE_MADE, error=error.removesuffix(MAKING_FAILED)))
    for beginning, words in FROM.items():
        if error.startswith(beginning):
            return str(gettext(words, said=error.removeprefix(beginning)))
    return error


def asks_instead(otherwise: Otherwise) -> str:
    """Return by what a visitor is asked in place of a message that was given up."""
    return str(gettext(ASKS_INSTEAD[otherwise.channel, otherwise.went_out]))


@blueprint.get("/offices/<int:office_id>/messages/<int:delivery_id>/address")
@access(RESENDING)
def address(office_id: int, delivery_id: int) -> ResponseReturnValue:
    """Ask for the right address of a message that was given up, or say who must; the wrong one is shown masked."""
    return _address_page(office_id, _dead(office_id, delivery_id))


@blueprint.post("/offices/<int:office_id>/messages/<int:delivery_id>/address")
@access(RESENDING)
def correct_address(office_id: int, delivery_id: int) -> ResponseReturnValue:
    """Send a message that was given up to another address."""
    line = _dead(office_id, delivery_id)
    form = address_form(line.channel)
    if not form.validate_on_submit():
        return _address_page(office_id, line, form), 422
    given, reason = form.address.data, Correction(form.reason.data)
    wanted = asked(acting(office_id), "redirect", delivery=delivery_id, reason=reason.value, to=_digest(given))
    try:
        done = redirect_message(desk().streams, office_id, delivery_id, wanted, address=given, reason=reason)
    except Refused as refused:
        form.address.errors = [sentence(refused)]
        return _address_page(office_id, line, form), refusal_status(refused)
    flash(_waits(gettext("The address was corrected; the message waits to be sent again."), done), "success")
    return redirect(url_for("outbox.messages", office_id=office_id), 303)


def _dead(office_id: int, delivery_id: int) -> DeliveryLine:
    get_office(office_id)
    line = find_dead(reader(), office_id, delivery_id)
    if line is None and is_message(reader(), office_id, delivery_id):
        raise Refused(Reason.NOT_POSSIBLE_NOW)  # somebody else has had it sent again
    if line is None:
        abort(404)
    return line


def _address_page(office_id: int, line: DeliveryLine, form: AddressForm | None = None) -> str:
    shown = address_form(line.channel) if form is None else form
    why_not = _why_not(office_id, line)
    return render_template("outbox/address.html", line=line, form=shown, said_of=said_of, why_not=why_not)


def _why_not(office_id: int, line: DeliveryLine) -> str | None:
    """Say before anything is typed that somebody else has to correct this address, or that nobody is to."""
    try:
        require_not_asked(reader(), office_id, line.id)
        require_other_case(reader(), office_id, line.visit_id, acting(office_id))
    except Refused as refused:
        return sentence(refused)
    return None


def _digest(address: str) -> str:
    """Return by what a repeat of the request is known; the address itself is not remembered."""
    return digest_of(desk().streams.keys.links, address)


@blueprint.post("/offices/<int:office_id>/messages/<int:delivery_id>/resending")
@access(RESENDING)
def resend(office_id: int, delivery_id: int) -> ResponseReturnValue:
    """Try a message that was given up once more."""
    get_office(office_id)  # times are told by its clock
    target = url_for("outbox.messages", office_id=office_id)
    wanted = asked(acting(office_id), "resend", delivery=delivery_id)
    send = resend_message
    if is_about_case(reader(), office_id, delivery_id):
        send = resend_about_case
    elif is_about_account(reader(), office_id, delivery_id):
        send = resend_about_account
    try:
        done = send(desk().streams, office_id, delivery_id, wanted)
    except Refused as refused:
        return back_with(sentence(refused), target)
    flash(_waits(gettext("The message waits to be sent again."), done), "success")
    return redirect(target, 303)


def _waits(words: str, done: Done) -> str:
    """Add until when the message waits, where the office writes to nobody now."""
    due = instant(done.facts.get("due", 0))
    if due <= desk().streams.clock():
        return words
    at = format_datetime(due, gettext("d MMM y, HH:mm"))
    until = gettext("The office sends nothing now: it goes out from %(time)s.", time=at)
    return f"{words} {until}"
