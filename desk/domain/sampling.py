"""Who is drawn, and by what a person or a row is known again: by keyed digests, each under a key of its own purpose.

The draw belongs to the transaction's number: neither reopening it nor anything a handler does draws again.
"""

import hashlib
import hmac
from functools import lru_cache
from typing import Final

PARTS: Final = 1 << 64
DRAW: Final = b"purpose|survey draw"
PERSON: Final = b"purpose|survey person"
ROW: Final = b"purpose|survey row"


def drawn(key: bytes, transaction_id: int, percent: int) -> bool:
    """Tell whether a transaction is among so many per cent; whoever is among 10 is among 20."""
    if percent >= 100:
        return True
    digest = hmac.digest(_key_for(key, DRAW), str(transaction_id).encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big") * 100 < percent * PARTS


def normalized(address: str) -> str:
    """Return an address as two spellings of it are equal: without spaces around it, in small letters."""
    return address.strip().casefold()


def person_digest(key: bytes, office_id: int, address: str) -> str:
    """Return by what an office knows the person of an address again (32 hex digits); every office has its own."""
    message = f"{office_id}|{normalized(address)}".encode()
    return hmac.digest(_key_for(key, PERSON), message, hashlib.sha256).hex()[:32]


def row_digest(key: bytes, office_id: int, content: str) -> str:
    """Return by what an office knows a row of a file of answers again (32 hex digits); it may hold a profile."""
    return hmac.digest(_key_for(key, ROW), f"{office_id}|{content}".encode(), hashlib.sha256).hex()[:32]


@lru_cache(maxsize=16)
def _key_for(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, purpose, hashlib.sha256)
