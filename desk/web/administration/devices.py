"""The devices of an office: pairing one by its code, setting and unpairing it, printers, which faces are locked."""

from typing import Final

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm

from desk.delivery.print_queue import PrintQueue
from desk.delivery.printers import Address, look
from desk.domain.access import Role
from desk.domain.call_sounds import own_sounds
from desk.domain.devices import DeviceKind
from desk.domain.points import PointKind
from desk.domain.printing import Job, PrinterState
from desk.domain.refusals import Reason, Refused
from desk.models import db
from desk.operations.settings import devices as operations
from desk.operations.settings.devices import LockedFaces
from desk.reads.colleagues import list_counters
from desk.reads.devices import PairedDevice, find_device, get_locked, list_devices
from desk.reads.printing import Printer, find_printer, list_last_jobs, list_missed, list_printers
from desk.reads.survey_points import Point, list_points
from desk.reads.survey_settings import list_shares
from desk.web.access import access, in_office
from desk.web.administration.checklist_steps import is_only_on_this_machine
from desk.web.context import acting, asked, desk, get_office, language, reader
from desk.web.counter_words import called
from desk.web.errors import back_with, sentence
from desk.web.forms.call_sounds import chosen_of
from desk.web.forms.devices import DeviceForm, LockForm, PairForm
from desk.web.forms.displays import turn_chosen_of
from desk.web.forms.fields import lazy, new_key
from desk.web.forms.printers import TAKEN, PrinterForm, values_of
from desk.web.kiosk.aloud import readings
from desk.web.lobby.paper_views import missed_of, outcomes_of, paper_of_trial, remedy_of, said_of, word_of
from desk.wording.devices import ICONS, KINDS

blueprint = Blueprint("devices", __name__)
KEEPING: Final = in_office(Role.ADMIN)
PLACE: Final = "/offices/<int:office_id>/devices"
ONE: Final = f"{PLACE}/<int:device_id>"
MOST_PAPERS: Final = 10  # on the page of a printer


@blueprint.after_request
def keep_nothing(response: Response) -> Response:
    """Let no browser keep what was typed."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get(PLACE)
@access(KEEPING)
def listed(office_id: int) -> ResponseReturnValue:
    """List the devices, and offer to pair one."""
    get_office(office_id)
    return _list(office_id)


@blueprint.post(PLACE)
@access(KEEPING)
def pair(office_id: int) -> ResponseReturnValue:
    """Make the device that shows the typed code one of the office, and show how it is set."""
    get_office(office_id)
    form = PairForm(_counters(office_id))
    if not form.validate_on_submit():
        return _list(office_id, form), 422
    wish, code = form.wish, form.code.data or ""
    try:
        done = operations.pair(desk().streams, office_id, code, wish, asked(acting(office_id), "pair", wish=str(wish)))
    except Refused as refused:
        if refused.reason is not Reason.PAIRING_CODE_UNKNOWN:
            raise
        form.code.errors = [sentence(refused)]
        return _list(office_id, form), 422
    flash(gettext("Paired. The device opens its page in a moment."), "success")
    return redirect(url_for("devices.one", office_id=office_id, device_id=done.facts["device"]), 303)


@blueprint.post(f"{PLACE}/printers")
@access(KEEPING)
def add_printer(office_id: int) -> ResponseReturnValue:
    """Note where a printer is reached."""
    get_office(office_id)
    form = PrinterForm.for_new()
    if not form.validate_on_submit():
        return _list(office_id, form), 422
    wish = form.wish
    request_ = asked(acting(office_id), "register_printer", wish=str(wish))
    done = operations.register_printer(desk().streams, office_id, wish, request_)
    return redirect(url_for("devices.one", office_id=office_id, device_id=done.facts["device"]), 303)


@blueprint.post(f"{PLACE}/locks")
@access(KEEPING)
def lock(office_id: int) -> ResponseReturnValue:
    """Set which faces only paired devices open."""
    get_office(office_id)
    form = LockForm()
    if not form.validate_on_submit():
        return _list(office_id, form), 422
    wanted = LockedFaces(bool(form.kiosks.data), bool(form.displays.data))
    target = url_for("devices.listed", office_id=office_id)
    try:
        operations.lock_faces(desk().streams, office_id, wanted, asked(acting(office_id), "lock", wanted=str(wanted)))
    except Refused as refused:
        return _unchanged(refused, target)
    return _kept(target)


@blueprint.get(ONE)
@access(KEEPING)
def one(office_id: int, device_id: int) -> ResponseReturnValue:
    """Show one device with how it is set."""
    get_office(office_id)
    return _page(_get(office_id, device_id))


@blueprint.post(ONE)
@access(KEEPING)
def change(office_id: int, device_id: int) -> ResponseReturnValue:
    """Name a device otherwise, or set what it shows."""
    get_office(office_id)
    device = _get(office_id, device_id)
    form = _form(device, is_posted=True)
    if not form.validate_on_submit():
        return _page(device, form), 422
    wish = form.wish if isinstance(form, PrinterForm) else form.wish(device.counter_id)
    target = url_for("devices.one", office_id=office_id, device_id=device_id)
    request_ = asked(acting(office_id), "change_device", device=device_id, wish=str(wish))
    try:
        operations.change(desk().streams, office_id, device_id, wish, request_)
    except Refused as refused:
        field = str(refused.details.get("field"))
        if refused.reason is Reason.INVALID and isinstance(form, PrinterForm) and field in form:
            form[field].errors = [lazy(TAKEN)]
            return _page(device, form), 422
        return _unchanged(refused, target)
    return _kept(target)


@blueprint.post(f"{ONE}/unpairing")
@access(KEEPING)
def revoke(office_id: int, device_id: int) -> ResponseReturnValue:
    """Unpair a device for good."""
    target = url_for("devices.listed", office_id=office_id)
    try:
        operations.revoke(desk().streams, office_id, device_id, asked(acting(office_id), "revoke", device=device_id))
    except Refused as refused:
        return back_with(sentence(refused), target)
    flash(gettext("Unpaired. It opens nothing any more."), "success")
    return redirect(target, 303)


@blueprint.post(f"{ONE}/tries")
@access(KEEPING)
def try_printer(office_id: int, device_id: int) -> ResponseReturnValue:
    """Look how a printer is; nothing is printed."""
    target = url_for("devices.one", office_id=office_id, device_id=device_id)
    printer = find_printer(reader(), office_id, _get(office_id, device_id).id)
    if printer is None:
        return redirect(target, 303)
    db.session.close()  # no connection of the database waits for a printer
    streams = desk().streams
    found = look(Address(printer.host, printer.port, answers=printer.answers))
    PrintQueue(streams.engine).note(printer, found, streams.clock())
    if found.state is not PrinterState.UNREACHABLE:
        operations.mark_seen(streams, office_id, device_id, at=streams.clock())
    if not found.state.prints:
        return back_with(said_of(found.state), target)
    flash(gettext("The printer answers."), "success")
    return redirect(target, 303)


def _kept(target: str) -> ResponseReturnValue:
    flash(gettext("Kept. It holds from now on."), "success")
    return redirect(target, 303)


def _unchanged(refused: Refused, target: str) -> ResponseReturnValue:
    if refused.reason is not Reason.ALREADY_DONE:
        return back_with(sentence(refused), target)
    flash(gettext("Nothing was changed: the settings are as they were."), "success")
    return redirect(target, 303)


def _get(office_id: int, device_id: int) -> PairedDevice:
    found = find_device(reader(), office_id, device_id)
    if found is None:
        abort(404)
    return found


def _counters(office_id: int) -> list[tuple[int, str]]:
    return [(each.id, called(each.name)) for each in list_counters(reader(), office_id)]


def _kiosks(office_id: int) -> list[tuple[int, str]]:
    found = list_devices(reader(), office_id)
    return [(each.id, each.name) for each in found if each.kind is DeviceKind.KIOSK and each.revoked_at is None]


def _services(office_id: int) -> list[tuple[int, str]]:
    return [(each.id, each.name.in_language(language())) for each in list_shares(reader(), office_id)]


def _form(device: PairedDevice, *, is_posted: bool = False) -> DeviceForm | PrinterForm:
    """Return the form of a device: with what was posted, else with how it is set."""
    more = {} if is_posted else {"formdata": None}
    settings = device.settings
    if device.kind is DeviceKind.PRINTER:
        printer = find_printer(reader(), device.office_id, device.id)
        stands = {} if printer is None else values_of(printer)
        return PrinterForm(_kiosks(device.office_id), _counters(device.office_id), **more, **stands)
    values = {"name": device.name, "counter": device.counter_id or 0, "sound": settings.get("sound", True)}
    own = {**chosen_of(own_sounds(settings)), **turn_chosen_of(settings)}
    values["printing"] = device.printing.value
    listed_ones = {"counters": sorted(device.counters), "services": sorted(device.services)}
    counters, services = _counters(device.office_id), _services(device.office_id)
    return DeviceForm(device.kind, counters, services, **more, **values, **own, **listed_ones)


def _list(office_id: int, wrong: FlaskForm | None = None) -> str:
    """Return the page; a form that came back with errors takes the place of its own."""
    locked = get_locked(reader(), office_id)
    found = list_devices(reader(), office_id)
    own_points = {each.point for each in found}
    points = list_points(reader(), office_id, language=language())
    return render_template(
        "devices/list.html",
        devices=found,
        loose=[each for each in points if _is_loose(each) and each.id not in own_points],
        pair_form=wrong if isinstance(wrong, PairForm) else PairForm(_counters(office_id), formdata=None),
        printer_form=wrong if isinstance(wrong, PrinterForm) else PrinterForm.for_new(formdata=None),
        printers={each.id: each for each in list_printers(reader(), office_id)},
        missed=missed_of(list_missed(reader(), office_id, at=desk().streams.clock())),
        printer_word=word_of,
        printer_remedy=remedy_of,
        server_speaks=readings().can_speak,
        lock_form=LockForm(formdata=None, kiosks=locked.paired_kiosks_only, displays=locked.paired_displays_only),
        form=wrong,
        kinds=KINDS,
        icons=ICONS,
        is_only_here=is_only_on_this_machine(desk().settings),
        may_see_setup=Role.ADMIN in acting(office_id).roles,
        pairing_address=desk().settings.public_url + url_for("pairing.page"),
        language_path=url_for("devices.listed", office_id=office_id),
    )


def _is_loose(point: Point) -> bool:
    """Tell whether this is a tablet that is in use."""
    return point.kind is PointKind.TABLET and point.closed_at is None


def _page(device: PairedDevice, wrong: DeviceForm | PrinterForm | None = None) -> str:
    printer: Printer | None = None
    jobs: list[Job] = []
    if device.kind is DeviceKind.PRINTER:
        printer = find_printer(reader(), device.office_id, device.id)
        jobs = list_last_jobs(reader(), device.office_id, device.id, most=MOST_PAPERS)
    return render_template(
        "devices/one.html",
        device=device,
        form=wrong or _form(device),
        printer=printer,
        paper=None if printer is None else paper_of_trial(device.office_id, device.id),
        outcomes=outcomes_of(jobs),
        new_key=new_key,
        printer_word=word_of,
        printer_remedy=remedy_of,
        kinds=KINDS,
        icons=ICONS,
        language_path=url_for("devices.one", office_id=device.office_id, device_id=device.id),
    )
