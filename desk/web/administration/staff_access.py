"""Who works in an office and how they get in, as administrators set it: people, roles, invitations, codes, sessions."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import Role
from desk.domain.audit import digest_of
from desk.domain.refusals import Reason, Refused
from desk.models import db
from desk.operations.accounts import enrolling, openid_identities
from desk.operations.accounts.passwords import generate
from desk.operations.requests import Done, Request
from desk.reads.office_day import get_day
from desk.reads.second_factors import find_any_link
from desk.reads.staff import Member, list_members
from desk.reads.staff_sessions import HANDLE, list_sessions
from desk.web.access import access, in_office
from desk.web.accounts.reauthentication import fresh
from desk.web.administration.checklist_steps import is_only_on_this_machine
from desk.web.administration.mail_doubt import find_mail_doubt, said_of_link
from desk.web.administration.planned_words import planned_by
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import back_with, done_and_told, sentence
from desk.web.forms.fields import new_key
from desk.web.forms.people import ColleagueForm, NewcomerForm, RolesForm, Way
from desk.wording.signing_in import HOWS

blueprint = Blueprint("staff_access", __name__)
ADMINISTERING = in_office(Role.ADMIN)
STAFF = "/offices/<int:office_id>/staff"
PERSON = f"{STAFF}/<int:person_id>"
# What is wrong with which field.
FIELDS = {
    Reason.USERNAME_TAKEN: "username",
    Reason.USERNAME_UNFIT: "username",
    Reason.UNKNOWN: "username",
    Reason.WORKS_HERE: "username",
    Reason.DEACTIVATED: "username",
    Reason.NAME_UNFIT: "name",
    Reason.ROLES_MISSING: "roles",
    Reason.LAST_ADMINISTRATOR: "roles",
    Reason.LAST_KEEPER: "roles",
    Reason.HANDOVER_FIRST: "roles",
    Reason.HEADS_A_QUEUE: "roles",
    Reason.DEPUTIZES: "roles",
}


@blueprint.get(f"{STAFF}/new")
@access(ADMINISTERING)
@fresh
def newcomer(office_id: int) -> ResponseReturnValue:
    """Show the form of somebody new."""
    get_office(office_id)
    way = Way.MAIL if find_mail_doubt(office_id) is None else Way.CODE
    return _page("newcomer", NewcomerForm(formdata=None, way=way.value))


@blueprint.post(f"{STAFF}/new")
@access(ADMINISTERING)
@fresh
def enroll(office_id: int) -> ResponseReturnValue:
    """Enroll somebody new, and let them in the way that was chosen."""
    get_office(office_id)
    form = NewcomerForm()
    if not form.validate_on_submit():
        return _page("newcomer", form), 422
    new, way = form.newcomer, Way(form.way.data)
    if way is Way.MAIL and not new.contact.email:
        form.email.errors = [gettext("Enter the e-mail address to which the link goes, or choose another way.")]
        return _page("newcomer", form), 422
    said = digest_of(desk().streams.keys.links, repr((new.username, new.name, new.contact.email, new.contact.phone)))
    request_ = asked(acting(office_id), "enroll", said=said, roles=sorted(new.roles), language=new.language)
    try:
        done = enrolling.add_newcomer(desk().streams, office_id, new, request_)
    except Refused as refused:
        return _again(refused, "newcomer", form)
    person_id = int(done.facts["person"])
    match way:
        case Way.MAIL:
            return _invited(office_id, person_id, _next_of(request_, "invite"))
        case Way.CODE:
            return _handed(office_id, person_id, _next_of(request_, "hand_code"))
        case Way.LATER:
            flash(gettext("Added. Invite them, or make a one-time code, when they are to begin."), "success")
            return redirect(url_for("staff.people", office_id=office_id), 303)


def _next_of(request_: Request, verb: str) -> Request:
    """Return the request for the second half of what one form asks, under a key of its own."""
    return Request(request_.actor, verb, request_.body, f"{request_.key[:70]}.2" if request_.key else None)


@blueprint.get(f"{STAFF}/colleague")
@access(ADMINISTERING)
@fresh
def colleague(office_id: int) -> ResponseReturnValue:
    """Show the form of somebody who works in another office."""
    get_office(office_id)
    return _page("colleague", ColleagueForm(formdata=None))


@blueprint.post(f"{STAFF}/colleague")
@access(ADMINISTERING)
@fresh
def add_colleague(office_id: int) -> ResponseReturnValue:
    """Let somebody of another office work here too."""
    get_office(office_id)
    form = ColleagueForm()
    if not form.validate_on_submit():
        return _page("colleague", form), 422
    username, roles = form.username.data or "", form.roles.roles
    request_ = asked(acting(office_id), "add_colleague", said=username, roles=sorted(roles))
    try:
        enrolling.add_colleague(desk().streams, office_id, username, roles, request_)
    except Refused as refused:
        if refused.reason is Reason.UNKNOWN:
            form.username.errors = [gettext("Nobody has this user name. Check it, or add them as somebody new.")]
            return _page("colleague", form), 422
        return _again(refused, "colleague", form)
    flash(gettext("Added. They sign in as before and find this office in their menu."), "success")
    return redirect(url_for("staff.people", office_id=office_id), 303)


@blueprint.get(f"{PERSON}/roles")
@access(ADMINISTERING)
@fresh
def roles(office_id: int, person_id: int) -> ResponseReturnValue:
    """Show the roles of somebody here."""
    get_office(office_id)
    member = _get_member(office_id, person_id)
    return _page("roles", RolesForm(formdata=None, roles=sorted(member.roles)), member)


@blueprint.post(f"{PERSON}/roles")
@access(ADMINISTERING)
@fresh
def change_roles(office_id: int, person_id: int) -> ResponseReturnValue:
    """Give them others; what they do next they do in these."""
    get_office(office_id)
    member, form = _get_member(office_id, person_id), RolesForm()
    if not form.validate_on_submit():
        return _page("roles", form, member), 422
    request_ = asked(acting(office_id), "change_roles", person=person_id, roles=sorted(form.roles.roles))
    try:
        enrolling.change_roles(desk().streams, office_id, person_id, form.roles.roles, request_)
    except Refused as refused:
        return _again(refused, "roles", form, member)
    flash(gettext("Changed. It holds from their next click on."), "success")
    return redirect(url_for("staff.people", office_id=office_id), 303)


@blueprint.get(f"{PERSON}/access")
@access(ADMINISTERING)
@fresh
def one(office_id: int, person_id: int) -> ResponseReturnValue:
    """Show how somebody gets in, and where they are signed in."""
    get_office(office_id)
    member = _get_member(office_id, person_id)
    if member.is_guest:  # where they are signed in, and how, is for the office they are at home in
        return _refused(Refused(Reason.WORKS_ELSEWHERE), office_id)
    at, idle = desk().streams.clock(), desk().settings.session_idle
    sessions = list_sessions(reader(), person_id, at=at, idle=idle)
    return render_template(
        "staff/access.html",
        member=member,
        sessions=sessions,
        linked=find_any_link(reader(), person_id),
        mail_doubt=find_mail_doubt(office_id),
        may_shut_out=person_id != acting(office_id).person_id,
        how=HOWS,
        new_key=new_key,
        width=HANDLE,
    )


@blueprint.post(f"{PERSON}/invitation")
@access(ADMINISTERING)
@fresh
def invite(office_id: int, person_id: int) -> ResponseReturnValue:
    """Mail a link to choose a password."""
    get_office(office_id)
    return _invited(office_id, person_id, asked(acting(office_id), "invite", person=person_id))


def _invited(office_id: int, person_id: int, request_: Request) -> ResponseReturnValue:
    return _carried_out(
        office_id,
        lambda: enrolling.invite(desk().streams, office_id, person_id, request_),
        said_of_link(office_id),
    )


@blueprint.post(f"{PERSON}/code")
@access(ADMINISTERING)
@fresh
def hand_code(office_id: int, person_id: int) -> ResponseReturnValue:
    """Make a one-time code and show it, the only time."""
    get_office(office_id)
    return _handed(office_id, person_id, asked(acting(office_id), "hand_code", person=person_id))


def _handed(office_id: int, person_id: int, request_: Request) -> ResponseReturnValue:
    code = generate()
    try:
        done = enrolling.hand_code(desk().streams, office_id, person_id, code, request_)
    except Refused as refused:
        return _refused(refused, office_id)
    if done.repeated:
        words = gettext("The code of this click was shown already, and only once. Make another one if it was not read.")
        return back_with(words, url_for("staff_access.one", office_id=office_id, person_id=person_id))
    db.session.rollback()  # what is read now is as of after the change
    get_office(office_id)
    member = _get_member(office_id, person_id)
    is_reachable = not is_only_on_this_machine(desk().settings)
    place = f"{desk().settings.public_url}{url_for('invitation.form')}" if is_reachable else None
    linked = find_any_link(reader(), person_id)
    shown = {"code": code, "purpose": done.facts["purpose"], "place": place, "linked": linked}
    return render_template("staff/code.html", member=member, **shown)


@blueprint.post(f"{PERSON}/sessions/end")
@access(ADMINISTERING)
@fresh
def end_sessions(office_id: int, person_id: int) -> ResponseReturnValue:
    """Sign somebody out everywhere."""
    get_office(office_id)
    request_ = asked(acting(office_id), "end_sessions", person=person_id)
    return _carried_out(
        office_id,
        lambda: enrolling.end_sessions(desk().streams, office_id, person_id, request_),
        gettext("Signed out everywhere. They can sign in again with their password."),
    )


@blueprint.post(f"{PERSON}/account-link/removal")
@access(ADMINISTERING)
@fresh
def unlink(office_id: int, person_id: int) -> ResponseReturnValue:
    """Let no account of an identity provider sign in as somebody any more; they are signed out everywhere."""
    get_office(office_id)
    request_ = asked(acting(office_id), "take_account_away", person=person_id)
    return _carried_out(
        office_id,
        lambda: openid_identities.take_away(desk().streams, office_id, person_id, request_),
        gettext("Unlinked. They are signed out everywhere, and sign in with their password."),
    )


def _get_member(office_id: int, person_id: int) -> Member:
    """Return a member of staff; 404 for anybody else."""
    today = get_day(reader(), office_id, at=desk().streams.clock()).today
    found = next((each for each in list_members(reader(), office_id, day=today) if each.id == person_id), None)
    if found is None:
        abort(404)
    return found


def _carried_out(office_id: int, operation: Callable[[], Done], said: str) -> ResponseReturnValue:
    return done_and_told(operation, said, url_for("staff.people", office_id=office_id))


def _refused(refused: Refused, office_id: int) -> ResponseReturnValue:
    """Go back to the list with what is in the way; what nobody may know of stays unknown."""
    if refused.reason in (Reason.UNKNOWN, Reason.FORBIDDEN):
        raise refused
    return back_with(sentence(refused), url_for("staff.people", office_id=office_id))


def _again(
    refused: Refused, name: str, form: NewcomerForm | ColleagueForm | RolesForm, member: Member | None = None
) -> ResponseReturnValue:
    """Show the form again with what is wrong in it."""
    field = refused.details.get("field") if refused.reason is Reason.INVALID else FIELDS.get(refused.reason)
    if refused.reason is Reason.ALREADY_DONE:
        field = "roles"
    if field not in form:
        raise refused
    form[field].errors = [sentence(refused)]
    return _page(name, form, member), 422


def _page(name: str, form: NewcomerForm | ColleagueForm | RolesForm, member: Member | None = None) -> str:
    plans = [] if member is None else planned_by(member.id)
    doubt = find_mail_doubt(g.office.id) if name == "newcomer" else None
    return render_template(
        f"staff/{name}.html", form=form, member=member, plans=plans, mail_doubt=doubt, new_key=new_key
    )
