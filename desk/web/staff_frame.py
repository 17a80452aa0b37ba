"""The frame of pages that belong to no place: errors and the start page. Staff keep their masthead there."""

import re
from typing import Final

from flask import current_app, request

from desk.web.access import rule_of
from desk.web.accounts.sessions import SignedIn
from desk.web.context import get_office
from desk.web.locale import find_person

PUBLIC_FRAME: Final = "base_public.html"
STAFF_FRAME: Final = "base_staff.html"
_OFFICE: Final = re.compile(r"/offices/(\d{1,9})(?:/|$)")


def frame_of_error() -> str:
    """Return the frame of an error: of the staff, except on a page for visitors: its screen names nobody."""
    rule = None if request.endpoint is None else rule_of(current_app, request.endpoint)
    return PUBLIC_FRAME if rule is not None and rule.public else frame_here()


def frame_here() -> str:
    """Return the frame for whoever looks; the page then belongs to their office of the address, or to their first."""
    person = find_person()
    office_id = None if person is None else _office_of(person)
    if office_id is None:
        return PUBLIC_FRAME
    get_office(office_id)
    return STAFF_FRAME


def _office_of(person: SignedIn) -> int | None:
    named = _OFFICE.match(request.path)
    wanted = int(named[1]) if named else 0
    return wanted if person.roles_in(wanted) else min(person.offices, default=None)
