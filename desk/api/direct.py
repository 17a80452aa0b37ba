"""The short way of a request through the API: from WSGI straight to its route and back.

Flask's contexts, its map of addresses and its objects for requests and answers cost a quarter of a call of the next
visitor. A path of ours with its id in it needs none of them as long as nothing is to be put into words; whatever else
comes (no id, no such path or method), and every refusal and error, is Flask's.
"""

from collections.abc import Iterable
from typing import Any, Final

from flask import Flask

from desk.api.bearer import Known
from desk.api.incoming import JSON_TYPE
from desk.api.routing import ID, Route, respond

# "/api/v1/transactions/7/start" in pieces: where the id stands, and how many digits it has at most.
ID_PLACE: Final = 4
ID_DIGITS: Final = 16
# Where whoever counts requests finds the route of one that Flask has not seen.
ROUTE: Final = "desk.route"


class Direct:
    """The WSGI application in the place of the one it is given."""

    def __init__(self, api: Flask, prefix: str, routes: Iterable[Route], known: Known) -> None:
        self._api = api
        self._flask = api.wsgi_app
        self._known = known
        self._routes = {(each.method, prefix + each.path): each for each in routes if ID in each.path}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        parts = environ["PATH_INFO"].split("/")
        number = parts[ID_PLACE] if len(parts) > ID_PLACE else ""
        if not (number.isascii() and number.isdigit() and len(number) <= ID_DIGITS):
            return self._flask(environ, start_response)
        parts[ID_PLACE] = ID
        path = "/".join(parts)
        route = self._routes.get((environ["REQUEST_METHOD"], path))
        if route is None:
            return self._flask(environ, start_response)
        environ[ROUTE] = path
        return self._answer(route, int(number), environ, start_response)

    def _answer(self, route: Route, entity_id: int, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        try:
            body, status, headers = respond(route, entity_id, environ, self._known)
        except Exception as error:  # noqa: BLE001  whatever it is, it gets the answer it would have got in Flask
            return self._refuse(error, environ, start_response)
        length = ("Content-Length", str(len(body)))
        start_response(f"{status.value} {status.phrase}", [("Content-Type", JSON_TYPE), length, *headers])
        return (body,)

    def _refuse(self, error: Exception, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self._api.request_context(environ):
            response = self._api.finalize_request(self._api.handle_user_exception(error))
            return response(environ, start_response)
