"""Which passwords staff may choose, after OWASP ASVS 5.0, 6.2: long and not easily guessed, and nothing else.

At least 12 characters (6.2.1 wants 8 and recommends 15), at most 200 (6.2.9 wants 64 to be possible), any characters,
counted and kept exactly as typed (6.2.5, 6.2.8): no kinds of characters are demanded, nothing runs out (6.2.10).
Refused are passwords that were breached often (6.2.4, 6.2.12; the list is `desk.operations.accounts.common_passwords`),
those that are little more than the person's and the office's names (6.2.11), and those that only look long: one
character again and again, a piece repeated, a run along the alphabet or the keyboard.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from desk.domain.refusals import Reason, Refused

FEWEST: Final = 12
MOST: Final = 200
# How many characters must be left of a password without names, runs and repeats.
LEAST_LEFT: Final = 8
SHORTEST_NAME: Final = 4
# The words of the house: the program, and what a password for it would be called in either language (ASVS 6.1.2).
HOUSE_WORDS: Final = frozenset({"desk", "loket", "layanan", "kantor", "admin", "password", "sandi", "rahasia", "masuk"})
_ROWS: Final = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_NEXT: Final = frozenset(pair for row in _ROWS for way in (row, row[::-1]) for pair in pairwise(way))


@dataclass(frozen=True, slots=True)
class About:
    """Whose password it is to be: names that must not make it up."""

    username: str = ""
    name: str = ""
    email: str | None = field(default=None, repr=False)
    offices: tuple[str, ...] = ()

    @property
    def words(self) -> frozenset[str]:
        """The words of these names that are long enough to be told from chance, and those of the house."""
        local = (self.email or "").partition("@")[0]
        said = " ".join((self.username, self.name, local, *self.offices)).lower()
        found = (each for each in re.split(r"[\W_]+", said) if len(each) >= SHORTEST_NAME)
        return HOUSE_WORDS | frozenset(found)


def require_fit(password: str, about: About, *, is_common: Callable[[str], bool]) -> None:
    """Let a password pass, or raise `Refused`: TOO_SHORT, TOO_LONG, BREACHED_OFTEN, LOOKS_LONG, NAMES_ONLY.

    `is_common` tells whether it was breached, spelled in small letters.
    """
    if len(password) < FEWEST:
        raise Refused(Reason.TOO_SHORT, fewest=FEWEST)
    if len(password) > MOST:
        raise Refused(Reason.TOO_LONG, most=MOST)
    plain = unicodedata.normalize("NFKC", password).lower()
    if is_common(plain):
        raise Refused(Reason.BREACHED_OFTEN)
    if _left(plain) < LEAST_LEFT:
        raise Refused(Reason.LOOKS_LONG)
    if _left(_without(plain, about.words)) < LEAST_LEFT:
        raise Refused(Reason.NAMES_ONLY)


def _without(text: str, words: Iterable[str]) -> str:
    """Return a text without words, of which the longest are taken out first."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return text


def _left(text: str) -> int:
    """Count the characters that are no mere continuation of those before them, in the shortest piece that repeats."""
    piece = _repeated_piece(text)
    return sum(not _goes_on(before, each) for before, each in zip(" " + piece, piece, strict=False))


def _repeated_piece(text: str) -> str:
    """Return what a text repeats, be it broken off at its end; the text itself where it repeats nothing."""
    for length in range(1, len(text) // 2 + 1):
        if all(text[at] == text[at - length] for at in range(length, len(text))):
            return text[:length]
    return text


def _goes_on(before: str, each: str) -> bool:
    return before == each or (before, each) in _NEXT
