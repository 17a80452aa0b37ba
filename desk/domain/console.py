"""How an officer may have the console: keys, whether they are shown, what is told by a sound; and ready-made texts."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from desk.domain.refusals import Reason, Refused
from desk.domain.texts import one_line


class Hand(StrEnum):
    """Which keys the verbs have: the first letters of English words, or keys under one hand."""

    LETTERS = "letters"
    LEFT = "left"
    RIGHT = "right"


class Alert(StrEnum):
    """What sounds, and is counted in the title, while the page is not looked at."""

    OFFERS = "offers"
    REQUESTS = "requests"
    ANSWERS = "answers"
    DUE = "due"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Habits:
    """What somebody chose for their console; who chose nothing has letters, and hears of all there is."""

    hand: Hand = Hand.LETTERS
    strip: bool = False
    alerts: frozenset[Alert] = frozenset(Alert)


# Words and codes of the verbs of the console, in the order in which the page of the keys lists them.
_KEYS: Final = """
next      n f j
start     s d k
complete  c s l
recall    r r i
miss      x x m
seat      b a n
hand_over h g h
pause     u v p
process   p w o
documents l c y
resume    e e u
resume_serving s d k
ask       q 2 9
further   m 3 8
note      t 4 7
accept    a q ,
decline   d t .
pick      v b 6
break     k 1 0
waits     w 5 =
queue     j 6 ;
undo      z z -
"""
KEYS: Final[dict[Hand, dict[str, str]]] = {
    hand: {line.split()[0]: line.split()[1 + place] for line in _KEYS.split("\n") if line}
    for place, hand in enumerate(Hand)
}

MOST_SNIPPETS: Final = 30
LONGEST_SNIPPET: Final = 400
_CODE: Final = re.compile(r"[a-z0-9]{1,12}")


def read_code(typed: str) -> str:
    """Return the short word of a text; raise `Refused(INVALID)` for other than 1 to 12 letters and digits."""
    code = typed.strip().lower().removeprefix("/")
    if not _CODE.fullmatch(code):
        raise Refused(Reason.INVALID, field="code")
    return code


def read_snippet(typed: str) -> str:
    """Return a ready-made text on one line; raise `Refused(INVALID)` for none, or one that is too long."""
    words = one_line(typed)
    if not 0 < len(words) <= LONGEST_SNIPPET:
        raise Refused(Reason.INVALID, field="words")
    return words


def require_room(code: str, taken: Mapping[str, int] | Iterable[str]) -> None:
    """Raise `Refused`: CODE_TAKEN, TOO_MANY_SNIPPETS where a list of texts is full."""
    known = set(taken)
    if code in known:
        raise Refused(Reason.CODE_TAKEN, code=code, field="code")
    if len(known) >= MOST_SNIPPETS:
        raise Refused(Reason.TOO_MANY_SNIPPETS, most=MOST_SNIPPETS, field="code")
