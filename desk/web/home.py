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
    """List the offices with their faces."""
    offices = reader().execute(select(Office.id, Office.name, Office.address).order_by(Office.id)).all()
    person = find_person()
    places = {each.id: navigation(person, each) for each in offices} if person is not None else None
    # without an office, it leads to the first run
    return render_template("home/index.html", all_offices=offices, places=places, frame=frame_here())
