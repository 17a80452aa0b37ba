"""The survey behind a link that works once: GET only shows, POST turns the pages, and only Send records the answer.

All that was said so far travels in the form (`desk.web.forms.survey`): no cookie and no row holds an answer before it
is sent, and mail scanners change nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, cast

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import PUBLIC, VISITOR
from desk.domain.identity import office_of
from desk.domain.invitation import Channel, Standing, require_not_revoked
from desk.domain.questionnaires import LONGEST_TEXT, AnswerFault, Question
from desk.domain.refusals import Reason, Refused
from desk.domain.tokens import TokenKind, channel_of, hash_of
from desk.models import db
from desk.operations.survey import answering
from desk.operations.survey.beginning import mark_begun
from desk.reads.improvements import is_anything_published
from desk.reads.invitations import Asked, Survey, find_language, find_survey
from desk.reads.visits import clean_token, find_subject
from desk.web.access import access
from desk.web.context import asked, desk, get_office, language, reader
from desk.web.errors import page_of, refusal_status, sentence
from desk.web.forms.fields import new_key
from desk.web.forms.survey import DOUBLED, PERSON, REVIEW, Posted, Wizard, read_posted
from desk.web.numbers import with_separators
from desk.web.repeats import is_repeat_of, told_apart
from desk.web.survey.going_back import keep_until_sent
from desk.web.survey.own_standing import own_standing, told_from_visitor
from desk.web.survey.turns import asked_turn
from desk.wording import N_

blueprint = Blueprint("survey", __name__)

CLOSED: Final = {
    Reason.LINK_USED: N_("We have your answer"),
    Reason.LINK_EXPIRED: N_("This survey has ended"),
    Reason.LINK_REVOKED: N_("This survey was taken back"),
    Reason.LINK_WITHDRAWN: N_("This survey was withdrawn"),
}
NOT_RECORDED: Final = N_("This was not recorded")
TAKEN_UP: Final = N_("This matter has been taken up again")
ASKED_LATER: Final = N_("Nothing is lost: you will be asked when it ends.")
FAULTS: Final = {
    AnswerFault.MISSING: N_("Choose one of the answers."),
    AnswerFault.OFF_SCALE: N_("Choose one of the answers that stand here."),
    AnswerFault.TOO_LONG: N_("Use at most %(most)s characters; these are %(length)s."),
    DOUBLED: N_("Two answers came for this question. Choose one."),
}


blueprint.after_request(keep_until_sent)


@blueprint.errorhandler(Refused)
def closed(refused: Refused) -> ResponseReturnValue:
    """Say kindly why a link takes no answer; other refusals are answered as everywhere."""
    heading = CLOSED.get(refused.reason)
    if heading is None:
        return page_of(refused)
    is_used = refused.reason is Reason.LINK_USED
    survey = _survey_now() if is_used or refused.reason is Reason.LINK_REVOKED else g.get("survey")
    is_taken_up = refused.reason is Reason.LINK_REVOKED and survey is not None and survey.is_taken_up
    is_lost = is_used and _has_sent() and survey is not None and not is_repeat_of(survey)
    page = render_template(
        "survey/closed.html",
        heading=gettext(NOT_RECORDED if is_lost else TAKEN_UP if is_taken_up else heading),
        words=_why_lost(survey) if is_lost and survey else gettext(ASKED_LATER) if is_taken_up else sentence(refused),
        is_used=is_used,
        is_withdrawn=refused.reason is Reason.LINK_WITHDRAWN,
        is_lost=is_lost,
        correctable=_correctable(survey) if survey is not None and is_used else (),
        survey=survey,
        token=g.get("token"),
        store=g.get("store"),
    )
    return page, refusal_status(refused)


@blueprint.get("/s/<token>")
@access(PUBLIC)
def form(token: str) -> ResponseReturnValue:
    """Show the first question."""
    survey = open_survey(token)
    posted = Posted(large=bool(request.args.get("large")))
    return _page(token, survey, Wizard(survey.open_at(desk().streams.clock()), posted), opened=True)


@blueprint.post("/s/<token>")
@access(PUBLIC)
def send(token: str) -> ResponseReturnValue:
    """Turn to another page with all that was said; on Send, record it."""
    go, detail = asked_turn()
    survey = open_survey(token)
    if go in ("correct", "restart"):
        return _begin_again(token, survey, correcting=go == "correct" or bool(request.form.get("correcting")))
    wizard = _posted(survey)
    _mark_begun(token, survey)
    if wizard.posted.strange:
        return _faulty(token, survey, wizard, gettext("An answer came to a question that is not asked here."))
    if go == "send":
        return _send(token, survey, wizard)
    if go == "next" and wizard.faults(wizard.page):
        return _faulty(token, survey, wizard)
    return _page(token, survey, wizard.gone(go, detail))


@blueprint.get("/s/<token>/thanks")
@access(PUBLIC)
def thanks(token: str) -> ResponseReturnValue:
    """Thank for the answer, or tell staff that theirs is none; whoever has not answered is shown the questions."""
    survey = open_survey(token)
    if own_standing() is Standing.STAFF and survey.takes_answers_at(desk().streams.clock()):
        return render_template("survey/kept_apart.html", survey=survey, store=g.store)
    if not survey.is_answered:
        return redirect(url_for("survey.form", token=token))
    large = bool(request.args.get("large"))
    correctable = _correctable(survey)
    published = is_anything_published(reader(), g.office.id)
    return render_template(
        "survey/thanks.html", token=token, survey=survey, correctable=correctable, large=large, store=g.store,
        published=published,
    )  # fmt: skip


def open_survey(token: str) -> Survey:
    """Return what a survey token asks, in the visitor's language; 404 for any other token, 410 for one no more."""
    subject = find_subject(reader(), token, TokenKind.SURVEY)
    if subject is None:
        abort(404)
    get_office(subject.office_id)
    g.own_language = find_language(reader(), subject)
    survey = find_survey(reader(), subject, language=language())
    if survey is None:
        raise Refused(Reason.LINK_REVOKED)
    g.survey, g.token = survey, token
    g.store = hash_of(f"kept|{clean_token(token)}")[:32]  # under what a browser keeps answers: never the token
    if not survey.is_answered and not survey.takes_answers_at(desk().streams.clock()):
        require_not_revoked(survey.linked)  # what else the link asks about is answered all the same
    return survey


def _posted(survey: Survey) -> Wizard:
    """Return the survey as the posted form has it."""
    correcting = survey.is_answered and bool(request.form.get("correcting"))
    questions = _questions(survey, correcting=correcting)
    return Wizard(questions, replace(read_posted(request.form, questions), correcting=correcting))


def _mark_begun(token: str, survey: Survey) -> None:
    """Write down that the visitor turned the first page, of all that the form asks about."""
    if own_standing() is Standing.VISITOR:
        begun = [each.invitation.id for each in survey.asked]
        mark_begun(desk().streams, office_of(survey.linked.id), begun, _channel_of(token, survey))


def _begin_again(token: str, survey: Survey, *, correcting: bool) -> ResponseReturnValue:
    """Show the first question with nothing said; a correction, too, begins empty, since others may have the link."""
    correcting = correcting and survey.is_answered
    questions = _questions(survey, correcting=correcting)
    posted = Posted(correcting=correcting, large=bool(request.form.get("large")))
    return _page(token, survey, Wizard(questions, posted), forget=True)


def _questions(survey: Survey, *, correcting: bool) -> tuple[Asked, ...]:
    """Return what is asked; raises `Refused` where nothing is answered or corrected any more."""
    if not correcting:
        return survey.open_at(desk().streams.clock())
    correctable = _correctable(survey)
    if not correctable:
        raise Refused(Reason.LINK_USED)
    return correctable


def _send(token: str, survey: Survey, wizard: Wizard) -> ResponseReturnValue:
    """Record the answers; of several that arrive together one wins and the others are told so."""
    missing = wizard.first_faulty
    if missing is not None:
        return _faulty(token, survey, wizard.turned(missing.id))
    given = {each.invitation.id: wizard.given(each) for each in wizard.answered}
    if not given:
        return _faulty(token, survey, wizard.turned(REVIEW), gettext("Answer for at least one of the services."))
    if all(wizard.filled(each).is_empty for each in wizard.answered):
        return _faulty(token, survey, wizard.turned(REVIEW), gettext("Answer at least one question about the service."))
    _record(token, survey, given, correcting=wizard.posted.correcting)
    large = "1" if wizard.posted.large else None
    return redirect(url_for("survey.thanks", token=token, large=large), 303)


def _record(token: str, survey: Survey, given: Mapping[int, Mapping[str, str]], *, correcting: bool) -> None:
    linked = survey.linked
    link = answering.Link(linked.id, linked.generation, _channel_of(token, survey))
    record = answering.revise if correcting else answering.answer
    verb, said = "revise" if correcting else "answer", told_apart(survey, given)
    asking = told_from_visitor(asked(VISITOR, verb, invitation=linked.id, said=said))
    record(desk().streams, link, given, asking, standing=own_standing())


def _survey_now() -> Survey | None:
    """Return the survey as it is by now: it may have been answered while this request was on its way."""
    if request.method != "POST" or g.get("survey") is None:
        return cast("Survey | None", g.get("survey"))
    db.session.rollback()
    try:
        return open_survey(g.token)
    except Refused:
        return None


def _has_sent() -> bool:
    """Tell whether this request carries answers, rather than asking to begin anew."""
    return request.method == "POST" and request.form.get("go") not in ("correct", "restart")


def _why_lost(survey: Survey) -> str:
    """Say to whoever has just sent an answer why it was not recorded."""
    if request.form.get("correcting") and own_standing() is Standing.STAFF and _is_visitors(survey):
        return gettext("You are signed in as staff. Only the visitor can correct this answer; it stands as it was.")
    if request.form.get("correcting"):
        return gettext("The time in which the answer may be corrected is over. What came first counts.")
    return gettext("An answer was already there. What you have just sent was not recorded.")


def _is_visitors(survey: Survey) -> bool:
    """Tell whether the visitor could still correct what staff may not."""
    return bool(survey.correctable_at(desk().streams.clock(), standing=Standing.VISITOR)) and not _correctable(survey)


def _channel_of(token: str, survey: Survey) -> Channel:
    """Return through what the visitor came: each channel of an invitation has a token of its own."""
    linked = survey.linked
    found = channel_of(
        desk().streams.keys.links,
        TokenKind.SURVEY,
        linked.id,
        clean_token(token),
        channels=[each.value for each in Channel],
        generation=linked.generation,
    )
    return Channel(found or Channel.LINK)


def _correctable(survey: Survey) -> tuple[Asked, ...]:
    return survey.correctable_at(desk().streams.clock(), standing=own_standing())


def _faulty(token: str, survey: Survey, wizard: Wizard, general: str | None = None) -> ResponseReturnValue:
    """Return the page with what is wrong beside it, and nothing lost."""
    page = wizard.page
    faults = {
        name: fault_words(fault, page.questions[name], wizard.posted.said.get(name, ""))
        for name, fault in wizard.faults(page).items()
        if general is None
    }
    return _page(token, survey, wizard, faults=faults, general=general), 422


def fault_words(fault: str, question: Question, said: str) -> str:
    """Return what is wrong with an answer, in words."""
    words = gettext(FAULTS[AnswerFault(fault) if fault != DOUBLED else fault])
    return words % with_separators({"most": LONGEST_TEXT, "length": len(said)}) if "%(" in words else words


def _page(token: str, survey: Survey, wizard: Wizard, **more: Any) -> str:
    """Render the page on which the visitor stands."""
    page = wizard.page
    return render_template(
        "survey/review.html" if page.id == REVIEW else "survey/form.html",
        token=token,
        survey=survey,
        wizard=wizard,
        page=page,
        place=wizard.place,
        is_person=page.id == PERSON,
        large=wizard.posted.large,
        store=g.store,
        key=request.form.get("key") or new_key(),
        notices=_notices(wizard),
        invalid=bool(more.get("faults") or more.get("general")),
        **more,
    )


def _notices(wizard: Wizard) -> dict[str, list[str]]:
    """Return how answers are kept, each way with the services it is for."""
    found: dict[str, list[str]] = {}
    for each in wizard.asked:
        found.setdefault(each.invitation.privacy.value, []).append(each.service)
    return found
