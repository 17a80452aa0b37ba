"""What a request that was sent too late leaves to be kept: the words that were typed, and the page it was sent from."""

import re
from typing import Final

from flask import request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from desk.web.context import cookie_key
from desk.web.navigation import all_places

# The ends of the names of fields into which people write; forms that stand on one page together have a prefix, and what
# is written in two languages has the language behind it. In the browser whole forms come back (`typed_again.js`).
WORDS: Final = frozenset(
    {
        "address", "body", "comment", "email", "expects", "intro", "label", "location", "name", "note", "papers",
        "public", "reason", "requirements", "subject", "title", "words",
    }
)  # fmt: skip
_LANGUAGE: Final = re.compile(r"_(?:id|en)$")
_FACES: Final = {place.endpoint.partition(".")[0]: place.endpoint for place in all_places()}


def typed_words() -> list[str]:
    """Return what somebody wrote into a form of ours that could not be taken; nothing that another site sent."""
    if not _is_ours():
        return []
    fields = request.form.items(multi=True)
    return [text for name, text in fields if _written(name) in WORDS and text.strip()]


def _written(name: str) -> str:
    """Return what a field is called without the prefix of its form and its language."""
    return _LANGUAGE.sub("", name.rpartition("-")[2])


def _is_ours() -> bool:
    """Tell whether the form was given out by us, be it under a session that is over, and sent from a page of ours."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    signed = URLSafeTimedSerializer(cookie_key(), salt="wtf-csrf-token")
    try:
        signed.loads(request.form.get("csrf_token", ""))
    except BadData:
        return False
    return True


def place_before() -> str:
    """Return the page of the face a request was sent to, nothing where that face has none."""
    endpoint, arguments = _FACES.get(request.blueprint or ""), request.view_args or {}
    if endpoint is None:
        return ""
    return url_for(endpoint, office_id=arguments.get("office_id"), transaction=arguments.get("transaction_id"))
