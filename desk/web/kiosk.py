"""Taking a number at the kiosk, or on one's own phone through the code at the door; coming back for an open matter."""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import KIOSK, PUBLIC
from desk.domain.audit import digest_of
from desk.domain.intake import CheckInChannel
from desk.domain.invitation import Channel
from desk.domain.refusals import Reason, Refused
from desk.domain.tokens import TokenKind
from desk.operations import intake
from desk.operations.intake import CheckIn
from desk.operations.requests import Request
from desk.reads.devices import PairedDevice
from desk.reads.services import OfferedService, ServiceSheet, find_sheet, list_offered
from desk.reads.today import event_number
from desk.reads.visits import clean_token, find_subject
from desk.web.access import AT_THE_FRONT, access
from desk.web.context import asked, desk, get_office, language, reader
from desk.web.device_cookie import at_kiosk
from desk.web.errors import back_with, sentence
from desk.web.forms.kiosk import ReturnForm, TakeForm
from desk.web.forms.visitor import ConfirmForm
from desk.web.printed_codes import printed_code
from desk.web.qr import qr_picture
from desk.web.visitor import LATE_REPEAT, get_matter, is_late_repeat, open_visit, return_for, status_token

blueprint = Blueprint("kiosk", __name__)

MAX_DIGITS: Final = 10


@dataclass(frozen=True, slots=True)
class Manner:
    """How a number is taken: the same pages in the frame of the kiosk or of a phone."""

    channel: CheckInChannel
    frame: str
    services: str
    tiles: str
    service: str


AT_KIOSK: Final = Manner(CheckInChannel.KIOSK, "base_kiosk.html", "kiosk.services", "kiosk.tiles", "kiosk.service")
ON_PHONE: Final = Manner(
    CheckInChannel.PHONE, "kiosk/base_phone.html", "kiosk.phone_services", "kiosk.phone_tiles", "kiosk.phone_service"
)


@blueprint.get("/offices/<int:office_id>/kiosk")
@access(PUBLIC)
def services(office_id: int) -> ResponseReturnValue:
    """Show the services to choose from."""
    return _services(office_id, AT_KIOSK)


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
    device = _open(office_id, manner)
    sheet = _sheet(office_id, _whole_number(form.service.data), device)
    if not form.validate_on_submit():
        return _service_page(office_id, sheet, form, manner), 422
    wish = CheckIn(
        (sheet.offered.id,),
        manner.channel,
        form.priority_reason,
        language(),
        form.name.data or None,
        form.email.data or None,
        bool(form.consent.data),
        form.typed_phone,
    )
    try:
        done = intake.check_in(desk().streams, office_id, wish, _request(wish))
    except Refused as refused:
        return back_with(sentence(refused), url_for(manner.services, office_id=office_id))
    if is_late_repeat(done):
        return back_with(gettext(LATE_REPEAT), url_for(manner.services, office_id=office_id))
    page = "visitor.page" if manner is ON_PHONE else "kiosk.ticket"
    return redirect(url_for(page, token=status_token(done.facts["visit"])), 303)


@blueprint.get("/v/<token>/ticket")
@access(PUBLIC)
def ticket(token: str) -> ResponseReturnValue:
    """Show the number that was taken, large, with the code that leads to the visitor's own page."""
    opened = open_visit(token)
    code = printed_code(token, Channel.TICKET, language=language(), offers_survey=opened.visit.offers_survey)
    response = make_response(
        render_template("kiosk/ticket.html", opened=opened, code=code, idle_home=_start(opened.visit.office_id))
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.get("/offices/<int:office_id>/kiosk/return")
@access(PUBLIC)
def return_form(office_id: int) -> ResponseReturnValue:
    """Ask for the code of the earlier visit."""
    at_kiosk(office_id)
    return _return_page(office_id, ReturnForm())


@blueprint.post("/offices/<int:office_id>/kiosk/return")
@access(PUBLIC)
def find_earlier(office_id: int) -> ResponseReturnValue:
    """Lead from the code of an earlier visit to what is still open of it; changes nothing yet."""
    at_kiosk(office_id)
    form = ReturnForm()
    if form.validate_on_submit():
        subject = find_subject(reader(), form.token, TokenKind.STATUS)
        if subject is not None and subject.office_id == office_id:
            return redirect(url_for("kiosk.open_matters", token=clean_token(form.token)), 303)
        form.code.errors = [gettext("No visit at this office has this code. Scan the ticket once more.")]
    return _return_page(office_id, form), 422


@blueprint.get("/v/<token>/open-matters")
@access(PUBLIC)
def open_matters(token: str) -> ResponseReturnValue:
    """Show at the kiosk what is still open of an earlier visit."""
    opened = open_visit(token)
    return render_template(
        "kiosk/matters.html", opened=opened, form=ConfirmForm(), idle_home=_start(opened.visit.office_id)
    )


@blueprint.post("/v/<token>/open-matters/<int:transaction_id>")
@access(PUBLIC)
def come_back(token: str, transaction_id: int) -> ResponseReturnValue:
    """Issue a new number for an open transaction of an earlier visit."""
    visit = open_visit(token).visit
    at_kiosk(visit.office_id)
    matter = get_matter(visit, transaction_id)
    try:
        done = return_for(visit, matter, CheckInChannel.KIOSK, asked(KIOSK, "come_back", transaction=matter.id))
    except Refused as refused:
        return back_with(sentence(refused), url_for("kiosk.services", office_id=visit.office_id))
    if is_late_repeat(done):
        return back_with(gettext(LATE_REPEAT), url_for("kiosk.services", office_id=visit.office_id))
    return redirect(url_for("kiosk.ticket", token=status_token(done.facts["visit"])), 303)


@blueprint.get("/offices/<int:office_id>/door")
@access(AT_THE_FRONT)
def door(office_id: int) -> ResponseReturnValue:
    """Show the poster for the door: the code with which visitors take a number on their own phones."""
    get_office(office_id)
    address = desk().settings.public_url + url_for("kiosk.phone_services", office_id=office_id)
    return render_template("kiosk/door.html", address=address, qr=qr_picture(address))


def _open(office_id: int, manner: Manner) -> PairedDevice | None:
    """Open the office for a page in this manner; where only paired kiosks may, others are turned away."""
    if manner is AT_KIOSK:
        return at_kiosk(office_id)
    get_office(office_id)
    return None


def _services(office_id: int, manner: Manner) -> str:
    device = _open(office_id, manner)
    number = event_number(reader(), office_id)
    # In another language than the office's, the kiosk returns to it for the next person.
    idle_home = _start(office_id) if manner is AT_KIOSK and language() != "id" else None
    return render_template(
        "kiosk/services.html", manner=manner, number=number, services=_offered(office_id, device), idle_home=idle_home
    )


def _tiles(office_id: int, manner: Manner) -> ResponseReturnValue:
    services = _offered(office_id, _open(office_id, manner))
    response = make_response(render_template("kiosk/_tiles.html", manner=manner, services=services))
    response.add_etag()
    return response.make_conditional(request)


def _offered(office_id: int, device: PairedDevice | None) -> tuple[OfferedService, ...]:
    """Return the services in use; a paired kiosk may offer some of them only."""
    found = list_offered(reader(), office_id, language=language(), at=desk().streams.clock())
    return tuple(each for each in found if _offers(device, each.id))


def _offers(device: PairedDevice | None, service_id: int) -> bool:
    return device is None or not device.services or service_id in device.services


def _service(office_id: int, service_id: int, manner: Manner) -> str:
    device = _open(office_id, manner)
    form = TakeForm(service=service_id, channel=manner.channel.value)
    return _service_page(office_id, _sheet(office_id, service_id, device), form, manner)


def _service_page(office_id: int, sheet: ServiceSheet, form: TakeForm, manner: Manner) -> str:
    language_path = url_for(manner.service, office_id=office_id, service_id=sheet.offered.id)
    idle_home = _start(office_id) if manner is AT_KIOSK else None
    return render_template(
        "kiosk/service.html", manner=manner, sheet=sheet, form=form, language_path=language_path, idle_home=idle_home
    )


def _return_page(office_id: int, form: ReturnForm) -> str:
    return render_template("kiosk/return.html", form=form, idle_home=_start(office_id))


def _sheet(office_id: int, service_id: int, device: PairedDevice | None) -> ServiceSheet:
    """Return the service; raise `Refused(UNKNOWN)` where the office has none such, or this kiosk does not offer it."""
    found = find_sheet(reader(), office_id, service_id, language=language(), at=desk().streams.clock())
    if found is None or not _offers(device, service_id):
        raise Refused(Reason.UNKNOWN)
    return found


def _start(office_id: int) -> str:
    """Return the kiosk's first page in the language of the house."""
    return url_for("kiosk.services", office_id=office_id, language="id")


def _whole_number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < MAX_DIGITS else 0


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
