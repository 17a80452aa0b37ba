"""What is said when a number is called: the pieces of an announcement in their order, and its words.

A piece is a recording with the name of what it says. Numbers of visitors are said sign by sign, numbers of counters as
a word ("loket sebelas"); over 999 those are said sign by sign too. Each language names its own pieces.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

LANGUAGES: Final = ("id", "en")
LABEL: Final = re.compile(r"[A-Z]{1,3}[0-9]{1,6}")
LARGEST_IN_WORDS: Final = 999
# Silence after a piece, in milliseconds: within a number, between signs, before another thought.
TOGETHER: Final = 10
BETWEEN: Final = 130
THOUGHT: Final = 260

_ID: Final = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh")
_ID_TEENS: Final = ("sebelas", *(f"{each} belas" for each in _ID[2:10]))
_EN: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
# By language, the words up to nineteen; the tens from twenty on, which Indonesian puts together ("dua puluh").
UNITS: Final[Mapping[str, tuple[str, ...]]] = {"id": (*_ID, *_ID_TEENS), "en": _EN}
TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
PULUH: Final = "puluh"
# What stands in the place of a hundred: alone, and after how many there are.
HUNDREDS: Final[Mapping[str, tuple[str, str]]] = {"id": ("seratus", "ratus"), "en": ("one hundred", "hundred")}
PHRASES: Final[Mapping[str, Mapping[str, str]]] = {
    "id": {
        "number": "Nomor antrean",
        "go-to-counter": "silakan menuju loket",
        "go-to": "silakan menuju",
        "counter": "loket",
        "trial": "Ini uji coba. Tidak ada yang dipanggil.",
    },
    "en": {
        "number": "Queue number",
        "go-to-counter": "please go to counter",
        "go-to": "please go to",
        "counter": "counter",
        "trial": "This is a trial. Nobody is called.",
    },
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A recording, the words it says, and the silence after it in milliseconds."""

    clip: str
    words: str
    pause: int = 0


@dataclass(frozen=True, slots=True)
class Counter:
    """Where to: the number of a counter, or the recording of a name of its own with the words it says."""

    number: int
    own_clip: str = ""
    own_name: str = ""


def announcement(language: str, label: str, counter: Counter, *, is_short: bool = False) -> tuple[Piece, ...]:
    """Return what is said of a called number; the short form leaves out what a hall that waits knows anyway.

    Raises `ValueError` for a language or a label that there is not.
    """
    if language not in LANGUAGES or not LABEL.fullmatch(label):
        raise ValueError(f"nothing to say in {language} of {label}")
    phrase = _phrases(language)
    signs = [*label_pieces(language, label)]
    signs[-1] = Piece(signs[-1].clip, signs[-1].words, THOUGHT)
    opening = () if is_short else (phrase("number", BETWEEN),)
    return (*opening, *signs, *_where(language, counter, is_short=is_short))


def label_pieces(language: str, label: str) -> tuple[Piece, ...]:
    """Return how the number of a visitor is said: sign by sign."""
    return tuple(_sign(language, each) for each in label)


def trial(language: str) -> tuple[Piece, ...]:
    """Return what is said when nobody is called."""
    return (_phrases(language)("trial", 0),)


def spoken_words(pieces: tuple[Piece, ...]) -> str:
    """Return an announcement in writing: a comma wherever the voice pauses."""
    said = ""
    for piece in pieces:
        comma = "," if piece.pause >= BETWEEN and piece.clip != "number" else ""
        said += piece.words + comma + " "
    return said.rstrip(" ,")


def number_pieces(language: str, number: int) -> tuple[Piece, ...]:
    """Return how a whole number is said, the last piece with the voice falling; sign by sign over 999."""
    if number > LARGEST_IN_WORDS:
        return tuple(_sign(language, each) for each in str(number))
    found: list[tuple[str, str]] = []
    hundreds, rest = divmod(number, 100)
    if hundreds:
        found += _hundreds(language, hundreds)
        if rest and language == "en":
            found.append(("and", "and"))
    if rest or not hundreds:
        found += _below_hundred(language, rest)
    *before, (last, words) = found
    inner = [Piece(clip, said, TOGETHER) for clip, said in before]
    return (*inner, Piece(f"{last}-end", words))


def _where(language: str, counter: Counter, *, is_short: bool) -> tuple[Piece, ...]:
    phrase = _phrases(language)
    if counter.own_clip:
        named = Piece(counter.own_clip, counter.own_name)
        return (named,) if is_short else (phrase("go-to", TOGETHER), named)
    leading = phrase("counter" if is_short else "go-to-counter", TOGETHER)
    return (leading, *number_pieces(language, counter.number))


def _phrases(language: str) -> Callable[[str, int], Piece]:
    words = PHRASES[language]
    return lambda name, pause: Piece(name, words[name], pause)


def _sign(language: str, sign: str) -> Piece:
    """Return a letter or a digit said alone, as in a list."""
    if sign.isdigit():
        return Piece(f"digit-{sign}", UNITS[language][int(sign)], BETWEEN)
    return Piece(f"letter-{sign.lower()}", sign, BETWEEN)


def _hundreds(language: str, count: int) -> list[tuple[str, str]]:
    alone, after = HUNDREDS[language]
    return [("100", alone)] if count == 1 else [(f"digit-{count}", UNITS[language][count]), ("hundred", after)]


def _below_hundred(language: str, number: int) -> list[tuple[str, str]]:
    if number < len(UNITS[language]):
        return [(str(number), UNITS[language][number])]
    tens, units = divmod(number, 10)
    leading = [(f"{tens}0", TENS[tens - 2])] if language == "en" else [(f"digit-{tens}", _ID[tens]), (PULUH, PULUH)]
    return [*leading, (str(units), UNITS[language][units])] if units else leading
