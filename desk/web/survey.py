"""The survey behind a link that works once: GET only shows, POST records the answer; mail scanners change nothing."""

from typing import Final

from flask import Blueprint, Response, abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import PUBLIC, VISITOR
from desk.domain.invitation import InvitationState
from desk.domain.refusals import Reason, Refused
from desk.domain.tokens import TokenKind
from desk.operations import asking
from desk.reads.invitations import Asked, Survey, find_language, find_survey
from desk.reads.visits import find_subject
from desk.web.access import access
from desk.web.context import asked, desk, get_office, language, reader
from desk.web.errors import page_of, refusal_status, sentence
from desk.web.forms.survey import SurveyForm, survey_form
from desk.wording import N_

blueprint = Blueprint("survey", __name__)

CLOSED: Final = {
    Reason.LINK_USED: N_("We have your answer"),
    Reason.LINK_EXPIRED: N_("This survey has ended"),
    Reason.LINK_REVOKED: N_("This survey was taken back"),
}


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Ask search engines not to list what a shared link may lead them to."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.errorhandler(Refused)
def closed(refused: Refused) -> ResponseReturnValue:
    """Say kindly why a link takes no answer; other refusals are answered as everywhere."""
    heading = CLOSED.get(refused.reason)
    if heading is None:
        return page_of(refused)
    is_used = refused.reason is Reason.LINK_USED
    page = render_template("survey/closed.html", heading=gettext(heading), words=sentence(refused), is_used=is_used)
    return page, refusal_status(refused)


@blueprint.get("/s/<token>")
@access(PUBLIC)
def form(token: str) -> ResponseReturnValue:
    """Show the questions."""
    survey = open_survey(token)
    questions = survey.open_at(desk().streams.clock())
    return _page(token, survey, questions, survey_form(each.invitation.id for each in questions))


@blueprint.post("/s/<token>")
@access(PUBLIC)
def send(token: str) -> ResponseReturnValue:
    """Record the answers; of several that arrive together one wins and the others are told so."""
    survey = open_survey(token)
    questions = survey.open_at(desk().streams.clock())
    filled = survey_form(each.invitation.id for each in questions)
    if not filled.validate_on_submit():
        return _page(token, survey, questions, filled), 422
    linked = survey.linked
    request = asked(VISITOR, "answer", invitation=linked.id, scores=sorted(filled.scores.items()))
    asking.answer(desk().streams, linked.id, linked.generation, filled.scores, request)
    return redirect(url_for("survey.thanks", token=token), 303)


@blueprint.get("/s/<token>/thanks")
@access(PUBLIC)
def thanks(token: str) -> ResponseReturnValue:
    """Thank for the answer; whoever has not answered is shown the questions."""
    survey = open_survey(token)
    if all(each.invitation.state is not InvitationState.ANSWERED for each in survey.asked):
        return redirect(url_for("survey.form", token=token))
    return render_template("survey/thanks.html")


def open_survey(token: str) -> Survey:
    """Return what a survey token asks, in the visitor's language; 404 for any other token, 410 for one taken back."""
    subject = find_subject(reader(), token, TokenKind.SURVEY)
    if subject is None:
        abort(404)
    get_office(subject.office_id)
    g.own_language = find_language(reader(), subject)
    survey = find_survey(reader(), subject, language=language())
    if survey is None:
        raise Refused(Reason.LINK_REVOKED)
    return survey


def _page(token: str, survey: Survey, questions: tuple[Asked, ...], filled: SurveyForm) -> str:
    return render_template("survey/form.html", token=token, survey=survey, questions=questions, form=filled)
