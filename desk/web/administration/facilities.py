"""What an administrator sets about complaints: facilities with those in charge, and when somebody follows up."""

from dataclasses import asdict
from functools import partial
from typing import Any, Final

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from desk.operations.settings import facilities as operations
from desk.operations.settings import follow_up_settings
from desk.operations.settings.facilities import OWNERS
from desk.reads.complaints import OwnedFacility, list_facilities
from desk.reads.follow_up_rules import get_follow_up_rules
from desk.reads.office_day import get_day
from desk.reads.staff import list_members
from desk.web.access import access
from desk.web.administration.planning import PlannedForm, in_place, submitted
from desk.web.context import desk, get_office, reader
from desk.web.forms.complaints import FacilityForm
from desk.web.forms.follow_ups import RULES, RulesForm
from desk.web.meanwhile import marks_of
from desk.web.supervision.voices import KEEPING

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
    form = _new(_people(office_id))
    return submitted(office_id, form, _page, _target(office_id), kind=operations.KIND)


@blueprint.post(f"{FACILITIES}/<int:facility_id>")
@access(KEEPING)
def change(office_id: int, facility_id: int) -> ResponseReturnValue:
    """Reword a facility, name the person in charge, or retire it."""
    get_office(office_id)
    found = next((each for each in list_facilities(reader(), office_id, retired=True) if each.id == facility_id), None)
    if found is None:
        abort(404)
    form = FacilityForm(f"f{facility_id}", _with_owner(_people(office_id), found))
    current, target = _current(found), _target(office_id)
    return submitted(office_id, form, _page, target, kind=operations.KIND, current=current, subject=facility_id)


@blueprint.post("/offices/<int:office_id>/follow-up-rules")
@access(KEEPING)
def change_rules(office_id: int) -> ResponseReturnValue:
    """Set when somebody follows up, and until when."""
    get_office(office_id)
    form = RulesForm(RULES)
    current = asdict(get_follow_up_rules(reader(), office_id))
    return submitted(office_id, form, _page, _target(office_id), kind=follow_up_settings.KIND, current=current)


def _target(office_id: int) -> str:
    return url_for("facilities.listed", office_id=office_id)


def _people(office_id: int) -> list[tuple[int, str]]:
    day = get_day(reader(), office_id, at=desk().streams.clock()).today
    members = list_members(reader(), office_id, day=day)
    return [(each.id, each.name) for each in members if each.active and each.roles & {*OWNERS}]


def _with_owner(people: list[tuple[int, str]], facility: OwnedFacility) -> list[tuple[int, str]]:
    """Return who can be in charge; somebody who left still stands there until another is chosen."""
    if facility.owner_id is None or facility.owner_id in {each for each, _ in people}:
        return people
    return [*people, (facility.owner_id, facility.owner or "–")]


def _page(office_id: int, wrong: PlannedForm | None = None) -> str:
    """Return the page; a form that came back with errors takes the place of its own."""
    shown = partial(in_place, wrong)
    people = _people(office_id)
    found = list_facilities(reader(), office_id, retired=True)
    return render_template(
        "facilities/list.html",
        facilities=[(each, shown(_form(each, _with_owner(people, each)))) for each in found],
        new=shown(_new(people, formdata=None)),
        rules_form=shown(RulesForm.of(get_follow_up_rules(reader(), office_id))),
        form=wrong,
        language_path=_target(office_id),
    )


def _new(people: list[tuple[int, str]], **more: Any) -> FacilityForm:
    form = FacilityForm("new", people, **more)
    del form.retired
    return form


def _form(facility: OwnedFacility, people: list[tuple[int, str]]) -> FacilityForm:
    current = _current(facility)
    names = {name: current[name] for name in operations.NAMES}
    return FacilityForm(
        f"f{facility.id}",
        people,
        formdata=None,
        shown=marks_of(current),
        owner=str(facility.owner_id or ""),
        retired=facility.retired,
        **names,
    )


def _current(facility: OwnedFacility) -> dict[str, Any]:
    """Return what can be changed of a facility, as it is."""
    names = {"name_id": facility.name["id"], "name_en": facility.name["en"]}
    return {**names, "owner_id": facility.owner_id, "retired": facility.retired}
