"""Requests from the console: asking about a transaction, and the answers to what one was asked."""

from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.reasons import DeclineReason
from desk.domain.refusals import Reason, Refused
from desk.domain.requesting import RequestKind
from desk.operations import requesting
from desk.operations.requests import Done
from desk.web.access import AT_THE_FRONT, access
from desk.web.context import acting, asked, desk, get_office
from desk.web.counter.answers import blueprint, carry_out
from desk.web.counter.cards import make_ask_form
from desk.web.counter.page import Console
from desk.web.counter.steps import STEP, ask, sealed
from desk.web.forms.counter import whole_number
from desk.web.forms.requests import AnswerForm, RefuseForm

ANSWER = "/offices/<int:office_id>/requests/<int:request_id>"


@blueprint.post(f"{STEP}/requests")
@access(AT_THE_FRONT)
def make_request(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Ask somebody about the transaction, which stays where it is."""
    console = Console(get_office(office_id))
    item = console.find(transaction_id)
    if item is None:
        abort(404)
    form = make_ask_form(item, room=console.room, hands=console.hands)
    to, kind, question, blocks = form.to.data, form.kind.data, form.question.data, bool(form.blocks.data)
    said = {"to": to, "kind": kind, "due": form.due, "blocks": blocks, "question": sealed(question)}
    request_ = ask(office_id, "request", transaction_id, **said)

    def operation() -> Done:
        more: dict[str, Any] = {"kind": RequestKind(kind), "question": question, "due_at": form.due, "blocks": blocks}
        return requesting.ask(desk().streams, transaction_id, request_, **_receiver(to), **more)

    opened = transaction_id if request.form.get("opened") else None
    return carry_out(
        office_id,
        operation,
        lambda done: gettext("Asked. The transaction stays with you; the answer appears on its card."),
        form=form,
        transaction_id=transaction_id,
        afterwards=opened,
    )


def _receiver(to: str) -> dict[str, Any]:
    kind, _, receiver = to.partition("-")
    name = {"officer": "officer_id", "service": "service_id"}.get(kind)
    if name is None:
        raise Refused(Reason.INVALID, field="to")
    return {name: whole_number(receiver)}


@blueprint.post(f"{ANSWER}/answer")
@access(AT_THE_FRONT)
def answer_request(office_id: int, request_id: int) -> ResponseReturnValue:
    """Answer what one was asked."""
    form = AnswerForm(f"answer-{request_id}")
    words = form.answer.data
    request_ = asked(acting(office_id), "answer_request", request=request_id, words=sealed(words))
    return carry_out(
        office_id,
        lambda: requesting.answer(desk().streams, request_id, request_, words=words),
        lambda done: gettext("Answered. Whoever has the transaction reads it on the card."),
        form=form,
    )


@blueprint.post(f"{ANSWER}/refusal")
@access(AT_THE_FRONT)
def decline_request(office_id: int, request_id: int) -> ResponseReturnValue:
    """Say no to what one was asked, with a reason."""
    form = RefuseForm(f"refuse-{request_id}")
    reason, note = form.reason.data, form.note.data
    request_ = asked(acting(office_id), "decline_request", request=request_id, reason=reason, note=sealed(note))
    return carry_out(
        office_id,
        lambda: requesting.decline(desk().streams, request_id, request_, reason=DeclineReason(reason), note=note),
        lambda done: gettext("Declined. Your colleague sees your reason."),
        form=form,
    )


@blueprint.post(f"{ANSWER}/withdrawal")
@access(AT_THE_FRONT)
def withdraw_request(office_id: int, request_id: int) -> ResponseReturnValue:
    """Take an unanswered request back."""
    request_ = asked(acting(office_id), "withdraw_request", request=request_id)
    return carry_out(
        office_id,
        lambda: requesting.withdraw(desk().streams, request_id, request_),
        lambda done: gettext("The request is withdrawn."),
    )
