"""Mail to members of staff about what lets them in: a link to choose a password, and that something was changed.

Neither the link nor a name goes into the outbox: the message is made of them when it is sent.
"""

from typing import Any, Final

from sqlalchemy import insert, select

from desk.domain.invitation import Channel
from desk.domain.messages import MessageKind
from desk.domain.signing_in import Secured
from desk.models import Delivery, Person
from desk.operations.stream import Unit

PEOPLE: Any = Person.__table__
DELIVERIES: Any = Delivery.__table__
NONE: Final = 0  # in the place of a visit; the place of an invitation tells what was changed
CHANGED: Final = {each: number for number, each in enumerate(Secured)}


def queue_about_account(
    unit: Unit, event_id: int, kind: MessageKind, person: Any, *, address: str, changed: int = NONE
) -> None:
    """Queue a message to a person (id, language), due at once."""
    row = {
        "office_id": unit.office_id,
        "id": event_id,
        "kind": kind.value,
        "channel": Channel.EMAIL.value,
        "visit_id": NONE,
        "invitation_id": changed,
        "person_id": person.id,
        "address": address,
        "language": person.language,
        "state": "pending",
        "idempotency_key": f"{kind.value}-{event_id}",
        "queued_at": unit.at,
        "due_at": unit.at,
        "attempts": 0,
    }
    unit.connection.execute(insert(DELIVERIES), row)


def tell_secured(unit: Unit, event_id: int, person_id: int, what: Secured, *, address: str | None = None) -> None:
    """Tell somebody that what lets them in was changed (ASVS 5.0, 6.3.7), at their address or the one they had."""
    query = select(PEOPLE.c.id, PEOPLE.c.language, PEOPLE.c.email).where(PEOPLE.c.id == person_id)
    person = unit.connection.execute(query).one()
    known = address if what is Secured.ADDRESS else person.email
    if known:
        queue_about_account(unit, event_id, MessageKind.SECURED, person, address=known, changed=CHANGED[what])
