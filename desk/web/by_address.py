"""Forms that a browser without cookies may send: the token in the address, which nobody guesses, is what allows them.

A form of the staff needs the token of its session, since the session is what another site could make use of. These
need no session: whoever has the address may answer, whoever has not cannot send anything there. What another site could
still do is send the visitors' browsers to a poster whose address it knows; that is refused where the browser says so.
"""

from typing import Final

from flask import request
from flask_wtf.csrf import CSRFError

# By endpoint, the view as Flask-WTF names it.
FORMS: Final = {
    "survey.send": "desk.web.survey.by_link.send",
    "tablet.send": "desk.web.survey.tablet.send",
    "posters.send": "desk.web.survey.posters.send",
    "unsubscribe.take_back": "desk.web.visitor.unsubscribe.take_back",
}
OURS: Final = frozenset({"same-origin", "none"})


def refuse_other_sites() -> None:
    """Refuse a form of these that the browser says stood on a page of another site."""
    if request.method == "POST" and request.endpoint in FORMS and _is_from_elsewhere():
        raise CSRFError("from another site")


def _is_from_elsewhere() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in OURS
    # An older browser names the origin; "null", since our pages ask it to tell nothing, says nothing.
    origin = request.headers.get("Origin", "null")
    return origin not in ("null", request.host_url.rstrip("/"))
