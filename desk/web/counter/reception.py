"""The reception: officers take numbers for visitors, also for those who are here again for something still open."""

from dataclasses import replace

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask import redirect as send_to
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext
from markupsafe import Markup
from wtforms import SelectChoice

from desk.domain.audit import digest_of
from desk.domain.identity import office_of
from desk.domain.intake import CheckInChannel
from desk.domain.invitation import Channel
from desk.domain.refusals import Reason, Refused
from desk.domain.tokens import TokenKind
from desk.operations import intake
from desk.operations.intake import CheckIn
from desk.operations.keeping.looking import record_look
from desk.operations.requests import Done, Request
from desk.reads.arrivals import find_visit_by_number
from desk.reads.office_day import get_day
from desk.reads.services import OfferedService, list_offered
from desk.reads.visits import VisitPage, clean_token, find_subject, find_visit, is_over, list_matters
from desk.web.access import AT_THE_FRONT, access
from desk.web.context import acting, asked, desk, get_office, language, reader
from desk.web.counter.steps import wish_again
from desk.web.errors import back_with, sentence
from desk.web.forms.counter import whole_number
from desk.web.forms.fields import new_key
from desk.web.forms.reception import EarlierForm, ReceptionForm
from desk.web.lobby.paper_views import paper_at_desk, printers_for, printers_in_trouble
from desk.web.lobby.printing import print_at_desk
from desk.web.printed_codes import printed_code
from desk.web.visitor.status import status_token

blueprint = Blueprint("reception", __name__)


@blueprint.get("/offices/<int:office_id>/reception")
@access(AT_THE_FRONT)
def form(office_id: int) -> ResponseReturnValue:
    """Show the form for a new number, and look up an earlier visit if one is asked for."""
    get_office(office_id)
    earlier = EarlierForm(request.args)
    found = _earlier_visit(office_id, earlier) if "q" in request.args and earlier.validate() else None
    return _page(office_id, earlier=earlier, found=found)


@blueprint.post("/offices/<int:office_id>/reception/visits")
@access(AT_THE_FRONT)
def take(office_id: int) -> ResponseReturnValue:
    """Issue a number: for new matters, or for one transaction the visitor is here again for."""
    get_office(office_id)
    if "transaction" in request.form:
        return _come_back(office_id, whole_number(request.form["transaction"]))
    filled = ReceptionForm(services=_choices(_offered(office_id)))
    if not filled.validate_on_submit():
        return _page(office_id, filled=filled), 422
    wish = CheckIn(
        tuple(filled.services.data),
        CheckInChannel.STAFF,
        filled.priority_reason,
        filled.language.data,
        filled.name.data or None,
        filled.email.data or None,
        bool(filled.consent.data),
        filled.typed_phone,
        bool(filled.beyond_quota.data),
    )
    try:
        done = intake.check_in(desk().streams, office_id, wish, _request(office_id, wish))
    except Refused as refused:
        filled.services.errors = [sentence(refused)]
        return _page(office_id, filled=filled), 409
    print_at_desk(office_id, done.facts["visit"], of_visitor=wish.language)
    return _issued(office_id, done)


@blueprint.get("/offices/<int:office_id>/reception/visits/<int:visit_id>")
@access(AT_THE_FRONT)
def slip(office_id: int, visit_id: int) -> ResponseReturnValue:
    """Show the number that was taken, to be printed or scanned, in the visitor's language; recorded as a look.

    The code leads to the visitor's own page, and from there to the survey once all is over: then it is shown no more.
    """
    get_office(office_id)
    visit = find_visit(reader(), office_id, visit_id)
    if visit is None:
        abort(404)
    record_look(desk().streams, office_id, acting(office_id), verb="looked", subject="ticket", subject_id=visit_id)
    token = code = None
    if not is_over(reader(), office_id, visit_id):
        token = status_token(visit_id)
        code = printed_code(token, Channel.TICKET, language=visit.language, offers_survey=visit.offers_survey)
    with force_locale(visit.language):
        matters = list_matters(reader(), visit, language=visit.language, at=desk().streams.clock())
        ticket = render_template("reception/_slip.html", visit=replace(visit, matters=matters), token=token, code=code)
    return render_template(
        "reception/slip.html",
        visit=visit,
        ticket=Markup(ticket),  # noqa: S704 - our own template
        has_code=code is not None,
        printers=[] if code is None else printers_for(office_id),
        paper=paper_at_desk(office_id, visit_id),
        print_path=url_for("printing.print_again", office_id=office_id, visit_id=visit_id),
        new_key=new_key,
    )


def _page(
    office_id: int,
    *,
    filled: ReceptionForm | None = None,
    earlier: EarlierForm | None = None,
    found: VisitPage | None = None,
) -> str:
    services = _offered(office_id)
    return render_template(
        "reception/form.html",
        form=filled if filled is not None else earlier,
        new=filled if filled is not None else ReceptionForm(services=_choices(services), formdata=None),
        earlier=earlier if earlier is not None else EarlierForm(formdata=None),
        found=found,
        services=services,
        in_trouble=printers_in_trouble(office_id),
        new_key=new_key,
        language_path=url_for("reception.form", office_id=office_id),
    )


def _offered(office_id: int) -> tuple[OfferedService, ...]:
    return list_offered(reader(), office_id, language=language(), at=desk().streams.clock())


def _choices(services: tuple[OfferedService, ...]) -> list[SelectChoice]:
    return [SelectChoice(str(each.id), _choice(each)) for each in services if each.open_now and each.served]


def _choice(service: OfferedService) -> str:
    named = f"{service.series} · {service.name}"
    return gettext("%(service)s (numbers of today given out)", service=named) if service.full else named


def _request(office_id: int, wish: CheckIn) -> Request:
    """Return the request; what it remembers to tell repeats apart must not give the person away."""
    said = "\n".join((wish.name or "", wish.email or "", str(wish.consent), wish.phone or ""))
    contact = digest_of(desk().streams.keys.links, said)
    priority, services = wish.priority_reason, wish.services
    said_of = {"beyond_quota": True} if wish.beyond_quota else {}
    body = {"services": services, "priority": priority, "language": wish.language, "contact": contact, **said_of}
    return asked(acting(office_id), "check_in", **body)


def _come_back(office_id: int, transaction_id: int) -> ResponseReturnValue:
    try:
        if office_of(transaction_id) != office_id:
            raise Refused(Reason.UNKNOWN, id=transaction_id)
        wish = wish_again(office_id, transaction_id)
        request_ = asked(acting(office_id), "come_back", transaction=transaction_id)
        done = intake.come_back(desk().streams, transaction_id, wish, request_)
    except Refused as refused:
        return back_with(sentence(refused), url_for("reception.form", office_id=office_id))
    print_at_desk(office_id, done.facts["visit"], of_visitor=wish.language)
    return _issued(office_id, done)


def _issued(office_id: int, done: Done) -> ResponseReturnValue:
    flash(gettext("Number %(number)s is issued.", number=done.facts["number"]), "success")
    return send_to(url_for("reception.slip", office_id=office_id, visit_id=done.facts["visit"]), 303)


def _earlier_visit(office_id: int, earlier: EarlierForm) -> VisitPage | None:
    """Return the visit that was asked for with what is open of it; leaves an error in the form where there is none."""
    visit_id = _by_number(office_id, earlier) if earlier.number is not None else _by_code(office_id, earlier.code)
    visit = None if visit_id is None else find_visit(reader(), office_id, visit_id)
    if visit is None:
        earlier.q.errors = [gettext("No visit had this number on that day. Check both, or use the code.")]
        return None
    matters = list_matters(reader(), visit, language=language(), at=desk().streams.clock())
    return replace(visit, matters=matters)


def _by_number(office_id: int, earlier: EarlierForm) -> int | None:
    number = earlier.number
    assert number is not None  # noqa: S101 - the caller has looked
    day = earlier.wanted_day or get_day(reader(), office_id, at=desk().streams.clock()).today
    return find_visit_by_number(reader(), office_id, day, series=number.series, ordinal=number.ordinal)


def _by_code(office_id: int, code: str) -> int | None:
    subject = find_subject(reader(), clean_token(code), TokenKind.STATUS)
    return subject.id if subject is not None and subject.office_id == office_id else None
