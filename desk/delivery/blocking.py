"""Where messages come back from: remembered under a keyed digest, so that nobody writes there again."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete
from sqlalchemy.dialects import postgresql, sqlite

from desk.domain.sampling import address_digest
from desk.models import SurveyBlock

BLOCKS: Final[Any] = SurveyBlock.__table__


def block_address(connection: Connection, office_id: int, address: str, key: bytes, *, at: datetime) -> None:
    """Write down under a keyed digest that messages to this address come back."""
    row: dict[str, Any] = {"office_id": office_id, "digest": address_digest(key, office_id, address), "kind": "bounced"}
    on = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(on.insert(BLOCKS).on_conflict_do_nothing(), {**row, "since": at})  # two may learn it at once


def unblock_address(connection: Connection, office_id: int, address: str, key: bytes, *, since: datetime) -> None:
    """Take back that messages to this address come back, if it was written down at this very instant."""
    digest = address_digest(key, office_id, address)
    mine = (BLOCKS.c.office_id == office_id, BLOCKS.c.digest == digest, BLOCKS.c.kind == "bounced")
    connection.execute(delete(BLOCKS).where(*mine, BLOCKS.c.since == since))
