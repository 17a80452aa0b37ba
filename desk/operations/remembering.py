"""What was answered to a request under its key, so that a repeat gets the first answer."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from desk.domain.refusals import Reason, Refused
from desk.models import Remembered
from desk.models.prepared import Prepared
from desk.operations.requests import Done, Request
from desk.operations.writing import inserting

REMEMBERED: Any = Remembered.__table__
REMEMBER = inserting("remembered", ("office_id", "scope", "key", "request_hash", "answer", "at"))
RECALL = Prepared(
    select(REMEMBERED.c.request_hash, REMEMBERED.c.answer).where(
        REMEMBERED.c.office_id == bindparam("office"),
        REMEMBERED.c.scope == bindparam("scope"),
        REMEMBERED.c.key == bindparam("key"),
    )
)


def find_remembered(connection: Connection, office_id: int, request: Request) -> Done | None:
    """Return what was answered before, None for a request that is new or has no key.

    Raises `Refused(KEY_REUSED)` where the key was used for another request.
    """
    if request.key is None:
        return None
    row = RECALL.first(connection, {"office": office_id, "scope": request.scope, "key": request.key})
    if row is None:
        return None
    # Of requests from before nothing is kept that could be tried out: there the key alone decides.
    if row.request_hash and row.request_hash != request.digest:
        raise Refused(Reason.KEY_REUSED)
    return Done(**{**json.loads(row.answer), "repeated": True})


def remember(connection: Connection, office_id: int, request: Request, done: Done, *, at: datetime) -> None:
    """Keep the answer under the key of the request, where it has one."""
    if request.key is None:
        return
    row = {"office_id": office_id, "scope": request.scope, "key": request.key, "request_hash": request.digest}
    REMEMBER.run(connection, {**row, "answer": done.to_json(), "at": at})
