"""An office's own words for its messages: set, or given up for those that come with the desk.

They hold for whatever is made from then on; what went out stays as it went. Every version is kept.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import func, insert, select, update

from desk.domain.access import Role, require
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.invitation import Channel
from desk.domain.message_words import LANGUAGES, Part, TextKind, Words, channels_of, find_faults, parts_of
from desk.domain.refusals import Reason, Refused
from desk.models import MessageText
from desk.operations.requests import Done, Request
from desk.operations.settings import planned
from desk.operations.stream import Streams, Unit

TEXTS: Any = MessageText.__table__
ADMINISTRATORS: Final = frozenset({Role.ADMIN})
SETTING: Final = "message_text"
# What a change is about: the office as a whole has no words.
OFFICE: Final = 0

Wanted = Mapping[str, Words | None]
"""By language an office's own words, None for those that come with the desk; other languages stay as they are."""


def reword(
    streams: Streams, office_id: int, kind: TextKind, channel: Channel, wanted: Wanted, request: Request
) -> Done:
    """Set the words of a kind of message at once; answers changed (languages).

    Raises `Refused`: FORBIDDEN, INVALID (field) for words that cannot be sent, ALREADY_DONE where nothing differs.
    """

    def work(unit: Unit) -> Done:
        return unit.done(changed=_apply(unit, kind, channel, wanted))

    return streams.run(office_id, request, work)


def values_of(kind: TextKind, channel: Channel, wanted: Wanted) -> dict[str, JSON]:
    """Return a wish as it is planned for a later day."""
    by_language: dict[str, JSON] = {each: None if words is None else _plain(words) for each, words in wanted.items()}
    return {"kind": kind.value, "channel": channel.value, "wanted": by_language}


def _apply(unit: Unit, kind: TextKind, channel: Channel, wanted: Wanted) -> list[str]:
    """Write what differs and tell it; returns the languages whose words are others now."""
    _require(unit, kind, channel, wanted)
    moved = []
    for language, words in wanted.items():
        place = _at(unit.office_id, kind, channel, language)
        before = unit.connection.execute(select(TEXTS.c.words).where(*place, TEXTS.c.until.is_(None))).scalar()
        after = None if words is None else _plain(words)
        if before == after:
            continue
        unit.connection.execute(update(MessageText).where(*place, TEXTS.c.until.is_(None)).values(until=unit.at))
        if after is not None:
            _insert(unit, kind, channel, language, after)
        _tell(unit, {"kind": kind.value, "channel": channel.value, "language": language}, before or {}, after or {})
        moved.append(language)
    if not moved:
        raise Refused(Reason.ALREADY_DONE)
    unit.renew_configuration()
    return moved


def _require(unit: Unit, kind: TextKind, channel: Channel, wanted: Wanted) -> None:
    require(unit.actor, ADMINISTRATORS)
    if channel not in channels_of(kind) or not set(wanted) <= set(LANGUAGES):
        raise Refused(Reason.INVALID, field="channel")
    for language, words in wanted.items():
        for part in find_faults(kind, channel, words) if words is not None else ():
            raise Refused(Reason.INVALID, field=f"{language}_{part}")
        if words is not None and not set(words) <= set(parts_of(kind, channel)):
            raise Refused(Reason.INVALID, field=language)


def _insert(unit: Unit, kind: TextKind, channel: Channel, language: str, words: dict[str, JSON]) -> None:
    place = _at(unit.office_id, kind, channel, language)
    last = unit.connection.execute(select(func.max(TEXTS.c.version)).where(*place)).scalar()
    row = {
        "office_id": unit.office_id,
        "kind": kind.value,
        "channel": channel.value,
        "language": language,
        "version": (last or 0) + 1,
        "words": words,
        "since": unit.at,
        "by_id": unit.actor.person_id,
    }
    unit.connection.execute(insert(MessageText), row)


def _tell(unit: Unit, about: dict[str, JSON], before: Mapping[str, JSON], after: Mapping[str, JSON]) -> None:
    """Append one event for each part that is worded otherwise; None stands for the words that come with the desk."""
    for part in Part:
        was, now = before.get(part.value), after.get(part.value)
        if was != now:
            told: dict[str, JSON] = {"setting": SETTING, **about, "part": part.value, "from": was, "to": now}
            unit.append(Fact(EventName.SETTING_CHANGED, told))


def _at(office_id: int, kind: TextKind, channel: Channel, language: str) -> tuple[Any, ...]:
    return (
        TEXTS.c.office_id == office_id,
        TEXTS.c.kind == kind.value,
        TEXTS.c.channel == channel.value,
        TEXTS.c.language == language,
    )


def _plain(words: Words) -> dict[str, JSON]:
    return {part.value: said for part, said in words.items()}


def _read(values: Mapping[str, JSON]) -> tuple[TextKind, Channel, Wanted]:
    """Return what was planned; raise `Refused(INVALID)` for what nobody could have planned."""
    try:
        wanted: Any = values["wanted"]
        by_language = {
            language: None if words is None else {Part(part): str(said) for part, said in words.items()}
            for language, words in wanted.items()
        }
        return TextKind(str(values["kind"])), Channel(str(values["channel"])), by_language
    except (AttributeError, KeyError, ValueError) as error:
        raise Refused(Reason.INVALID, field="wanted") from error


def _apply_planned(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    _apply(unit, *_read(values))


def _check_planned(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    _require(unit, *_read(values))


planned.register(SETTING, _apply_planned, _check_planned)
