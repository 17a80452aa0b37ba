"""The start page: which offices there are and where their faces are; and whether the desk is ready."""

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select, text

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
    return render_template("home/index.html", offices=offices)


@blueprint.get("/healthz")
@access(PUBLIC)
def health() -> ResponseReturnValue:
    """Answer once the database answers."""
    reader().execute(text("SELECT 1"))
    return jsonify(status="ok")
