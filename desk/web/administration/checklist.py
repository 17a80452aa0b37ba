"""What an office still needs before its first number, and what can be tried out: ticket, display, message, backup."""

from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from desk.backups.locking import Busy
from desk.backups.making import make_backup
from desk.backups.ordering import FAILURES, order_of
from desk.delivery.addresses import UnusableAddress
from desk.delivery.mail_faults import fault_of
from desk.delivery.sending import SendingFailed
from desk.delivery.trial_message import mail_trial, text_trial
from desk.delivery.worker import identity_of
from desk.domain.access import Role
from desk.domain.opening import Step, Trial, needed_of
from desk.domain.staff import Contact
from desk.models import Person, db
from desk.operations.opening.trying import record_trial
from desk.operations.requests import Request
from desk.reads.administering import is_keeper
from desk.reads.opening import get_furniture, list_trials
from desk.reads.printing import list_printers
from desk.reads.services import list_offered
from desk.settings_now import reread
from desk.web.access import access, in_office
from desk.web.administration.checklist_steps import is_only_on_this_machine, steps_of, without_server
from desk.web.administration.trial_faults import of_backup, of_gateway
from desk.web.context import acting, asked, desk, get_office, language, reader
from desk.web.errors import back_with
from desk.web.forms.fields import new_key
from desk.web.qr import qr_picture

blueprint = Blueprint("checklist", __name__)
ADMINISTERING: Final = in_office(Role.ADMIN)
CHECKLIST: Final = "/offices/<int:office_id>/checklist"
LONGEST_ERROR: Final = 300
# Where somebody says that a trial went well.
CONFIRMED: Final = {
    Trial.TICKET: Step.SERVICES,
    Trial.ADDRESS: Step.ADDRESS,
    Trial.SEEN: Step.DISPLAYS,
    Trial.HOLIDAYS: Step.HOLIDAYS,
}


@blueprint.get(CHECKLIST)
@access(ADMINISTERING)
def page(office_id: int) -> ResponseReturnValue:
    """Show the steps, each as it stands."""
    get_office(office_id)
    at, settings = desk().streams.clock(), desk().settings
    found = get_furniture(reader(), office_id, at=at)
    steps = steps_of(settings, found, list_trials(reader(), office_id), office_id=office_id, at=at)
    if not is_keeper(reader(), acting(office_id).person_id or 0):
        steps = without_server(steps)
    missing = needed_of([each.step for each in steps if each.standing == "missing"])
    return render_template(
        "checklist/page.html",
        steps=steps,
        needed=[each for each in steps if each.step in missing],
        partly=[each for each in steps if each.standing == "partly"],
        own=_own_contact(office_id),
        is_only_here=is_only_on_this_machine(settings),
        has_gateway=bool(settings.gateway.url),
        has_mail=settings.mail.host is not None,
        new_key=new_key,
    )


@blueprint.get(f"{CHECKLIST}/ticket")
@access(ADMINISTERING)
def ticket(office_id: int) -> ResponseReturnValue:
    """Show a ticket to print that is none: it takes no number."""
    get_office(office_id)
    services = list_offered(reader(), office_id, language=language(), at=desk().streams.clock())
    return render_template(
        "checklist/ticket.html",
        service=services[0] if services else None,
        qr=qr_picture(_public_page(office_id)),
        printers=list_printers(reader(), office_id),
        new_key=new_key,
    )


@blueprint.get(f"{CHECKLIST}/address")
@access(ADMINISTERING)
def address(office_id: int) -> ResponseReturnValue:
    """Show the public address as a code, to be opened on a phone."""
    get_office(office_id)
    where = _public_page(office_id)
    return render_template("checklist/address.html", address=where, qr=qr_picture(where), new_key=new_key)


@blueprint.post(f"{CHECKLIST}/ticket")
@access(ADMINISTERING)
def confirm_ticket(office_id: int) -> ResponseReturnValue:
    """Note that the ticket came out of the printer."""
    return _confirmed(office_id, Trial.TICKET)


@blueprint.post(f"{CHECKLIST}/address")
@access(ADMINISTERING)
def confirm_address(office_id: int) -> ResponseReturnValue:
    """Note that a phone opened the address."""
    return _confirmed(office_id, Trial.ADDRESS)


@blueprint.post(f"{CHECKLIST}/display")
@access(ADMINISTERING)
def ring(office_id: int) -> ResponseReturnValue:
    """Let every open lobby display of the office sound and show a trial, for some seconds."""
    get_office(office_id)
    record_trial(desk().streams, office_id, _request(office_id, Trial.DISPLAY), Trial.DISPLAY, succeeded=True)
    said = gettext("Every open display sounds now, if its chime is on, and shows a trial for 20 seconds.")
    return _back(office_id, Step.DISPLAYS, said, "success")


@blueprint.post(f"{CHECKLIST}/displays")
@access(ADMINISTERING)
def confirm_displays(office_id: int) -> ResponseReturnValue:
    """Note that each display sounded when all of them were rung."""
    return _confirmed(office_id, Trial.SEEN)


@blueprint.post(f"{CHECKLIST}/holidays")
@access(ADMINISTERING)
def confirm_holidays(office_id: int) -> ResponseReturnValue:
    """Note that the office works on the holidays that are not entered."""
    return _confirmed(office_id, Trial.HOLIDAYS)


@blueprint.post(f"{CHECKLIST}/message")
@access(ADMINISTERING)
def send_mail(office_id: int) -> ResponseReturnValue:
    """Send a trial message to the administrator's own address, and say what kind of trouble there was."""
    office, own, settings = get_office(office_id), _own_contact(office_id), reread(desk().settings)
    request_ = _request(office_id, Trial.MESSAGE)
    if own.email is None or settings.mail.host is None:
        return back_with(gettext("There is no mail server, or no address of yours."), _page_of(office_id, Step.SENDER))
    if desk().streams.is_repeat(office_id, request_):
        return redirect(_page_of(office_id, Step.SENDER), 303)
    db.session.rollback()  # the mail server may take its time
    fault = None
    try:
        mail_trial(
            settings.mail, identity_of(settings), own.email, office.name, language=language(), at=datetime.now(UTC)
        )
    except (UnusableAddress, SendingFailed, ValueError) as error:
        fault = gettext(fault_of(error))
    return _sent(office_id, request_, Trial.MESSAGE, fault, own.email)


@blueprint.post(f"{CHECKLIST}/text")
@access(ADMINISTERING)
def send_text(office_id: int) -> ResponseReturnValue:
    """Send a trial message to the administrator's own phone, and say what the gateway said."""
    office, own, settings = get_office(office_id), _own_contact(office_id), desk().settings
    request_ = _request(office_id, Trial.TEXT)
    if own.phone is None or not settings.gateway.url:
        return back_with(gettext("There is no gateway, or no number of yours."), _page_of(office_id, Step.SENDER))
    if desk().streams.is_repeat(office_id, request_):
        return redirect(_page_of(office_id, Step.SENDER), 303)
    db.session.rollback()
    fault = None
    try:
        text_trial(settings.gateway, own.phone, office.name, language=language(), reference=request_.key or new_key())
    except (SendingFailed, ValueError) as error:
        current_app.logger.warning("a trial message to a phone was not taken: %s", type(error).__name__)
        fault = of_gateway(error)
    return _sent(office_id, request_, Trial.TEXT, fault, own.phone)


@blueprint.post(f"{CHECKLIST}/backup")
@access(ADMINISTERING)
def back_up(office_id: int) -> ResponseReturnValue:
    """Make a backup now, which is read through before it gets its name."""
    get_office(office_id)
    request_ = _request(office_id, Trial.BACKUP)
    if desk().streams.is_repeat(office_id, request_):
        return redirect(_page_of(office_id, Step.BACKUP), 303)
    db.session.rollback()
    try:
        made = make_backup(order_of(desk().settings), at=datetime.now(UTC))
    except Busy:
        return back_with(gettext("A backup is being made just now."), _page_of(office_id, Step.BACKUP))
    except FAILURES as error:
        said = str(getattr(error, "orig", None) or error)[:LONGEST_ERROR]
        current_app.logger.error("a backup that was asked for failed: %s: %s", type(error).__name__, said)
        record_trial(desk().streams, office_id, request_, Trial.BACKUP, succeeded=False)
        words = gettext("The backup failed: %(error)s", error=of_backup(error))
        return back_with(words, _page_of(office_id, Step.BACKUP))
    record_trial(desk().streams, office_id, request_, Trial.BACKUP, succeeded=True)
    return _back(office_id, Step.BACKUP, gettext("The backup was made: %(file)s", file=made.file.name), "success")


def _sent(office_id: int, request_: Request, trial: Trial, fault: str | None, to: str) -> ResponseReturnValue:
    record_trial(desk().streams, office_id, request_, trial, succeeded=fault is None)
    if fault is not None:
        words = gettext("The message was not taken: %(error)s", error=fault[:LONGEST_ERROR])
        return back_with(words, _page_of(office_id, Step.SENDER))
    said = gettext("The message was taken over, for %(address)s. Look whether it arrives.", address=to)
    return _back(office_id, Step.SENDER, said, "success")


def _confirmed(office_id: int, trial: Trial) -> ResponseReturnValue:
    get_office(office_id)
    record_trial(desk().streams, office_id, _request(office_id, trial), trial, succeeded=True)
    return _back(office_id, CONFIRMED[trial], gettext("Noted."), "success")


def _request(office_id: int, trial: Trial, **more: str) -> Request:
    return asked(acting(office_id), "try", trial=trial.value, **more)


def _back(office_id: int, step: Step, said: str, kind: str) -> ResponseReturnValue:
    flash(said, kind)
    return redirect(_page_of(office_id, step), 303)


def _page_of(office_id: int, step: Step) -> str:
    return url_for("checklist.page", office_id=office_id, _anchor=step.value)


def _public_page(office_id: int) -> str:
    return desk().settings.public_url + url_for("kiosk.phone_services", office_id=office_id)


def _own_contact(office_id: int) -> Contact:
    query = select(Person.email, Person.phone).where(Person.id == acting(office_id).person_id)
    return Contact(*reader().execute(query).one())
