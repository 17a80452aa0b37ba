"""The name of a member of staff, corrected by an administrator of the office they are at home in."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.audit import digest_of
from desk.domain.refusals import Reason, Refused
from desk.operations.accounts.correcting_names import correct_name
from desk.reads.office_day import get_day
from desk.reads.staff import Member, list_members
from desk.web.access import access
from desk.web.accounts.reauthentication import fresh
from desk.web.administration.staff_access import ADMINISTERING, PERSON
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import back_with, refusal_status, sentence
from desk.web.forms.staff import NameForm

blueprint = Blueprint("staff_names", __name__)


@blueprint.get(f"{PERSON}/name")
@access(ADMINISTERING)
@fresh
def name(office_id: int, person_id: int) -> ResponseReturnValue:
    """Show the form of somebody's name."""
    get_office(office_id)
    member = _get_own(office_id, person_id)
    return _page(member, NameForm(formdata=None, name=member.name))


@blueprint.post(f"{PERSON}/name")
@access(ADMINISTERING)
@fresh
def correct(office_id: int, person_id: int) -> ResponseReturnValue:
    """Correct it; what is remembered of the request to tell repeats apart gives no name away."""
    get_office(office_id)
    member, form = _get_own(office_id, person_id), NameForm()
    if not form.validate_on_submit():
        return _page(member, form), 422
    typed, target = form.name.data or "", url_for("staff.people", office_id=office_id)
    said = digest_of(desk().streams.keys.links, typed)
    request_ = asked(acting(office_id), "correct_name", person=person_id, said=said)
    try:
        correct_name(desk().streams, office_id, person_id, request_, typed=typed)
    except Refused as refused:
        if refused.reason is Reason.WORKS_ELSEWHERE:
            return back_with(sentence(refused), target)
        if refused.reason not in (Reason.NAME_UNFIT, Reason.ALREADY_DONE):
            raise
        form.name.errors = [sentence(refused)]
        return _page(member, form), refusal_status(refused)
    flash(gettext("Corrected. The record of changes says that, but neither the old name nor the new one."), "success")
    return redirect(target, 303)


def _get_own(office_id: int, person_id: int) -> Member:
    """Return a member of staff who is at home here; 404 for anybody else."""
    today = get_day(reader(), office_id, at=desk().streams.clock()).today
    found = next((each for each in list_members(reader(), office_id, day=today) if each.id == person_id), None)
    if found is None or found.is_guest:
        abort(404)
    return found


def _page(member: Member, form: NameForm) -> str:
    return render_template("staff/name.html", member=member, form=form)
