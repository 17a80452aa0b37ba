"""Who serves what: one table of officers and services, for administrators and supervisors; now or on a later day."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, gettext, ngettext

from desk.domain.access import Role
from desk.domain.refusals import Reason, Refused
from desk.domain.services import Pair
from desk.operations.requests import Done
from desk.operations.settings import keeping_skills as operations
from desk.reads import service_sheets as reads
from desk.reads.office_day import get_day
from desk.reads.planned import list_waiting
from desk.reads.planned_skills import KIND, pairs_on
from desk.reads.served import list_queues
from desk.web.access import access, in_office
from desk.web.administration.planning import say_in_field
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import back_with, refusal_status, sentence
from desk.web.forms.services import SkillsForm, write_pairs

blueprint = Blueprint("administration_skills", __name__)
KEEPING: Final = in_office(Role.ADMIN, Role.SUPERVISOR)
SKILLS: Final = "/offices/<int:office_id>/administration/skills"
PLACE: Final = "skills"


@blueprint.get(SKILLS)
@access(KEEPING)
def table(office_id: int) -> ResponseReturnValue:
    """Show who serves what, now or (`day`) as it is planned for a day, and which service nobody serves."""
    get_office(office_id)
    day = _later_day(office_id, request.args.get("day", ""))
    pairs = reads.list_pairs(reader(), office_id)
    if day is not None:
        pairs = pairs_on(reader(), office_id, pairs, day)
    return _page(office_id, None, pairs, day)


@blueprint.post(SKILLS)
@access(KEEPING)
def save(office_id: int) -> ResponseReturnValue:
    """Carry out or plan what differs from what the table showed; what others changed meanwhile stays."""
    get_office(office_id)
    form, target = SkillsForm(PLACE), url_for("administration_skills.table", office_id=office_id)
    shown, ticked = form.pairs(request.form.getlist("serves"))
    if not form.validate_on_submit():
        return _page(office_id, form, ticked), 422
    due = form.since.data
    body = {"shown": sorted(shown), "ticked": sorted(ticked), "due": str(due), "sure_of": sorted(form.sure_of)}
    request_ = asked(acting(office_id), "keep_skills", **body)
    try:
        done = operations.keep_skills(
            desk().streams, office_id, request_, shown=shown, ticked=ticked, due=due, sure_of=form.sure_of
        )
    except Refused as refused:
        return _answer(refused, form, target, lambda: _page(office_id, form, ticked))
    flash(_said(done, due), "success")
    return redirect(target, 303)


def _answer(refused: Refused, form: SkillsForm, target: str, page: Callable[[], str]) -> ResponseReturnValue:
    """Say why not: on the table with all that was ticked, where it can be mended there."""
    match refused.reason:
        case Reason.UNKNOWN:
            return back_with(gettext("Somebody or something of the table is not here any more. Look again."), target)
        case Reason.ALREADY_DONE:
            flash(gettext("Nothing differs from what holds already."), "info")
            return redirect(target, 303)
        case Reason.LAST_TO_SERVE:
            form.ask_about(str(refused.details["left"]), sentence(refused))
        case Reason.DATE_OUT_OF_RANGE | Reason.INVALID | Reason.STILL_WAITED_FOR:
            say_in_field(form, refused)
        case _:
            raise refused
    return page(), refusal_status(refused)


def _said(done: Done, due: date | None) -> str:
    count = done.facts["added"] + done.facts["removed"]
    if done.facts["planned"] is not None:
        return ngettext(
            "%(num)d assignment is planned to change on %(day)s. Until then it can be cancelled.",
            "%(num)d assignments are planned to change on %(day)s. Until then it can be cancelled.",
            count,
            day=format_date(due, "EEEE, d MMMM y"),
        )
    return ngettext(
        "%(num)d assignment was changed. It holds from now on.",
        "%(num)d assignments were changed. They hold from now on.",
        count,
    )


def _later_day(office_id: int, typed: str) -> date | None:
    """Return the later day that was asked for; None for anything else."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if day > get_day(reader(), office_id, at=desk().streams.clock()).today else None


def _page(office_id: int, wrong: SkillsForm | None, ticked: Collection[Pair], day: date | None = None) -> str:
    """Return the table with these ticks; a form that came back with an error remembers what it had shown."""
    queues = list_queues(reader(), office_id)
    found = reads.list_services(reader(), office_id, at=desk().streams.clock())
    services = [each for each in found if not each.retired or each.id in queues]  # those who wait still are called
    people = reads.list_servers(reader(), office_id)
    offered = {(each.id, service.id) for each in people for service in services}
    served = {what for _, what in offered & {*ticked}}
    return render_template(
        "administration/skills.html",
        form=wrong or SkillsForm(PLACE, formdata=None, shown=write_pairs(offered & {*ticked}), since=day),
        wrong=wrong,
        services=services,
        people=people,
        ticked=ticked,
        queues=queues,
        unserved=[each.series for each in services if each.id not in served and not each.retired],
        stranded=[each.series for each in services if each.id not in served and each.id in queues],
        day=day,
        waiting=[each for each in list_waiting(reader(), office_id) if each.kind == KIND],
        language_path=url_for("administration_skills.table", office_id=office_id, day=day),
    )
