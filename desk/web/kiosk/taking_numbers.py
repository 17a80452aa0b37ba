"""Taking a number at the kiosk, or on one's own phone through the code at the door."""

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import KIOSK, PUBLIC
from desk.domain.audit import digest_of
from desk.domain.intake import CheckInChannel
from desk.domain.invitation import Channel
from desk.domain.refusals import Refused
from desk.operations import intake
from desk.operations.intake import CheckIn
from desk.operations.requests import Done, Request
from desk.reads.devices import PairedDevice
from desk.reads.today import event_number
from desk.web.access import AT_THE_FRONT, access
from desk.web.context import asked, desk, get_office, language, reader
from desk.web.errors import back_with, sentence
from desk.web.forms.kiosk import TakeForm
from desk.web.kiosk.aloud import voiced
from desk.web.kiosk.browser_printing import ask_browser, printing_of
from desk.web.kiosk.choice import (
    AT_KIOSK,
    ON_PHONE,
    Choice,
    Manner,
    chosen_before,
    get_choice,
    list_services,
    open_office,
    typed_choice,
)
from desk.web.kiosk.door import is_at_the_door, under_grant
from desk.web.kiosk.own_numbers import asks_first, find_own_number, keep_number
from desk.web.kiosk.view import easy_view, forget_visitor, start_path
from desk.web.lobby.device_cookie import at_kiosk
from desk.web.lobby.paper_views import paper_of_visit
from desk.web.lobby.printing import print_at_kiosk
from desk.web.printed_codes import printed_code
from desk.web.qr import qr_picture
from desk.web.visitor.status import LATE_REPEAT, is_late_repeat, open_visit, status_token

blueprint = Blueprint("kiosk", __name__)


@blueprint.get("/offices/<int:office_id>/kiosk")
@access(PUBLIC)
def services(office_id: int) -> ResponseReturnValue:
    """Show the services to choose from."""
    return _services(office_id, AT_KIOSK)


@blueprint.get("/offices/<int:office_id>/kiosk/start")
@access(PUBLIC)
def start(office_id: int) -> ResponseReturnValue:
    """Begin anew for the next person: in the language of the house, and nothing of the last one left."""
    at_kiosk(office_id)
    forget_visitor()
    return redirect(url_for("kiosk.services", office_id=office_id), 303)


@blueprint.get("/offices/<int:office_id>/check-in")
@access(PUBLIC)
def phone_services(office_id: int) -> ResponseReturnValue:
    """Show the services on a visitor's own phone."""
    return _services(office_id, ON_PHONE)


@blueprint.get("/offices/<int:office_id>/kiosk/tiles")
@access(PUBLIC)
def tiles(office_id: int) -> ResponseReturnValue:
    """Return the services as they stand: how many wait, which are open."""
    return _tiles(office_id, AT_KIOSK)


@blueprint.get("/offices/<int:office_id>/check-in/tiles")
@access(PUBLIC)
def phone_tiles(office_id: int) -> ResponseReturnValue:
    """Return the services for a phone as they stand."""
    return _tiles(office_id, ON_PHONE)


@blueprint.get("/offices/<int:office_id>/kiosk/services/<int:service_id>")
@access(PUBLIC)
def service(office_id: int, service_id: int) -> ResponseReturnValue:
    """Show what one service asks for and promises, and the button."""
    return _service(office_id, service_id, AT_KIOSK)


@blueprint.get("/offices/<int:office_id>/check-in/services/<int:service_id>")
@access(PUBLIC)
def phone_service(office_id: int, service_id: int) -> ResponseReturnValue:
    """Show one service on a visitor's own phone."""
    return _service(office_id, service_id, ON_PHONE)


@blueprint.post("/offices/<int:office_id>/visits")
@access(PUBLIC)
def take(office_id: int) -> ResponseReturnValue:
    """Issue a number; a double tap gets the same one."""
    get_office(office_id)  # whose reasons for priority the form offers
    form = TakeForm()
    manner = ON_PHONE if form.channel.data == CheckInChannel.PHONE else AT_KIOSK
    device = open_office(office_id, manner)
    choice = get_choice(office_id, typed_choice(form.service.data, form.more.data), device, manner)
    if not form.validate_on_submit():
        return _service_page(choice, form), 422
    if manner is ON_PHONE and not is_at_the_door(at=desk().streams.clock()):
        return _service_page(choice, form), 403
    wish = CheckIn(
        choice.ids,
        manner.channel,
        form.priority_reason,
        language(),
        form.name.data or None,
        form.email.data or None,
        bool(form.consent.data),
        form.typed_phone,
    )
    request_ = _request(wish)
    if manner is ON_PHONE and asks_first(office_id, request_, confirmed=bool(form.another.data)):
        return _service_page(choice, form), 409
    try:
        done = _issued(office_id, wish, request_)
    except Refused as refused:
        return back_with(sentence(refused), url_for(manner.services, office_id=office_id))
    if is_late_repeat(done):
        return back_with(gettext(LATE_REPEAT), url_for(manner.services, office_id=office_id))
    if manner is AT_KIOSK:
        print_at_kiosk(device, done.facts["visit"])
        ask_browser(done.facts["visit"])
    else:
        keep_number(done.facts["visit"])
    page = "visitor.page" if manner is ON_PHONE else "kiosk.ticket"
    return redirect(url_for(page, token=status_token(done.facts["visit"])), 303)


@blueprint.get("/v/<token>/ticket")
@access(PUBLIC)
def ticket(token: str) -> ResponseReturnValue:
    """Show the number that was taken, large, with the code that leads to the visitor's own page."""
    opened = open_visit(token)
    code = printed_code(token, Channel.TICKET, language=language(), offers_survey=opened.visit.offers_survey)
    office_id, path = opened.visit.office_id, url_for("printing.kiosk_paper", token=token)
    paper = paper_of_visit(office_id, opened.visit.id, path)
    response = make_response(
        render_template(
            "kiosk/ticket.html",
            opened=opened,
            code=code,
            paper=paper,
            printing=printing_of(office_id, opened.visit.id),
            idle_home=start_path(office_id),
        )
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.get("/offices/<int:office_id>/door")
@access(AT_THE_FRONT)
def door(office_id: int) -> ResponseReturnValue:
    """Show the poster for the door: the code with which visitors take a number on their own phones."""
    get_office(office_id)
    address = desk().settings.public_url + url_for("kiosk.phone_services", office_id=office_id)
    return render_template("kiosk/door.html", address=address, qr=qr_picture(address))


def _services(office_id: int, manner: Manner) -> str:
    device = open_office(office_id, manner)
    number = event_number(reader(), office_id)
    chosen = _chosen(office_id, device, manner)
    # Where something of this visitor is left, the kiosk returns to its start for the next person.
    is_touched = chosen is not None or easy_view() or language() != g.office.language
    return render_template(
        "kiosk/services.html",
        manner=manner,
        number=number,
        services=list_services(office_id, device),
        chosen=chosen,
        idle_home=start_path(office_id) if manner is AT_KIOSK and is_touched else None,
    )


def _tiles(office_id: int, manner: Manner) -> ResponseReturnValue:
    device = open_office(office_id, manner)
    chosen = _chosen(office_id, device, manner)
    services = list_services(office_id, device)
    part = render_template("kiosk/_tiles.html", manner=manner, services=services, chosen=chosen)
    response = make_response(voiced(part) if manner is AT_KIOSK else part)
    response.add_etag()
    return response.make_conditional(request)


def _chosen(office_id: int, device: PairedDevice | None, manner: Manner) -> Choice | None:
    """Return what was chosen before, where another service is chosen."""
    before = chosen_before()
    return get_choice(office_id, before, device, manner) if before else None


def _service(office_id: int, service_id: int, manner: Manner) -> str:
    device = open_office(office_id, manner)
    choice = get_choice(office_id, [*chosen_before(), service_id], device, manner)
    more = ",".join(map(str, choice.ids[1:]))
    form = TakeForm(service=choice.ids[0], more=more, channel=manner.channel.value)
    return _service_page(choice, form)


def _service_page(choice: Choice, form: TakeForm) -> str:
    manner = choice.manner
    idle_home = start_path(choice.office_id) if manner is AT_KIOSK else None
    own = find_own_number(choice.office_id) if manner is ON_PHONE else None
    form.another.data = "1" if own else None  # the page says which number there is, so its button is the confirmation
    return render_template(
        "kiosk/service.html",
        manner=manner,
        choice=choice,
        form=form,
        own=own,
        language_path=choice.path,
        idle_home=idle_home,
    )


def _issued(office_id: int, wish: CheckIn, request: Request) -> Done:
    def issue() -> Done:
        return intake.check_in(desk().streams, office_id, wish, request)

    return under_grant(issue) if wish.channel is CheckInChannel.PHONE else issue()


def _request(wish: CheckIn) -> Request:
    """Return the request; what it remembers to tell repeats apart must not give the person away."""
    said = "\n".join((wish.name or "", wish.email or "", str(wish.consent), wish.phone or ""))
    contact = digest_of(desk().streams.keys.links, said)
    return asked(
        KIOSK,
        "check_in",
        services=wish.services,
        channel=wish.channel,
        priority=wish.priority_reason,
        language=wish.language,
        contact=contact,
    )
