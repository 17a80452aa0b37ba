"""Refused accesses in words, beside the sign-ins: to whom, which page of ours, why, and how often in an hour."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext

from desk.domain.refused_access import TOLD_APART
from desk.reads.refused_access import RefusedAccess, Wanted, iterate_refused
from desk.web.context import OfficeView, desk
from desk.web.places import PLACES, Group, Place
from desk.web.reports.csv_lines import csv_line
from desk.wording.refused_access import REFUSED_AS

PARAMETER: Final = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Words:
    """One count in words; `place` is the page as the navigation calls it, empty where it has no such place."""

    who: str
    token: str
    place: str
    route: str
    why: str


class Wording:
    """The words for refused accesses, looked up once for all of a list, while there is a request."""

    def __init__(self) -> None:
        self._places = _places_by_route()
        self._kinds = kinds()
        self._nobody = gettext("nobody any more")
        self._others = gettext("further pages, beyond %(most)d in that hour", most=TOLD_APART)

    def said(self, each: RefusedAccess) -> Words:
        """Return one count in words."""
        who, token = each.person or self._nobody, each.token or ""
        if not each.route:
            return Words(who, token, "", self._others, self._kinds[each.kind])
        method, _, path = each.route.partition(" ")
        shown = f"{method} {PARAMETER.sub('…', path)}"
        return Words(who, token, self._places.get(path, ""), shown, self._kinds[each.kind])


def kinds() -> dict[str, str]:
    """Return why something may be refused, in words, by code."""
    return {code.value: gettext(words) for code, words in REFUSED_AS.items()}


def csv_of(office: OfficeView, wanted: Wanted) -> Iterator[str]:
    """Yield the lines of a file; the words are looked up before the first, since the request may be over after it."""
    zone, streams, wording = ZoneInfo(office.zone), desk().streams, Wording()
    heads = [gettext("Last time"), gettext("Person"), gettext("Token"), gettext("Page"), "route"]
    yield csv_line([*heads, gettext("Refused as"), gettext("Times in that hour")])
    with streams.reading() as connection:
        for each in iterate_refused(connection, office.id, wanted):
            at, said = each.last_at.astimezone(zone).isoformat(timespec="seconds"), wording.said(each)
            yield csv_line([at, said.who, said.token, said.place, said.route, said.why, str(each.count)])


def _places_by_route() -> Mapping[str, str]:
    """Return by the pattern of a route what the navigation calls the page it belongs to."""
    places = list(_places())
    found: dict[str, str] = {}
    for rule in current_app.url_map.iter_rules():
        label = next((place.label for place in places if place.holds(rule.endpoint)), "")
        if label:
            found.setdefault(rule.rule, gettext(label))
    return found


def _places() -> Iterator[Place]:
    for each in PLACES:
        if isinstance(each, Group):
            yield from (place for _, place in each.sorted_places())
        else:
            yield each
