"""Revoking the links to a survey by hand: a supervisor's or an administrator's step, outside the chain of handlers.

No token is derived here: whoever revokes a link never sees it.
"""

from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.reasons import RevokeReason
from desk.domain.refusals import Refused
from desk.operations.keeping.looking import record_look
from desk.operations.survey.taking_back import REVOKERS, revoke
from desk.reads.revoking import Revocable, find_revocable
from desk.web.access import access, in_office
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.counter.steps import STEP, sealed
from desk.web.errors import back_with, sentence
from desk.web.forms.revoking import RevokeForm

blueprint = Blueprint("revoking", __name__)
REVOKING: Final = in_office(*REVOKERS)


@blueprint.get(f"{STEP}/survey-revocation")
@access(REVOKING)
def page(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Say what revoking means, and ask why; or say why it is not possible."""
    found = _found(office_id, transaction_id)
    actor = acting(office_id)
    record_look(desk().streams, office_id, actor, verb="looked", subject="survey_link", subject_id=transaction_id)
    return _page(office_id, found, RevokeForm(formdata=None)), 200


@blueprint.post(f"{STEP}/survey-revocation")
@access(REVOKING)
def carry_out(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Revoke the links."""
    found, form = _found(office_id, transaction_id), RevokeForm()
    if not form.validate_on_submit():
        return _page(office_id, found, form), 422
    reason, note = RevokeReason(form.reason.data), form.note.data
    wanted = asked(
        acting(office_id), "revoke_link", transaction=transaction_id, reason=reason.value, note=sealed(note)
    )  # fmt: skip
    target = url_for("revoking.page", office_id=office_id, transaction_id=transaction_id)
    try:
        revoke(desk().streams, transaction_id, wanted, reason=reason, note=note)
    except Refused as refused:
        return back_with(sentence(refused), target)
    flash(gettext("The link is revoked. It takes no answer any more."), "success")
    return redirect(target, 303)


def _found(office_id: int, transaction_id: int) -> Revocable:
    get_office(office_id)
    found = find_revocable(reader(), office_id, transaction_id)
    if found is None:
        abort(404)
    return found


def _page(office_id: int, found: Revocable, form: RevokeForm) -> str:
    actor = acting(office_id)
    refused = found.why_not(actor.person_id, desk().streams.clock())
    return render_template(
        "supervisor/revoking.html",
        found=found,
        form=form,
        why_not=None if refused is None else sentence(refused),
        opens_files=actor.supervises,
    )
