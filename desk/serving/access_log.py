"""One line a request, and its id in every answer.

The line says which route answered, not which address was asked for: addresses hold tokens, and queries what people
typed. Who asked is not in it either; a proxy of one's own knows the client, and the request by the same id.
"""

import logging
import time
from typing import Any, Final

from desk.domain.identity import EVENT_BITS, MAX_OFFICE_ID
from desk.logs import FACTS, RequestMarks, given_request_id, new_request_id
from desk.push.asgi import Message, Scope, Send, header
from desk.serving.bridge import route_of

logger = logging.getLogger("desk.access")

HEADER: Final = b"x-request-id"
NO_ROUTE: Final = "-"
STREAM: Final = "/offices/<int:office_id>/stream"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# "/api/v1/offices/3/visits" in pieces: where the id stands.
_ID_PLACE: Final = 4


def marks_of(scope: Scope, *, proxies: int) -> RequestMarks:
    """Return a request's id: what a proxy of ours calls it, else a new one."""
    given = given_request_id(header(scope, HEADER)) if proxies else None
    return RequestMarks(given or new_request_id())


class Exchange:
    """One request and its answer, which carries the id; `tell` writes the line."""

    __slots__ = ("_began", "_header", "_marks", "_scope", "_send", "_size", "_status")

    def __init__(self, scope: Scope, send: Send, marks: RequestMarks) -> None:
        self._scope = scope
        self._send = send
        self._marks = marks
        self._header = (HEADER, marks.id.encode())
        self._status = self._size = 0
        self._began = time.perf_counter()

    async def send(self, message: Message) -> None:
        """Send on what is said, with the id."""
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], self._header]
            self._status = message["status"]
        else:
            self._size += len(message.get("body", b""))
        await self._send(message)

    def tell(self, route: str | None = None) -> None:
        """Write the line, when everything was said."""
        if not logger.isEnabledFor(logging.INFO):
            return
        environ = self._marks.environ
        route = route or (route_of(environ) if environ is not None else "") or NO_ROUTE
        facts = {
            "method": self._scope["method"] if self._scope["method"] in METHODS else "other",
            "route": route,
            "status": self._status,
            "ms": round(1000 * (time.perf_counter() - self._began), 1),
            "bytes": self._size,
        }
        office = _office(self._scope["path"]) if route == STREAM else office_in(environ, route)
        told = facts if office is None else {**facts, "office": office}
        logger.info("%(method)s %(route)s %(status)d %(ms).1f ms %(bytes)d B", facts, extra={FACTS: told})


def office_in(environ: dict[str, Any] | None, route: str) -> int | None:
    """Return the office that an address names, in itself or in an id; None where it names none."""
    if environ is None:
        return None
    arguments: dict[str, Any] = environ.get("desk.arguments") or {}
    if "office_id" in arguments:
        return _number(arguments["office_id"])
    ids = [each for each in arguments.values() if isinstance(each, int)] or _in_api(environ["PATH_INFO"])
    if route.startswith("/api/") and "/offices/<int:" in route:
        return next(iter(ids), None)
    return next((found for found in map(_behind, ids) if found is not None), None)


def _in_api(path: str) -> list[int]:
    """Return the id in an address of the API that its short way answered."""
    parts = path.split("/")[_ID_PLACE : _ID_PLACE + 1]
    return [int(part) for part in parts if part.isascii() and part.isdigit()]


def _office(path: str) -> int | None:
    return _number(path.split("/")[2])


def _number(value: Any) -> int | None:
    return int(value) if str(value).isdigit() else None


def _behind(entity_id: int) -> int | None:
    """Return the office that an id tells, as `desk.domain.identity` does; None for an id that tells none."""
    office_id = entity_id >> EVENT_BITS
    return office_id if 0 < office_id <= MAX_OFFICE_ID else None
