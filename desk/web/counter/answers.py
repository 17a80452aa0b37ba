"""How the counter console answers: the page, one of its parts, and what comes back after a step."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.lifecycle import Action
from desk.domain.refusals import Reason, Refused
from desk.operations.keeping.looking import record_look
from desk.operations.requests import Done
from desk.reads.today import event_number
from desk.web.context import acting, desk, get_office, reader
from desk.web.counter.page import Console
from desk.web.counter.story_words import spell
from desk.web.errors import back_with, refusal_status, sentence
from desk.web.forms.counter import StepForm, whole_number
from desk.web.forms.fields import RECEIVER_GONE, lazy, new_key
from desk.web.priority_words import priority_word
from desk.web.reason_words import decline_word, handoff_word, pause_word
from desk.wording.console_keys import UNDOING
from desk.wording.whys import spell_duration, why_sentence

blueprint = Blueprint("counter", __name__)
PARTS = ("now", "inbox", "queue", "desk", "messages")
# A refusal that a change of the form can heal goes to the field it is about.
FIELD_OF: dict[Reason, str] = {
    Reason.RECEIVER_OFF_DUTY: "to",
    Reason.NOBODY_AT_COUNTER: "to",
    Reason.TO_ONESELF: "to",
    Reason.TO_THE_HOLDER: "to",
    Reason.ALREADY_WAITING: "to",
    Reason.RETURN_INSTEAD: "to",
    Reason.SERVICE_RETIRED: "to",
    Reason.NOT_QUALIFIED_RECEIVER: "to",
    Reason.RECEIVER_GONE: "to",
    Reason.ALREADY_THEIRS: "to",
    Reason.REASON_NOT_LISTED: "reason",
    Reason.WORDS_MISSING: "note",
    Reason.NOTE_TOO_LONG: "note",
    Reason.NO_OFFER_FOR_NUMBER: "number",
    Reason.DUE_IN_THE_PAST: "due_at",
    Reason.NOTE_MISSING: "note",
    Reason.QUANTITY_OUT_OF_RANGE: "quantity",
    Reason.REASON_MISSING: "reason",
    Reason.REQUEST_TO_ONESELF: "to",
    Reason.NOT_A_SUPERVISOR: "to",
    Reason.BLOCKED_BY_REQUEST: "outcome",
    Reason.ALREADY_HERE_FOR_IT: "service",
    Reason.QUOTA_REACHED: "service",
    Reason.NOBODY_SERVES: "service",
    Reason.CLOSED_NOW: "service",
}

# A script sends the forms, so that what was typed stays on the page when the network is gone. It is told where to go
# on, instead of being led there: following would show the message of the step to nobody.
SENT_BY_SCRIPT = "X-Desk-Sent"
GO_ON_AT = "X-Desk-Go-On"

Said = Callable[[Done], str]


@blueprint.after_request
def tell_where(response: Response) -> Response:
    """Answer a script that sent a form with the address at which it goes on."""
    if request.method == "POST" and SENT_BY_SCRIPT in request.headers and response.status_code == 303:
        told = Response(status=204)
        told.headers[GO_ON_AT] = response.headers["Location"]
        return told
    return response


def console_page(office_id: int, *, opened_id: int | None = None) -> ResponseReturnValue:
    """Return the console as it stands; a supervisor who looks into what is not theirs is recorded."""
    console = Console(get_office(office_id), opened_id=opened_id)
    seen = console.looked_into
    if seen is not None:
        record_look(desk().streams, office_id, acting(office_id), verb="looked", subject="transaction", subject_id=seen)
    return _page(console, office_id)


def console_part(office_id: int, part: str, *, opened_id: int | None) -> ResponseReturnValue:
    """Return one live part of the console, or 304 when it looks as it did."""
    console = Console(get_office(office_id), opened_id=opened_id)
    tag = console.seen(part)
    if request.if_none_match.contains(tag):
        response = make_response("", 304)
    else:
        response = make_response(render_template(f"counter/_{part}.html", **_context(console)))
    response.set_etag(tag)
    return response


def _page(console: Console, office_id: int, *, status: int = 200) -> ResponseReturnValue:
    shown = {
        "number": event_number(reader(), office_id),
        "language_path": url_for("counter.console", office_id=office_id),
        "frozen": _part_of(console.problem),
        **_context(console),
    }
    return render_template("counter/console.html", **shown), status


def _part_of(form: StepForm | None) -> str:
    """Return the part a form stands in: it must not change by itself while what came back with errors is in it."""
    if form is None:
        return ""
    kind = form.place.partition("-")[0]
    places = {"pick": "queue", "break": "bar", **dict.fromkeys(("decline", "taking", "answer", "refuse"), "inbox")}
    return places.get(kind, "now")


def _context(console: Console) -> dict[str, Any]:
    return {
        "console": console,
        "form": console.problem,
        "new_key": new_key,
        "why_sentence": why_sentence,
        "spell_duration": spell_duration,
        "words": spell,
        "handoff_word": handoff_word,
        "decline_word": decline_word,
        "priority_word": priority_word,
        "pause_word": pause_word,
        "undoing_words": UNDOING,
    }


def carry_out(
    office_id: int,
    operation: Callable[[], Done],
    said: Said,
    *,
    form: StepForm | None = None,
    transaction_id: int | None = None,
    afterwards: int | None = None,
) -> ResponseReturnValue:
    """Do one operation and come back to the console with a sentence, with the transaction `afterwards` open.

    What was typed is kept when the form cannot be used as it is (422), and when the refusal is about one of its fields.
    """
    if form is not None and not form.validate_on_submit():
        return come_back_with(office_id, form, 422, opened_id=transaction_id)
    try:
        done = operation()
    except Refused as refused:
        return _refused(office_id, refused, form, transaction_id)
    flash(said(done), "success")
    return redirect(console_url(office_id, afterwards), 303)


def _refused(
    office_id: int, refused: Refused, form: StepForm | None, transaction_id: int | None
) -> ResponseReturnValue:
    if form is not None and names_nobody(refused, form):
        form["to"].errors = [lazy(RECEIVER_GONE)]
        return come_back_with(office_id, form, 422, opened_id=transaction_id)
    if refused.reason in (Reason.UNKNOWN, Reason.FORBIDDEN):
        raise refused
    get_office(office_id)  # times in the sentence are the office's
    field = None if form is None else form._fields.get(FIELD_OF.get(refused.reason, ""))
    if refused.reason is Reason.STILL_RESPONSIBLE:
        return back_with(sentence(refused), url_for("shift.handover", office_id=office_id))
    if form is None or field is None:
        return back_with(sentence(refused), console_url(office_id, transaction_id if _was_open() else None))
    field.errors = [*field.errors, sentence(refused)]
    return come_back_with(office_id, form, refusal_status(refused), opened_id=transaction_id)


def names_nobody(refused: Refused, form: StepForm) -> bool:
    """Whether the receiver chosen in the form is what the office does not know."""
    to = form._fields.get("to")
    if to is None or refused.reason is not Reason.UNKNOWN:
        return False
    return refused.details.get("id") == whole_number(str(to.data).partition("-")[2])


def come_back_with(office_id: int, form: StepForm, status: int, *, opened_id: int | None) -> ResponseReturnValue:
    """Show the console with this form open, its words and errors in it; without a place for it, say so instead."""
    console = Console(get_office(office_id), opened_id=opened_id, problem=form)
    if console.shows(form):
        return _page(console, office_id, status=status)
    stale = Refused(Reason.NOT_POSSIBLE_NOW, action=Action.CALL)
    return back_with(sentence(stale), console_url(office_id, None))


def _was_open() -> bool:
    """Whether the button that was pressed stood on the card of a transaction that had been looked up."""
    return bool(request.form.get("opened"))


def console_url(office_id: int, transaction_id: int | None) -> str:
    """Return the console's address, with a transaction open if there is one."""
    return url_for("counter.console", office_id=office_id, transaction=transaction_id)


def called(done: Done) -> str:
    """Say who was called; why stands on the card."""
    return gettext("%(number)s is called.", number=done.facts["number"])
