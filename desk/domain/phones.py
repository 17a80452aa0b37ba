"""Phone numbers in the one form that gateways take (E.164), from how people here write them.

A rule of our own instead of a library's tables of numbering plans: only the country of the house is understood without
its code, and whether a number exists nobody knows but the gateway, which says so.
"""

import re
from typing import Final

from desk.domain.refusals import Reason, Refused

HOME: Final = "62"  # Indonesia
# ITU-T E.164: at most 15 digits with the country code, which never begins with 0; below 8 no number can be reached.
_E164: Final = re.compile(r"\+[1-9]\d{7,14}")
# Numbers of mobile phones here: 8 and 8 to 11 more digits. A landline takes no message.
_MOBILE: Final = re.compile(r"\+628[1-9]\d{7,10}")
_BETWEEN: Final = str.maketrans(dict.fromkeys(" \t\u00a0\u2010\u2011-./()", None))
SHOWN: Final = 3


def read_phone(typed: str) -> str:
    """Return a number as it was typed (`0812-3456-7890`, `+62 812…`, `0062…`) in E.164.

    Raises `Refused(INVALID)` for what is none, and for a number of this country that is not a mobile phone's.
    """
    digits = typed.strip().translate(_BETWEEN)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits.startswith("0"):
        digits = f"+{HOME}{digits[1:]}"
    elif digits.startswith((HOME, "8")):
        digits = f"+{digits}" if digits.startswith(HOME) else f"+{HOME}{digits}"
    if digits.startswith(f"+{HOME}0"):  # +62 (0)812…: the 0 is for calls within the country
        digits = f"+{HOME}{digits[len(HOME) + 2 :]}"
    fits = _MOBILE if digits.startswith(f"+{HOME}") else _E164
    if not digits.isascii() or not fits.fullmatch(digits):
        raise Refused(Reason.INVALID, field="phone")
    return digits


def is_phone(address: str) -> bool:
    """Tell whether an address is a number in E.164."""
    return bool(_E164.fullmatch(address))
