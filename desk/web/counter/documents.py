"""Complete documents: the step on the console, and the receipt that the visitor takes along."""

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext
from flask_login import current_user
from markupsafe import Markup

from desk.domain.access import FRONT_LINE, Role
from desk.domain.invitation import Channel
from desk.domain.refusals import Reason, Refused
from desk.operations import documenting
from desk.operations.keeping.looking import record_look
from desk.reads.console import find_visit_of
from desk.reads.receipts import Receipt, find_receipt
from desk.reads.survey_settings import offers_link
from desk.reads.visits import is_over
from desk.web.access import AT_THE_FRONT, access, in_office
from desk.web.context import acting, desk, get_office, reader
from desk.web.counter.answers import blueprint, carry_out
from desk.web.counter.steps import STEP, ask, posted, sealed
from desk.web.forms.fields import new_key
from desk.web.lobby.paper_views import paper_of_receipt, printers_for
from desk.web.printed_codes import PrintedCode, printed_code
from desk.web.visitor.status import status_token

HANDED_OUT = in_office(Role.AGENT, Role.SUPERVISOR, Role.AUDITOR)


@blueprint.post(f"{STEP}/document-completions")
@access(AT_THE_FRONT)
def documents(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """The documents are complete: from now on the promise in working days runs."""
    form = posted(office_id, transaction_id, "documents")
    quantity, papers = form.quantity.data, form.note.data
    request_ = ask(office_id, "documents", transaction_id, quantity=quantity, papers=sealed(papers))
    return carry_out(
        office_id,
        lambda: documenting.complete_documents(
            desk().streams, transaction_id, request_, quantity=quantity, papers=papers
        ),
        lambda done: gettext("The documents are complete. Print the receipt for the visitor."),
        form=form,
        transaction_id=transaction_id,
        afterwards=transaction_id,
    )


@blueprint.get(f"{STEP}/receipt")
@access(HANDED_OUT)
def receipt(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Show the receipt, in the visitor's language, to be printed on a slip or a half sheet."""
    get_office(office_id)
    found = find_receipt(reader(), office_id, transaction_id)
    if found is None:
        if find_visit_of(reader(), office_id, transaction_id) is None:
            abort(404)
        raise Refused(Reason.DOCUMENTS_NOT_COMPLETE)
    actor, may_work = acting(office_id), bool(current_user.roles_in(office_id) & FRONT_LINE)
    record_look(desk().streams, office_id, actor, verb="looked", subject="receipt", subject_id=transaction_id)
    return render_template(
        "receipt/page.html",
        receipt=found,
        slip=_slip(office_id, found),
        may_work=may_work,
        printers=printers_for(office_id) if may_work else [],
        paper=paper_of_receipt(office_id, transaction_id) if may_work else None,
        print_path=url_for("printing.print_receipt", office_id=office_id, transaction_id=transaction_id),
        new_key=new_key,
    )


def _slip(office_id: int, found: Receipt) -> Markup:
    """Return the receipt in the visitor's language; without its code once the visit is over (see `reception.slip`)."""
    code = None if is_over(reader(), office_id, found.visit_id) else _code(office_id, found)
    with force_locale(found.language):
        slip = render_template("receipt/_slip.html", receipt=found, service=found.services[found.language], code=code)
    return Markup(slip)  # noqa: S704 - our own template


def _code(office_id: int, found: Receipt) -> PrintedCode:
    token, offers_survey = status_token(found.visit_id), offers_link(reader(), office_id)
    return printed_code(token, Channel.RECEIPT, language=found.language, offers_survey=offers_survey)
