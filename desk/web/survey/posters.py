"""The survey behind the code of a poster: anybody may answer, nothing tells who did, and it counts apart."""

from typing import Final

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desk.domain.access import PUBLIC, VISITOR
from desk.domain.points import PointKind
from desk.domain.refusals import Reason, Refused
from desk.domain.tokens import TokenKind, hash_of
from desk.operations.survey.survey_points import answer_poster
from desk.reads.improvements import is_anything_published
from desk.reads.survey_points import Point, asked_by_poster, find_point
from desk.reads.visits import clean_token, find_subject
from desk.web.access import access
from desk.web.context import asked, desk, get_office, language, reader
from desk.web.errors import page_of
from desk.web.forms.survey import Posted, Wizard, read_posted
from desk.web.survey.going_back import keep_until_sent
from desk.web.survey.own_standing import own_standing
from desk.web.survey.turns import asked_turn
from desk.web.survey.wizard import Place, turned, wizard_page

blueprint = Blueprint("posters", __name__)
NOTICE: Final = "poster"


blueprint.after_request(keep_until_sent)


@blueprint.errorhandler(Refused)
def closed(refused: Refused) -> ResponseReturnValue:
    """Say kindly that a poster is not in use any more."""
    if refused.reason is not Reason.LINK_REVOKED:
        return page_of(refused)
    return render_template("posters/closed.html"), 410


@blueprint.get("/p/<token>")
@access(PUBLIC)
def form(token: str) -> ResponseReturnValue:
    """Show the first question."""
    point = open_poster(token)
    asked_about = asked_by_poster(reader(), g.office.id, point, g.office.name)
    wizard = Wizard((asked_about,), Posted(large=bool(request.args.get("large"))))
    return wizard_page(_place(token), wizard, opened=True)


@blueprint.post("/p/<token>")
@access(PUBLIC)
def send(token: str) -> ResponseReturnValue:
    """Turn to another page with all that was said; on Send, record it."""
    go, detail = asked_turn()
    point = open_poster(token)
    about = (asked_by_poster(reader(), g.office.id, point, g.office.name),)
    if go == "restart":
        return wizard_page(_place(token), Wizard(about), forget=True)
    wizard = Wizard(about, read_posted(request.form, about))
    page = turned(_place(token), wizard, go, detail)
    if page is not None:
        return page
    # What was said is no part of what is remembered of the request: it could be tried out.
    asking = asked(VISITOR, "answer_poster", point=point.id)
    answer_poster(desk().streams, point.id, wizard.given(about[0]), asking, standing=own_standing())
    return redirect(url_for("posters.thanks", token=token), 303)


@blueprint.get("/p/<token>/thanks")
@access(PUBLIC)
def thanks(token: str) -> ResponseReturnValue:
    """Thank for the answer."""
    open_poster(token)
    published = is_anything_published(reader(), g.office.id)
    return render_template("posters/thanks.html", store=_place(token).store, published=published)


def open_poster(token: str) -> Point:
    """Return the poster of a token; 404 for any other token, 410 for one that was closed."""
    subject = find_subject(reader(), token, TokenKind.POSTER)
    if subject is None:
        abort(404)
    get_office(subject.office_id)
    point = find_point(reader(), subject.office_id, subject.id, language=language())
    if point is None or point.kind is not PointKind.POSTER or point.closed_at is not None:
        raise Refused(Reason.LINK_REVOKED)
    return point


def _place(token: str) -> Place:
    action = url_for("posters.send", token=clean_token(token))
    return Place(action, NOTICE, store=hash_of(f"kept|{clean_token(token)}")[:32])
