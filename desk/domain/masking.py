"""What may be shown of an address, and of what others said about it: enough to tell one from another, not to use it."""

import re
import unicodedata
from collections.abc import Collection
from typing import Final

from desk.domain.quoting import find_parts, laid_bare, unquoted

LONGEST: Final = 300
_LONGEST_READ: Final = 2000
_ADDRESS: Final = re.compile(r"[^\s<>()\[\]\"',;:@]+@[^\s<>()\[\]\"',;:@]+")
_NUMBER: Final = re.compile(r"\+[1-9]\d{7,14}")
_DIGITS: Final = re.compile(r"\+?\d(?:[\s().-]?\d){6,}")  # a number as a gateway may quote it
# A visitor's token is 26 characters of base32 (desk.domain.tokens), and mail systems like to quote links. Something may
# be stuck to it, and so long a row of letters and digits is no word that anybody needs.
_TOKEN: Final = re.compile(r"[a-z0-9]{26,}", re.IGNORECASE)
_TOKEN_LENGTH: Final = 26
_DIGIT_OF_TOKEN: Final = re.compile(r"[2-7]")
# The end of an address and what may be the rest of it after a blank or a fold.
_BROKEN: Final = re.compile(r"(?<=[/=])[a-z2-7]{1,25}(?:=? +[a-z2-7]{1,25}(?![a-z0-9]))+", re.IGNORECASE)
_LINK: Final = re.compile(
    r"(?<![a-z0-9+.-])((?:[a-z0-9+.-]{1,40}://[^\s/?#<>\"']*|(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?))[/?#][^\s<>\"']*",
    re.IGNORECASE,
)
# Letters and digits of a token, mixed.
_PART: Final = re.compile(r"(?<![a-z0-9])(?=[a-z]*[2-7][2-7]*[a-z]|[2-7]+[a-z])[a-z2-7]{8,}(?![a-z0-9])", re.IGNORECASE)
# Pieces of one that somebody has set apart, as one does to read it out.
_PIECES: Final = re.compile(r"(?<![a-z0-9])[a-z2-7]{1,25}(?:[-. ]{1,3}[a-z2-7]{1,25}(?![a-z0-9]))+", re.IGNORECASE)
_MIXED: Final = re.compile(r"(?<![a-z0-9])(?:[a-z]+[2-7]|[2-7]+[a-z])", re.IGNORECASE)
_STATUS: Final = re.compile(r"(?:the (?:gateway|mail server): )?(?:\d{3}\b[ -]?)?(?:\d\.\d{1,3}\.\d{1,3} )?")


def masked(address: str | None) -> str:
    """Return an address as `s***@example.go.id`, a number as `+62***890`, `***` for anything that is none; one line."""
    if _NUMBER.fullmatch(address or ""):
        return f"{(address or '')[:3]}***{(address or '')[-3:]}"
    name, at, domain = one_line(address or "").rpartition("@")
    return f"{name[:1]}***@{domain[:100]}" if at and name and domain else "***"


def scrubbed(words: str, *, address: str | None = None, secrets: Collection[str] = ()) -> str:
    """Return what a server said on one line, without addresses, links, tokens, and the name in front of `address`.

    It is read as it was before anybody quoted it, and a link keeps its host. `secrets` are the tokens that may be in
    it: of them no eight characters in a row are left, however they are quoted or broken; where that cannot be had, only
    the status is. A mailbox may be named without what follows a plus in it (wati+skm).
    """
    plain = one_line(_folded(unquoted(_folded(_beginning(words)))))
    text = _BROKEN.sub(_without_broken, _without_parts(plain, secrets))
    text = _TOKEN.sub("***", _LINK.sub(r"\1/***", text))
    text = _without_name(_ADDRESS.sub(lambda found: masked(found[0]), text), address)
    return (_status_of(text) if _is_hidden_in(text, secrets) else text)[:LONGEST]


def screened(words: str) -> str:
    """Return a line of the log without addresses, phone numbers and tokens, whoever put them there."""
    if "@" in words:
        words = _ADDRESS.sub("***", words)
    return _NUMBER.sub("***", _TOKEN.sub("***", words))


def numberless(words: str) -> str:
    """Return the words on one line, with whatever may be a phone number masked."""
    return _DIGITS.sub("***", one_line(words))


def guarded(words: str) -> str:
    """Return what was scrubbed without knowing its secrets, up to what was masked, and without what may be a part."""
    known = _folded(words).partition("***")[0] + ("***" if "***" in words else "")
    return _PART.sub("***", _PIECES.sub(_without_pieces, known))


def one_line(words: str) -> str:
    """Return the words without line breaks and other control characters, single blanks between them."""
    return " ".join("".join(char if _is_shown(char) else " " for char in words).split())


def _folded(words: str) -> str:
    """Return the words in the letters that others stand for: a token in full-width letters is read and used as one."""
    return unicodedata.normalize("NFKC", words)


def _is_shown(char: str) -> bool:
    """Tell whether a character may stand in a line; joiners are not printable, but emoji are made with them."""
    return char.isprintable() or char in "\u200c\u200d"


def _beginning(words: str) -> str:
    """Return what is looked at of words, cut between two: half a token would not be known as one."""
    if len(words) <= _LONGEST_READ:
        return words
    beginning = words[:_LONGEST_READ].rsplit(None, 1)
    return beginning[0] if len(beginning) > 1 else ""


def _without_parts(text: str, secrets: Collection[str]) -> str:
    for first, last in reversed(find_parts(text, secrets)):
        text = f"{text[:first]}***{text[last:]}"
    return text


def _without_broken(found: re.Match[str]) -> str:
    """Mask what gives a token when it is put together; nothing else has its length and its digits."""
    words = re.split(r"(=? +)", found[0])
    for count in range(3, len(words) + 1, 2):
        whole = "".join(words[:count:2])
        if len(whole) == _TOKEN_LENGTH and _DIGIT_OF_TOKEN.search(whole):
            return "***" + "".join(words[count:])
    return found[0]


def _without_pieces(found: re.Match[str]) -> str:
    """Mask pieces that give a token when they are put together.

    Between blanks stand words too: there one piece must mix letters and digits, or all be of one length but the last.
    """
    words = re.split(r"([-. ]+)", found[0])
    for first in range(0, len(words), 2):
        for last in range(first + 3, len(words) + 1, 2):
            pieces = words[first:last:2]
            whole = "".join(pieces)
            if len(whole) > _TOKEN_LENGTH:
                break
            if len(whole) == _TOKEN_LENGTH and _DIGIT_OF_TOKEN.search(whole) and _is_set_apart(words[first:last]):
                rest = _PIECES.sub(_without_pieces, "".join(words[last:]))
                return "".join(words[:first]) + "***" + rest
    return found[0]


def _is_set_apart(words: list[str]) -> bool:
    if not any(" " in each for each in words[1::2]):
        return True
    return bool(_MIXED.search("".join(words))) or len({len(each) for each in words[:-2:2]}) == 1


def _without_name(text: str, address: str | None) -> str:
    name = one_line(address or "").rpartition("@")[0]
    if _NUMBER.fullmatch(address or ""):
        return _DIGITS.sub("***", text)
    if not name:
        return text
    names = "|".join(re.escape(each) for each in dict.fromkeys((name, name.partition("+")[0])) if each)
    return re.sub(rf"(?<!\w)({names})(?!\w)(?!\*)", "***", text, flags=re.IGNORECASE)


def _is_hidden_in(text: str, secrets: Collection[str]) -> bool:
    """Tell whether a token is left that was quoted in a way nobody expects in such words, or broken within a sign."""
    joined = laid_bare(re.sub(r"=?\s+", "", text))
    return bool(_TOKEN.search(laid_bare(text)) or find_parts(joined, secrets))


def _status_of(text: str) -> str:
    found = _STATUS.match(text)
    return f"{found[0] if found else ''}***"
