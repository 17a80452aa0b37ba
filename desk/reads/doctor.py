"""Looking whether an office's records hold together: the eight invariants, from the event log up."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from desk.domain.audit import Head


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold: which of the invariants 1 to 8 (0: the database itself), where, and what."""

    office_id: int
    invariant: int
    kind: str
    subject: str
    message: str


def examine(
    connection: Connection, keys: Mapping[str, bytes], checkpoints: Mapping[int, Head] | None = None
) -> list[Finding]:
    """Return what does not hold; nothing when all is well."""
    return []
