"""One line a request, never with a query string and never with a visitor's token.

`/v/<token>`, `/s/<token>` and the others of `SECRET_PREFIXES` are logged as `/v/…`, `/s/…`; a part of any other path
that is long enough to be a token is not written down either.
"""

import logging
import time
from urllib.parse import quote

from desk.push.asgi import Message, Scope, Send

logger = logging.getLogger("desk.access")

SECRET_PREFIXES = frozenset({"v", "s", "u", "p", "tablet", "voice"})
LONGEST_PLAIN = 20
_HIDDEN = "…"


def redacted(path: str) -> str:
    """Return a (decoded) path as it may be written down: tokens left out, odd characters quoted."""
    parts = path.split("/")
    secret = len(parts) > 2 and parts[1].lower() in SECRET_PREFIXES
    if secret:
        return f"/{quote(parts[1])}/{_HIDDEN}"
    return "/".join(_HIDDEN if len(part) > LONGEST_PLAIN else quote(part, safe=":@") for part in parts)


def logged(scope: Scope, send: Send) -> Send:
    """Return a `send` that writes the line when the answer begins."""
    if not logger.isEnabledFor(logging.INFO):
        return send
    began = time.perf_counter()

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            took = 1000 * (time.perf_counter() - began)
            address = (scope.get("client") or ("-",))[0]
            logger.info(
                "%s %s %s %d %.1f ms", address, scope["method"], redacted(scope["path"]), message["status"], took
            )
        await send(message)

    return sending
