"""How many messages a phone network makes of one text (3GPP TS 23.038 and 23.040)."""

from dataclasses import dataclass
from typing import Final

_PLAIN: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED: Final = frozenset("\f^{}\\[~]|€")
# Of a text that fits into one message, and of each where it takes several and they must say how they belong together.
_SEPTETS: Final = (160, 153)
_UNITS: Final = (70, 67)


@dataclass(frozen=True, slots=True)
class PhoneLength:
    """In how many messages a text goes out, and how long it is: in characters of GSM 7 bit, or in 16 bits of UCS-2."""

    is_plain: bool
    length: int
    messages: int


def measure(text: str) -> PhoneLength:
    """Return the length; one character outside of the GSM alphabet makes all of them twice as long."""
    is_plain = all(each in _PLAIN or each in _ESCAPED for each in text)
    sizes = [_septets(each) if is_plain else _units(each) for each in text]
    alone, together = _SEPTETS if is_plain else _UNITS
    length = sum(sizes)
    return PhoneLength(is_plain, length, 1 if length <= alone else _packed(sizes, together))


def _septets(char: str) -> int:
    return 2 if char in _ESCAPED else 1


def _units(char: str) -> int:
    return 2 if ord(char) > 0xFFFF else 1


def _packed(sizes: list[int], room: int) -> int:
    """Return in how many messages they fit one after another; what is two long is not torn in two."""
    messages, taken = 1, 0
    for size in sizes:
        if taken + size > room:
            messages, taken = messages + 1, 0
        taken += size
    return messages
