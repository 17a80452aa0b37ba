"""The long passwords among the million that were breached most often, by digests (`docs/common_passwords.py`)."""

import hashlib
from bisect import bisect_left
from functools import cache
from pathlib import Path
from typing import Final

WIDTH: Final = 6
_FILE: Final = Path(__file__).with_name("common_passwords.bin")


def is_common(password: str) -> bool:
    """Tell whether a password, in small letters, is on the list."""
    known = _digests()
    wanted = hashlib.blake2b(password.encode("utf-8", "surrogatepass"), digest_size=WIDTH).digest()
    place = bisect_left(range(len(known) // WIDTH), wanted, key=lambda at: known[at * WIDTH : at * WIDTH + WIDTH])
    return known[place * WIDTH : place * WIDTH + WIDTH] == wanted


@cache
def _digests() -> bytes:
    return _FILE.read_bytes()
