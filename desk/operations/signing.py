"""An event as it is kept: signed, in the chain of its office; and its words, which are kept apart from it."""

from typing import Final

from sqlalchemy import Connection, insert

from desk.domain.audit import Entry, canonical, link, row_of
from desk.domain.clock import micros
from desk.domain.facts import Event
from desk.models import EventRow, Note
from desk.operations.requests import Keys
from desk.operations.writing import inserting

APPEND: Final = inserting(EventRow.__tablename__, tuple(Entry.__slots__))


def sign(connection: Connection, event: Event, keys: Keys, *, behind: str) -> str:
    """Write an event behind the one with this link; return its own."""
    entry = Entry(
        event.office_id,
        event.number,
        event.epoch,
        micros(event.at),
        event.name.value,
        event.actor_kind,
        event.actor_id,
        event.transaction_id,
        event.visit_id,
        canonical(event.payload),
        keys.signing,
        "",
    )
    row = row_of(entry)
    row["mac"] = made = link(keys.key, behind, entry)
    APPEND.run(connection, row)
    return made


def keep_words(connection: Connection, event: Event, words: str) -> None:
    """Keep words under the id of their event."""
    row = {
        "office_id": event.office_id,
        "id": event.id,
        "transaction_id": event.transaction_id,
        "author_id": event.actor_id,
        "kind": event.name.value,
        "words": words,
        "written_at": event.at,
    }
    connection.execute(insert(Note), row)
