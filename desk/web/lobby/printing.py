"""Paper from printers of the house: the ticket that comes with a number, once more for who lost it, a receipt, a trial.

Nothing here waits for a printer: a job is written down, and the page learns from it whether paper came out.
"""

from typing import Any, Final

from flask import Blueprint, abort, current_app, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import SQLAlchemyError

from desk.domain.access import PUBLIC, Role
from desk.domain.printing import JobKind
from desk.domain.tokens import TokenKind
from desk.operations.keeping.looking import record_look
from desk.operations.printing import Paper, ask_for, ticket_of
from desk.reads.devices import PairedDevice
from desk.reads.printing import Printer, find_printer, list_printers, printer_of_kiosk
from desk.reads.receipts import find_receipt
from desk.reads.visits import find_subject, find_visit, is_over
from desk.web.access import AT_THE_FRONT, access, in_office
from desk.web.context import acting, asked, desk, get_office, language, reader
from desk.web.errors import back_with
from desk.web.forms.counter import whole_number
from desk.web.forms.fields import new_key
from desk.web.lobby.paper_views import (
    PaperView,
    own_printer,
    paper_at_desk,
    paper_of_receipt,
    paper_of_trial,
    paper_of_visit,
)

blueprint = Blueprint("printing", __name__)
KEEPING: Final = in_office(Role.ADMIN)
VISIT: Final = "/offices/<int:office_id>/reception/visits/<int:visit_id>"
RECEIPT: Final = "/offices/<int:office_id>/transactions/<int:transaction_id>/receipt"
PRINTER: Final = "/offices/<int:office_id>/devices/<int:device_id>"
LONGEST_KEY: Final = 100


def print_at_kiosk(device: PairedDevice | None, visit_id: int) -> None:
    """Have the ticket of a number printed where it was taken; whatever goes wrong with that, the number is issued."""
    _print_at(device, ticket_of(visit_id, language=language()))


def print_once_more(device: PairedDevice | None, visit_id: int, key: str | None) -> None:
    """Have the ticket of a number printed again at a kiosk, once for the key of the form."""
    again = f"{JobKind.TICKET.value}-{visit_id}-{key or new_key()}"[:LONGEST_KEY]
    _print_at(device, Paper(JobKind.TICKET, again, language(), visit_id))


def _print_at(device: PairedDevice | None, paper: Paper) -> None:
    if device is None:
        return
    try:
        printer = printer_of_kiosk(list_printers(reader(), device.office_id), device.id)
        if printer is not None:
            ask_for(desk().streams, printer, paper)
    except SQLAlchemyError as error:
        current_app.logger.error("no ticket was asked for: %s", type(error).__name__)


def print_at_desk(office_id: int, visit_id: int, *, of_visitor: str) -> None:
    """Have the ticket of a number printed at the desk of the officer who gave it."""
    try:
        printer = own_printer(office_id)
        if printer is not None:
            ask_for(desk().streams, printer, ticket_of(visit_id, language=of_visitor))
    except SQLAlchemyError as error:
        current_app.logger.error("no ticket was asked for: %s", type(error).__name__)


@blueprint.get("/v/<token>/paper")
@access(PUBLIC)
def kiosk_paper(token: str) -> ResponseReturnValue:
    """Say how far the paper of a number is; nothing of what was wrong, which is the office's matter."""
    subject = find_subject(reader(), token, TokenKind.STATUS)
    if subject is None:
        abort(404)
    path = url_for("printing.kiosk_paper", token=token)
    return as_answer(paper_of_visit(subject.office_id, subject.id, path), tells_trouble=False)


@blueprint.get(f"{VISIT}/paper")
@access(AT_THE_FRONT)
def visit_paper(office_id: int, visit_id: int) -> ResponseReturnValue:
    """Say how far the paper of a number is."""
    get_office(office_id)
    return as_answer(paper_at_desk(office_id, visit_id) or abort(404))


@blueprint.get(f"{RECEIPT}/paper")
@access(AT_THE_FRONT)
def receipt_paper(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Say how far the receipt is."""
    get_office(office_id)
    return as_answer(paper_of_receipt(office_id, transaction_id) or abort(404))


@blueprint.get(f"{PRINTER}/paper")
@access(KEEPING)
def trial_paper(office_id: int, device_id: int) -> ResponseReturnValue:
    """Say how far a trial is."""
    get_office(office_id)
    return as_answer(paper_of_trial(office_id, device_id) or abort(404))


@blueprint.post(f"{VISIT}/prints")
@access(AT_THE_FRONT)
def print_again(office_id: int, visit_id: int) -> ResponseReturnValue:
    """Print the ticket of a visit once more, for a visitor who has lost it; recorded as a look."""
    get_office(office_id)
    visit = find_visit(reader(), office_id, visit_id)
    if visit is None:
        abort(404)
    target = asking_page(office_id) or url_for("reception.slip", office_id=office_id, visit_id=visit_id)
    if is_over(reader(), office_id, visit_id):
        return back_with(gettext("This visit is over, so its ticket is printed no more."), target)
    record_look(desk().streams, office_id, acting(office_id), verb="printed", subject="ticket", subject_id=visit_id)
    return ask_at(office_id, JobKind.TICKET, visit_id, of_visitor=visit.language, target=target)


@blueprint.post(f"{RECEIPT}/prints")
@access(AT_THE_FRONT)
def print_receipt(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Print the receipt for complete documents; recorded as a look."""
    get_office(office_id)
    found = find_receipt(reader(), office_id, transaction_id)
    if found is None:
        abort(404)
    record_look(
        desk().streams, office_id, acting(office_id), verb="printed", subject="receipt", subject_id=transaction_id
    )
    target = asking_page(office_id) or url_for("counter.receipt", office_id=office_id, transaction_id=transaction_id)
    return ask_at(office_id, JobKind.RECEIPT, transaction_id, of_visitor=found.language, target=target)


@blueprint.post(f"{PRINTER}/trials")
@access(KEEPING)
def print_trial(office_id: int, device_id: int) -> ResponseReturnValue:
    """Print a slip that is no ticket."""
    office = get_office(office_id)
    printer = find_printer(reader(), office_id, device_id)
    if printer is None:
        abort(404)
    _ask(printer, JobKind.TRIAL, device_id, of_visitor=office.language)
    return redirect(url_for("devices.one", office_id=office_id, device_id=device_id, _anchor="try"), 303)


def asking_page(office_id: int) -> str | None:
    """Return the page of all papers of a transaction, where the form says that it stood there."""
    transaction_id = whole_number(request.form.get("papers_of", ""))
    return url_for("counter.papers", office_id=office_id, transaction_id=transaction_id) if transaction_id else None


def ask_at(office_id: int, kind: JobKind, subject_id: int, *, of_visitor: str, target: str) -> ResponseReturnValue:
    """Have something printed at the printer that was chosen; a repeat of the same form prints it once."""
    printer_id = whole_number(request.form.get("printer", ""))
    printer = next((each for each in list_printers(reader(), office_id) if each.id == printer_id), None)
    if printer is None:
        return back_with(gettext("This printer is not there any more. Choose another one."), target)
    if _ask(printer, kind, subject_id, of_visitor=of_visitor):
        flash(gettext("Sent to “%(printer)s”.", printer=printer.name), "success")
    return redirect(target, 303)


def _ask(printer: Printer, kind: JobKind, subject_id: int, *, of_visitor: str) -> bool:
    """Ask for a paper under the key of the form; tell whether it was asked for just now."""
    key = asked(acting(printer.office_id), "print").key or new_key()
    paper = Paper(kind, f"{kind.value}-{subject_id}-{key}"[:LONGEST_KEY], of_visitor, subject_id)
    return ask_for(desk().streams, printer, paper)


def as_answer(view: PaperView | None, *, tells_trouble: bool = True) -> ResponseReturnValue:
    said: dict[str, Any] = {"state": "none" if view is None else view.state}
    if tells_trouble and view is not None:
        said["trouble"] = view.trouble
    response = jsonify(said)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
