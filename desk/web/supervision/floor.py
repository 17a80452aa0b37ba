"""The floor: what happens at every counter now, for supervisors (who act from it) and auditors (who read)."""

import hashlib
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import SelectChoice

from desk.domain.lifecycle import Action
from desk.domain.refusals import Reason, Refused
from desk.operations import floor as operations
from desk.operations import handing_off, staffing
from desk.reads.clocks import list_running_promises
from desk.reads.colleagues import Colleague, CounterPlace, list_colleagues, list_counters
from desk.reads.floor import get_floor
from desk.reads.floor_messages import list_messages
from desk.reads.gap_finders import list_gaps
from desk.reads.gaps import get_scene
from desk.reads.today import event_number
from desk.web.access import OVERSEEING, SUPERVISING, access
from desk.web.context import acting, asked, desk, get_office, language, reader
from desk.web.counter.answers import names_nobody
from desk.web.counter.steps import sealed
from desk.web.counter.story_words import spell
from desk.web.counter_words import called
from desk.web.errors import back_with, done_and_told, refusal_status, sentence
from desk.web.forms.counter import whole_number
from desk.web.forms.fields import RECEIVER_GONE, new_key
from desk.web.forms.floor import MessageForm, OpeningForm, SkillForm
from desk.web.supervision.floor_pages import Reassigning, officer_page

blueprint = Blueprint("floor", __name__)
FLOOR = "/offices/<int:office_id>/floor"


@blueprint.get(FLOOR)
@access(OVERSEEING)
def now(office_id: int) -> ResponseReturnValue:
    """Show the floor."""
    return _page(office_id)


@blueprint.get(f"{FLOOR}/now")
@access(OVERSEEING)
def fragment(office_id: int) -> ResponseReturnValue:
    """Return the part that changes, or 304 when it looks as it did."""
    get_office(office_id)
    shown = _shown(office_id)
    tag = hashlib.sha256(repr((language(), shown)).encode()).hexdigest()[:32]
    if request.if_none_match.contains(tag):
        response = make_response("", 304)
    else:
        response = make_response(render_template("floor/_now.html", **shown))
    response.set_etag(tag)
    return response


def _shown(office_id: int) -> dict[str, Any]:
    scene = get_scene(reader(), office_id, at=desk().streams.clock())
    rules = desk().streams.configuration(reader(), office_id).clock_rules
    promises = list_running_promises(reader(), office_id, rules, at=scene.at)
    return {
        "floor": get_floor(scene, promises),
        "gaps": len(list_gaps(scene)),
        "told": list_messages(reader(), office_id, scene.at),
        "may_supervise": acting(office_id).supervises,
        "words": spell,
    }


def _page(office_id: int, *, form: MessageForm | None = None, status: int = 200) -> ResponseReturnValue:
    get_office(office_id)
    shown = {"number": event_number(reader(), office_id), **_shown(office_id)}
    if shown["may_supervise"]:
        shown["message"] = form or _message_form(office_id, blank=True)
    path = url_for("floor.now", office_id=office_id)
    return render_template("floor/now.html", form=form, language_path=path, **shown), status


def _message_form(office_id: int, *, blank: bool = False) -> MessageForm:
    counters = [SelectChoice(str(each.id), called(each.name)) for each in list_counters(reader(), office_id)]
    return MessageForm(counters, blank=blank)


@blueprint.post(f"{FLOOR}/messages")
@access(SUPERVISING)
def send_message(office_id: int) -> ResponseReturnValue:
    """Tell the floor something."""
    form = _message_form(office_id)
    if not form.validate_on_submit():
        return _page(office_id, form=form, status=422)
    wish = {"minutes": form.minutes.data, "counter_id": whole_number(form.counter.data) or None}
    request_ = asked(acting(office_id), "send_message", words=sealed(form.words.data), **wish)
    return done_and_told(
        lambda: operations.send_message(desk().streams, office_id, request_, words=form.words.data, **wish),
        gettext("The message stands on the consoles."),
        url_for("floor.now", office_id=office_id),
    )


@blueprint.get(f"{FLOOR}/counters/<int:counter_id>")
@access(SUPERVISING)
def counter(office_id: int, counter_id: int) -> ResponseReturnValue:
    """Show a counter: to be opened, or who is on duty there."""
    return _counter_page(office_id, counter_id)


def _counter_page(
    office_id: int, counter_id: int, *, form: OpeningForm | None = None, status: int = 200
) -> ResponseReturnValue:
    get_office(office_id)
    place, colleagues = _get_counter(office_id, counter_id), list_colleagues(reader(), office_id)
    there = next((each for each in colleagues if each.duty is not None and each.duty.counter_id == counter_id), None)
    shown = {"place": place, "there": there, "duty_id": None if there is None else there.duty and there.duty.id}
    opening = form or _opening_form(colleagues, blank=True)
    if form is not None and there is not None:  # taken while the form was open
        return back_with(sentence(Refused(Reason.COUNTER_TAKEN)), url_for("floor.now", office_id=office_id))
    path = url_for("floor.counter", office_id=office_id, counter_id=counter_id)
    return render_template(
        "floor/counter.html", form=form, opening=opening, language_path=path, new_key=new_key, **shown
    ), status


def _get_counter(office_id: int, counter_id: int) -> CounterPlace:
    found = next((each for each in list_counters(reader(), office_id) if each.id == counter_id), None)
    return found or abort(404)


def _opening_form(colleagues: list[Colleague], *, blank: bool = False) -> OpeningForm:
    free = [SelectChoice(str(each.id), called(each.name)) for each in colleagues if each.duty is None]
    return OpeningForm(free, blank=blank)


@blueprint.post(f"{FLOOR}/counters/<int:counter_id>/opening")
@access(SUPERVISING)
def open_counter(office_id: int, counter_id: int) -> ResponseReturnValue:
    """Sign an officer on there."""
    _get_counter(office_id, counter_id)
    form = _opening_form(list_colleagues(reader(), office_id))
    if not form.validate_on_submit():
        return _counter_page(office_id, counter_id, form=form, status=422)
    officer = form.officer.data
    request_ = asked(acting(office_id), "open_counter", counter=counter_id, officer=officer)
    return done_and_told(
        lambda: staffing.open_counter(desk().streams, counter_id, officer, office_id, request_),
        gettext("The counter is open."),
        url_for("floor.now", office_id=office_id),
    )


@blueprint.post(f"{FLOOR}/duties/<int:duty_id>/end")
@access(SUPERVISING)
def end_duty(office_id: int, duty_id: int) -> ResponseReturnValue:
    """End a duty that was forgotten."""
    request_ = asked(acting(office_id), "end_duty", duty=duty_id)
    return done_and_told(
        lambda: staffing.end_duty(desk().streams, duty_id, request_),
        gettext("The duty has ended. What was processed or paused stays with the officer."),
        url_for("floor.now", office_id=office_id),
    )


@blueprint.get(f"{FLOOR}/officers/<int:officer_id>")
@access(OVERSEEING)
def officer(office_id: int, officer_id: int) -> ResponseReturnValue:
    """Show an officer: where, which services, what they have."""
    get_office(office_id)
    return officer_page(office_id, officer_id)


@blueprint.post(f"{FLOOR}/officers/<int:officer_id>/skills")
@access(SUPERVISING)
def add_skill(office_id: int, officer_id: int) -> ResponseReturnValue:
    """Let the officer be given visitors of one more service."""
    get_office(office_id)
    form = SkillForm([])
    if not form.validate_on_submit():
        return officer_page(office_id, officer_id, form=form, status=422)
    request_ = asked(acting(office_id), "add_skill", officer=officer_id, service=form.service.data)
    return done_and_told(
        lambda: operations.add_skill(desk().streams, office_id, officer_id, form.service.data, request_),
        gettext("Added. It counts from the next call on."),
        url_for("floor.officer", office_id=office_id, officer_id=officer_id),
    )


@blueprint.post(f"{FLOOR}/officers/<int:officer_id>/skills/<int:service_id>/removal")
@access(SUPERVISING)
def remove_skill(office_id: int, officer_id: int, service_id: int) -> ResponseReturnValue:
    """Give the officer no more visitors of a service; asked once more where nobody else serves it."""
    get_office(office_id)
    if all(each.id != officer_id for each in list_colleagues(reader(), office_id)):
        abort(404)
    sure_of = (service_id,) if request.form.get("sure") == str(service_id) else ()
    request_ = asked(acting(office_id), "remove_skill", officer=officer_id, service=service_id, sure_of=sure_of)
    target = url_for("floor.officer", office_id=office_id, officer_id=officer_id)
    try:
        operations.remove_skill(desk().streams, office_id, officer_id, service_id, request_, sure_of=sure_of)
    except Refused as refused:
        if refused.reason in (Reason.UNKNOWN, Reason.FORBIDDEN):
            raise
        if refused.reason is not Reason.LAST_TO_SERVE:
            return back_with(sentence(refused), target)
        return officer_page(office_id, officer_id, asked_of=(service_id, sentence(refused)), status=409)
    flash(gettext("Removed. Visitors who are with the officer already stay."), "success")
    return redirect(target, 303)


@blueprint.get(f"{FLOOR}/transactions/<int:transaction_id>/reassignment")
@access(SUPERVISING)
def reassignment(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Ask to whom a transaction is offered on behalf of whoever has it."""
    return Reassigning(get_office(office_id), transaction_id).page()


@blueprint.post(f"{FLOOR}/transactions/<int:transaction_id>/reassignment")
@access(SUPERVISING)
def reassign(office_id: int, transaction_id: int) -> ResponseReturnValue:
    """Offer it."""
    place = Reassigning(get_office(office_id), transaction_id)
    form = place.form()
    if form is None or Action.OFFER not in place.actions:
        raise Refused(Reason.NOT_POSSIBLE_NOW, action=Action.OFFER)
    if not form.validate_on_submit():
        return place.page(form, status=422)
    to, note, disposition = form.to.data, form.note.data, form.disposition
    said = {"to": to, "reason": form.reason.data, "due": form.due, "words": sealed(repr((note, disposition)))}
    request_ = asked(acting(office_id), "reassign", transaction=transaction_id, **said)
    hand = handing_off.offer_to_counter if to.startswith("counter-") else handing_off.offer_to_officer
    receiver = whole_number(to.partition("-")[2])
    wish: dict[str, Any] = {"reason": form.reason.data, "note": note, "due_at": form.due}
    try:
        hand(desk().streams, transaction_id, receiver, request_, disposition=disposition, **wish)
    except Refused as refused:
        gone = names_nobody(refused, form)
        form.to.errors = [gettext(RECEIVER_GONE) if gone else sentence(refused)]
        return place.page(form, status=422 if gone else refusal_status(refused))
    flash(gettext("Offered. Until it is accepted, the transaction stays where it is."), "success")
    return redirect(place.back, 303)
