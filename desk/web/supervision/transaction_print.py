"""The file of a transaction as PDF, to be shown to a complaining visitor or the ombudsman."""

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime, gettext
from flask_login import current_user

from desk.operations.keeping.looking import record_look
from desk.reads.today import event_number
from desk.reads.transaction_file import Verified, find_contact, find_transaction_file, verify_transaction
from desk.reads.transaction_views import TransactionFile
from desk.web.access import OVERSEEING, access
from desk.web.context import acting, desk, get_office, language, reader

blueprint = Blueprint("transaction_print", __name__)


@blueprint.get("/offices/<int:office_id>/transactions/<int:transaction_id>/file.pdf")
@access(OVERSEEING)
def file(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Send the file as PDF, and record who made it.

    Notes and the visitor's personal data are in it only when a supervisor asks for them outright (`personal=1`).
    """
    # Here, since ReportLab need not be in every process from its start.
    from desk.reports.document import as_pdf
    from desk.web.supervision.transaction_sheet import sheet_of

    office = get_office(office_id)
    personal = request.args.get("personal") == "1"
    if personal and not acting(office_id).supervises:
        abort(403)
    streams = desk().streams
    found = find_transaction_file(reader(), office_id, transaction_id, at=streams.clock())
    if found is None:
        abort(404)
    subject = "transaction_personal" if personal else "transaction"
    record_look(streams, office_id, acting(office_id), verb="exported", subject=subject, subject_id=transaction_id)
    proof = verify_transaction(reader(), office_id, transaction_id, streams.keys.known)
    contact = find_contact(reader(), office_id, found.visit_id) if personal else None
    foot = _foot(office.name, proof, event_number(reader(), office_id))
    answer = Response(
        as_pdf(sheet_of(found, office.name, foot, language(), personal=personal, contact=contact)),
        mimetype="application/pdf",
    )
    answer.headers["Content-Disposition"] = f"inline; filename={_safe(found)}.pdf"
    return answer


def _foot(office: str, proof: Verified, number: int) -> str:
    """Return who printed it and when, and whether what it tells is what was signed."""
    printed = gettext("Printed by %(name)s", name=current_user.name)
    at = format_datetime(desk().streams.clock(), "d MMMM yyyy HH:mm:ss")
    if proof.holds:
        said = gettext("Signatures intact; the trail went on to event %(number)d.", number=number)
    else:
        said = gettext("Event %(number)d is not what was signed", number=proof.first_bad)
    return f"{office} · {printed}, {at}. {said}"


def _safe(found: TransactionFile) -> str:
    return "".join(sign for sign in f"{found.number}-{found.id}" if sign.isascii() and (sign.isalnum() or sign == "-"))
