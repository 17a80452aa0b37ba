"""The start page: which offices there are and where their faces are."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from desk.domain.access import PUBLIC
from desk.models import Office
from desk.web.access import access
from desk.web.context import reader

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@access(PUBLIC)
def index() -> ResponseReturnValue:
    """List the offices with their faces."""
    offices = reader().execute(select(Office.id, Office.name, Office.address).order_by(Office.id)).all()
    return render_template("home/index.html", offices=offices)  # without an office, it leads to the first run
