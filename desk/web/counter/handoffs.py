"""Handing over from the console: to an officer, a counter or a queue; and the answers to offers."""

from collections.abc import Callable
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.refusals import Reason, Refused
from desk.operations import handing_off, passing_on
from desk.operations.requests import Done, Request
from desk.web.access import AT_THE_FRONT, access
from desk.web.context import acting, asked, desk, get_office
from desk.web.counter.answers import blueprint, carry_out
from desk.web.counter.steps import STEP, ask, posted, sealed
from desk.web.forms.counter import whole_number
from desk.web.forms.handing_on import DeclineForm

ANSWER = "/offices/<int:office_id>/handoffs/<int:handoff_id>"
Hand = Callable[..., Done]
OPERATIONS: dict[str, Hand] = {
    "officer": handing_off.offer_to_officer,
    "counter": handing_off.offer_to_counter,
    "service": handing_off.transfer,
    "pool": passing_on.hand_to_pool,
}


@blueprint.post(f"{STEP}/handoffs")
@access(AT_THE_FRONT)
def hand_over(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Offer the transaction to a colleague, or hand it over to a queue or a pool, which takes it at once."""
    form = posted(office_id, transaction_id, "hand_over")
    to = form.to.data
    disposition = form.disposition
    words = sealed(repr((form.note.data, disposition)))
    request_ = ask(office_id, "hand_over", transaction_id, to=to, due=form.due, reason=form.reason.data, words=words)
    given = {"reason": form.reason.data, "note": form.note.data, "due_at": form.due, "disposition": disposition}
    return carry_out(
        office_id,
        lambda: _hand(transaction_id, to, request_, given),
        lambda done: _handed(to),
        form=form,
        transaction_id=transaction_id,
    )


def _hand(transaction_id: int, to: str, request_: Request, given: dict[str, Any]) -> Done:
    kind, _, receiver = to.partition("-")
    operation = OPERATIONS.get(kind)
    if operation is None:
        raise Refused(Reason.INVALID, field="to")
    return operation(desk().streams, transaction_id, whole_number(receiver), request_, **given)


def _handed(to: str) -> str:
    if to.startswith("service-"):
        return gettext("Handed over to the queue.")
    if to.startswith("pool-"):
        return gettext("Handed over to the pool. Its head is responsible until a member takes it.")
    return gettext("Offered. Until your colleague accepts, the transaction stays yours.")


@blueprint.post(f"{ANSWER}/acceptance")
@access(AT_THE_FRONT)
def accept(office_id: int, handoff_id: int) -> ResponseReturnValue:
    """Take custody of what was offered."""
    request_ = asked(acting(office_id), "accept", handoff=handoff_id)
    return carry_out(
        office_id,
        lambda: handing_off.accept(desk().streams, handoff_id, request_),
        accepted,
    )


def accepted(done: Done) -> str:
    """Say what acceptance brought."""
    match done.facts["state"]:
        case "serving":
            return gettext("Accepted. Ask the visitor to your counter; the story is below.")
        case "waiting":
            return gettext("Accepted. The visitor waits for you; call them when you are free.")
        case _:
            return gettext("Accepted. The transaction is on your desk.")


@blueprint.post(f"{ANSWER}/refusal")
@access(AT_THE_FRONT)
def decline(office_id: int, handoff_id: int) -> ResponseReturnValue:
    """Say no, with a reason."""
    get_office(office_id)
    form = DeclineForm(f"decline-{handoff_id}")
    reason, note = form.reason.data, form.note.data
    request_ = asked(acting(office_id), "decline", handoff=handoff_id, reason=reason, note=sealed(note))
    return carry_out(
        office_id,
        lambda: handing_off.decline(desk().streams, handoff_id, request_, reason=reason, note=note),
        lambda done: gettext("Declined. The transaction stays with your colleague, who sees your reason."),
        form=form,
    )


@blueprint.post(f"{ANSWER}/withdrawal")
@access(AT_THE_FRONT)
def withdraw(office_id: int, handoff_id: int) -> ResponseReturnValue:
    """Take an unanswered offer back."""
    request_ = asked(acting(office_id), "withdraw", handoff=handoff_id)
    return carry_out(
        office_id,
        lambda: handing_off.withdraw(desk().streams, handoff_id, request_),
        lambda done: gettext("Withdrawn. The transaction is yours again."),
    )
