"""Who serves what: one table of officers and services, for administrators and supervisors."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from desk.domain.access import Role
from desk.domain.refusals import Reason, Refused
from desk.operations import keeping_skills as operations
from desk.reads import service_sheets as reads
from desk.web.access import access, in_office
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import back_with
from desk.web.forms.services import SkillsForm, write_pairs

blueprint = Blueprint("administration_skills", __name__)
KEEPING: Final = in_office(Role.ADMIN, Role.SUPERVISOR)
SKILLS: Final = "/offices/<int:office_id>/administration/skills"


@blueprint.get(SKILLS)
@access(KEEPING)
def table(office_id: int) -> ResponseReturnValue:
    """Show who serves what, and which service nobody serves."""
    get_office(office_id)
    services = [
        each for each in reads.list_services(reader(), office_id, at=desk().streams.clock()) if not each.retired
    ]
    people = reads.list_servers(reader(), office_id)
    offered = {each.id for each in services}
    shown = write_pairs((each.id, service_id) for each in people for service_id in each.services & offered)
    form = SkillsForm(formdata=None, shown=shown)
    return render_template("administration/skills.html", form=form, services=services, people=people)


@blueprint.post(SKILLS)
@access(KEEPING)
def save(office_id: int) -> ResponseReturnValue:
    """Carry out what differs from what the table showed; what others changed meanwhile stays."""
    get_office(office_id)
    form, target = SkillsForm(), url_for("administration_skills.table", office_id=office_id)
    if not form.validate_on_submit():
        return back_with(gettext("The table came back broken. Look at it again."), target)
    shown, ticked = form.pairs(request.form.getlist("serves"))
    request_ = asked(acting(office_id), "keep_skills", shown=sorted(shown), ticked=sorted(ticked))
    try:
        done = operations.keep_skills(desk().streams, office_id, request_, shown=shown, ticked=ticked)
    except Refused as refused:
        if refused.reason is Reason.UNKNOWN:
            return back_with(gettext("Somebody or something of the table is not here any more. Look again."), target)
        if refused.reason is not Reason.ALREADY_DONE:
            raise
        flash(gettext("Nothing differs from what holds already."), "info")
        return redirect(target, 303)
    count = done.facts["added"] + done.facts["removed"]
    said = ngettext(
        "%(num)d assignment was changed. It holds from now on.",
        "%(num)d assignments were changed. They hold from now on.",
        count,
    )
    flash(said, "success")
    return redirect(target, 303)
