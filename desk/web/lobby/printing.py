"""Paper from printers of the house: the ticket that comes with a number, once more for who lost it, a receipt, a trial.

Nothing here waits for a printer: a job is written down, and the page learns from it whether paper came out.
"""

from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, abort, current_app, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from desk.domain.access import PUBLIC, Role
from desk.domain.printing import Job, JobKind, JobState, PrinterState
from desk.domain.tokens import TokenKind
from desk.operations.keeping.looking import record_look
from desk.operations.printing import Paper, ask_for, ticket_of
from desk.reads.devices import PairedDevice
from desk.reads.printing import (
    Printer,
    find_counter_of,
    find_last_job,
    find_printer,
    list_printers,
    printer_of_desk,
    printer_of_kiosk,
)
from desk.reads.receipts import find_receipt
from desk.reads.visits import find_subject, find_visit, is_over
from desk.web.access import AT_THE_FRONT, access, in_office
from desk.web.context import acting, asked, desk, get_office, language, reader
from desk.web.errors import back_with
from desk.web.forms.counter import whole_number
from desk.web.forms.fields import new_key
from desk.wording.printing import REMEDIES, STATES

blueprint = Blueprint("printing", __name__)
KEEPING: Final = in_office(Role.ADMIN)
VISIT: Final = "/offices/<int:office_id>/reception/visits/<int:visit_id>"
RECEIPT: Final = "/offices/<int:office_id>/transactions/<int:transaction_id>/receipt"
PRINTER: Final = "/offices/<int:office_id>/devices/<int:device_id>"
LONGEST_KEY: Final = 100
# What a page says of a job: whether there is more to come.
_PENDING: Final = frozenset({JobState.WAITING, JobState.PRINTING})


@dataclass(frozen=True, slots=True)
class PaperView:
    """How far a paper is: printing, printed, or none; where a page asks on, and what was wrong with the printer."""

    state: str
    path: str
    trouble: str = ""


def print_at_kiosk(device: PairedDevice | None, visit_id: int) -> None:
    """Have the ticket of a number printed where it was taken; whatever goes wrong with that, the number is issued."""
    if device is None:
        return
    try:
        printer = printer_of_kiosk(list_printers(reader(), device.office_id), device.id)
        if printer is not None:
            ask_for(desk().streams, printer, ticket_of(visit_id, language=language()))
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


def own_printer(office_id: int, printers: list[Printer] | None = None) -> Printer | None:
    """Return the printer of the desk at which who is signed in sits, else that of the reception."""
    found = list_printers(reader(), office_id) if printers is None else printers
    if not found:
        return None
    return printer_of_desk(found, find_counter_of(reader(), office_id, current_user.id))


def printers_for(office_id: int) -> list[Printer]:
    """Return the printers to offer at a desk: its own, or every one of the office where it has none."""
    printers = list_printers(reader(), office_id)
    own = own_printer(office_id, printers)
    return printers if own is None else [own]


def word_of(state: PrinterState) -> str:
    """Return how a printer is."""
    return gettext(STATES[state])


def remedy_of(state: PrinterState) -> str:
    """Return what to do about that."""
    return gettext(REMEDIES[state]) if REMEDIES[state] else ""


def said_of(state: PrinterState) -> str:
    """Return in words how a printer is, and what to do about it."""
    return f"{word_of(state)}. {remedy_of(state)}".strip()


def paper_of_visit(office_id: int, visit_id: int, path: str) -> PaperView | None:
    """Return how far the ticket of a visit is; None where none was asked for lately."""
    return _view(office_id, find_last_job(reader(), office_id, JobKind.TICKET, visit_id), path)


def paper_at_desk(office_id: int, visit_id: int) -> PaperView | None:
    """Return the same for a page of the staff, which asks on without the visitor's token."""
    return paper_of_visit(office_id, visit_id, url_for("printing.visit_paper", office_id=office_id, visit_id=visit_id))


def printers_in_trouble(office_id: int) -> list[str]:
    """Return what those at the front should know of the printers of the office, in words."""
    at = desk().streams.clock()
    found = [(each.name, each.state_now(at)) for each in list_printers(reader(), office_id) if each.is_in_trouble(at)]
    return [f"{name}: {said_of(state)}" for name, state in found if state is not None]


def paper_of_receipt(office_id: int, transaction_id: int) -> PaperView | None:
    """Return how far the receipt of a transaction is."""
    path = url_for("printing.receipt_paper", office_id=office_id, transaction_id=transaction_id)
    return _view(office_id, find_last_job(reader(), office_id, JobKind.RECEIPT, transaction_id), path)


def paper_of_trial(office_id: int, printer_id: int) -> PaperView | None:
    """Return how far the last trial of a printer is."""
    path = url_for("printing.trial_paper", office_id=office_id, device_id=printer_id)
    return _view(office_id, find_last_job(reader(), office_id, JobKind.TRIAL, printer_id), path)


@blueprint.get("/v/<token>/paper")
@access(PUBLIC)
def kiosk_paper(token: str) -> ResponseReturnValue:
    """Say how far the paper of a number is; nothing of what was wrong, which is the office's matter."""
    subject = find_subject(reader(), token, TokenKind.STATUS)
    if subject is None:
        abort(404)
    path = url_for("printing.kiosk_paper", token=token)
    return _said(paper_of_visit(subject.office_id, subject.id, path), tells_trouble=False)


@blueprint.get(f"{VISIT}/paper")
@access(AT_THE_FRONT)
def visit_paper(office_id: int, visit_id: int) -> ResponseReturnValue:
    """Say how far the paper of a number is."""
    get_office(office_id)
    return _said(paper_at_desk(office_id, visit_id) or abort(404))


@blueprint.get(f"{RECEIPT}/paper")
@access(AT_THE_FRONT)
def receipt_paper(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Say how far the receipt is."""
    get_office(office_id)
    return _said(paper_of_receipt(office_id, transaction_id) or abort(404))


@blueprint.get(f"{PRINTER}/paper")
@access(KEEPING)
def trial_paper(office_id: int, device_id: int) -> ResponseReturnValue:
    """Say how far a trial is."""
    get_office(office_id)
    return _said(paper_of_trial(office_id, device_id) or abort(404))


@blueprint.post(f"{VISIT}/prints")
@access(AT_THE_FRONT)
def print_again(office_id: int, visit_id: int) -> ResponseReturnValue:
    """Print the ticket of a visit once more, for a visitor who has lost it; recorded as a look."""
    get_office(office_id)
    visit = find_visit(reader(), office_id, visit_id)
    if visit is None:
        abort(404)
    target = url_for("reception.slip", office_id=office_id, visit_id=visit_id)
    if is_over(reader(), office_id, visit_id):
        return back_with(gettext("This visit is over, so its ticket is printed no more."), target)
    record_look(desk().streams, office_id, acting(office_id), verb="printed", subject="ticket", subject_id=visit_id)
    return _asked(office_id, JobKind.TICKET, visit_id, of_visitor=visit.language, target=target)


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
    target = url_for("counter.receipt", office_id=office_id, transaction_id=transaction_id)
    return _asked(office_id, JobKind.RECEIPT, transaction_id, of_visitor=found.language, target=target)


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


def _asked(office_id: int, kind: JobKind, subject_id: int, *, of_visitor: str, target: str) -> ResponseReturnValue:
    """Have something printed at the printer that was chosen; a repeat of the same form prints it once."""
    printer_id = whole_number(request.form.get("printer", ""))
    printer = next((each for each in list_printers(reader(), office_id) if each.id == printer_id), None)
    if printer is None:
        return back_with(gettext("This printer is not there any more. Choose another one."), target)
    if _ask(printer, kind, subject_id, of_visitor=of_visitor):
        flash(gettext("It is printed on “%(printer)s”.", printer=printer.name), "success")
    return redirect(target, 303)


def _ask(printer: Printer, kind: JobKind, subject_id: int, *, of_visitor: str) -> bool:
    """Ask for a paper under the key of the form; tell whether it was asked for just now."""
    key = asked(acting(printer.office_id), "print").key or new_key()
    paper = Paper(kind, f"{kind.value}-{subject_id}-{key}"[:LONGEST_KEY], of_visitor, subject_id)
    return ask_for(desk().streams, printer, paper)


def _view(office_id: int, job: Job | None, path: str) -> PaperView | None:
    if job is None:
        return None
    stands = job.stands(desk().streams.clock())
    if stands in _PENDING:
        return PaperView("printing", path)
    if stands is JobState.PRINTED:
        return PaperView("printed", path)
    return PaperView("none", path, _trouble(office_id, job))


def _trouble(office_id: int, job: Job) -> str:
    """Return what is wrong with the printer and what to do about it."""
    if job.fault is None:
        return gettext("It was not printed in time.")
    printer = find_printer(reader(), office_id, job.printer_id)
    said = said_of(job.fault)
    return said if printer is None else f"{printer.name}: {said}"


def _said(view: PaperView | None, *, tells_trouble: bool = True) -> ResponseReturnValue:
    said: dict[str, Any] = {"state": "none" if view is None else view.state}
    if tells_trouble and view is not None:
        said["trouble"] = view.trouble
    response = jsonify(said)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
