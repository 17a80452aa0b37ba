"""Coming back to the kiosk by the code of an earlier ticket: where that number stands, and what is still open of it."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import KIOSK, PUBLIC
from desk.domain.intake import CheckInChannel
from desk.domain.refusals import Refused
from desk.domain.tokens import TokenKind
from desk.reads.office_day import get_day
from desk.reads.visits import clean_token, find_subject
from desk.web.access import access
from desk.web.context import asked, desk, reader
from desk.web.errors import back_with, sentence
from desk.web.forms.kiosk import ReturnForm
from desk.web.forms.visitor import ConfirmForm
from desk.web.kiosk.browser_printing import ask_browser
from desk.web.kiosk.taking_numbers import blueprint
from desk.web.kiosk.view import start_path
from desk.web.lobby.device_cookie import at_kiosk
from desk.web.lobby.printing import print_at_kiosk, print_once_more
from desk.web.visitor.status import LATE_REPEAT, get_matter, is_late_repeat, open_visit, return_for, status_token

__all__ = ["blueprint"]


@blueprint.get("/offices/<int:office_id>/kiosk/return")
@access(PUBLIC)
def return_form(office_id: int) -> ResponseReturnValue:
    """Ask for the code of the earlier visit."""
    at_kiosk(office_id)
    return _return_page(office_id, ReturnForm())


@blueprint.post("/offices/<int:office_id>/kiosk/return")
@access(PUBLIC)
def find_earlier(office_id: int) -> ResponseReturnValue:
    """Lead from the code of an earlier visit to what is still open of it; changes nothing yet."""
    at_kiosk(office_id)
    form = ReturnForm()
    if form.validate_on_submit():
        subject = find_subject(reader(), form.token, TokenKind.STATUS)
        if subject is not None and subject.office_id == office_id:
            return redirect(url_for("kiosk.open_matters", token=clean_token(form.token)), 303)
        form.code.errors = [gettext("No visit at this office has this code. Scan the ticket once more.")]
    return _return_page(office_id, form), 422


@blueprint.get("/v/<token>/open-matters")
@access(PUBLIC)
def open_matters(token: str) -> ResponseReturnValue:
    """Show at the kiosk where a number stands, and what is still open of an earlier visit."""
    opened = open_visit(token)
    visit = opened.visit
    return render_template(
        "kiosk/matters.html",
        opened=opened,
        form=ConfirmForm(),
        is_today=visit.day == get_day(reader(), visit.office_id, at=desk().streams.clock()).today,
        token_of=status_token,
        idle_home=start_path(visit.office_id),
    )


@blueprint.post("/v/<token>/prints")
@access(PUBLIC)
def print_again(token: str) -> ResponseReturnValue:
    """Give who lost the ticket of a number that goes on another one: on paper where the kiosk has a printer."""
    visit = open_visit(token).visit
    device = at_kiosk(visit.office_id)
    if not visit.goes_on:
        return redirect(url_for("kiosk.open_matters", token=clean_token(token)), 303)
    print_once_more(device, visit.id, asked(KIOSK, "print").key)
    ask_browser(visit.id)
    return redirect(url_for("kiosk.ticket", token=clean_token(token)), 303)


@blueprint.post("/v/<token>/open-matters/<int:transaction_id>")
@access(PUBLIC)
def come_back(token: str, transaction_id: int) -> ResponseReturnValue:
    """Issue a new number for an open transaction of an earlier visit."""
    visit = open_visit(token).visit
    device = at_kiosk(visit.office_id)
    matter = get_matter(visit, transaction_id)
    try:
        done = return_for(visit, matter, CheckInChannel.KIOSK, asked(KIOSK, "come_back", transaction=matter.id))
    except Refused as refused:
        return back_with(sentence(refused), url_for("kiosk.services", office_id=visit.office_id))
    if is_late_repeat(done):
        return back_with(gettext(LATE_REPEAT), url_for("kiosk.services", office_id=visit.office_id))
    print_at_kiosk(device, done.facts["visit"])
    ask_browser(done.facts["visit"])
    return redirect(url_for("kiosk.ticket", token=status_token(done.facts["visit"])), 303)


def _return_page(office_id: int, form: ReturnForm) -> str:
    return render_template(
        "kiosk/return.html",
        form=form,
        idle_home=start_path(office_id),
        language_path=url_for("kiosk.return_form", office_id=office_id),
    )
