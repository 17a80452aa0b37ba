"""The WSGI environment (PEP 3333) of an ASGI request."""

import io
import sys
from typing import Any

from desk.push.asgi import Scope

Environ = dict[str, Any]

_CONSTANT: Environ = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}
_BARE_NAMES = {"CONTENT_TYPE", "CONTENT_LENGTH"}


def environ_of(scope: Scope, body: bytes) -> Environ:
    """Return what a WSGI application expects, the body already read."""
    host, port = scope.get("server") or ("localhost", 80)
    environ = _CONSTANT | {
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": scope["path"].encode("utf-8").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
    }
    for name, value in scope["headers"]:
        _add(environ, name.decode("latin-1"), value.decode("latin-1"))
    if "CONTENT_LENGTH" not in environ and body:  # it came in chunks of untold length
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
    return environ


def _add(environ: Environ, name: str, value: str) -> None:
    if "_" in name:  # would pass for the header with a dash in its place
        return
    key = name.upper().replace("-", "_")
    key = key if key in _BARE_NAMES else f"HTTP_{key}"
    environ[key] = f"{environ[key]},{value}" if key in environ else value
