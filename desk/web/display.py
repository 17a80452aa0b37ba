"""The lobby display: which number goes to which counter. Numbers only; nobody's name ever reaches this page."""

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from desk.domain.access import PUBLIC
from desk.reads.board import Board, get_board
from desk.reads.devices import PairedDevice
from desk.web.access import access
from desk.web.context import desk, language, reader
from desk.web.device_cookie import at_display

blueprint = Blueprint("display", __name__)


@blueprint.get("/offices/<int:office_id>/display")
@access(PUBLIC)
def board(office_id: int) -> ResponseReturnValue:
    """Show the board."""
    device = at_display(office_id)
    return render_template("display/page.html", board=_board(office_id, device))


@blueprint.get("/offices/<int:office_id>/display/board")
@access(PUBLIC)
def fragment(office_id: int) -> ResponseReturnValue:
    """Return the part of the page that changes; unchanged since last time, it is not sent again."""
    device = at_display(office_id)
    response = make_response(render_template("display/_board.html", board=_board(office_id, device)))
    response.add_etag()
    return response.make_conditional(request)


def _board(office_id: int, device: PairedDevice | None) -> Board:
    """Return the board; a paired display may show the calls of some counters only."""
    counters = frozenset() if device is None else device.counters
    return get_board(reader(), office_id, language=language(), at=desk().streams.clock(), counters=counters)
