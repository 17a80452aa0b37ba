"""Correcting what was recorded of complete documents: a supervisor's step, with a reason, as an event of its own."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.reasons import CorrectionReason
from desk.domain.refusals import Reason, Refused
from desk.operations import documenting
from desk.operations.keeping.looking import record_look
from desk.reads.console import find_visit_of
from desk.reads.receipts import Receipt, find_receipt
from desk.web.access import SUPERVISING, access
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.counter.steps import STEP, sealed
from desk.web.errors import back_with, refusal_status, sentence
from desk.web.forms.documents import CorrectionForm

blueprint = Blueprint("corrections", __name__)
FIELD_OF = {Reason.QUANTITY_OUT_OF_RANGE: "quantity", Reason.COMPLETE_ON_OUT_OF_RANGE: "complete_on"}


@blueprint.get(f"{STEP}/document-corrections")
@access(SUPERVISING)
def form(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Show what was recorded, and the form to correct it."""
    recorded = _recorded(office_id, transaction_id)
    actor = acting(office_id)
    record_look(desk().streams, office_id, actor, verb="looked", subject="receipt", subject_id=transaction_id)
    return _page(recorded, CorrectionForm(formdata=None, quantity=recorded.quantity), 200)


@blueprint.post(f"{STEP}/document-corrections")
@access(SUPERVISING)
def correct(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Correct it."""
    recorded = _recorded(office_id, transaction_id)
    filled = CorrectionForm()
    if not filled.validate_on_submit():
        return _page(recorded, filled, 422)
    said = {"reason": filled.reason.data, "quantity": filled.quantity.data, "complete_on": filled.complete_on.data}
    request_ = asked(
        acting(office_id), "correct_documents", transaction=transaction_id, note=sealed(filled.note.data), **said
    )
    try:
        documenting.correct_documents(
            desk().streams,
            transaction_id,
            request_,
            reason=CorrectionReason(filled.reason.data),
            quantity=filled.quantity.data,
            complete_on=filled.complete_on.data,
            note=filled.note.data,
        )
    except Refused as refused:
        return _refused(recorded, filled, refused)
    flash(gettext("Corrected. What was recorded before stays in the trail."), "success")
    return redirect(url_for("supervisor.transaction", office_id=office_id, transaction_id=transaction_id), 303)


def _refused(recorded: Receipt, filled: CorrectionForm, refused: Refused) -> ResponseReturnValue:
    field = filled._fields.get(FIELD_OF.get(refused.reason, ""))
    if field is None:
        target = url_for("supervisor.transaction", office_id=recorded.office_id, transaction_id=recorded.transaction_id)
        return back_with(sentence(refused), target)
    field.errors = [*field.errors, sentence(refused)]
    return _page(recorded, filled, refusal_status(refused))


def _recorded(office_id: int, transaction_id: int) -> Receipt:
    get_office(office_id)
    found = find_receipt(reader(), office_id, transaction_id)
    if found is None:
        if find_visit_of(reader(), office_id, transaction_id) is None:
            abort(404)
        raise Refused(Reason.DOCUMENTS_NOT_COMPLETE)
    return found


def _page(recorded: Receipt, filled: CorrectionForm, status: int) -> ResponseReturnValue:
    return render_template("supervisor/correction.html", recorded=recorded, form=filled), status
