"""The kiosk reads its pages aloud in the voice of the server, where that has one.

The server says what it has written on a page itself and nothing else: each part of a page carries an address with its
words under the seal of the desk, and an address without one is not found. What a visitor typed is on no such part.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotEncoded
from typing import Final

from flask import Blueprint, Response, abort, current_app, g, request, url_for
from flask.typing import ResponseReturnValue

from desk.announcing.reading import Busy, Readings
from desk.domain.access import PUBLIC
from desk.domain.announcing import LANGUAGES
from desk.domain.audit import digest_of
from desk.web.access import access
from desk.web.administration.calls_by_voice import voice_shelf
from desk.web.context import desk, language, reader
from desk.web.kiosk.spoken_parts import marked
from desk.web.lobby.device_cookie import at_kiosk

blueprint = Blueprint("read_aloud", __name__)
FOLDER: Final = "read-aloud"
BUTTON: Final = b" data-read "  # on every page of a kiosk, and on no other
MOST_SIGNS: Final = 6000
KEPT_SECONDS: Final = 3600
SOON_S: Final = "2"


@blueprint.get("/offices/<int:office_id>/kiosk/aloud/<spoken>/<sealed>")
@access(PUBLIC)
def said(office_id: int, spoken: str, sealed: str) -> ResponseReturnValue:
    """Return what a part of a page says, as sound."""
    at_kiosk(office_id)
    words = _opened(spoken, sealed)
    if words is None:
        abort(404)
    reader().rollback()  # the synthesiser takes its time; nothing more is asked of the database
    try:
        sound = readings().say(spoken, words)
    except Busy:
        return Response(status=503, headers={"Retry-After": SOON_S})
    if sound is None:
        abort(404)
    response = Response(sound, mimetype="audio/wav")
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response.add_etag()
    return response.make_conditional(request)


def readings() -> Readings:
    """Return what this installation has read aloud, and reads."""
    found: Readings = current_app.extensions.setdefault(
        "desk.readings", Readings(desk().settings.data / FOLDER, voice_shelf())
    )
    return found


def give_voice(response: Response) -> Response:
    """Let each part of a page of a kiosk say where it can be heard; runs after every view."""
    if response.mimetype == "text/html" and response.is_sequence and BUTTON in response.get_data():
        response.set_data(voiced(response.get_data(as_text=True)))
    return response


def voiced(page: str) -> str:
    """Return a page, or what changes of one, whose parts say where they can be heard: nowhere for an empty address."""
    return marked(page, language(), _place_of)


def _place_of(spoken: str, words: str) -> str:
    office = g.get("office")
    if office is None or spoken not in LANGUAGES or not readings().can_say(words):
        return ""
    key = desk().streams.keys.links
    return url_for("read_aloud.said", office_id=office.id, spoken=spoken, sealed=sealed_words(key, spoken, words))


def sealed_words(key: bytes, spoken: str, words: str) -> str:
    """Return words as they stand in an address: packed, with the seal that only this desk can put on them."""
    return f"{urlsafe_b64encode(words.encode()).decode().rstrip('=')}.{_seal(key, spoken, words)}"


def _opened(spoken: str, sealed: str) -> str | None:
    """Return the words of a part, None where they bear no seal of this desk."""
    packed, _, seal = sealed.partition(".")
    if spoken not in LANGUAGES or len(packed) > MOST_SIGNS or not packed.isascii():
        return None
    try:
        words = urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
    except (NotEncoded, ValueError):
        return None
    right = _seal(desk().streams.keys.links, spoken, words)
    return words if hmac.compare_digest(right.encode(), seal.encode()) else None


def _seal(key: bytes, spoken: str, words: str) -> str:
    return digest_of(key, f"read aloud\n{spoken}\n{words}")
