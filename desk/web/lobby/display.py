"""The lobby display: which number goes to which counter. Numbers only; nobody's name ever reaches this page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, format_date, format_time, gettext

from desk.domain.access import PUBLIC
from desk.domain.displays import in_turn, opening_after
from desk.reads.board import Board, Choice, Place, get_board, history_head
from desk.reads.devices import PairedDevice
from desk.reads.displays import Notices, devices_meant, get_notices
from desk.web.access import access
from desk.web.administration.calls_by_voice import heard_at, numbers_only
from desk.web.context import desk, language, reader
from desk.web.lobby.device_cookie import at_display
from desk.web.made_once import made_once
from desk.web.program import program_version
from desk.wording.counters import called
from desk.wording.displays import WORDS

blueprint = Blueprint("display", __name__)
LONG_NAME: Final = 16  # characters
DAYS_NAMED: Final = {0: "opens_today", 1: "opens_tomorrow"}


@dataclass(frozen=True, slots=True)
class Shown:
    """All that a display shows; `closed` says in each language when the office opens next, empty while it is open."""

    board: Board
    notices: Notices
    languages: tuple[str, ...]
    turn_s: int
    words: Mapping[str, Mapping[str, str]]
    closed: Mapping[str, str]
    program: str
    numbered: frozenset[int] = frozenset()  # counters that the voice calls by their numbers, be there a name or not

    def called(self, place: Place, spoken: str) -> str:
        """Return what a counter is called in a language."""
        return called(place.called, spoken, lambda _: self.words[spoken]["numbered"])

    def is_long(self, place: Place) -> bool:
        """Tell whether the name of a counter needs smaller letters."""
        return max(len(self.called(place, each)) for each in self.languages) > LONG_NAME

    def spelled(self, place: Place) -> str:
        """Return where to go, in the first language: name and number where the voice says no more than the number."""
        spoken, name = self.languages[0], self.called(place, self.languages[0])
        is_heard_otherwise = place.number in self.numbered and place.own_name(spoken)
        number = self.words[spoken]["numbered"] % {"number": place.number}
        return f"{name}, {number}" if is_heard_otherwise else name


@blueprint.get("/offices/<int:office_id>/display")
@access(PUBLIC)
def board(office_id: int) -> ResponseReturnValue:
    """Show the board."""
    device = at_display(office_id)
    return render_template("display/page.html", **_shown(office_id, device))


@blueprint.get("/offices/<int:office_id>/display/board")
@access(PUBLIC)
def fragment(office_id: int) -> ResponseReturnValue:
    """Return the part of the page that changes; unchanged since last time, it is not sent again."""
    device = at_display(office_id)
    response = make_response(_fragment(office_id, device))
    response.add_etag()
    return response.make_conditional(request)


def _fragment(office_id: int, device: PairedDevice | None) -> str:
    """Return the fragment, made once for all displays that show the same."""
    once, at = made_once(), desk().streams.clock()
    head = history_head(reader(), office_id)
    own = None
    if device is not None:
        meant = once.get(("meant", office_id), head, lambda: devices_meant(reader(), office_id), at=at)
        own = (repr(sorted(device.settings.items())), device.id if device.id in meant else None)
    return once.get(
        ("board", office_id, language(), own),
        head,
        lambda: render_template("display/_board.html", **_shown(office_id, device)),
        at=at,
    )


def _shown(office_id: int, device: PairedDevice | None) -> dict[str, Any]:
    """Return what a display shows: a paired one may have counters, services and languages of its own."""
    at = desk().streams.clock()
    choice = Choice() if device is None else Choice(device.counters, device.services)
    found = get_board(reader(), office_id, at=at, choice=choice)
    settings: Mapping[str, Any] = {} if device is None else device.settings
    languages = in_turn(settings.get("languages") or found.languages, language())
    shown = Shown(
        found,
        get_notices(reader(), office_id, device_id=None if device is None else device.id, at=at),
        languages,
        settings.get("turn_s") or found.turn_s,
        {each: words_in(each) for each in languages},
        _closed(office_id, found, languages, at=at) if found.is_idle else {},
        program_version(),
    )
    heard = heard_at(office_id, device, at=at)
    shown = replace(shown, numbered=_numbered(found, heard.languages))
    return {"shown": shown, "board": found, "sounds": heard, "languages": languages, "words": shown.words}


def _numbered(found: Board, spoken: tuple[str, ...]) -> frozenset[int]:
    """Return the counters of a board that a voice in these languages calls by their numbers."""
    places = {each.place for each in (*found.calls, *found.serving, *found.last)}
    return frozenset(place.number for place in places if numbers_only(place, spoken))


def words_in(spoken: str) -> dict[str, str]:
    """Return what a display says of its own accord, in a language."""
    with force_locale(spoken):
        return {name: gettext(said) for name, said in WORDS.items()}


def _closed(office_id: int, found: Board, languages: tuple[str, ...], *, at: datetime) -> dict[str, str]:
    """Return when the office opens next, in each language; nothing while one of the services shown is open."""
    services = desk().streams.configuration(reader(), office_id).services
    shown = {queue.service_id for queue in found.queues}
    is_open, opens_at = opening_after((each.calendar for each in services.values() if each.id in shown), at)
    return {} if is_open else {each: _opens(each, opens_at, at=at, office_id=office_id) for each in languages}


def _opens(spoken: str, opens_at: datetime | None, *, at: datetime, office_id: int) -> str:
    zone = desk().streams.configuration(reader(), office_id).rules.zone
    with force_locale(spoken):
        words = words_in(spoken)
        if opens_at is None:
            return words["closed_for_long"]
        days = (opens_at.astimezone(zone).date() - at.astimezone(zone).date()).days
        said = words[DAYS_NAMED.get(days, "opens_on")]
        day = format_date(opens_at.astimezone(zone).date(), gettext("EEEE d MMMM"))
        return said % {"time": format_time(opens_at, gettext("HH:mm")), "day": day}
