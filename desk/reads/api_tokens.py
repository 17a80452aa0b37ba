"""The tokens of the API as whoever administers them sees them: never the tokens themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from desk.models import ApiToken, Office
from desk.reads.reader import Reader

TOKENS: Any = ApiToken.__table__
ID_LENGTH: Final = 12


@dataclass(frozen=True, slots=True)
class TokenEntry:
    """One token: whose, for what, and whether it still opens anything (live, expired, revoked)."""

    token_hash: str
    name: str
    office: str
    role: str
    created: datetime
    expires: datetime | None
    state: str

    @property
    def id(self) -> str:
        """The beginning of its hash, by which it is named."""
        return self.token_hash[:ID_LENGTH]

    def as_object(self) -> dict[str, object]:
        """Return it as JSON."""
        return {
            "id": self.id,
            "name": self.name,
            "office": self.office,
            "role": self.role,
            "created": self.created.isoformat(),
            "expires": None if self.expires is None else self.expires.isoformat(),
            "state": self.state,
        }


def list_tokens(reader: Reader, *, office_id: int | None, at: datetime) -> list[TokenEntry]:
    """Return the tokens of an office, or of all, newest first."""
    query = select(TOKENS, Office.code).join(Office, Office.id == TOKENS.c.office_id)
    if office_id is not None:
        query = query.where(TOKENS.c.office_id == office_id)
    rows = reader.execute(query.order_by(TOKENS.c.created_at.desc(), TOKENS.c.token_hash)).all()
    return [
        TokenEntry(row.token_hash, row.name, row.code, row.role, row.created_at, row.expires_at, _state(row, at))
        for row in rows
    ]


def _state(row: Any, at: datetime) -> str:
    if row.revoked_at is not None:
        return "revoked"
    return "expired" if row.expires_at is not None and row.expires_at <= at else "live"
