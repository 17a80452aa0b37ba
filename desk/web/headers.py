"""Headers on every answer, errors included: what a page may load, who may frame it, what may be kept.

What can only be a part of a page, a sheet, a script, a picture of dots, has of these what holds for parts: the rest
would be a seventh of what a phone loads first. A browser that opens such a file by itself shows text or a picture.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from flask import Flask, Response, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
FIXED: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
OF_PARTS: Final = ("X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Resource-Policy")
# A picture of lines (SVG) is a document; a script that is no file of ours may be a worker, with a policy of its own.
PARTS: Final = ("text/css", "image/png", "image/jpeg", "image/webp", "font/woff2")
SCRIPTS: Final = ("text/javascript", "application/javascript")
STATIC_SECONDS: Final = 3600
NOT_KEPT: Final = ("Cache-Control", "no-store")
ENCRYPTED_ONLY: Final = ("Strict-Transport-Security", "max-age=31536000")

Pairs = list[tuple[str, str]]  # named, since a function within a function has its annotations worked out every time
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def with_fixed_headers(application: Wsgi) -> Wsgi:
    """Return the application with the headers that are the same on every answer of a kind."""
    fixed = list(FIXED.items())
    of_parts = [(name, FIXED[name]) for name in OF_PARTS]

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        kinds = PARTS + SCRIPTS if environ["PATH_INFO"].startswith("/static/") else PARTS

        def start(status: str, headers: Pairs, *error: Any) -> Any:
            is_part = any(name == "Content-Type" and value.startswith(kinds) for name, value in headers)
            return start_response(status, headers + (of_parts if is_part else fixed), *error)

        return application(environ, start)

    return answer


def never_kept(application: Wsgi) -> Wsgi:
    """Return an application whose answers are all somebody's with what `add_headers` says of such."""
    plain = [NOT_KEPT]
    secure = [NOT_KEPT, ENCRYPTED_ONLY]

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        more = secure if environ["wsgi.url_scheme"] == "https" else plain

        def start(status: str, headers: Pairs, *error: Any) -> Any:
            return start_response(status, headers + more, *error)

        return application(environ, start)

    return answer


class CookieSessions(SecureCookieSessionInterface):
    """Sessions in cookies; a page that is the same for everybody (`g.for_everybody`) sets none, nor varies by one."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie of an answer that is somebody's."""
        if not g.get("for_everybody"):
            super().save_session(app, session, response)


def add_headers(response: Response) -> Response:
    """Say of an answer who may keep it; personal pages are never kept by anybody on the way."""
    if request.is_secure:
        response.headers.setdefault(*ENCRYPTED_ONLY)
    if request.endpoint == "static" and response.status_code in (200, 304):  # an error page there is somebody's
        response.headers["Cache-Control"] = f"public, max-age={STATIC_SECONDS}"
    else:
        response.headers.setdefault(*NOT_KEPT)
    return response
