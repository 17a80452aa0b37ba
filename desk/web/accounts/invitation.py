"""Choosing a password with a one-time code or link: one's first, or another after the old one was forgotten.

What stands after # in the address of a link is sent to no server and stands in no log; a script puts it into the form,
which sends it in its body. Without scripts it is copied from the message by hand.
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from desk.domain.access import PUBLIC
from desk.domain.password_rules import FEWEST, MOST
from desk.domain.refusals import Reason, Refused
from desk.domain.signing_in import How, Outcome, network_of
from desk.operations.accounts.one_time_codes import take_up
from desk.operations.accounts.signing_in import record
from desk.web.access import access
from desk.web.accounts.entering import admit
from desk.web.context import desk
from desk.web.errors import sentence
from desk.web.forms.base import Form
from desk.web.forms.fields import lazy, one_line
from desk.wording import N_

blueprint = Blueprint("invitation", __name__)
HINT = N_("At least %(fewest)s characters, anything you like: several words with spaces are easy to remember.")


class ChooseForm(Form):
    """A one-time code and the password of somebody's own choice."""

    code = StringField(
        lazy(N_("One-time code")),
        [
            InputRequired(lazy(N_("Enter the code that you were given, or open the link in the message."))),
            Length(max=80),
        ],
        filters=[one_line],
    )
    password = PasswordField(
        lazy(N_("New password")), [InputRequired(lazy(N_("Choose a password."))), Length(max=4 * MOST)]
    )


@blueprint.get("/invitation")
@access(PUBLIC)
def form() -> ResponseReturnValue:
    """Show the form."""
    return _page(ChooseForm(formdata=None))


@blueprint.post("/invitation")
@access(PUBLIC)
def choose() -> ResponseReturnValue:
    """Take the password, use the code up, and let whoever has it in."""
    filled = ChooseForm()
    if not filled.validate_on_submit():
        return _page(filled), 422
    streams = desk().streams
    try:
        person_id = take_up(streams, filled.code.data or "", filled.password.data or "")
    except Refused as refused:
        is_code = refused.reason is Reason.ONE_TIME_CODE_UNKNOWN
        if is_code:
            _record_refusal()
        (filled.code if is_code else filled.password).errors = [sentence(refused)]
        return _page(filled), 422
    return admit(person_id, how=How.CODE)


def _record_refusal() -> None:
    streams, source = desk().streams, network_of(request.remote_addr or "")
    record(streams.engine, outcome=Outcome.REFUSED, how=How.CODE, person_id=None, at=streams.clock(), source=source)


def _page(filled: ChooseForm) -> str:
    return render_template("signin/invitation.html", form=filled, hint=gettext(HINT) % {"fewest": FEWEST})
