"""What other programs make of words that they quote: encoded for an address, for mail or for a page, folded, doubled.

Standard library only. What stands here is read to find what must not be shown (`desk.domain.masking`).
"""

import html
import re
from collections.abc import Callable, Collection
from typing import Final

PART: Final = 8  # so many letters of a secret are told from chance
_ENCODED: Final = re.compile(r"(?:%[0-9a-f]{2})+", re.IGNORECASE)  # RFC 3986, 2.1
_SOFT_BREAK: Final = re.compile(r"=\r?\n")
_ESCAPED: Final = re.compile(r"\\(?:u([0-9a-f]{4})|x([0-9a-f]{2}))", re.IGNORECASE)
_IN_MAIL: Final = re.compile(r"[=+]([0-9a-f]{2})", re.IGNORECASE)  # quoted-printable (RFC 2045), xtext (RFC 3461)
_OF_TOKENS: Final = frozenset("abcdefghijklmnopqrstuvwxyz234567")


def unquoted(words: str) -> str:
    """Return words as they were before they were quoted in the ways that cannot be mistaken, however often."""
    return _peeled(words, _unquote_once)


def laid_bare(words: str) -> str:
    """Return words without whatever may be quoting, also where it may be none: to be searched, not to be shown."""
    return _peeled(words, lambda each: _IN_MAIL.sub(_character, _unquote_once(each)))


def find_parts(words: str, secrets: Collection[str]) -> list[tuple[int, int]]:
    """Return where parts of secrets of at least eight characters stand, also broken by what is in none of them."""
    wanted = {secret[at : at + PART].lower() for secret in secrets for at in range(len(secret) - PART + 1)}
    if not wanted:
        return []
    places = [(at, char.lower()) for at, char in enumerate(words) if char.lower() in _OF_TOKENS]
    bare = "".join(char for _, char in places)
    found: list[tuple[int, int]] = []
    for at in range(len(bare) - PART + 1):
        if bare[at : at + PART] in wanted:
            first, last = places[at][0], places[at + PART - 1][0] + 1
            if found and first <= found[-1][1]:
                first = found.pop()[0]
            found.append((first, last))
    return found


def _peeled(words: str, peel: Callable[[str], str]) -> str:
    """Peel layer after layer off; each makes it shorter, so that there is a last one."""
    bare = peel(words)
    while len(bare) < len(words):
        words, bare = bare, peel(bare)
    return bare


def _unquote_once(words: str) -> str:
    joined = _SOFT_BREAK.sub("", words)
    return html.unescape(_ENCODED.sub(_decoded, _ESCAPED.sub(_character, joined).replace("\\/", "/")))


def _character(found: re.Match[str]) -> str:
    return chr(int(next(code for code in found.groups() if code), 16))


def _decoded(found: re.Match[str]) -> str:
    return bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace")
