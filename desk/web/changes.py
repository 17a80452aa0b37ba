"""What changed since an event: the polling that stands in where a page's event stream does not come through."""

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue

from desk.domain.access import PUBLIC
from desk.domain.topics import topics_of
from desk.push.changes import changes_since
from desk.web.access import access
from desk.web.context import desk, get_office

blueprint = Blueprint("changes", __name__)


@blueprint.get("/offices/<int:office_id>/changes")
@access(PUBLIC)
def since(office_id: int) -> ResponseReturnValue:
    """Answer the newest event number and the topics that changed after `since`; no ids and no names."""
    get_office(office_id)
    number = request.args.get("since", type=int)
    if number is None or not 0 <= number < 1 << 40:
        abort(400)
    engine = desk().streams.engine.execution_options(desk_writes=False)  # whoever polls must not queue with writers
    found = changes_since(engine, office_id, number, topics_of=topics_of)
    return jsonify(number=found.number, topics=sorted(found.topics))
