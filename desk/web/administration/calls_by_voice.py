"""Calls by voice: the announcements that displays play, and how the office lets its calls be heard."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desk.announcing.reading import has_speaker
from desk.announcing.shelf import Shelf
from desk.domain.access import PUBLIC, Role
from desk.domain.announcing import LABEL, LANGUAGES, Counter, Piece, announcement, spoken_words, trial
from desk.domain.call_sounds import CallSounds, own_sounds
from desk.operations.settings.call_sounds import KIND, kept_sounds
from desk.operations.settings.counters import MOST_NUMBER
from desk.reads.board import Place
from desk.reads.call_sounds import find_place, get_call_sounds, list_named
from desk.reads.devices import PairedDevice
from desk.web.access import access, in_office
from desk.web.administration.planning import submitted
from desk.web.context import desk, get_office, reader
from desk.web.forms.call_sounds import CallSoundsForm
from desk.web.lobby.device_cookie import at_display
from desk.web.meanwhile import marks_of
from desk.wording.call_sounds import EXAMPLES, voice_of

blueprint = Blueprint("announcements", __name__)
KEEPING: Final = in_office(Role.ADMIN)
SETTINGS: Final = "/offices/<int:office_id>/call-sounds"
AUDIO: Final = "/offices/<int:office_id>/announcements/<language>"
KEPT_SECONDS: Final = 3600
SHORTLY: Final = 60  # while a name is still being spoken, the number is said in its place
EXAMPLE: Final = "A012"


@dataclass(frozen=True, slots=True)
class Heard:
    """How a display sounds now; `is_silent` was set for this one, `is_quiet` goes by the clock."""

    languages: tuple[str, ...]
    times: int
    volume: int
    is_quiet: bool = False
    is_silent: bool = False


def heard_at(office_id: int, device: PairedDevice | None, *, at: datetime) -> Heard:
    """Return how a display of the office of this page sounds, paired or not."""
    own = device.settings if device is not None else {}
    sounds = get_call_sounds(reader(), office_id).on(own_sounds(own))
    here = at.astimezone(ZoneInfo(g.office.zone))
    is_quiet = sounds.is_quiet(here.hour * 60 + here.minute)
    is_silent = own.get("sound") is False or sounds.volume == 0
    return Heard(sounds.languages, sounds.times, sounds.volume, is_quiet=is_quiet, is_silent=is_silent)


@blueprint.get(f"{AUDIO}/<label>/<int(max={MOST_NUMBER}):number>")
@access(PUBLIC)
def called(office_id: int, language: str, label: str, number: int) -> ResponseReturnValue:
    """Return what is said when this number is called to this counter; `short` leaves out what a full hall knows."""
    at_display(office_id)
    if language not in LANGUAGES or LABEL.fullmatch(label) is None:
        abort(404)
    place = find_place(reader(), office_id, number)
    if place is None:
        abort(404)
    shelf = voice_shelf()
    counter = _counter(shelf, language, place)
    pieces = announcement(language, label, counter, is_short="short" in request.args)
    is_final = place.own_name(language) is None or bool(counter.own_clip)
    return _audio(shelf, language, pieces, keep=KEPT_SECONDS if is_final else SHORTLY)


@blueprint.get(f"{AUDIO}/sample")
@access(PUBLIC)
def tried(office_id: int, language: str) -> ResponseReturnValue:
    """Return what is said in a trial: that it is one."""
    at_display(office_id)
    if language not in LANGUAGES:
        abort(404)
    return _audio(voice_shelf(), language, trial(language), keep=KEPT_SECONDS)


@blueprint.get(SETTINGS)
@access(KEEPING)
def page(office_id: int) -> ResponseReturnValue:
    """Show how calls are heard, and let it be listened to here."""
    get_office(office_id)
    return _page(office_id)


@blueprint.post(SETTINGS)
@access(KEEPING)
def change(office_id: int) -> ResponseReturnValue:
    """Set it, now or from a later day on."""
    get_office(office_id)
    target = url_for("announcements.page", office_id=office_id)
    current = kept_sounds(get_call_sounds(reader(), office_id))
    return submitted(office_id, CallSoundsForm("sounds"), _page, target, kind=KIND, current=current)


def _page(office_id: int, form: CallSoundsForm | None = None) -> str:
    sounds = get_call_sounds(reader(), office_id)
    spoken = sounds.languages or LANGUAGES
    shown = marks_of(kept_sounds(sounds))
    return render_template(
        "announcements/page.html",
        form=form or CallSoundsForm("sounds", formdata=None, shown=shown, **_typed(sounds)),
        sounds=sounds,
        examples=[_example(office_id, each) for each in LANGUAGES],
        named=[(place, each) for place in list_named(reader(), office_id, spoken) for each in spoken],
        label=EXAMPLE,
        language_path=url_for("announcements.page", office_id=office_id),
    )


def _example(office_id: int, language: str) -> dict[str, str]:
    pieces = announcement(language, EXAMPLE, Counter(3))
    path = url_for("announcements.called", office_id=office_id, language=language, label=EXAMPLE, number=3)
    return {"language": language, "label": EXAMPLES[language], "words": spoken_words(pieces), "path": path}


def _typed(sounds: CallSounds) -> dict[str, Any]:
    """Return what the form shows: no times where nothing is quiet."""
    times = (None, None) if sounds.quiet_from == sounds.quiet_until else (sounds.quiet_from, sounds.quiet_until)
    quiet_from, quiet_until = (None if each is None else time(*divmod(each, 60)) for each in times)
    spoken = {"languages": voice_of(sounds.languages), "times": sounds.times, "volume": sounds.volume}
    return {**spoken, "quiet_from": quiet_from, "quiet_until": quiet_until}


def voice_shelf() -> Shelf:
    """Return the recordings of this installation."""
    folder = desk().settings.data / "voice"
    found: Shelf = current_app.extensions.setdefault("desk.voice", Shelf(folder))
    return found


def numbers_only(place: Place, languages: Iterable[str]) -> bool:
    """Tell whether a voice in one of these languages says the number of a counter and cannot say its name."""
    shelf, names = voice_shelf(), ((each, place.own_name(each)) for each in languages)
    return any(name is None or not shelf.may_say(each, name, has_speaker=has_speaker) for each, name in names)


def _counter(shelf: Shelf, language: str, place: Place) -> Counter:
    """Return how a counter is said: by its name where it has one of its own that can be spoken, else by its number."""
    name = place.own_name(language)
    clip = None if name is None else shelf.find_name(language, name)
    return Counter(place.number) if name is None or clip is None else Counter(place.number, clip, name)


def _audio(shelf: Shelf, language: str, pieces: tuple[Piece, ...], *, keep: int) -> ResponseReturnValue:
    response = Response(shelf.join(language, pieces), mimetype="audio/wav")
    response.headers["Cache-Control"] = f"private, max-age={keep}"
    response.add_etag()
    return response.make_conditional(request)
