"""The main navigation: what the signed-in person may open in the office of the page, and in which other offices.

It has two levels: a row of places, and below a group of them its own row while one is inside, or a row for each of its
sections. The places stand in `desk.web.places`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import select

from desk.domain.access import Role
from desk.domain.identity import MAX_OFFICE_ID
from desk.domain.planning import KEPT_BY_SUPERVISORS
from desk.models import Office
from desk.reads.administering import is_keeper
from desk.reads.late_cases import count_waiting
from desk.reads.planned import count_to_look_at
from desk.web.context import desk, reader
from desk.web.places import FOLLOW_UPS, PLACES, PLANNED, SERVER, VOICES, Group, Place

FEW: Final = 7  # so many entries of a group need no headings


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the navigation; `current` is "page" for the page itself, "true" for where it belongs, or empty."""

    label: str
    url: str
    icon: str
    current: str = ""
    items: tuple["Item", ...] = ()
    waiting: int = 0
    late: int = 0
    section: str = ""
    key: str = ""

    @property
    def rows(self) -> list[tuple[str, list["Item"]]]:
        """Its entries by section, each with its label; in one row where they are few."""
        if len(self.items) <= FEW:
            return [("", list(self.items))]
        return [(label, list(items)) for label, items in groupby(self.items, key=lambda each: each.section)]


def all_places() -> Iterator[Place]:
    """Yield every place, in its order."""
    for each in PLACES:
        yield from (place for _, place in each.sorted_places()) if isinstance(each, Group) else (each,)


def navigation(person: Any, office: Any) -> list[Item]:
    """Return the entries for a person in an office; none without both."""
    if person is None or office is None:
        return []
    roles = person.roles_in(office.id)
    found = (_entry(each, roles, office.id) for each in PLACES)
    items = [_counted(_served(item, person, office.id), person, office.id) for item in found if item is not None]
    return _with_keys(_one_marked(items))


def _one_marked(items: list[Item]) -> list[Item]:
    """Mark one entry only: a page of two places, such as a handover for oneself or for others, is in the first."""
    marked = next((item for item in items if item.current), None)
    return [item if item is marked else replace(item, current="", items=()) for item in items]


def _with_keys(items: list[Item]) -> list[Item]:
    """Give each entry the first letter of its label that no entry before it has."""
    taken: set[str] = set()
    found = []
    for item in items:
        key = next((each for each in item.label.lower() if each.isascii() and each.isalpha() and each not in taken), "")
        taken.add(key)
        found.append(replace(item, key=key))
    return found


def _entry(place: Place | Group, roles: frozenset[Role], office_id: int) -> Item | None:
    if isinstance(place, Place):
        return _item(place, office_id) if roles & place.roles else None
    open_ones = ((label, each) for label, each in place.sorted_places() if roles & each.roles)
    items = tuple(replace(_item(each, office_id), section=gettext(label) if label else "") for label, each in open_ones)
    if len(items) < 2:
        return next(iter(items), None)
    inside = any(item.current for item in items)
    return Item(gettext(place.label), items[0].url, place.icon, "true" if inside else "", items if inside else ())


def _served(item: Item, person: Any, office_id: int) -> Item:
    """Leave out the server's own page for who does not keep the server; asked only where its row is shown."""
    server = url_for(SERVER, office_id=office_id)
    if not any(each.url == server for each in item.items) or is_keeper(reader(), person.id):
        return item
    return replace(item, items=tuple(each for each in item.items if each.url != server))


def _counted(item: Item, person: Any, office_id: int) -> Item:
    """Say in the row of a group what waits for the person and what is late; asked only where that row is shown."""
    planned = url_for(PLANNED, office_id=office_id)
    if any(each.url == planned for each in item.items):
        kinds = None if Role.ADMIN in person.roles_in(office_id) else KEPT_BY_SUPERVISORS
        count = count_to_look_at(reader(), office_id, now=desk().streams.clock(), kinds=kinds)
        return replace(item, items=tuple(_saying(each, count if each.url == planned else 0, 0) for each in item.items))
    follow_ups, voices = (url_for(each, office_id=office_id) for each in (FOLLOW_UPS, VOICES))
    if not any(each.url == follow_ups for each in item.items):
        return item
    found = count_waiting(reader(), office_id, person.id)
    said = {follow_ups: (found.own, found.late_follow_ups), voices: (0, found.late_complaints)}
    return replace(item, items=tuple(_saying(each, *said.get(each.url, (0, 0))) for each in item.items))


def _saying(item: Item, waiting: int, late: int) -> Item:
    return replace(item, waiting=waiting, late=late)


def _item(place: Place, office_id: int) -> Item:
    here = request.endpoint or ""
    current = "page" if here == place.endpoint else "true" if place.holds(here) else ""
    return Item(gettext(place.label), url_for(place.endpoint, office_id=office_id), place.icon, current)


def office_switch(person: Any, office: Any) -> list[Item]:
    """Return the offices of a person with roles in several, this one marked: the same place there, or the first.

    Those that are closed for good come last, and say so.
    """
    if person is None or office is None or len(person.offices) < 2:
        return []
    ids = [office_id for office_id in person.offices if office_id <= MAX_OFFICE_ID]
    is_retired = Office.retired_at.is_not(None).label("is_retired")
    query = select(Office.id, Office.name, is_retired).where(Office.id.in_(ids))
    rows = reader().execute(query.order_by(is_retired, Office.name, Office.id))
    found = ((row, _place_in(person.roles_in(row.id))) for row in rows)
    return [
        Item(_named(row), url_for(place.endpoint, office_id=row.id), "building", "true" if row.id == office.id else "")
        for row, place in found
        if place is not None
    ]


def _named(office: Any) -> str:
    return gettext("%(name)s (retired)", name=office.name) if office.is_retired else str(office.name)


def _place_in(roles: frozenset[Role]) -> Place | None:
    """Return the place like the one of this page that these roles open, else the first they open."""
    open_places = [place for place in all_places() if roles & place.roles]
    here = request.endpoint or ""
    return next((place for place in open_places if place.holds(here)), next(iter(open_places), None))
