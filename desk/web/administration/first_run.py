"""The first run: one page that opens the first office of an installation with the token that the server printed.

Once there is an office the page is gone.
"""

from flask import Blueprint, current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, refresh

from desk.domain.access import PUBLIC
from desk.domain.refusals import Reason, Refused
from desk.models import db
from desk.operations.opening.first_run import set_up as open_first_office
from desk.reads.first_run import TokenFault, find_token_fault, has_office
from desk.web.access import access
from desk.web.accounts.entering import admit
from desk.web.context import desk, reader
from desk.web.forms.first_run import FirstRunForm
from desk.wording import N_

blueprint = Blueprint("first_run", __name__)
TOKEN_FAULTS = {
    TokenFault.WRONG: N_("This is not the token. Copy it from what the server printed, or have a new one printed."),
    TokenFault.EXPIRED: N_("This token is too old. “desk setup-token” on the server prints a new one."),
}


@blueprint.get("/set-up")
@access(PUBLIC)
def page() -> ResponseReturnValue:
    """Show the form; once there is an office, the page is gone."""
    if has_office(reader()):
        return redirect(url_for("home.index"))
    return render_template("first_run/page.html", form=FirstRunForm(formdata=None))


@blueprint.post("/set-up")
@access(PUBLIC)
def set_up() -> ResponseReturnValue:
    """Open the office and let its administrator in; nothing of it is kept where anything is wrong."""
    if has_office(reader()):
        return _gone()
    form = FirstRunForm()
    is_filled = form.validate_on_submit()
    fault = find_token_fault(reader(), form.token.data or "", at=desk().streams.clock())
    if fault is not None and form.token.data:
        current_app.logger.warning("set-up token refused: %s", fault)
        form.token.errors = [gettext(TOKEN_FAULTS[fault])]
    if fault is not None or not is_filled:
        return render_template("first_run/page.html", form=form), 422
    db.session.rollback()  # the password takes its time, and nobody is to wait for this reader meanwhile
    try:
        opened = open_first_office(desk().streams, form.plan, form.token.data)
    except Refused as refused:
        if refused.reason is Reason.ALREADY_DONE:
            return _gone()
        form.token.errors = [gettext(TOKEN_FAULTS[TokenFault.WRONG])]
        return render_template("first_run/page.html", form=form), 422
    admitted = admit(opened.person_id, wanted=url_for("checklist.page", office_id=opened.office_id))
    if form.language.data == "en":  # whoever set the office up in English goes on in English
        session["language"] = "en"
        refresh()
    flash(gettext("The office is open. This is what it still needs."), "success")  # the new session begins empty
    return admitted


def _gone() -> ResponseReturnValue:
    """Lead on whoever comes second, or sends the form once more."""
    flash(gettext("The office has been set up. Sign in."), "info")
    return redirect(url_for("signin.form"), 303)
