"""How each shipped recording is spoken: its words, or its sounds where the synthesiser's own rules say it wrongly.

Sounds are in the signs of eSpeak NG: @ is the e of "empat", E that of "loket". A comma keeps the voice up, since more
follows; a full stop lets it fall.
"""

from collections.abc import Iterator
from string import ascii_uppercase
from typing import Final

from desk.announcing.speaking import Saying
from desk.domain.announcing import HUNDREDS, LANGUAGES, PHRASES, PULUH, TENS, UNITS

# Words of Indonesian that its rules would say with another e, or with the stress elsewhere; and "seven", whose second
# half an echo would swallow.
SOUNDS: Final = {
    "id": {
        "empat": "@mp'at",
        "enam": "@n'am",
        "sebelas": "s@b@l'as",
        "belas": "b@l'as",
        "loket": "l'okEt",
        "antrean": "antR2'Ean",
        "menuju": "m@n'udZu",
    },
    "en": {"seven": "s'EvEn"},
}


def recipes() -> dict[tuple[str, str], Saying]:
    """Return by language and name how every shipped recording is made."""
    found: dict[tuple[str, str], Saying] = {}
    for language in LANGUAGES:
        for name, words in _of(language):
            found[language, name] = _saying(language, words)
    return found


def _of(language: str) -> Iterator[tuple[str, str]]:
    units, (alone, after) = UNITS[language], HUNDREDS[language]
    for letter in ascii_uppercase:
        yield f"letter-{letter.lower()}", f"{letter},"
    for digit in range(10):
        yield f"digit-{digit}", f"{units[digit]},"
    for number, word in enumerate(units):
        yield f"{number}-end", f"{word}."
    for name, word in [*_tens(language), ("100", alone), ("hundred", after)]:
        yield name, f"{word},"
        yield f"{name}-end", f"{word}."
    if language == "en":
        yield "and", "and,"
    for name, words in PHRASES[language].items():
        yield name, words if name == "trial" else f"{words},"


def _tens(language: str) -> list[tuple[str, str]]:
    return [(PULUH, PULUH)] if language == "id" else [(f"{20 + 10 * place}", word) for place, word in enumerate(TENS)]


def _saying(language: str, words: str) -> Saying:
    """Return it with the sounds of the words that need them; a sentence may mix both."""
    sounds = SOUNDS[language]
    said = []
    for word in words.split():
        bare = word.rstrip(",.")
        said.append(f"[[{sounds[bare]}]]{word[len(bare) :]}" if bare in sounds else word)
    return Saying(language, " ".join(said), phonemes="[[" in " ".join(said))
