"""What an administrator sets about complaints: facilities with those in charge, and when somebody follows up."""

from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm

from desk.domain.refusals import Reason, Refused
from desk.operations import facilities as operations
from desk.operations import following_up
from desk.operations.facilities import OWNERS
from desk.reads.complaints import OwnedFacility, list_facilities
from desk.reads.follow_up_rules import get_follow_up_rules
from desk.reads.office_day import get_day
from desk.reads.staff import list_members
from desk.web.access import access
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import back_with, sentence
from desk.web.forms.complaints import FacilityForm
from desk.web.forms.follow_ups import RulesForm
from desk.web.voices import KEEPING

blueprint = Blueprint("facilities", __name__)
FACILITIES: Final = "/offices/<int:office_id>/facilities"


@blueprint.get(FACILITIES)
@access(KEEPING)
def listed(office_id: int) -> ResponseReturnValue:
    """Show the facilities, each with its form, and the settings of following up."""
    get_office(office_id)
    return _page(office_id)


@blueprint.post(FACILITIES)
@access(KEEPING)
def add(office_id: int) -> ResponseReturnValue:
    """Add a facility at the end."""
    get_office(office_id)
    form = FacilityForm("new", _people(office_id))
    if not form.validate_on_submit():
        return _page(office_id, form), 422
    request_ = asked(acting(office_id), "add_facility", plan=str(form.plan))
    operations.add(desk().streams, office_id, form.plan, request_)
    return _kept(office_id)


@blueprint.post(f"{FACILITIES}/<int:facility_id>")
@access(KEEPING)
def change(office_id: int, facility_id: int) -> ResponseReturnValue:
    """Reword a facility, name the person in charge, or retire it."""
    get_office(office_id)
    if facility_id not in {each.id for each in list_facilities(reader(), office_id, retired=True)}:
        abort(404)
    form = FacilityForm(f"f{facility_id}", _people(office_id))
    if not form.validate_on_submit():
        return _page(office_id, form), 422
    request_ = asked(acting(office_id), "change_facility", facility=facility_id, plan=str(form.plan))
    operations.change(desk().streams, office_id, facility_id, form.plan, request_)
    return _kept(office_id)


@blueprint.post("/offices/<int:office_id>/follow-up-rules")
@access(KEEPING)
def change_rules(office_id: int) -> ResponseReturnValue:
    """Set when somebody follows up, and until when."""
    get_office(office_id)
    form = RulesForm()
    if not form.validate_on_submit():
        return _page(office_id, form), 422
    request_ = asked(acting(office_id), "change_follow_up_rules", wanted=str(form.wanted))
    try:
        following_up.change_rules(desk().streams, office_id, request_, form.wanted)
    except Refused as refused:
        if refused.reason is not Reason.ALREADY_DONE:
            raise
        return back_with(sentence(refused), url_for("facilities.listed", office_id=office_id))
    return _kept(office_id)


def _kept(office_id: int) -> ResponseReturnValue:
    flash(gettext("Kept. It holds from now on."), "success")
    return redirect(url_for("facilities.listed", office_id=office_id), 303)


def _people(office_id: int) -> list[tuple[int, str]]:
    day = get_day(reader(), office_id, at=desk().streams.clock()).today
    members = list_members(reader(), office_id, day=day)
    return [(each.id, each.name) for each in members if each.active and each.roles & {*OWNERS}]


def _page(office_id: int, wrong: FlaskForm | None = None) -> str:
    """Return the page; a form that came back with errors takes the place of its own."""
    people = _people(office_id)
    found = list_facilities(reader(), office_id, retired=True)
    problem = wrong if isinstance(wrong, FacilityForm) else None
    rules = get_follow_up_rules(reader(), office_id)
    return render_template(
        "facilities/list.html",
        facilities=[(each, _form(each, people, problem)) for each in found],
        new=problem if problem is not None and problem.place == "new" else FacilityForm("new", people, formdata=None),
        rules_form=wrong if isinstance(wrong, RulesForm) else RulesForm.of(rules),
        form=wrong,
        language_path=url_for("facilities.listed", office_id=office_id),
    )


def _form(facility: OwnedFacility, people: list[tuple[int, str]], problem: FacilityForm | None) -> FacilityForm:
    place = f"f{facility.id}"
    if problem is not None and problem.place == place:
        return problem
    listed_ids = {each for each, _ in people}
    # Somebody who left still stands there until another is chosen.
    if facility.owner_id is not None and facility.owner_id not in listed_ids:
        people = [*people, (facility.owner_id, facility.owner or "–")]
    return FacilityForm(
        place,
        people,
        formdata=None,
        name_id=facility.name["id"],
        name_en=facility.name["en"],
        owner=str(facility.owner_id or ""),
        retired=facility.retired,
    )
