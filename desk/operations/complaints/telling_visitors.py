"""Messages to whoever complained: that it came in, and that there is an answer; only to who agreed to be told.

The address is where the office knows it from, the language that in which they wrote. Neither words nor names go into
the outbox: what a message says is looked up when it is sent.
"""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import insert, select

from desk.domain.asking import choose_way
from desk.domain.invitation import Channel
from desk.domain.messages import MessageKind
from desk.domain.phones import read_phone
from desk.domain.refusals import Refused
from desk.models import Delivery, VoiceContact, VoiceRow
from desk.operations.stream import Unit
from desk.operations.survey.asked_people import look_up

CONTACTS: Any = VoiceContact.__table__
DELIVERIES: Any = Delivery.__table__
VOICES: Any = VoiceRow.__table__
NONE: Final = 0  # in the place of a visit and an invitation
# How often one address is told in a day that something came in, and among how many of the newest messages that counts.
MOST_A_DAY: Final = 3
LOOKED_AT: Final = 200


def tell_visitor(unit: Unit, voice_id: int, event_id: int, kind: MessageKind) -> None:
    """Queue a message of an event to whoever said this, if they agreed and there is a way to them."""
    here = (CONTACTS.c.office_id == VOICES.c.office_id) & (CONTACTS.c.voice_id == VOICES.c.id)
    query = select(CONTACTS, VOICES.c.language).join(VOICES, here)
    row = unit.connection.execute(
        query.where(VOICES.c.office_id == unit.office_id, VOICES.c.id == voice_id)
    ).one_or_none()
    way = None if row is None or row.consented_at is None else _way(unit, row)
    if row is None or way is None:
        return
    if kind is not MessageKind.VOICE_RECEIVED or not _has_enough(unit, way[1]):
        queue_about_case(unit, event_id, kind, way, language=row.language, case_id=voice_id, key=f"{kind}-{event_id}")


def _way(unit: Unit, contact: Any) -> tuple[Channel, str] | None:
    """Return by what and where to write; None where no way is open: none was given, or messages come back."""
    phone = _phone(contact.phone)
    usable = [each and not look_up(unit, each, NONE).bounced for each in (contact.email, phone)]
    chosen = choose_way(
        email=bool(usable[0]),
        phone=bool(usable[1]),
        phone_first=unit.configuration.rules.asking.survey_phone_first,
    )
    if chosen is None:
        return None
    return (chosen, contact.email) if chosen is Channel.EMAIL else (chosen, phone or "")


def _has_enough(unit: Unit, address: str) -> bool:
    """Tell whether an address was told often enough today that something came in: anybody may have typed it."""
    mine = (DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.case_id > 0)  # > 0: along the index of cases
    query = select(DELIVERIES.c.address, DELIVERIES.c.kind, DELIVERIES.c.queued_at).where(*mine)
    rows = unit.connection.execute(query.order_by(DELIVERIES.c.case_id.desc()).limit(LOOKED_AT)).all()
    since = unit.at - timedelta(days=1)
    told = [row for row in rows if (row.kind, row.address) == (MessageKind.VOICE_RECEIVED, address)]
    return len([row for row in told if row.queued_at > since]) >= MOST_A_DAY


def _phone(typed: str | None) -> str | None:
    try:
        return read_phone(typed) if typed else None
    except Refused:
        return None


def queue_about_case(
    unit: Unit,
    event_id: int,
    kind: MessageKind,
    way: tuple[Channel, str],
    *,
    language: str,
    case_id: int,
    key: str,
    person_id: int | None = None,
) -> None:
    """Queue a message about a voice or a follow-up, due at once; `person_id` is of the staff."""
    channel, address = way
    row = {
        "office_id": unit.office_id,
        "id": event_id,
        "kind": kind.value,
        "channel": channel.value,
        "visit_id": NONE,
        "invitation_id": NONE,
        "case_id": case_id,
        "person_id": person_id,
        "address": address,
        "language": language,
        "state": "pending",
        "idempotency_key": key,
        "queued_at": unit.at,
        "due_at": unit.at,
        "attempts": 0,
    }
    unit.connection.execute(insert(DELIVERIES), row)
