"""How a kiosk speaks to who stands before it now, and that nothing of it is left for the next person.

It stands in the signed cookie of the browser: the language, whether the page is shown larger, in high contrast and
within reach of who sits, and which ticket is printed by itself. The start of the kiosk takes all of it away.
"""

from typing import Final

from flask import request, session, url_for

from desk.web.kiosk.browser_printing import TICKET

EASY: Final = "easy"
_OF_VISITOR: Final = (EASY, "language", TICKET)


def easy_view() -> bool:
    """Tell whether the kiosk is shown larger and within reach; asked for in the address, and kept for this visitor."""
    wanted = request.args.get(EASY)
    if wanted == "1":
        session[EASY] = True
    if wanted == "0":
        session.pop(EASY, None)
    return bool(session.get(EASY))


def forget_visitor() -> None:
    """Return to the language and the view of the house, and print nothing more."""
    for name in _OF_VISITOR:
        session.pop(name, None)


def start_path(office_id: int) -> str:
    """Return the address at which the kiosk begins anew for the next person."""
    return url_for("kiosk.start", office_id=office_id)
