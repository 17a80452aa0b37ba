"""Sending what phones load in fewer bytes: files that are the same for everybody, and the visitor's first page.

Other pages are sent as they are: a page that holds the token of a form beside what somebody else can have written into
it would tell of the token by its length (the BREACH attack, 2013). The visitor's page holds no form and no token but
that of its own address, which whoever has it asked for knows.
"""

import gzip
from functools import lru_cache
from typing import Final

from flask import Response, request

STATIC: Final = "static"
PAGES: Final = frozenset({"visitor.page"})
KINDS: Final = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml", "text/html"})
SMALLEST: Final = 400  # bytes; less does not get shorter


def compress(response: Response) -> Response:
    """Compress an answer where that may be, and the browser says that it can read it."""
    may = request.endpoint == STATIC or request.endpoint in PAGES
    if not may or response.status_code != 200 or response.mimetype not in KINDS:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0 or "Content-Encoding" in response.headers:
        return response
    response.direct_passthrough = False
    content = response.get_data()
    if len(content) < SMALLEST:
        return response
    etag, _ = response.get_etag()
    response.set_data(_kept(content) if request.endpoint == STATIC else gzip.compress(content, 6))
    response.headers["Content-Encoding"] = "gzip"
    if etag is not None:
        response.set_etag(etag, weak=True)  # of the same file in other bytes
    return response


@lru_cache(maxsize=200)
def _kept(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)
