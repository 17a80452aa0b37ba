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


def without_tag(address: str) -> str:
    """Return an address as all of one mailbox are equal: normalized, and without what follows a plus in the name.

    Nothing else is left out: whether wa.ti is wati differs from one mail system to another.
    """
    name, at, domain = normalized(address).rpartition("@")
    return f"{name.partition('+')[0] or name}{at}{domain}"


def person_digest(key: bytes, office_id: int, address: str) -> str:
    """Return by what an office knows the person of an address again (32 hex digits); every office has its own."""
    return _digest(key, office_id, without_tag(address))


def address_digest(key: bytes, office_id: int, address: str) -> str:
    """Return by what an office knows an address again as it is written: there mail comes back, or it does not.

    Until a tag was left out persons were known by this too, so whoever looks for one looks for both.
    """
    return _digest(key, office_id, normalized(address))


def person_digests(key: bytes, office_id: int, address: str) -> frozenset[str]:
    """Return by what all an office may know the person of an address: one digest, two where the address has a tag."""
    return frozenset((person_digest(key, office_id, address), address_digest(key, office_id, address)))


def _digest(key: bytes, office_id: int, known_as: str) -> str:
    return hmac.digest(_key_for(key, PERSON), f"{office_id}|{known_as}".encode(), hashlib.sha256).hex()[:32]


def row_digest(key: bytes, office_id: int, content: str) -> str:
    """Return by what an office knows a row of a file of answers again (32 hex digits); it may hold a profile."""
    return hmac.digest(_key_for(key, ROW), f"{office_id}|{content}".encode(), hashlib.sha256).hex()[:32]


@lru_cache(maxsize=16)
def _key_for(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, purpose, hashlib.sha256)
