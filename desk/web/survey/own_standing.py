"""Whose browser a page of the survey was sent from: where somebody of the staff has signed in, nothing counts."""

from dataclasses import replace

from desk.domain.invitation import Standing
from desk.domain.tokens import hash_of
from desk.operations.requests import Request
from desk.web.locale import find_person


def own_standing() -> Standing:
    """Return whose answer this is: one from a browser in which staff have signed in is kept apart."""
    return Standing.VISITOR if find_person() is None else Standing.STAFF


def told_from_visitor(asking: Request) -> Request:
    """Return the request to record an answer, under a key of its own where it comes from staff.

    Else the same form, sent again after signing out, would be taken for a repeat of what was kept apart.
    """
    if asking.key is None or own_standing() is Standing.VISITOR:
        return asking
    return replace(asking, key=hash_of(f"staff|{asking.key}"))
