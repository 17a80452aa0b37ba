"""Absences: who is away, who stands in; entered by oneself or a supervisor, and cancelled."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from wtforms import SelectChoice

from desk.domain.absence import Absence, AbsenceReason
from desk.domain.refusals import Reason, Refused
from desk.operations import covering
from desk.operations.requests import Done
from desk.reads.absences import list_absences
from desk.reads.colleagues import list_colleagues
from desk.reads.office_day import get_day
from desk.web.access import AT_THE_FRONT, access
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.counter.story_words import spell
from desk.web.errors import done_and_told, refusal_status, sentence
from desk.web.forms.absences import AbsenceForm
from desk.web.forms.counter import whole_number
from desk.web.forms.fields import new_key

blueprint = Blueprint("absences", __name__)
FIELD_OF: dict[Reason, str] = {
    Reason.DATES_REVERSED: "ends_on",
    Reason.ABSENCE_TOO_LONG: "ends_on",
    Reason.DATE_IN_THE_PAST: "begins_on",
    Reason.ABSENCE_OVERLAPS: "begins_on",
    Reason.STANDS_IN: "begins_on",
    Reason.DEPUTY_IS_ONESELF: "deputy",
    Reason.DEPUTY_ABSENT: "deputy",
    Reason.DEPUTIES_IN_A_CIRCLE: "deputy",
    Reason.LEAVE_NEEDS_HANDOVER: "hand_over",
}


@blueprint.get("/offices/<int:office_id>/absences")
@access(AT_THE_FRONT)
def plan(office_id: int) -> ResponseReturnValue:
    """List the absences of today and later, with the form for another one."""
    get_office(office_id)
    return _page(office_id, _form(office_id, blank=True))


def _form(office_id: int, *, blank: bool = False) -> AbsenceForm:
    actor = acting(office_id)
    everybody = [SelectChoice(str(each.id), each.name) for each in list_colleagues(reader(), office_id)]
    own = [each for each in everybody if actor.supervises or each.value == str(actor.person_id)]
    today = get_day(reader(), office_id, at=desk().streams.clock()).today
    more = {"formdata": None} if blank else {}
    return AbsenceForm(own, everybody, person=str(actor.person_id), begins_on=today, ends_on=today, **more)


def _page(office_id: int, form: AbsenceForm, *, status: int = 200) -> ResponseReturnValue:
    actor = acting(office_id)
    today = get_day(reader(), office_id, at=desk().streams.clock()).today
    shown = render_template(
        "absences/plan.html",
        absences=list_absences(reader(), office_id, since=today),
        form=form,
        today=today,
        may_change=lambda each: actor.supervises or each.person_id == actor.person_id,
        words=spell,
        new_key=new_key,
    )
    return shown, status


@blueprint.post("/offices/<int:office_id>/absences")
@access(AT_THE_FRONT)
def add(office_id: int) -> ResponseReturnValue:
    """Plan an absence; what begins today needs a handover."""
    get_office(office_id)
    form = _form(office_id)
    if not form.validate_on_submit():
        return _page(office_id, form, status=422)
    try:
        done = _planned(office_id, form)
    except Refused as refused:
        return _refused(office_id, form, refused)
    count = len(done.facts["offers"])
    flash(gettext("The absence is entered."), "success")
    if count:
        flash(
            ngettext(
                "%(num)d transaction is offered to the deputy.",
                "%(num)d transactions are offered to the deputy.",
                count,
            ),
            "success",
        )
    return redirect(url_for("absences.plan", office_id=office_id), 303)


def _planned(office_id: int, form: AbsenceForm) -> Done:
    person_id, deputy_id = whole_number(form.person.data), whole_number(form.deputy.data)
    wish = Absence(person_id, deputy_id, *form.days)
    reason, hand_over = AbsenceReason(form.reason.data), bool(form.hand_over.data)
    request_ = asked(acting(office_id), "plan_absence", wish=str(wish), hand_over=hand_over)
    return covering.plan_absence(desk().streams, office_id, wish, request_, reason=reason, hand_over=hand_over)


def _refused(office_id: int, form: AbsenceForm, refused: Refused) -> ResponseReturnValue:
    field = form._fields.get(FIELD_OF.get(refused.reason, ""))
    if field is None:
        raise refused
    field.errors = [*field.errors, sentence(refused)]
    return _page(office_id, form, status=refusal_status(refused))


@blueprint.post("/offices/<int:office_id>/absences/<int:absence_id>/cancellation")
@access(AT_THE_FRONT)
def cancel(office_id: int, absence_id: int) -> ResponseReturnValue:
    """Cancel an absence, or end it now."""
    target = url_for("absences.plan", office_id=office_id)
    request_ = asked(acting(office_id), "cancel_absence", absence=absence_id)
    return done_and_told(
        lambda: covering.cancel_absence(desk().streams, absence_id, office_id, request_),
        gettext("The absence is cancelled. Nobody stands in any more."),
        target,
    )
