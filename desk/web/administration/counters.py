"""Counters and back-office desks of an office: a line each, opened to be changed, and a form for one more."""

from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from desk.domain.access import Role
from desk.operations.settings import counters
from desk.reads.office_settings import CounterView, list_counters
from desk.web.access import access, in_office
from desk.web.administration.planning import submitted
from desk.web.context import get_office, reader
from desk.web.forms.administration import CounterForm
from desk.web.meanwhile import marks_of

blueprint = Blueprint("administration_counters", __name__)
ADMINISTERING = in_office(Role.ADMIN)
COUNTERS = "/offices/<int:office_id>/counter-settings"
NEW = "new"


@blueprint.get(COUNTERS)
@access(ADMINISTERING)
def listed(office_id: int) -> ResponseReturnValue:
    """List counters and desks, those no longer used last."""
    get_office(office_id)
    return _page(office_id)


@blueprint.post(COUNTERS)
@access(ADMINISTERING)
def add(office_id: int) -> ResponseReturnValue:
    """Add a counter or a desk."""
    get_office(office_id)
    form = CounterForm(NEW)
    return submitted(office_id, form, _page, _target(office_id), kind=counters.KIND)


@blueprint.post(f"{COUNTERS}/<int:counter_id>")
@access(ADMINISTERING)
def change(office_id: int, counter_id: int) -> ResponseReturnValue:
    """Rename one, number it otherwise, retire it, or bring it back."""
    get_office(office_id)
    found = next((each for each in list_counters(reader(), office_id) if each.id == counter_id), None)
    if found is None:
        abort(404)
    form = CounterForm(f"c{counter_id}")
    target = _target(office_id)
    return submitted(office_id, form, _page, target, kind=counters.KIND, current=_known(found), subject=counter_id)


def _target(office_id: int) -> str:
    return url_for("administration_counters.listed", office_id=office_id)


def _page(office_id: int, wrong: CounterForm | None = None) -> str:
    """Return the page; a form that came back with errors takes the place of its own."""
    found = list_counters(reader(), office_id)
    free = next(each for each in range(1, 10_000) if each not in {one.number for one in found if not one.retired})
    fresh = CounterForm(NEW, formdata=None, number=free)
    return render_template(
        "administration/counters.html",
        counters=[(each, _form(each, wrong)) for each in found],
        new=wrong if wrong is not None and wrong.place_on_page == NEW else fresh,
        form=wrong,
        language_path=_target(office_id),
    )


def _form(counter: CounterView, wrong: CounterForm | None) -> CounterForm:
    place = f"c{counter.id}"
    if wrong is not None and wrong.place_on_page == place:
        return wrong
    known = _known(counter)
    return CounterForm(place, formdata=None, shown=marks_of(known), **known)


def _known(counter: CounterView) -> dict[str, Any]:
    """Return what can be changed of a counter, as it is."""
    where = {"location_id": counter.location_id, "location_en": counter.location_en}
    names = {"name": counter.name, "name_en": counter.name_en}
    return {"number": counter.number, **names, "retired": counter.retired, **where}
