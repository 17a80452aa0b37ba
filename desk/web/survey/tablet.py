"""The tablet at a counter: for a minute it asks the visitor whose matter has just ended there, then it asks nobody.

It shows the number and nothing else of the visitor. Whom it asks is decided anew for every request: it ends when the
time is over, when the answer is there, or when the next visitor is, so that nobody answers for another later.
"""

from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import refresh

from desk.domain.access import PUBLIC, VISITOR
from desk.domain.identity import office_of
from desk.domain.invitation import Channel, InvitationState, Standing
from desk.domain.points import PointKind
from desk.domain.questionnaires import Question
from desk.domain.refusals import Reason, Refused
from desk.domain.tokens import TokenKind
from desk.operations.survey import answering
from desk.operations.survey.beginning import mark_begun
from desk.reads.invitations import Asked, Survey, find_language, find_survey
from desk.reads.survey_points import Finished, Point, find_finished, find_point
from desk.reads.survey_settings import tablet_seconds
from desk.reads.today import event_number
from desk.reads.visits import clean_token, find_subject
from desk.web.access import access
from desk.web.context import asked, desk, get_office, language, reader
from desk.web.errors import page_of
from desk.web.forms.fields import new_key
from desk.web.forms.survey import Wizard, field_of, read_posted
from desk.web.lobby.closed_for_good import turn_away_if_retired
from desk.web.lobby.device_cookie import leave_if_unpaired
from desk.web.repeats import told_apart
from desk.web.survey.own_standing import own_standing, told_from_visitor
from desk.web.survey.turns import asked_turn
from desk.web.survey.wizard import Place, turned, wizard_page

blueprint = Blueprint("tablet", __name__)
# Whoever has begun in time may take so much longer.
GRACE: Final = timedelta(minutes=4)
THANKS_SECONDS: Final = 8
TOO_LATE: Final = 409  # the tablet asks somebody else, or nobody, by now
OVER: Final = frozenset({Reason.LINK_USED, Reason.LINK_EXPIRED, Reason.LINK_REVOKED, Reason.LINK_WITHDRAWN})


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Let the device keep nothing."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.errorhandler(Refused)
def over(refused: Refused) -> ResponseReturnValue:
    """Say that an answer came too late, for a moment; it belongs to nobody who stands here now."""
    token = (request.view_args or {}).get("token", "")
    if refused.reason not in OVER or g.get("tablet") is None:
        return page_of(refused)
    home = url_for("tablet.show", token=clean_token(token))
    if request.method != "POST":
        return redirect(home, 303)
    is_used = refused.reason is Reason.LINK_USED
    page = render_template("tablet/over.html", idle_home=home, idle_seconds=THANKS_SECONDS, is_used=is_used)
    return page, TOO_LATE


@blueprint.get("/tablet/<token>")
@access(PUBLIC)
def show(token: str) -> ResponseReturnValue:
    """Ask whoever has just been served here; otherwise show that nobody is asked."""
    session.pop("language", None)  # what the visitor before chose
    point = open_tablet(token)
    found = _finished(point)
    survey = None if found is None else _survey(found)
    if found is None or survey is None:
        return _idle(token, point)
    session["language"] = language()  # what follows this page speaks as it does, until somebody else is asked
    return _first_page(token, survey)


@blueprint.get("/tablet/<token>/now")
@access(PUBLIC)
def now(token: str) -> ResponseReturnValue:
    """Return the part of the idle page that tells the device when there is somebody to ask."""
    found = _finished(open_tablet(token))
    response = make_response(render_template("tablet/_now.html", token=clean_token(token), is_ready=found is not None))
    response.add_etag()
    return response.make_conditional(request)


@blueprint.post("/tablet/<token>")
@access(PUBLIC)
def send(token: str) -> ResponseReturnValue:
    """Turn to another page, or record the answer of the one who is asked now."""
    point = open_tablet(token)
    go, detail = asked_turn()
    found = _asked_now(point)
    survey = _survey(found)
    if survey is None:
        raise Refused(Reason.LINK_REVOKED)
    if go != "language" and own_standing() is Standing.VISITOR:
        mark_begun(desk().streams, office_of(survey.linked.id), [survey.linked.id], Channel.TABLET)
    about = _asked(survey)
    wizard = Wizard((about,), read_posted(request.form, (about,)))
    if go == "language" and only_question(about) is not None and not wizard.posted.said:
        return _first_page(token, survey)
    page = turned(_place(token, survey), wizard, go, detail)
    if page is not None:
        return page
    _record(survey, wizard.given(about))
    return redirect(url_for("tablet.thanks", token=clean_token(token)), 303)


@blueprint.get("/tablet/<token>/thanks")
@access(PUBLIC)
def thanks(token: str) -> ResponseReturnValue:
    """Thank for the answer, and return to the first page."""
    open_tablet(token)
    home = url_for("tablet.show", token=clean_token(token))
    return render_template("tablet/thanks.html", idle_home=home, idle_seconds=THANKS_SECONDS)


def open_tablet(token: str) -> Point:
    """Return the tablet of a token; 404 for any other, and for one that was closed."""
    leave_if_unpaired()
    subject = find_subject(reader(), token, TokenKind.TABLET)
    if subject is None:
        abort(404)
    get_office(subject.office_id)
    turn_away_if_retired()
    point = find_point(reader(), subject.office_id, subject.id, language=language())
    if point is None or point.kind is not PointKind.TABLET or point.closed_at is not None:
        abort(404)
    g.tablet = point
    return point


def _asked_now(point: Point) -> Finished:
    """Return whom the posted form asks; raises `Refused` where that is nobody by now, or answered elsewhere."""
    about = request.form.get("about")
    found = _finished(point, begun=True)
    if found is not None and about == str(found.subject.id):
        return found
    answered = _finished(point, begun=True, state=InvitationState.ANSWERED)
    is_used = answered is not None and about == str(answered.subject.id)
    raise Refused(Reason.LINK_USED if is_used else Reason.LINK_REVOKED)


def _finished(point: Point, *, begun: bool = False, state: InvitationState = InvitationState.OPEN) -> Finished | None:
    within = timedelta(seconds=tablet_seconds(reader(), g.office.id))
    return find_finished(
        reader(),
        g.office.id,
        point.counter_id or 0,
        at=desk().streams.clock(),
        within=within + GRACE if begun else within,
        during_call=begun,
        state=state,
    )


def _survey(found: Finished) -> Survey | None:
    """Return what the visitor is asked, in their own language unless they chose another here."""
    g.own_language = find_language(reader(), found.subject)
    refresh()
    return find_survey(reader(), found.subject, language=language())


def _asked(survey: Survey) -> Asked:
    """Return what has just ended, not the rest of the visit; raises `Refused` when it takes no answer."""
    return survey.open_at(desk().streams.clock())[0]


def _place(token: str, survey: Survey) -> Place:
    path, privacy = url_for("tablet.show", token=clean_token(token)), survey.linked.privacy.value
    seconds = tablet_seconds(reader(), g.office.id)
    return Place(path, privacy, survey, idle_home=path, idle_seconds=seconds, about=survey.linked.id)


def _first_page(token: str, survey: Survey) -> str:
    """Return one question with a button for each answer where that is all there is to ask, else the first page."""
    about, place = _asked(survey), _place(token, survey)
    question = only_question(about)
    if question is None:
        return wizard_page(place, Wizard((about,)))
    return render_template(
        "tablet/tap.html", place=place, asked=about, question=question, name=field_of(question, about), key=new_key(),
        idle_home=place.idle_home, idle_seconds=place.idle_seconds, survey=survey,
    )  # fmt: skip


def only_question(about: Asked) -> Question | None:
    """Return the one question that must be answered, where it has answers to choose from and all others may be left."""
    required = [each for each in about.questionnaire.questions if each.required]
    return required[0] if len(required) == 1 and required[0].options else None


def _idle(token: str, point: Point) -> str:
    number = event_number(reader(), g.office.id)
    return render_template("tablet/idle.html", token=clean_token(token), point=point, number=number)


def _record(survey: Survey, given: dict[str, str]) -> None:
    linked = survey.linked
    link = answering.Link(linked.id, linked.generation, Channel.TABLET)
    said = told_apart(survey, {linked.id: given})
    asking = told_from_visitor(asked(VISITOR, "answer", invitation=linked.id, said=said))
    answering.answer(desk().streams, link, {linked.id: given}, asking, standing=own_standing())
