"""What may be shown of an address, and of what others said about it: enough to tell one from another, not to use it."""

import re
from typing import Final

LONGEST: Final = 300
_ADDRESS: Final = re.compile(r"[^\s<>()\[\]\"',;:@]+@[^\s<>()\[\]\"',;:@]+")
_NUMBER: Final = re.compile(r"\+[1-9]\d{7,14}")
_DIGITS: Final = re.compile(r"\+?\d(?:[\s().-]?\d){6,}")  # a number as a gateway may quote it
# A visitor's token is 26 characters of base32 (desk.domain.tokens), and mail systems like to quote links.
_TOKEN: Final = re.compile(r"(?<![a-z0-9])[a-z2-7]{26}(?![a-z0-9])", re.IGNORECASE)


def masked(address: str | None) -> str:
    """Return an address as `s***@example.go.id`, a number as `+62***890`, `***` for anything that is none; one line."""
    if _NUMBER.fullmatch(address or ""):
        return f"{(address or '')[:3]}***{(address or '')[-3:]}"
    name, at, domain = one_line(address or "").rpartition("@")
    return f"{name[:1]}***@{domain[:100]}" if at and name and domain else "***"


def scrubbed(words: str, *, address: str | None = None) -> str:
    """Return what a mail server said on one line, without addresses, the name in front of `address`, or any token."""
    text = _ADDRESS.sub(lambda found: masked(found[0]), _TOKEN.sub("***", one_line(words)))
    name = one_line(address or "").rpartition("@")[0]
    if _NUMBER.fullmatch(address or ""):
        text = _DIGITS.sub("***", text)
    elif name:
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)(?!\*)", "***", text, flags=re.IGNORECASE)
    return text[:LONGEST]


def numberless(words: str) -> str:
    """Return the words on one line, with whatever may be a phone number masked."""
    return _DIGITS.sub("***", one_line(words))


def one_line(words: str) -> str:
    """Return the words without line breaks and other control characters, single blanks between them."""
    return " ".join("".join(char if _is_shown(char) else " " for char in words).split())


def _is_shown(char: str) -> bool:
    """Tell whether a character may stand in a line; joiners are not printable, but emoji are made with them."""
    return char.isprintable() or char in "\u200c\u200d"
