"""Pools of back-office staff: who is accountable, who takes work from each."""

from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from desk.domain.access import Role
from desk.operations.settings import pools
from desk.reads.changes import list_setters
from desk.reads.office_settings import PoolView, list_handlers, list_pools
from desk.web.access import access, in_office
from desk.web.administration.planning import submitted
from desk.web.context import get_office, reader
from desk.web.forms.administration import PoolForm
from desk.web.meanwhile import marks_of

blueprint = Blueprint("administration_pools", __name__)
ADMINISTERING = in_office(Role.ADMIN)
POOLS = "/offices/<int:office_id>/pools"
NEW = "new"


@blueprint.get(POOLS)
@access(ADMINISTERING)
def listed(office_id: int) -> ResponseReturnValue:
    """List the pools, those no longer used last."""
    get_office(office_id)
    return _page(office_id)


@blueprint.post(POOLS)
@access(ADMINISTERING)
def add(office_id: int) -> ResponseReturnValue:
    """Add a pool."""
    get_office(office_id)
    form = PoolForm(NEW, list_handlers(reader(), office_id))
    return submitted(office_id, form, _page, _target(office_id), kind=pools.KIND)


@blueprint.post(f"{POOLS}/<int:pool_id>")
@access(ADMINISTERING)
def change(office_id: int, pool_id: int) -> ResponseReturnValue:
    """Give a pool another name, head or members, retire it, or bring it back."""
    get_office(office_id)
    found = next((each for each in list_pools(reader(), office_id) if each.id == pool_id), None)
    if found is None:
        abort(404)
    form = PoolForm(f"p{pool_id}", _people(office_id, found))
    target = _target(office_id)
    return submitted(office_id, form, _page, target, kind=pools.KIND, current=_current(found), subject=pool_id)


def _target(office_id: int) -> str:
    return url_for("administration_pools.listed", office_id=office_id)


def _people(office_id: int, pool: PoolView) -> list[tuple[int, str]]:
    """Return who can be chosen: who can be in a pool, and whoever is in this one until somebody else is chosen."""
    people = list_handlers(reader(), office_id)
    names, known = dict(list_setters(reader(), office_id)), {each for each, _ in people}
    gone = [each for each in pool.members if each not in known]
    return [*people, *((each, names.get(each, str(each))) for each in gone)]


def _page(office_id: int, wrong: PoolForm | None = None) -> str:
    """Return the page; a form that came back with errors takes the place of its own."""
    names = dict(list_setters(reader(), office_id))
    fresh = PoolForm(NEW, list_handlers(reader(), office_id), formdata=None)
    return render_template(
        "administration/pools.html",
        pools=[(each, _form(office_id, each, wrong)) for each in list_pools(reader(), office_id)],
        new=wrong if wrong is not None and wrong.place_on_page == NEW else fresh,
        names=names,
        form=wrong,
        language_path=_target(office_id),
    )


def _form(office_id: int, pool: PoolView, wrong: PoolForm | None) -> PoolForm:
    place = f"p{pool.id}"
    if wrong is not None and wrong.place_on_page == place:
        return wrong
    members = [str(each) for each in pool.members]
    known = {"name": pool.name, "head": str(pool.head), "members": members, "retired": pool.retired}
    return PoolForm(place, _people(office_id, pool), formdata=None, shown=marks_of(_current(pool)), **known)


def _current(pool: PoolView) -> dict[str, Any]:
    """Return what can be changed of a pool, as it is."""
    return {"name": pool.name, "head": pool.head, "members": pool.members, "retired": pool.retired}
