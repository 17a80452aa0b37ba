"""The main navigation: what the signed-in person may open in the office of the page."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext

from desk.domain.access import Role
from desk.wording import N_

AGENTS = frozenset({Role.AGENT})
FRONT = frozenset({Role.AGENT, Role.SUPERVISOR})
OVERSEERS = frozenset({Role.SUPERVISOR, Role.AUDITOR})
SUPERVISORS = frozenset({Role.SUPERVISOR})

PLACES = (
    ("counter.console", N_("Counter"), "person-workspace", AGENTS),
    ("reception.form", N_("Reception"), "ticket-perforated", FRONT),
    ("supervisor.today", N_("Today"), "list-check", OVERSEERS),
    ("outbox.messages", N_("Messages"), "envelope", SUPERVISORS),
    ("reasons.listed", N_("Reasons"), "list-ul", SUPERVISORS),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the navigation."""

    label: str
    url: str
    icon: str
    current: bool


def navigation(person: Any, office: Any) -> list[Item]:
    """Return the entries for a person in an office; none without both."""
    if person is None or office is None:
        return []
    roles = person.roles_in(office.id)
    return [
        Item(gettext(label), url_for(endpoint, office_id=office.id), icon, request.endpoint == endpoint)
        for endpoint, label, icon, allowed in PLACES
        if roles & allowed
    ]
