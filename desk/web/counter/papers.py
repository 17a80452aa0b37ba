"""All that can be printed about a transaction, on one page; and the slip of a handoff on a receipt printer.

Reached from the card of the console and from the file of a transaction: the ticket again, the receipt, the slips.
"""

from typing import Final

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from desk.domain.access import Role
from desk.domain.printing import JobKind
from desk.operations.keeping.looking import record_look
from desk.reads.disposition import find_slip
from desk.reads.handoff_paper import HOLDING
from desk.reads.papers import HandoffEntry, Papers, find_papers
from desk.reads.visits import is_over
from desk.web.access import AT_THE_FRONT, access
from desk.web.context import acting, desk, get_office, language, reader
from desk.web.counter.answers import blueprint
from desk.web.counter.handoffs import ANSWER
from desk.web.counter.page import Console
from desk.web.counter.passing import may_read
from desk.web.counter.steps import STEP
from desk.web.errors import back_with
from desk.web.forms.fields import new_key
from desk.web.lobby.paper_views import paper_at_desk, paper_of_handoff, paper_of_receipt, printers_for
from desk.web.lobby.printing import as_answer, ask_at, asking_page

SLIP: Final = f"{ANSWER}/slip"


@blueprint.get(f"{STEP}/papers")
@access(AT_THE_FRONT)
def papers(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Show what can be printed about a transaction, how far it is, and on which printer."""
    get_office(office_id)
    found = find_papers(reader(), office_id, transaction_id, language=language())
    if found is None:
        abort(404)
    handoffs = _readable(office_id, found)
    return render_template(
        "printing/papers.html",
        papers=found,
        handoffs=handoffs,
        has_ticket=not is_over(reader(), office_id, found.visit_id),
        ticket=paper_at_desk(office_id, found.visit_id),
        receipt=paper_of_receipt(office_id, transaction_id) if found.has_receipt else None,
        slips={each.id: paper_of_handoff(office_id, each.id) for each in handoffs},
        printers=printers_for(office_id),
        may_supervise=acting(office_id).supervises,
        new_key=new_key,
    )


@blueprint.get(f"{SLIP}/paper")
@access(AT_THE_FRONT)
def slip_paper(office_id: int, handoff_id: int) -> ResponseReturnValue:
    """Say how far the slip of a handoff is."""
    get_office(office_id)
    return as_answer(paper_of_handoff(office_id, handoff_id) or abort(404))


@blueprint.post(f"{SLIP}/prints")
@access(AT_THE_FRONT)
def print_slip(office_id: int, handoff_id: int) -> ResponseReturnValue:
    """Print the slip of a handoff; recorded as a look."""
    get_office(office_id)
    found = find_slip(reader(), office_id, handoff_id)
    if found is None or not may_read(office_id, found):
        abort(404)
    target = asking_page(office_id) or url_for("counter.slip", office_id=office_id, handoff_id=handoff_id)
    if found.state not in HOLDING:
        return back_with(gettext("This handoff holds no more, so its slip is printed no more."), target)
    record_look(desk().streams, office_id, acting(office_id), verb="printed", subject="handoff", subject_id=handoff_id)
    about = find_papers(reader(), office_id, found.transaction_id, language=language())
    of_visitor = language() if about is None else about.language
    return ask_at(office_id, JobKind.HANDOFF, handoff_id, of_visitor=of_visitor, target=target)


def _readable(office_id: int, found: Papers) -> list[HandoffEntry]:
    """Return the handoffs whose slips who is signed in may read, as `counter.slip` has it."""
    if Role.SUPERVISOR in current_user.roles_in(office_id) or found.holder_id == current_user.id:
        return [*found.handoffs]
    if found.transaction_id in Console(get_office(office_id), opened_id=found.transaction_id).shown:
        return [*found.handoffs]
    return [each for each in found.handoffs if current_user.id in each.parties]
