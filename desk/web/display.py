"""The lobby display: which number goes to which counter. Numbers only; nobody's name ever reaches this page."""

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from desk.domain.access import PUBLIC
from desk.reads.board import Board, get_board
from desk.web.access import access
from desk.web.context import desk, get_office, language, reader

blueprint = Blueprint("display", __name__)


@blueprint.get("/offices/<int:office_id>/display")
@access(PUBLIC)
def board(office_id: int) -> ResponseReturnValue:
    """Show the board."""
    get_office(office_id)
    return render_template("display/page.html", board=_board(office_id))


@blueprint.get("/offices/<int:office_id>/display/board")
@access(PUBLIC)
def fragment(office_id: int) -> ResponseReturnValue:
    """Return the part of the page that changes; unchanged since last time, it is not sent again."""
    get_office(office_id)
    response = make_response(render_template("display/_board.html", board=_board(office_id)))
    response.add_etag()
    return response.make_conditional(request)


def _board(office_id: int) -> Board:
    return get_board(reader(), office_id, language=language(), at=desk().streams.clock())
