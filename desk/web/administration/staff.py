"""Staff of an office: who works here, with what, how they are reached; somebody leaves for good, or comes back."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import Role
from desk.domain.audit import digest_of
from desk.domain.planning import KEPT_BY_SUPERVISORS
from desk.domain.refusals import Reason, Refused
from desk.domain.staff import Member as MemberOfRules
from desk.domain.staff import may_keep
from desk.operations.accounts import keeping_staff, shutting_out
from desk.operations.requests import Done
from desk.reads.newcomers import count_newcomers
from desk.reads.office_day import get_day
from desk.reads.planned import count_in_danger, count_waiting_by_planner
from desk.reads.staff import Member, list_members
from desk.web.access import access, in_office
from desk.web.accounts.reauthentication import fresh
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.counter.story_words import spell
from desk.web.errors import back_with, sentence
from desk.web.forms.fields import new_key
from desk.web.forms.staff import ContactForm

blueprint = Blueprint("staff", __name__)
KEEPING = in_office(Role.ADMIN, Role.SUPERVISOR)
PERSON = "/offices/<int:office_id>/staff/<int:person_id>"


@blueprint.get("/offices/<int:office_id>/staff")
@access(KEEPING)
def people(office_id: int) -> ResponseReturnValue:
    """List the staff with roles, duty, absence and what they are responsible for."""
    get_office(office_id)
    actor = acting(office_id)
    today = get_day(reader(), office_id, at=desk().streams.clock()).today

    is_admin = Role.ADMIN in actor.roles

    def may_reach(each: Member) -> bool:
        return not each.is_guest and may_keep(_of_rules(each), actor)

    def may_change(each: Member) -> bool:
        if each.is_disabled_by_admin and not is_admin:
            return False
        return each.id != actor.person_id and may_reach(each)

    return render_template(
        "staff/people.html",
        members=list_members(reader(), office_id, day=today),
        plans=count_waiting_by_planner(reader(), office_id),
        endangered=count_in_danger(reader(), office_id, kinds=None if is_admin else KEPT_BY_SUPERVISORS),
        may_change=may_change,
        may_reach=may_reach,
        supervises=actor.supervises,
        administers=is_admin,
        newcomers=count_newcomers(reader(), office_id) if is_admin else 0,
        words=spell,
        new_key=new_key,
    )


@blueprint.get(f"{PERSON}/contact")
@access(KEEPING)
@fresh
def contact(office_id: int, person_id: int) -> ResponseReturnValue:
    """Show the form of somebody's e-mail address and phone number."""
    get_office(office_id)
    member = _get_kept(office_id, person_id)
    return _contact_page(member, ContactForm(formdata=None, email=member.email, phone=member.phone))


@blueprint.post(f"{PERSON}/contact")
@access(KEEPING)
@fresh
def change_contact(office_id: int, person_id: int) -> ResponseReturnValue:
    """Set them; what is remembered of the request to tell repeats apart gives no address away."""
    get_office(office_id)
    member, form = _get_kept(office_id, person_id), ContactForm()
    if not form.validate_on_submit():
        return _contact_page(member, form), 422
    wanted = form.wanted
    said = digest_of(desk().streams.keys.links, f"{wanted.email}|{wanted.phone}")
    request_ = asked(acting(office_id), "change_contact", person=person_id, said=said)
    return _carried_out(
        office_id,
        person_id,
        lambda: keeping_staff.change_contact(desk().streams, office_id, person_id, request_, wanted),
        gettext("Kept. Whoever gives this address or number as a visitor is not asked about the service."),
    )


def _get_kept(office_id: int, person_id: int) -> Member:
    """Return a member of staff whose contact may be seen and changed; 404 for anybody else."""
    today = get_day(reader(), office_id, at=desk().streams.clock()).today
    found = next((each for each in list_members(reader(), office_id, day=today) if each.id == person_id), None)
    if found is None or found.is_guest or not may_keep(_of_rules(found), acting(office_id)):
        abort(404)
    return found


def _of_rules(member: Member) -> MemberOfRules:
    return MemberOfRules(member.id, member.roles, member.active, elsewhere=member.elsewhere)


def _contact_page(member: Member, form: ContactForm) -> str:
    return render_template("staff/contact.html", member=member, form=form)


@blueprint.post(f"{PERSON}/deactivation")
@access(KEEPING)
@fresh
def deactivate(office_id: int, person_id: int) -> ResponseReturnValue:
    """End somebody's work here; refused while they are responsible for anything."""
    request_ = asked(acting(office_id), "deactivate", person=person_id)
    return _carried_out(
        office_id,
        person_id,
        lambda: keeping_staff.deactivate(desk().streams, office_id, person_id, request_),
        gettext("Deactivated. Sessions and tokens ended at once; the history stays."),
    )


@blueprint.post(f"{PERSON}/reactivation")
@access(KEEPING)
@fresh
def reactivate(office_id: int, person_id: int) -> ResponseReturnValue:
    """Let somebody work here again."""
    request_ = asked(acting(office_id), "reactivate", person=person_id)
    return _carried_out(
        office_id,
        person_id,
        lambda: keeping_staff.reactivate(desk().streams, office_id, person_id, request_),
        gettext("Reactivated. They sign in with the password they had."),
    )


@blueprint.post(f"{PERSON}/block")
@access(KEEPING)
@fresh
def shut_out(office_id: int, person_id: int) -> ResponseReturnValue:
    """Shut somebody out at once, whatever they are responsible for."""
    request_ = asked(acting(office_id), "shut_out", person=person_id)
    return _carried_out(
        office_id,
        person_id,
        lambda: shutting_out.shut_out(desk().streams, office_id, person_id, request_),
        gettext("Shut out: signed out everywhere, and no password, code, link or token of theirs works any more."),
    )


@blueprint.post(f"{PERSON}/block/removal")
@access(in_office(Role.ADMIN))
@fresh
def let_in(office_id: int, person_id: int) -> ResponseReturnValue:
    """Let somebody in again who was shut out."""
    request_ = asked(acting(office_id), "let_in", person=person_id)
    return _carried_out(
        office_id,
        person_id,
        lambda: shutting_out.let_in(desk().streams, office_id, person_id, request_),
        gettext(
            "Let in again. The old password works no more: mail them a link, or make a one-time code, under Access."
        ),
    )


def _carried_out(office_id: int, person_id: int, operation: Callable[[], Done], said: str) -> ResponseReturnValue:
    """Do it and come back to the list; where a handover must come first, a supervisor is led to it."""
    target = url_for("staff.people", office_id=office_id)
    try:
        operation()
    except Refused as refused:
        if refused.reason in (Reason.UNKNOWN, Reason.FORBIDDEN):
            raise
        if refused.reason is Reason.HANDOVER_FIRST and refused.details["custody"] and acting(office_id).supervises:
            target = url_for("shift.handover", office_id=office_id, officer=person_id)
        return back_with(sentence(refused), target)
    flash(said, "success")
    return redirect(target, 303)
