"""Reading whether the installation has an office yet, and the token with which the first one is opened."""

import hmac
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from desk.domain.tokens import hash_of
from desk.models import Office, SetupToken
from desk.reads.reader import Reader


class TokenFault(StrEnum):
    """Why a typed token opens nothing."""

    WRONG = "wrong"
    EXPIRED = "expired"


def has_office(reader: Reader) -> bool:
    """Tell whether there is any office; then nobody opens the first one."""
    return reader.execute(select(Office.id).limit(1)).first() is not None


def find_token_end(reader: Reader) -> datetime | None:
    """Return until when the token works that was given out, None where none was."""
    return reader.execute(select(SetupToken.expires_at)).scalar_one_or_none()


def find_token_fault(reader: Reader, typed: str, *, at: datetime) -> TokenFault | None:
    """Return why a token does not work, None where it does; how long it takes does not depend on what was typed."""
    kept = reader.execute(select(SetupToken.token_hash, SetupToken.expires_at)).one_or_none()
    given = hash_of(plain_token(typed))
    if kept is None or not hmac.compare_digest(given, kept.token_hash):
        return TokenFault.WRONG
    return TokenFault.EXPIRED if kept.expires_at <= at else None


def plain_token(typed: str) -> str:
    """Return a token as it was made, whichever way somebody copied it."""
    letters = "".join(each for each in typed.lower() if each.isascii() and each.isalnum())
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))
