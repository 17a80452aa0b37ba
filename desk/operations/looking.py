"""Recording who looked at what: append-only, outside the chain, without the office's lock."""

from sqlalchemy import insert

from desk.domain.access import Actor, acting_person
from desk.models import AccessRecord
from desk.operations.stream import Streams


def record_look(streams: Streams, office_id: int, actor: Actor, *, verb: str, subject: str, subject_id: int) -> None:
    """Append to the access log that the actor looked at (or exported) something."""
    row = {"office_id": office_id, "person_id": acting_person(actor), "at": streams.clock(), "verb": verb}
    with streams.engine.begin() as connection:
        connection.execute(insert(AccessRecord), {**row, "subject": subject, "subject_id": subject_id})
