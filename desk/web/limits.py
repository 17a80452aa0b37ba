"""Rate limits on what anybody may send: sign-in, public check-in, survey. Only POSTs count.

Each is for one address and holds over all processes; at the sign-in a device that is known for the user name counts for
itself, at its second step whoever is half way in. Thirty sign-ins a minute from one address shut out, for that minute,
who comes from there with a device that is not known: the price of bounding guesses over all names. How long somebody
waits after wrong passwords: `desk.limiting.patience`, which locks nobody out.
"""

import re
from http import HTTPStatus
from math import ceil
from time import time
from typing import Any, Final

from flask import Flask, Response, abort, current_app, g, request, session
from flask_limiter import Limiter

from desk.domain.tokens import hash_of
from desk.limiting.grants import Grants
from desk.limiting.patience import Patience
from desk.reads.visits import clean_token
from desk.web.accounts.attempts import PATIENCE, WAIT, known_mark
from desk.web.accounts.half_way import COOKIE_KEY as HALF
from desk.web.addresses import address
from desk.web.kiosk.door import GRANTS

LIMITS: Final = {
    "signin.enter": "30 per minute; 300 per hour",  # a whole office may sit behind one address
    "signin.send_link": "10 per minute; 60 per hour",
    "invitation.choose": "20 per minute; 100 per hour",  # of codes of 79 bits
    "second_factor.answer": "30 per minute; 300 per hour",
    "second_factor.confirm": "30 per minute; 300 per hour",
    "kiosk.take": "60 per minute",
    "kiosk.find_earlier": "60 per minute",
    "kiosk.come_back": "60 per minute",
    "kiosk.print_again": "30 per minute",  # a printer in a hall must not be kept busy
    "survey.send": "240 per minute",  # every page of every visitor behind one address
    "unsubscribe.stop": "240 per minute",  # the click is sent by mail providers, for many visitors
    "unsubscribe.take_back": "30 per minute",
    "posters.send": "120 per minute",  # every page of everybody behind one address
    "tablet.send": "120 per minute",
    "visitor.depart": "30 per minute",
    "more_time.give_way": "30 per minute",
    "more_time.take_back": "30 per minute",
    "gateway_receipts.take": "6000 per minute",  # of one gateway, for a whole ministry
    "complaints.about": "60 per minute",
    "complaints.say": "30 per minute; 200 per hour",
    "complaints.find": "30 per minute",
    "visitor.come_back": "30 per minute",
    "first_run.set_up": "10 per minute; 60 per hour",
    "checklist.ring": "10 per minute",
    "checklist.send_mail": "5 per minute; 30 per hour",
    "checklist.send_text": "3 per minute; 10 per hour",  # each costs money
    "checklist.back_up": "3 per minute; 20 per hour",
    "pairing.begin": "60 per minute; 600 per hour",  # every screen of a building behind one address
    "pairing.claim": "60 per minute",
    "pairing.beat": "600 per minute",  # one a minute of each device behind one address
    "devices.pair": "20 per minute; 100 per hour",  # of 6.5 × 10¹¹ codes
    "devices.try_printer": "20 per minute",
    "printing.print_trial": "10 per minute",
    "printing.print_again": "30 per minute",
    "printing.print_receipt": "30 per minute",
}
MEBIBYTE: Final = 1 << 20
# What a form may be long, where that is not MAX_CONTENT_LENGTH; and the paths by which the server knows these forms.
LARGE_BYTES: Final = 10 * MEBIBYTE
LARGE_FORMS: Final = frozenset(
    {"paper.import_file", "administration_imports.try_out", "administration_imports.take_over"}
)
# A logo goes with these; what is more than that is refused in its field, unless it is more than this.
LOGO_FORMS: Final = frozenset({"first_run.set_up", "identity.change_logo"})
LARGE_PATHS: Final = re.compile(r"/offices/\d+/(answers/file|administration/tables/(trials|imports))/?")
# A waiting room behind one address answers no faster than two a minute; no network answers for a whole town.
POSTER_ANSWERS: Final = "120 per hour; 600 per day"


def limit_posts(app: Flask) -> Limiter:
    """Install the limits on views that are registered already."""
    app.after_request(tell_wait)  # before the limiter's own, so that it runs after that
    limiter = Limiter(address, app=app)
    views: dict[str, Any] = app.view_functions
    for endpoint, limit in LIMITS.items():
        whose = WHOSE.get(endpoint, address)
        views[endpoint] = limiter.limit(limit, key_func=whose, methods=["POST"])(views[endpoint])
    app.extensions[PATIENCE] = Patience(limiter.storage)
    app.extensions[GRANTS] = Grants(limiter.storage)
    answers = limiter.limit(POSTER_ANSWERS, key_func=address_at_poster, methods=["POST"], deduct_when=was_recorded)
    views["posters.send"] = answers(views["posters.send"])
    return limiter


def bound_bodies() -> None:
    """Refuse what is too long before anything reads it; runs before every view."""
    if request.endpoint in LARGE_FORMS:
        request.max_content_length = request.max_form_memory_size = LARGE_BYTES
    if request.endpoint in LOGO_FORMS:
        request.max_content_length = MEBIBYTE
    if (request.content_length or 0) > (request.max_content_length or 0):
        abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def address_at_poster() -> str:
    """Return under what an answer to a poster counts: the address and the poster, of which only a digest is kept."""
    token = str((request.view_args or {}).get("token", ""))
    return f"{address()}|{hash_of(clean_token(token))}"


def device_or_address() -> str:
    """Return whom an attempt to sign in counts for: a known device for itself, whoever else uses its address."""
    mark = known_mark(request.form.get("username", ""))
    return address() if mark is None else f"known:{mark}"


def half_or_address() -> str:
    """Return whom a second step counts for: whoever is half way in for themselves, whoever is not for their address.

    So neither a stranger's requests nor thirty colleagues who begin at one time shut it for those behind one address.
    """
    secret = session.get(HALF)
    return f"nobody:{address()}" if secret is None else f"half:{hash_of(secret)}"


def was_recorded(response: Response) -> bool:
    """Tell whether an answer was recorded: only then the page leads on."""
    return response.status_code == 303


def minutes_to_wait() -> int | None:
    """Return after how many minutes a refused request may be sent again; None where no limit was met."""
    limits = (limiter.current_limit for limiter in current_app.extensions.get("limiter", ()))
    return next((_minutes_until(each.reset_at) for each in limits if each and each.breached), None)


def tell_wait(response: Response) -> Response:
    """Let the header say what the page says, where that is another wait than that of a limit."""
    seconds = g.get(WAIT)
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    return response


WHOSE: Final = {
    "signin.enter": device_or_address,
    "second_factor.answer": half_or_address,
    "second_factor.confirm": half_or_address,
}


def _minutes_until(reset_at: int) -> int:
    """Return the minutes to say; `reset_at` is up to a second late, which must not make one minute two."""
    return max(1, ceil((reset_at - 1 - time()) / 60))
