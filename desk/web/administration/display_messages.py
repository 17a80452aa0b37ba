"""What the office's displays show besides calls: its messages, an emergency over all of them, their languages."""

from functools import partial
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from desk.domain.access import Role
from desk.domain.devices import DeviceKind
from desk.domain.displays import Urgent
from desk.domain.refusals import Reason, Refused
from desk.operations.settings import displaying, office_settings
from desk.reads.devices import list_devices
from desk.reads.displays import MessageView, find_emergency, list_messages
from desk.reads.office_settings import get_office_settings
from desk.web.access import access, in_office
from desk.web.administration.planning import in_place, say_in_field, submitted
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import back_with, sentence
from desk.web.forms.displays import DisplayForm, EmergencyForm, MessageForm
from desk.web.meanwhile import marks_of
from desk.wording.displays import URGENT

blueprint = Blueprint("display_messages", __name__)
KEEPING: Final = in_office(Role.ADMIN)
WARDENS: Final = in_office(Role.ADMIN, Role.SUPERVISOR)
MESSAGES: Final = "/offices/<int:office_id>/display-messages"
EMERGENCY: Final = "/offices/<int:office_id>/emergency"
NEW: Final = "new"
SETTINGS: Final = ("display_languages", "display_turn_s")


@blueprint.get(MESSAGES)
@access(KEEPING)
def listed(office_id: int) -> ResponseReturnValue:
    """List the messages, those no longer shown last, and how displays speak."""
    get_office(office_id)
    return _page(office_id)


@blueprint.post(MESSAGES)
@access(KEEPING)
def add(office_id: int) -> ResponseReturnValue:
    """Have the displays show one more message."""
    form = _form(office_id, NEW)
    if not form.validate_on_submit():
        return _page(office_id, form), 422
    wish = form.wish(desk().streams.clock())
    request_ = asked(acting(office_id), "add_display_message", typed=_typed(form))
    try:
        displaying.add_message(desk().streams, office_id, wish, request_)
    except Refused as refused:
        return _refused(office_id, form, refused)
    flash(gettext("The message stands on the displays as soon as its time has come."), "success")
    return redirect(url_for("display_messages.listed", office_id=office_id), 303)


@blueprint.post(f"{MESSAGES}/<int:notice_id>")
@access(KEEPING)
def change(office_id: int, notice_id: int) -> ResponseReturnValue:
    """Word a message otherwise, show it at other times or places, retire it or bring it back."""
    found = next((each for each in list_messages(reader(), office_id) if each.id == notice_id), None)
    if found is None:
        abort(404)
    form = _form(office_id, f"m{notice_id}", devices=list(found.devices))
    if not form.validate_on_submit():
        return _page(office_id, form), 422
    wish = form.wish(found.since)
    request_ = asked(acting(office_id), "change_display_message", message=notice_id, typed=_typed(form))
    try:
        displaying.change_message(desk().streams, office_id, notice_id, wish, request_)
    except Refused as refused:
        return _refused(office_id, form, refused)
    flash(gettext("Kept. It holds from now on."), "success")
    return redirect(url_for("display_messages.listed", office_id=office_id), 303)


@blueprint.post(f"{MESSAGES}/languages")
@access(KEEPING)
def change_languages(office_id: int) -> ResponseReturnValue:
    """Set in which languages the displays of the office speak, and how long each stands."""
    get_office(office_id)
    form = DisplayForm("languages")
    target = url_for("display_messages.listed", office_id=office_id)
    return submitted(office_id, form, _page, target, kind=office_settings.KIND, current=_languages(office_id))


@blueprint.get(EMERGENCY)
@access(WARDENS)
def emergency(office_id: int) -> ResponseReturnValue:
    """Show the emergency that is on with what ends it, else the form of one."""
    return _emergency_page(office_id)


@blueprint.post(EMERGENCY)
@access(WARDENS)
def raise_emergency(office_id: int) -> ResponseReturnValue:
    """Cover every display of the office at once."""
    get_office(office_id)
    form = EmergencyForm()
    if not form.validate_on_submit():
        return _emergency_page(office_id, form), 422
    words = _urgent_words(form)
    request_ = asked(acting(office_id), "raise_emergency", kind=form.kind.data)
    target = url_for("display_messages.emergency", office_id=office_id)
    try:
        displaying.raise_emergency(desk().streams, office_id, words["id"], words["en"], request_)
    except Refused as refused:
        return _not_now(refused, target, gettext("Another emergency is shown already. End it first."))
    flash(gettext("Every display of the office shows it."), "success")
    return redirect(target, 303)


@blueprint.post(f"{EMERGENCY}/end")
@access(WARDENS)
def end_emergency(office_id: int) -> ResponseReturnValue:
    """Let the displays show what they show otherwise."""
    get_office(office_id)
    target = url_for("display_messages.emergency", office_id=office_id)
    try:
        displaying.end_emergency(desk().streams, office_id, asked(acting(office_id), "end_emergency"))
    except Refused as refused:
        return _not_now(refused, target, gettext("It was ended already."))
    flash(gettext("Ended. The displays show the calls again."), "success")
    return redirect(target, 303)


def _urgent_words(form: EmergencyForm) -> dict[str, str]:
    """Return the words in both languages: those that are ready, or what was typed."""
    kind = Urgent(form.kind.data)
    if kind is Urgent.OWN:
        return {"id": form.words_id.data or "", "en": form.words_en.data or ""}
    found = {}
    for spoken in ("id", "en"):
        with force_locale(spoken):
            found[spoken] = gettext(URGENT[kind])
    return found


def _not_now(refused: Refused, target: str, words: str) -> ResponseReturnValue:
    return back_with(words if refused.reason is Reason.ALREADY_DONE else sentence(refused), target)


def _refused(office_id: int, form: MessageForm, refused: Refused) -> ResponseReturnValue:
    if refused.reason is Reason.ALREADY_DONE:
        flash(gettext("Nothing was changed: everything is as it was."), "info")
        return redirect(url_for("display_messages.listed", office_id=office_id), 303)
    if refused.reason is not Reason.INVALID:
        raise refused
    say_in_field(form, refused)
    return _page(office_id, form), 422


def _typed(form: MessageForm) -> str:
    """Return what tells one posted form from another, beside the moment at which it came."""
    return str({field.short_name: field.data for field in form if field.short_name not in ("key", "csrf_token")})


def _form(office_id: int, place: str, **more: Any) -> MessageForm:
    office = get_office(office_id)
    chosen = more.get("devices", ())  # a message may name one that was unpaired meanwhile
    known = (each for each in list_devices(reader(), office_id) if each.kind is DeviceKind.DISPLAY)
    displays = [(each.id, each.name) for each in known if each.revoked_at is None or each.id in chosen]
    form = MessageForm(place, displays, office.zone, **more)
    if place == NEW:
        del form.retired
    return form


def _languages(office_id: int) -> dict[str, Any]:
    settings = get_office_settings(reader(), office_id)
    return {name: settings[name] for name in SETTINGS}


def _page(office_id: int, wrong: Any = None) -> str:
    """Return the page; a form that came back with errors takes the place of its own."""
    shown = partial(in_place, wrong)
    own = _languages(office_id)
    found = list_messages(reader(), office_id)
    return render_template(
        "display_messages/list.html",
        messages=[(each, shown(_filled(office_id, each))) for each in found],
        names={each.id: each.name for each in list_devices(reader(), office_id)},
        new=shown(_form(office_id, NEW, formdata=None)),
        languages_form=shown(DisplayForm("languages", formdata=None, shown=marks_of(own), **own)),
        form=wrong,
        emergency=find_emergency(reader(), office_id),
        language_path=url_for("display_messages.listed", office_id=office_id),
    )


def _filled(office_id: int, message: MessageView) -> MessageForm:
    zone = desk().streams.configuration(reader(), office_id).rules.zone
    since, until = (each and each.astimezone(zone) for each in (message.since, message.until))
    return _form(
        office_id,
        f"m{message.id}",
        formdata=None,
        words_id=message.words.id,
        words_en=message.words.en,
        since_day=since and since.date(),
        since_hour=since and since.time(),
        until_day=until and until.date(),
        until_hour=until and until.time(),
        devices=list(message.devices),
        position=message.position + 1,
        retired=message.retired,
    )


def _emergency_page(office_id: int, form: EmergencyForm | None = None) -> str:
    get_office(office_id)
    return render_template(
        "display_messages/emergency.html",
        emergency=find_emergency(reader(), office_id),
        own=form or EmergencyForm(formdata=None),
        form=form,
        language_path=url_for("display_messages.emergency", office_id=office_id),
    )
