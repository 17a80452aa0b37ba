"""The start page: which offices there are and where their faces are; to staff, what they may open in each."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from desk.domain.access import PUBLIC
from desk.models import Office
from desk.web.access import access
from desk.web.context import reader
from desk.web.locale import find_person
from desk.web.navigation import navigation
from desk.web.staff_frame import frame_here

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@access(PUBLIC)
def index() -> ResponseReturnValue:
    """List the offices with their faces; those that are closed for good, to their staff only and last."""
    query = select(Office.id, Office.name, Office.address, Office.retired_at)
    found = reader().execute(query.order_by(Office.retired_at.is_not(None), Office.id)).all()
    person = find_person()
    places = {each.id: navigation(person, each) for each in found} if person is not None else None
    shown = [each for each in found if each.retired_at is None or (places or {}).get(each.id)]
    # without an office, it leads to the first run
    return render_template("home/index.html", all_offices=shown, places=places, frame=frame_here())
