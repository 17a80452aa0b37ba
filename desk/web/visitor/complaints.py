"""Complaints, suggestions and compliments by visitors: the form, the receipt with its code, and what became of it.

Nothing here tells whether a queue number was found, and no page shows an officer's name. GET changes nothing.
"""

from datetime import date
from typing import Any, Final

from flask import Blueprint, Response, abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import KIOSK, PUBLIC, VISITOR
from desk.domain.audit import digest_of
from desk.domain.complaints import VoiceChannel, VoiceKind, read_number, read_visit_day
from desk.domain.refusals import Refused
from desk.domain.tokens import TokenKind, derive
from desk.operations.complaints import complaining
from desk.operations.complaints.complaining import Wish
from desk.operations.requests import Request
from desk.reads.complaints import Tracked, find_tracked, list_facilities
from desk.reads.follow_up_rules import get_follow_up_rules
from desk.reads.office_day import get_day
from desk.reads.today import list_service_names
from desk.reads.visits import clean_token, find_subject
from desk.web.access import AT_THE_FRONT, access
from desk.web.context import asked, desk, get_office, language, reader
from desk.web.errors import refusal_status, sentence
from desk.web.forms.complaints import CodeForm, VoiceForm
from desk.web.qr import qr_picture
from desk.web.survey.going_back import ON_THE_WAY
from desk.web.visitor.status import open_visit
from desk.wording import follow_ups as words

blueprint = Blueprint("complaints", __name__)
VOICE: Final = "/offices/<int:office_id>/voice"
ABOUT: Final = "voice_about"  # in the session: office, number and day of the visit whose page led to the form


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Ask search engines not to list what a shared link may lead them to, and browsers to keep nothing.

    But the form on a visitor's own phone: whoever goes back to it, with an error or without, sees what they wrote.
    """
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    is_form = request.endpoint in ("complaints.form", "complaints.say") and response.status_code in (200, 422)
    is_shared = _channel(request.form.get("channel") or request.args.get("via")) is VoiceChannel.KIOSK
    response.headers["Cache-Control"] = ON_THE_WAY if is_form and not is_shared else "no-store"
    return response


@blueprint.post("/v/<token>/voice")
@access(PUBLIC)
def about(token: str) -> ResponseReturnValue:
    """Lead from the page of a visit to the form, which then knows number and day; neither stands in its address."""
    visit = open_visit(token).visit
    session[ABOUT] = [visit.office_id, visit.number, visit.day.isoformat()]
    return redirect(url_for("complaints.form", office_id=visit.office_id, via=VoiceChannel.VISIT.value), 303)


@blueprint.get(VOICE)
@access(PUBLIC)
def form(office_id: int) -> ResponseReturnValue:
    """Show the form; where somebody comes from decides the frame."""
    get_office(office_id)
    return _form_page(office_id, _voice_form(office_id, filled=False), _channel(request.args.get("via")))


@blueprint.post(VOICE)
@access(PUBLIC)
def say(office_id: int) -> ResponseReturnValue:
    """Take it in; a double tap gets the same receipt."""
    get_office(office_id)
    posted = _voice_form(office_id, filled=True)
    channel = _channel(posted.channel.data)
    if not posted.validate_on_submit() or not _fits_day(office_id, posted):
        return _form_page(office_id, posted, channel), 422
    wish = _wish(posted, channel)
    try:
        done = complaining.receive(desk().streams, office_id, wish, _request(wish))
    except Refused as refused:
        posted.form_errors.append(sentence(refused))
        return _form_page(office_id, posted, channel), refusal_status(refused)
    session.pop(ABOUT, None)
    token = derive(desk().streams.keys.links, TokenKind.VOICE, done.facts["voice"])
    kiosk = "1" if channel is VoiceChannel.KIOSK else None
    return redirect(url_for("complaints.receipt", token=token, kiosk=kiosk), 303)


def _voice_form(office_id: int, *, filled: bool) -> VoiceForm:
    known = desk().streams.configuration(reader(), office_id).services
    named = list_service_names(reader(), office_id)
    services = [(each, names[language()]) for each, names in named if each in known and not known[each].retired]
    facilities = [(each.id, each.name[language()]) for each in list_facilities(reader(), office_id)]
    if filled:
        return VoiceForm(services, facilities)
    channel = _channel(request.args.get("via"))
    return VoiceForm(services, facilities, formdata=None, channel=channel.value, **_visit_meant(office_id, channel))


def _visit_meant(office_id: int, channel: VoiceChannel) -> dict[str, Any]:
    office, number, day = session.get(ABOUT) or (None, "", "")
    if channel is not VoiceChannel.VISIT or office != office_id:
        return {}
    return {"number": number, "day": date.fromisoformat(day)}


def _channel(text: str | None) -> VoiceChannel:
    known = {each.value: each for each in VoiceChannel}
    return known.get(text or "", VoiceChannel.LINK)


def _fits_day(office_id: int, posted: VoiceForm) -> bool:
    """Tell whether number and day can be meant; whether there is such a visit is told to nobody."""
    if posted.number.data and read_number(posted.number.data) is None:
        posted.number.errors = [gettext("Write the number like A007, or leave it empty.")]
    day: Any = posted.day.data
    if day is not None:
        today = get_day(reader(), office_id, at=desk().streams.clock()).today
        if read_visit_day(day.isoformat(), today=today) is None:
            posted.day.errors = [gettext("Choose a day within the last year, not after today.")]
    return not posted.errors


def _wish(posted: VoiceForm, channel: VoiceChannel) -> Wish:
    day: Any = posted.day.data
    return Wish(
        VoiceKind(posted.kind.data),
        posted.words.data,
        channel,
        language(),
        bool(posted.anonymous.data),
        int(posted.service.data) if posted.service.data else None,
        int(posted.facility.data) if posted.facility.data else None,
        posted.number.data or "",
        "" if day is None else day.isoformat(),
        posted.name.data or None,
        posted.email.data or None,
        posted.phone.data or None,
        notify=bool(posted.notify.data),
    )


def _request(wish: Wish) -> Request:
    """Return the request; what it remembers to tell repeats apart must not give anything away."""
    said = digest_of(desk().streams.keys.links, repr(wish))
    return asked(KIOSK if wish.channel is VoiceChannel.KIOSK else VISITOR, "say", said=said)


def _form_page(office_id: int, posted: VoiceForm, channel: VoiceChannel) -> str:
    at_kiosk = channel is VoiceChannel.KIOSK
    return render_template(
        "voices/form.html",
        form=posted,
        at_kiosk=at_kiosk,
        frame="base_kiosk.html" if at_kiosk else "base_public.html",
        rules=get_follow_up_rules(reader(), office_id),
        code_path=url_for("complaints.code"),
        idle_home=url_for("kiosk.start", office_id=office_id) if at_kiosk else None,
        idle_seconds=180,
        language_path=url_for("complaints.form", office_id=office_id, via=channel.value),
    )


@blueprint.get("/voice/<token>/receipt")
@access(PUBLIC)
def receipt(token: str) -> ResponseReturnValue:
    """Show the code under which the answer can be read, to keep or to print."""
    tracked = open_voice(token)
    at_kiosk = request.args.get("kiosk") == "1"
    address = desk().settings.public_url + url_for("complaints.track", token=clean_token(token))
    home = url_for("kiosk.start", office_id=tracked.office_id)
    return render_template(
        "voices/receipt.html",
        tracked=tracked,
        token=clean_token(token),
        address=address,
        qr=qr_picture(address),
        at_kiosk=at_kiosk,
        frame="base_kiosk.html" if at_kiosk else "base_public.html",
        idle_home=home if at_kiosk else None,
        idle_seconds=90,
        words=words,
    )


@blueprint.get("/voice")
@access(PUBLIC)
def code() -> ResponseReturnValue:
    """Ask for the tracking code."""
    return render_template("voices/code.html", form=CodeForm(formdata=None))


@blueprint.post("/voice")
@access(PUBLIC)
def find() -> ResponseReturnValue:
    """Lead from a code to its page; changes nothing."""
    posted = CodeForm()
    if posted.validate_on_submit():
        if find_subject(reader(), posted.token, TokenKind.VOICE) is not None:
            return redirect(url_for("complaints.track", token=clean_token(posted.token)), 303)
        posted.code.errors = [gettext("There is no such code. Look at your receipt once more.")]
    page = render_template("voices/code.html", form=posted, language_path=url_for("complaints.code"))
    return page, 422


@blueprint.get("/voice/<token>")
@access(PUBLIC)
def track(token: str) -> ResponseReturnValue:
    """Show where it stands and what the office answered."""
    tracked = open_voice(token)
    return render_template("voices/track.html", tracked=tracked, token=clean_token(token), words=words)


def open_voice(token: str) -> Tracked:
    """Return what a tracking code opens, in the language it was written in; 404 for any other token alike."""
    subject = find_subject(reader(), token, TokenKind.VOICE)
    if subject is None:
        abort(404)
    get_office(subject.office_id)
    tracked = find_tracked(reader(), subject.office_id, subject.id)
    if tracked is None:
        abort(404)
    g.own_language = tracked.language
    return tracked


@blueprint.get(f"{VOICE}/poster")
@access(AT_THE_FRONT)
def poster(office_id: int) -> ResponseReturnValue:
    """Show the poster with the code that leads to the form."""
    get_office(office_id)
    path = url_for("complaints.form", office_id=office_id, via=VoiceChannel.POSTER.value)
    address = desk().settings.public_url + path
    return render_template("voices/poster.html", address=address, qr=qr_picture(address))
