"""Keeping the hashes of the tokens in visitors' links."""

from desk.domain.tokens import TokenKind, hash_of
from desk.models import VisitorToken
from desk.operations.stream import Unit
from desk.operations.writing import inserting

KEEP = inserting(VisitorToken.__tablename__, ("token_hash", "kind", "office_id", "subject_id", "generation"))


def keep_token(unit: Unit, token: str, kind: TokenKind, subject_id: int, *, generation: int) -> None:
    """Store the hash of a token that was derived for a subject; the token itself is never stored."""
    row = {"token_hash": hash_of(token), "kind": kind.value, "office_id": unit.office_id}
    KEEP.run(unit.connection, {**row, "subject_id": subject_id, "generation": generation})
