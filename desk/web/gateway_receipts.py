"""Where the gateway for messages to phones says what became of them; proved by a signature, known by no cookie."""

from typing import Final

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from desk.delivery.receipts import (
    SIGNATURE,
    TIMESTAMP,
    Receipts,
    UnprovenReceipt,
    UnreadableReceipt,
    read_receipt,
    require_proof,
)
from desk.domain.access import PUBLIC
from desk.web.access import access
from desk.web.context import desk

blueprint = Blueprint("gateway_receipts", __name__)
MACHINES: Final = "desk.web.gateway_receipts.take"  # the view that takes a POST without the token of a form
LONGEST: Final = 16 * 1024


@blueprint.post("/gateway/receipts")
@access(PUBLIC)
def take() -> ResponseReturnValue:
    """Take one receipt in: 204 also for one that is known, 401 without proof, 422 for a body that says nothing."""
    settings, at = desk().settings.gateway, desk().streams.clock()
    if (request.content_length or 0) > LONGEST:
        return "", 413
    body = request.get_data(cache=False)
    try:
        require_proof(settings, body, request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, ""), at=at)
        receipt = read_receipt(settings, body)
    except UnprovenReceipt:
        return "", 401
    except UnreadableReceipt:
        return "", 422
    if receipt is not None:
        Receipts(desk().streams.engine, desk().streams.keys.links).take(receipt, at)
    return "", 204
