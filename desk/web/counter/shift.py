"""The end of a shift: handing over all one has on one page, accepting all of a handover, and what nobody answered."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from wtforms import SelectChoice

from desk.domain.identity import office_of
from desk.domain.refusals import Reason, Refused
from desk.operations import handing_over_shift
from desk.reads.absences import covers
from desk.reads.colleagues import Colleague, list_colleagues
from desk.reads.office_day import get_day
from desk.reads.requests import list_open_requests
from desk.reads.shift import BatchOffer, Held, list_batch, list_held, list_unanswered
from desk.reads.today import event_number, list_service_names
from desk.web.access import AT_THE_FRONT, OVERSEEING, access
from desk.web.context import acting, asked, desk, get_office, language, reader
from desk.web.counter.receivers import named
from desk.web.counter.steps import sealed
from desk.web.counter.story_words import spell
from desk.web.errors import back_with, refusal_status, sentence
from desk.web.forms.fields import new_key
from desk.web.forms.handing_on import DeclineForm
from desk.web.forms.shift import ShiftForm, posted_parcels, shift_form

blueprint = Blueprint("shift", __name__)


@blueprint.get("/offices/<int:office_id>/shift/handover")
@access(AT_THE_FRONT)
def handover(office_id: int) -> ResponseReturnValue:
    """List everything the officer has, each with a receiver to choose; `?officer=` for a supervisor who helps out."""
    get_office(office_id)
    officer = _officer(office_id, request.args.get("officer", type=int))
    held = list_held(reader(), office_id, officer.id)
    return _page(office_id, officer, held, shift_form(_open(held), _receivers(office_id, officer), blank=True))


def _page(
    office_id: int, officer: Colleague, held: list[Held], form: ShiftForm, *, status: int = 200
) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "officer": officer,
        "own": officer.id == acting(office_id).person_id,
        "form": form,
        "busy": [each for each in held if each.at_counter],
        "offered": [each for each in held if each.offered_to is not None],
        "services": _services(office_id),
        "hours": desk().streams.configuration(reader(), office_id).rules.handover_expires_s // 3600,
    }
    return render_template("shift/handover.html", **shown), status


def _open(held: list[Held]) -> list[Held]:
    return [each for each in held if each.offered_to is None and not each.at_counter]


def _officer(office_id: int, wanted: int | None) -> Colleague:
    """Return whose shift ends: one's own; somebody else's for supervisors only."""
    actor = acting(office_id)
    if wanted is not None and wanted != actor.person_id and not actor.supervises:
        raise Refused(Reason.FORBIDDEN)
    found = next(
        (each for each in list_colleagues(reader(), office_id) if each.id == (wanted or actor.person_id)), None
    )
    if found is None:
        abort(404)
    return found


def _receivers(office_id: int, officer: Colleague) -> list[SelectChoice]:
    day = get_day(reader(), office_id, at=desk().streams.clock()).today
    away = covers(reader(), office_id, day=day)
    others = [each for each in list_colleagues(reader(), office_id) if each.id != officer.id]
    groups = {True: gettext("Officers on duty"), False: gettext("Not on duty now")}
    return [
        SelectChoice(f"officer-{each.id}", named(each, away), optgroup=groups[on_duty])
        for on_duty in (True, False)
        for each in others
        if (each.duty is not None) is on_duty
    ]


def _services(office_id: int) -> dict[int, str]:
    return {each: names[language()] for each, names in list_service_names(reader(), office_id)}


@blueprint.post("/offices/<int:office_id>/shift/handovers")
@access(AT_THE_FRONT)
def hand_over(office_id: int) -> ResponseReturnValue:
    """Offer everything to the receivers chosen, all or nothing."""
    get_office(office_id)
    officer = _officer(office_id, request.form.get("officer", type=int))
    held = list_held(reader(), office_id, officer.id)
    form, parcels = shift_form(_open(held), _receivers(office_id, officer)), posted_parcels(request.form)
    unchanged = bool(parcels) and {each.transaction_id for each in parcels} == {each.id for each in _open(held)}
    if unchanged and not form.validate_on_submit():
        return _page(office_id, officer, held, form, status=422)
    said = [[each.transaction_id, each.receiver_id, sealed(each.note)] for each in parcels]
    request_ = asked(acting(office_id), "hand_over_shift", officer=officer.id, parcels=said)
    try:
        done = handing_over_shift.hand_over_shift(desk().streams, office_id, officer.id, parcels, request_)
    except Refused as refused:
        return _refused(office_id, officer, held, form, refused)
    return _handed(office_id, done.facts)


def _refused(
    office_id: int, officer: Colleague, held: list[Held], form: ShiftForm, refused: Refused
) -> ResponseReturnValue:
    """Keep what was chosen where the refusal is about one transaction; else say so on the page as it stands now."""
    field = form._fields.get(f"to_{refused.details.get('transaction')}")
    if field is None:
        return back_with(sentence(refused), _handover_url(office_id, officer))
    field.errors = [*field.errors, sentence(refused)]
    return _page(office_id, officer, held, form, status=max(refusal_status(refused), 409))


def _handover_url(office_id: int, officer: Colleague) -> str:
    own = officer.id == acting(office_id).person_id
    return url_for("shift.handover", office_id=office_id, officer=None if own else officer.id)


def _handed(office_id: int, facts: dict[str, Any]) -> ResponseReturnValue:
    if facts["batch"] is None:
        flash(gettext("Everything stays overnight. Nothing was offered."), "success")
        return redirect(url_for("counter.console", office_id=office_id), 303)
    flash(
        ngettext(
            "%(num)d transaction is offered. Until somebody accepts, it stays with the giver.",
            "%(num)d transactions are offered. Until somebody accepts, they stay with the giver.",
            len(facts["offers"]),
        ),
        "success",
    )
    return redirect(url_for("shift.batch", office_id=office_id, batch_id=facts["batch"]), 303)


@blueprint.get("/offices/<int:office_id>/shift/handovers/<int:batch_id>")
@access(AT_THE_FRONT)
def batch(office_id: int, batch_id: int) -> ResponseReturnValue:
    """Show one handover to those it concerns: what was offered, and what became of each."""
    get_office(office_id)
    return _batch_page(office_id, _mine_of(office_id, batch_id), batch_id)


def _mine_of(office_id: int, batch_id: int) -> list[BatchOffer]:
    actor = acting(office_id)
    offers = list_batch(reader(), office_id, batch_id) if office_of(batch_id) == office_id else []
    mine = [each for each in offers if actor.supervises or actor.person_id in (each.giver_id, each.receiver_id)]
    if not mine:
        abort(404)
    return mine


def _batch_page(office_id: int, offers: list[BatchOffer], batch_id: int) -> ResponseReturnValue:
    me = acting(office_id).person_id
    return render_template(
        "shift/batch.html",
        offers=offers,
        batch_id=batch_id,
        to_me=[each for each in offers if each.open and each.receiver_id == me],
        me=me,
        decline_form=lambda offer: DeclineForm(f"decline-{offer.id}", blank=True),
        new_key=new_key,
        services=_services(office_id),
        words=spell,
        number=event_number(reader(), office_id),
    )


@blueprint.post("/offices/<int:office_id>/shift/handovers/<int:batch_id>/acceptance")
@access(AT_THE_FRONT)
def accept_all(office_id: int, batch_id: int) -> ResponseReturnValue:
    """Accept all of a handover that is offered to oneself, all or nothing."""
    request_ = asked(acting(office_id), "accept_all", batch=batch_id)
    target = url_for("shift.batch", office_id=office_id, batch_id=batch_id)
    try:
        done = handing_over_shift.accept_all(desk().streams, batch_id, request_)
    except Refused as refused:
        return back_with(sentence(refused), target)
    flash(
        ngettext(
            "%(num)d transaction is yours now.", "%(num)d transactions are yours now.", len(done.facts["accepted"])
        ),
        "success",
    )
    return redirect(target, 303)


@blueprint.get("/offices/<int:office_id>/shift/unanswered")
@access(OVERSEEING)
def unanswered(office_id: int) -> ResponseReturnValue:
    """List handovers and requests that nobody has answered."""
    get_office(office_id)
    at = desk().streams.clock()
    return render_template(
        "shift/unanswered.html",
        offers=list_unanswered(reader(), office_id),
        requests=[(each, each.overdue(at)) for each in list_open_requests(reader(), office_id)],
        services=_services(office_id),
        words=spell,
    )
