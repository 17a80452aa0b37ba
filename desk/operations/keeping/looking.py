"""Recording who looked at what: append-only, outside the chain, without the office's lock."""

from typing import Final

from sqlalchemy import insert

from desk.domain.access import Actor, acting_person
from desk.models import AccessRecord
from desk.operations.stream import Streams

# Who exports on the command line is nobody in particular: whoever may log in to the server.
COMMAND_LINE: Final = 0


def record_look(
    streams: Streams, office_id: int, actor: Actor | None, *, verb: str, subject: str, subject_id: int | None = None
) -> None:
    """Append to the access log that the actor looked at (or exported) something; None on the command line."""
    person_id = COMMAND_LINE if actor is None else acting_person(actor)
    row = {"office_id": office_id, "person_id": person_id, "at": streams.clock(), "verb": verb}
    with streams.engine.begin() as connection:
        connection.execute(insert(AccessRecord), {**row, "subject": subject, "subject_id": subject_id})
