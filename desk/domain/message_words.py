"""An office's own words for the messages it sends: which there are, what may stand in them, how they are filled in.

A placeholder is a name in braces, one of a fixed few for each kind of message; nothing else in the words means
anything, and what is filled in is not looked at again. No name of a visitor or an officer can be filled in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from desk.domain.invitation import Channel
from desk.domain.texts import one_line, several_lines


class TextKind(StrEnum):
    """What a message is for, as far as it has words of its own; the last four go to staff."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    VOICE_RECEIVED = "voice_received"
    VOICE_ANSWERED = "voice_answered"
    COMPLAINT_LATE = "complaint_late"
    COMPLAINT_STILL_LATE = "complaint_still_late"
    FOLLOW_UP_LATE = "follow_up_late"
    FOLLOW_UP_STILL_LATE = "follow_up_still_late"


class Part(StrEnum):
    """A piece of a message that can be worded; the last is all that a phone gets."""

    SUBJECT = "subject"
    GREETING = "greeting"
    BODY = "body"
    BUTTON = "button"
    CLOSING = "closing"
    TEXT = "text"


class Fault(StrEnum):
    """What is wrong with words."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNKNOWN = "unknown"
    STRAY_BRACE = "stray_brace"
    NO_LINK = "no_link"
    LINK_TWICE = "link_twice"


@dataclass(frozen=True, slots=True)
class Found:
    """A fault, with the placeholder or the number of characters that it is about."""

    fault: Fault
    name: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """Words as they stand, or the name of a placeholder."""

    words: str = ""
    name: str = ""


LINK: Final = "link"
LANGUAGES: Final = ("id", "en")
ASKING: Final = frozenset({TextKind.INVITATION, TextKind.REMINDER})
VOICES: Final = frozenset({TextKind.VOICE_RECEIVED, TextKind.VOICE_ANSWERED})
TO_VISITORS: Final = ASKING | VOICES
ONE_LINE: Final = frozenset({Part.SUBJECT, Part.GREETING, Part.BUTTON, Part.TEXT})
LONGEST: Final[Mapping[Part, int]] = {
    Part.SUBJECT: 120,
    Part.GREETING: 120,
    Part.BODY: 1500,
    Part.BUTTON: 60,
    Part.CLOSING: 500,
    Part.TEXT: 400,
}
_LINK_IN: Final = frozenset({Part.BODY, Part.TEXT})
_MAY_BE_EMPTY: Final = frozenset({Part.CLOSING})
_ASKED: Final = (LINK, "number", "office", "service", "date", "until")
_SAID: Final = (LINK, "office", "date")
_LATE: Final = ("reference", "office", "date")
_PIECES: Final = re.compile(r"\{([a-z]+)\}")
_BRACE: Final = re.compile(r"[{}]")
_SHOWN_OF_A_NAME: Final = 30

Words = Mapping[Part, str]
"""What an office says, by part."""


def channels_of(kind: TextKind) -> tuple[Channel, ...]:
    """Return by which ways this kind of message goes out: staff are told by mail."""
    return (Channel.EMAIL, Channel.PHONE) if kind in TO_VISITORS else (Channel.EMAIL,)


def parts_of(kind: TextKind, channel: Channel) -> tuple[Part, ...]:
    """Return what can be worded; where the link is not among the placeholders, its button stays as it is."""
    if channel is Channel.PHONE:
        return (Part.TEXT,)
    button = (Part.BUTTON,) if kind in TO_VISITORS else ()
    return (Part.SUBJECT, Part.GREETING, Part.BODY, *button, Part.CLOSING)


def placeholders_of(kind: TextKind, part: Part) -> tuple[str, ...]:
    """Return what may be filled in there: the link only where it can be followed."""
    names = _ASKED if kind in ASKING else _SAID if kind in VOICES else _LATE
    if part is Part.BUTTON:
        return ()
    return names if part in _LINK_IN else tuple(each for each in names if each != LINK)


def cleaned(part: Part, words: str) -> str:
    """Return what was typed without control characters; a line break only where the part has lines."""
    return one_line(words) if part in ONE_LINE else several_lines(words)


def find_fault(kind: TextKind, part: Part, words: str) -> Found | None:
    """Return what is wrong with the words of a part; None for words that can be sent."""
    if len(words) > LONGEST[part]:
        return Found(Fault.TOO_LONG, count=len(words))
    if cleaned(part, words) != words or not (words or part in _MAY_BE_EMPTY):
        return Found(Fault.EMPTY)
    pieces, allowed = pieces_of(words), placeholders_of(kind, part)
    for each in pieces:
        if each.name and each.name not in allowed:
            return Found(Fault.UNKNOWN, each.name[:_SHOWN_OF_A_NAME])
        if _BRACE.search(each.words):
            return Found(Fault.STRAY_BRACE)
    if LINK not in allowed:
        return None
    links = sum(each.name == LINK for each in pieces)
    return None if links == 1 else Found(Fault.LINK_TWICE if links else Fault.NO_LINK, LINK)


def find_faults(kind: TextKind, channel: Channel, words: Words) -> dict[Part, Found]:
    """Return what is wrong, by part; a part that is missing is empty."""
    found = {part: find_fault(kind, part, words.get(part, "")) for part in parts_of(kind, channel)}
    return {part: fault for part, fault in found.items() if fault is not None}


def pieces_of(words: str) -> tuple[Piece, ...]:
    """Return the words cut at every placeholder; odd braces stay within the words."""
    cut = _PIECES.split(words)
    pieces = (Piece(name=each) if place % 2 else Piece(each) for place, each in enumerate(cut))
    return tuple(each for each in pieces if each.name or each.words)


def filled(words: str, values: Mapping[str, str]) -> str:
    """Return the words with every placeholder filled in, once: what is filled in may hold braces of its own."""
    return "".join(values.get(each.name, "") if each.name else each.words for each in pieces_of(words))
