"""The visitor's own page behind an unguessable link: where the number stands, leaving, and being here again.

Nothing here is anybody's without the token, and no page shows an officer's name. GET changes nothing.
"""

from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import PUBLIC, VISITOR
from desk.domain.intake import CheckInChannel
from desk.domain.invitation import PRINTED, Channel
from desk.domain.refusals import Refused
from desk.domain.tokens import TokenKind, derive, hash_of
from desk.operations import intake, serving
from desk.operations.intake import CheckIn
from desk.operations.requests import Done, Request
from desk.reads.paces import with_waits
from desk.reads.today import event_number
from desk.reads.visits import (
    Matter,
    Question,
    VisitPage,
    clean_token,
    find_contact,
    find_subject,
    find_visit,
    is_over,
    list_matters,
)
from desk.web.access import access
from desk.web.context import asked, desk, get_office, language, reader
from desk.web.errors import back_with, sentence
from desk.web.forms.visitor import ConfirmForm
from desk.web.icons import carry_icons
from desk.web.kiosk.door import require_at_the_door, under_grant
from desk.wording import N_

blueprint = Blueprint("visitor", __name__)

LATE_REPEAT = N_("This number was taken earlier, and that visit is over. Take a new number.")


@dataclass(frozen=True, slots=True)
class Opened:
    """A visit opened by its link, as of event `number` of the office; `via` says by the code on which paper."""

    token: str
    number: int
    visit: VisitPage
    via: Channel | None = None

    @property
    def path(self) -> str:
        """The address of the visit's own page, as it was opened."""
        return url_for("visitor.page", token=self.token, via=self.via)

    @property
    def store(self) -> str:
        """Under what the phone keeps what was last known: a digest of the token, which tells nothing of it."""
        return hash_of(f"visit|{clean_token(self.token)}")[:32]


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Ask search engines not to list what a shared link may lead them to."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.get("/v/<token>")
@access(PUBLIC)
def page(token: str) -> ResponseReturnValue:
    """Show where the number stands."""
    opened = _with_waits(open_visit(token))
    return render_template(
        "visitor/page.html",
        opened=opened,
        survey_path=survey_path,
        token_of=status_token,
        published=opened.visit.has_published,
        form=ConfirmForm(),
    )


@blueprint.get("/v/<token>/now")
@access(PUBLIC)
def now(token: str) -> ResponseReturnValue:
    """Return the part of the page that changes."""
    opened = _with_waits(open_visit(token))
    response = make_response(
        render_template("visitor/_now.html", opened=opened, survey_path=survey_path, token_of=status_token)
    )
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/v/<token>/departure")
@access(PUBLIC)
def departure(token: str) -> ResponseReturnValue:
    """Ask whether the visitor means it."""
    opened = open_visit(token)
    if not opened.visit.can_leave:
        return redirect(opened.path)
    return render_template("visitor/departure.html", opened=opened, form=ConfirmForm())


@blueprint.post("/v/<token>/departure")
@access(PUBLIC)
def depart(token: str) -> ResponseReturnValue:
    """Give up everything of the visit that still waits."""
    opened = open_visit(token)
    visit, back = opened.visit, opened.path
    try:
        serving.leave_visit(desk().streams, visit.id, asked(VISITOR, "leave_visit", visit=visit.id))
    except Refused as refused:
        return back_with(sentence(refused), back)
    flash(gettext("Your number %(number)s is given up. Thank you for telling us.", number=visit.number), "success")
    return redirect(back, 303)


@blueprint.get("/v/<token>/return/<int:transaction_id>")
@access(PUBLIC)
def again(token: str, transaction_id: int) -> ResponseReturnValue:
    """Ask whether the visitor is at the office now."""
    opened = open_visit(token)
    matter = get_matter(opened.visit, transaction_id)
    if not matter.rests:
        return redirect(opened.path)
    return render_template("visitor/again.html", opened=opened, matter=matter, form=ConfirmForm())


@blueprint.post("/v/<token>/return/<int:transaction_id>")
@access(PUBLIC)
def come_back(token: str, transaction_id: int) -> ResponseReturnValue:
    """Take a new number for an open transaction of this visit."""
    opened = open_visit(token)
    visit, matter = opened.visit, get_matter(opened.visit, transaction_id)
    try:
        require_at_the_door()
        request_ = asked(VISITOR, "come_back", transaction=matter.id)
        done = under_grant(lambda: return_for(visit, matter, CheckInChannel.PHONE, request_))
    except Refused as refused:
        return back_with(sentence(refused), opened.path)
    if is_late_repeat(done):
        return back_with(gettext(LATE_REPEAT), opened.path)
    return redirect(url_for("visitor.page", token=status_token(done.facts["visit"]), via=opened.via), 303)


def is_late_repeat(done: Done) -> bool:
    """Tell whether a number is only told again, and its visit is over: its page leads to the survey by then.

    Whoever was at the device, a clerk as well, could send the same form once more.
    """
    return done.repeated and is_over(reader(), done.office_id, done.facts["visit"])


def open_visit(token: str) -> Opened:
    """Return the visit behind a status token, in its visitor's language; 404 for every other token alike."""
    carry_icons()
    subject = find_subject(reader(), token, TokenKind.STATUS)
    if subject is None:
        abort(404)
    get_office(subject.office_id)
    number = event_number(reader(), subject.office_id)
    visit = find_visit(reader(), subject.office_id, subject.id)
    if visit is None:
        abort(404)
    g.own_language = visit.language
    matters = list_matters(reader(), visit, language=language(), at=desk().streams.clock())
    via = next((each for each in PRINTED if each.value == request.args.get("via")), None)
    return Opened(token, number, replace(visit, matters=matters), via)


def _with_waits(opened: Opened) -> Opened:
    """Return the same with how long each thing still waits, as far as that can be said."""
    matters = with_waits(reader(), opened.visit, at=desk().streams.clock())
    return replace(opened, visit=replace(opened.visit, matters=matters))


def get_matter(visit: VisitPage, transaction_id: int) -> Matter:
    """Return a transaction of the visit; 404 for any other."""
    found = next((each for each in visit.matters if each.id == transaction_id), None)
    if found is None:
        abort(404)
    return found


def return_for(visit: VisitPage, matter: Matter, channel: CheckInChannel, request: Request) -> Done:
    """Take a new number for an open transaction; priority, contact and consent go on as they were given."""
    contact = find_contact(reader(), visit.office_id, visit.id)
    wish = CheckIn(
        (),
        channel,
        priority_reason=visit.priority_reason,
        language=visit.language,
        name=contact.name,
        email=contact.email,
        consent=contact.consent,
        phone=contact.phone,
    )
    return intake.come_back(desk().streams, matter.id, wish, request)


def status_token(visit_id: int) -> str:
    """Return the token of a visit's own page."""
    return derive(desk().streams.keys.links, TokenKind.STATUS, visit_id)


def survey_path(question: Question, via: Channel | None) -> str:
    """Return the address of an open survey, for a link on the visitor's page; each way there has a token of its own."""
    token = _survey_token(question, Channel.LINK if via is None else via)
    if via is not None and find_subject(reader(), token, TokenKind.SURVEY) is None:
        token = _survey_token(question, Channel.LINK)  # invited before the codes on paper had tokens of their own
    return url_for("survey.form", token=token)


def _survey_token(question: Question, channel: Channel) -> str:
    key = desk().streams.keys.links
    return derive(key, TokenKind.SURVEY, question.invitation_id, channel=channel.value, generation=question.generation)
