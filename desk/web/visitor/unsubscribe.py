"""Being asked no more: the link in every message about a survey, and the one click of a mail program (RFC 8058).

GET shows a page with a button and changes nothing, since mail scanners follow links. POST to the same address is what a
mail program sends by itself: without a cookie, without a token of a form, and it wants no redirection. Whoever holds
the link can take it back on the same page.
"""

from flask import Blueprint, Response, abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from desk.domain.access import PUBLIC, VISITOR
from desk.domain.refusals import Reason, Refused
from desk.domain.tokens import TokenKind
from desk.models import db
from desk.operations.survey import opting
from desk.reads.invitations import find_language
from desk.reads.opting import find_opted_out
from desk.reads.visits import Subject, clean_token, find_subject
from desk.web.access import access
from desk.web.context import asked, desk, get_office, reader
from desk.web.forms.visitor import ConfirmForm

blueprint = Blueprint("unsubscribe", __name__)
ONE_CLICK = "desk.web.visitor.unsubscribe.stop"  # the view that takes a POST without the token of a form


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Ask search engines not to list what a shared link may lead them to, and browsers to keep nothing."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/u/<token>")
@access(PUBLIC)
def page(token: str) -> ResponseReturnValue:
    """Ask whether the visitor means it, or say that it is so already."""
    return _page(token, _open(token))


@blueprint.post("/u/<token>")
@access(PUBLIC)
def stop(token: str) -> ResponseReturnValue:
    """Ask this person no more; the answer is the page itself, since a mail program follows no redirection."""
    subject = _open(token)
    _carry_out(opting.opt_out, "opt_out", subject)
    return _page(token, subject)


@blueprint.post("/u/<token>/return")
@access(PUBLIC)
def take_back(token: str) -> ResponseReturnValue:
    """Let this person be asked again."""
    subject = _open(token)
    _carry_out(opting.opt_in, "opt_in", subject)
    return redirect(url_for("unsubscribe.page", token=clean_token(token)), 303)


def _open(token: str) -> Subject:
    """Return the invitation of a token, and speak its visitor's language; 404 for any other token."""
    subject = find_subject(reader(), token, TokenKind.NO_SURVEY)
    if subject is None:
        abort(404)
    get_office(subject.office_id)
    g.own_language = find_language(reader(), subject)
    return subject


def _carry_out(operation: opting.Opting, verb: str, subject: Subject) -> None:
    """Do it; where nobody knows any more whose message it was, nobody is asked by that address anyhow."""
    try:
        operation(desk().streams, subject.id, asked(VISITOR, verb, invitation=subject.id))
    except Refused as refused:
        if refused.reason is not Reason.LINK_REVOKED:
            raise
    db.session.rollback()  # what is read now is as of after the change


def _page(token: str, subject: Subject) -> str:
    opted_out = find_opted_out(reader(), subject, desk().streams.keys.links)
    return render_template(
        "unsubscribe/page.html", token=clean_token(token), opted_out=opted_out, form=ConfirmForm(formdata=None)
    )
