"""Tokens in a visitor's links: derived when shown or sent, so that they can be sent again; only a hash is stored."""

import base64
import hashlib
import hmac
from enum import StrEnum


class TokenKind(StrEnum):
    """What a link opens; one kind is never accepted in another's place."""

    STATUS = "status"
    SURVEY = "survey"


def derive(key: bytes, kind: TokenKind, subject_id: int, *, channel: str = "link", generation: int = 1) -> str:
    """Return the token (128 bits as 26 characters of a–z and 2–7) of a subject."""
    message = f"{kind.value}|{subject_id}|{channel}|{generation}".encode()
    return base64.b32encode(hmac.digest(key, message, hashlib.sha256)[:16]).decode().rstrip("=").lower()


def hash_of(token: str) -> str:
    """Return what is stored of a token or session secret (64 hex digits)."""
    return hashlib.sha256(token.encode()).hexdigest()
