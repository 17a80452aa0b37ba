"""The steps of one transaction from the console: each view takes its form, does one operation and comes back."""

from dataclasses import replace
from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.audit import digest_of
from desk.domain.intake import CheckInChannel
from desk.domain.lifecycle import Outcome
from desk.domain.reasons import CancelReason, PauseCause, ReopenReason, ReturnReason
from desk.domain.refusals import Reason, Refused
from desk.operations import calling, intake, serving
from desk.operations.intake import CheckIn
from desk.operations.requests import Done, Request
from desk.reads.console import find_visit_of
from desk.reads.visits import find_contact, find_visit
from desk.web.access import AT_THE_FRONT, access
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.counter.answers import blueprint, carry_out
from desk.web.counter.cards import make_form
from desk.web.counter.page import Console

STEP = "/offices/<int:office_id>/transactions/<int:transaction_id>"


def posted(office_id: int, transaction_id: int, verb: str) -> Any:
    """Return the form of a verb as it was posted; 404 where the office has no such transaction."""
    console = Console(get_office(office_id))
    item = console.find(transaction_id)
    if item is None:
        abort(404)
    return make_form(verb, item, room=console.room, hands=console.hands)


def sealed(note: str | None) -> str | None:
    """Return what a request remembers of a note: enough to tell a repeat, nothing that could be read."""
    return digest_of(desk().streams.keys.links, note) if note else None


def ask(office_id: int, verb: str, transaction_id: int, **body: Any) -> Request:
    """Return the request for one step of a transaction."""
    return asked(acting(office_id), verb, transaction=transaction_id, **body)


@blueprint.post(f"{STEP}/recalls")
@access(AT_THE_FRONT)
def recall(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Call the same visitor once more."""
    request_ = ask(office_id, "recall", transaction_id)
    return carry_out(
        office_id,
        lambda: calling.recall(desk().streams, transaction_id, request_),
        lambda done: gettext("Called again: call %(times)d.", times=done.facts["times"]),
    )


@blueprint.post(f"{STEP}/start")
@access(AT_THE_FRONT)
def start(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """The visitor is at the counter."""
    request_ = ask(office_id, "start", transaction_id)
    return carry_out(
        office_id,
        lambda: serving.start(desk().streams, transaction_id, request_),
        lambda done: gettext("The visitor is being served."),
    )


@blueprint.post(f"{STEP}/no-show")
@access(AT_THE_FRONT)
def miss(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """The visitor did not come."""
    request_ = ask(office_id, "no_show", transaction_id)
    return carry_out(
        office_id,
        lambda: serving.miss(desk().streams, transaction_id, request_),
        lambda done: gettext("Recorded: the visitor did not come. You can take this back today."),
    )


@blueprint.post(f"{STEP}/return")
@access(AT_THE_FRONT)
def seat(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Return the visitor to the queue, with the original arrival time."""
    form = posted(office_id, transaction_id, "seat")
    reason, minutes, note = form.reason.data, form.minutes.data, form.note.data
    request_ = ask(office_id, "return", transaction_id, reason=reason, minutes=minutes, note=sealed(note))
    return carry_out(
        office_id,
        lambda: serving.return_to_queue(
            desk().streams, transaction_id, request_, reason=ReturnReason(reason), minutes=minutes, note=note
        ),
        lambda done: gettext("The visitor waits again, with the original arrival time."),
        form=form,
        transaction_id=transaction_id,
    )


@blueprint.post(f"{STEP}/processing")
@access(AT_THE_FRONT)
def process(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """The visitor's part is finished; the work goes on without them."""
    form = posted(office_id, transaction_id, "process")
    request_ = ask(office_id, "process", transaction_id, due=form.due)
    return carry_out(
        office_id,
        lambda: serving.process(desk().streams, transaction_id, request_, due_at=form.due),
        lambda done: gettext("The visitor may go. The transaction is on your desk."),
        form=form,
        transaction_id=transaction_id,
    )


@blueprint.post(f"{STEP}/pauses")
@access(AT_THE_FRONT)
def pause(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Wait for somebody or something outside, until a time to look again."""
    form = posted(office_id, transaction_id, "pause")
    cause, due, remind, note = form.cause.data, form.due, form.remind, form.note.data
    said = {"cause": cause, "due": due, "note": sealed(note), **({} if remind is None else {"remind": remind})}
    request_ = ask(office_id, "pause", transaction_id, **said)
    return carry_out(
        office_id,
        lambda: serving.pause(
            desk().streams,
            transaction_id,
            request_,
            cause=PauseCause(cause),
            due_at=due,
            remind_at=remind,
            note=note,
        ),
        lambda done: gettext("Paused. It is on your desk and comes up when it is due."),
        form=form,
        transaction_id=transaction_id,
    )


@blueprint.post(f"{STEP}/resumption")
@access(AT_THE_FRONT)
def resume(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Go on: without the visitor, or (`serving`) with the visitor who stayed."""
    with_visitor = request.form.get("serving") == "1"
    request_ = ask(office_id, "resume", transaction_id, serving=with_visitor)
    return carry_out(
        office_id,
        lambda: serving.resume(desk().streams, transaction_id, request_, serving=with_visitor),
        lambda done: gettext("The pause is over."),
        transaction_id=transaction_id,
        afterwards=transaction_id,
    )


@blueprint.post(f"{STEP}/completion")
@access(AT_THE_FRONT)
def complete(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Finish, and say what it brought the visitor."""
    form = posted(office_id, transaction_id, "complete")
    outcome, note = form.outcome.data, form.note.data
    request_ = ask(office_id, "complete", transaction_id, outcome=outcome, note=sealed(note))
    return carry_out(
        office_id,
        lambda: serving.complete(desk().streams, transaction_id, request_, outcome=Outcome(outcome), note=note),
        lambda done: gettext("Completed. Thank you."),
        form=form,
        transaction_id=transaction_id,
    )


@blueprint.post(f"{STEP}/cancellation")
@access(AT_THE_FRONT)
def cancel(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Call the transaction off."""
    form = posted(office_id, transaction_id, "cancel")
    reason, note = form.reason.data, form.note.data
    request_ = ask(office_id, "cancel", transaction_id, reason=reason, note=sealed(note))
    return carry_out(
        office_id,
        lambda: serving.cancel(desk().streams, transaction_id, request_, reason=CancelReason(reason), note=note),
        lambda done: gettext("Cancelled."),
        form=form,
        transaction_id=transaction_id,
    )


@blueprint.post(f"{STEP}/departure")
@access(AT_THE_FRONT)
def leave(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """The visitor went away."""
    request_ = ask(office_id, "leave", transaction_id)
    return carry_out(
        office_id,
        lambda: serving.leave(desk().streams, transaction_id, request_),
        lambda done: gettext("Recorded: the visitor has left."),
        transaction_id=transaction_id,
    )


@blueprint.post(f"{STEP}/reopening")
@access(AT_THE_FRONT)
def reopen(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Open a completed transaction again."""
    form = posted(office_id, transaction_id, "reopen")
    reason, note = form.reason.data, form.note.data
    request_ = ask(office_id, "reopen", transaction_id, reason=reason, note=sealed(note))
    return carry_out(
        office_id,
        lambda: serving.reopen(desk().streams, transaction_id, request_, reason=ReopenReason(reason), note=note),
        lambda done: gettext("Open again, and on your desk."),
        form=form,
        transaction_id=transaction_id,
        afterwards=transaction_id,
    )


@blueprint.post(f"{STEP}/reinstatement")
@access(AT_THE_FRONT)
def reinstate(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Undo a no-show of today."""
    request_ = ask(office_id, "reinstate", transaction_id)
    return carry_out(
        office_id,
        lambda: serving.reinstate(desk().streams, transaction_id, request_),
        lambda done: gettext("The no-show is taken back. The visitor waits with the original arrival time."),
        transaction_id=transaction_id,
    )


@blueprint.post(f"{STEP}/come-back")
@access(AT_THE_FRONT)
def come_back(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """The visitor of an open transaction is here again and gets a new number."""
    form = posted(office_id, transaction_id, "come_back")
    given = form.priority_reason.data
    request_ = ask(office_id, "come_back", transaction_id, priority=given)

    def operation() -> Done:
        wish = replace(wish_again(office_id, transaction_id), priority_reason=given or None)
        return intake.come_back(desk().streams, transaction_id, wish, request_)

    return carry_out(
        office_id,
        operation,
        lambda done: gettext("The new number is %(number)s. Tell it to the visitor.", number=done.facts["number"]),
        form=form,
        transaction_id=transaction_id,
    )


def wish_again(office_id: int, transaction_id: int) -> CheckIn:
    """Return the wish of a visitor who is here again: priority, language, contact and consent go on as they were."""
    visit_id = find_visit_of(reader(), office_id, transaction_id)
    visit = None if visit_id is None else find_visit(reader(), office_id, visit_id)
    if visit is None:
        raise Refused(Reason.UNKNOWN, id=transaction_id)
    contact = find_contact(reader(), office_id, visit.id)
    channel, priority = CheckInChannel.STAFF, visit.priority_reason
    return CheckIn((), channel, priority, visit.language, contact.name, contact.email, contact.consent, contact.phone)
