"""Tokens in a visitor's links: derived when shown or sent, so that they can be sent again; only a hash is stored."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from enum import StrEnum


class TokenKind(StrEnum):
    """What a link opens; one kind is never accepted in another's place."""

    STATUS = "status"
    SURVEY = "survey"
    VOICE = "voice"  # what became of a complaint, a suggestion or a compliment
    NO_SURVEY = "no_survey"  # to be asked no more
    POSTER = "poster"
    TABLET = "tablet"  # a device at a counter
    STAFF = "staff"  # a member of staff chooses a password


def derive(key: bytes, kind: TokenKind, subject_id: int, *, channel: str = "link", generation: int = 1) -> str:
    """Return the token (128 bits as 26 characters of a–z and 2–7) of a subject."""
    message = f"{kind.value}|{subject_id}|{channel}|{generation}".encode()
    return base64.b32encode(hmac.digest(key, message, hashlib.sha256)[:16]).decode().rstrip("=").lower()


def hash_of(token: str) -> str:
    """Return what is stored of a token or session secret (64 hex digits)."""
    return hashlib.sha256(token.encode()).hexdigest()


def channel_of(
    key: bytes, kind: TokenKind, subject_id: int, token: str, *, channels: Iterable[str], generation: int = 1
) -> str | None:
    """Return through which of the channels a token was given; None for none of them (its key was changed since)."""
    derived = {each: derive(key, kind, subject_id, channel=each, generation=generation) for each in channels}
    return next((each for each, made in derived.items() if hmac.compare_digest(made.encode(), token.encode())), None)
