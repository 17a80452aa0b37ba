"""The one message to a visitor's other address when the first came back for good: by mail instead of by phone, or so.

The decision to ask stands, and so does the link; only the way is another. Not for messages of which nobody knows
whether they arrived, and not to somebody who wants no questions, where messages come back too, or whose link has ended.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, select, text, update

from desk.domain.asking_times import put_off_until
from desk.domain.facts import EventName, Fact
from desk.domain.invitation import Channel, Invitation, require_answerable
from desk.domain.messages import MessageKind
from desk.domain.refusals import Refused
from desk.models import TransactionRow
from desk.models.delivery import RETURNED
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.operations.survey.asked_people import look_up, remember_asking, wants_none
from desk.operations.survey.asking import CONTACTS, DELIVERIES, INVITATIONS, find_invitation
from desk.operations.survey.reminding import is_answered

TRANSACTIONS: Any = TransactionRow.__table__
AT_ONCE: Final = 100
NONE: Final = 0
OTHER: Final = {Channel.EMAIL: Channel.PHONE, Channel.PHONE: Channel.EMAIL}
# While a reopened transaction is in work again, its question waits for the next end, and this with it.
_HELD = select(INVITATIONS.c.id).where(
    INVITATIONS.c.office_id == DELIVERIES.c.office_id,
    INVITATIONS.c.id == DELIVERIES.c.invitation_id,
    INVITATIONS.c.held_at.is_not(None),
)
# As literal text: with bound parameters the partial index would not be used.
_RETURNED: Final = text(RETURNED), ~_HELD.exists()


def offices_with_returned(streams: Streams) -> list[int]:
    """Return the offices that have a message that came back and that nobody has looked after yet."""
    with streams.reading() as connection:
        return list(connection.execute(select(DELIVERIES.c.office_id).where(*_RETURNED).distinct()).scalars())


def write_instead(streams: Streams, office_id: int, request: Request) -> Done:
    """Queue what goes to other addresses; answers queued (ids of the messages) and left (how many have none)."""

    def work(unit: Unit) -> Done:
        query = select(DELIVERIES).where(*_RETURNED, DELIVERIES.c.office_id == office_id).order_by(DELIVERIES.c.id)
        rows = unit.connection.execute(query.limit(AT_ONCE).with_for_update()).all()
        made = [_look_after(unit, row) for row in rows]
        return unit.done(queued=[each for each in made if each], left=made.count(NONE))

    return streams.run(office_id, request, work)


def _look_after(unit: Unit, returned: Any) -> int:
    """Queue the message that goes instead of one that came back and return its id; 0 where there is none."""
    invitation, channel = _get_open(unit, returned), OTHER[Channel(returned.channel)]
    address = None if invitation is None else _find_address(unit, returned, channel)
    due = None if invitation is None or address is None else _due(unit, invitation, channel)
    made = NONE
    if invitation is not None and due is not None:
        facts: dict[str, Any] = {"delivery": returned.id, "invitation": invitation.id, "channel": channel.value}
        event = unit.append(Fact(EventName.MESSAGE_INSTEAD, facts, invitation.transaction_id, invitation.visit_id))
        made = event.id
        kept = {
            name: getattr(returned, name) for name in ("office_id", "kind", "visit_id", "invitation_id", "language")
        }
        row = {"id": made, "channel": channel.value, "address": address, "state": "pending", "attempts": 0}
        times = {"queued_at": unit.at, "due_at": due, "idempotency_key": f"survey-{made}"}
        unit.connection.execute(insert(DELIVERIES), {**kept, **row, **times})
        remember_asking(unit, (address, returned.address), returned.visit_id)
    mine = (DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.id == returned.id)
    unit.connection.execute(update(DELIVERIES).where(*mine).values(instead=made))
    return made


def _get_open(unit: Unit, returned: Any) -> Invitation | None:
    """Return the invitation if the message still asks for it and nothing of the visit was answered; None otherwise."""
    invitation = find_invitation(unit, invitation_id=returned.invitation_id)
    if invitation is None or returned.address is None or is_answered(unit, returned.visit_id):
        return None
    try:
        require_answerable(invitation, at=unit.at)
    except Refused:
        return None
    is_current = invitation.decided_at is not None and invitation.decided_at <= returned.queued_at
    return invitation if is_current else None


def _find_address(unit: Unit, returned: Any, channel: Channel) -> str | None:
    """Return where to write instead; None where nothing is on file, or may be written to, or was written to before."""
    mine = (CONTACTS.c.office_id == unit.office_id, CONTACTS.c.visit_id == returned.visit_id)
    contact = unit.connection.execute(select(CONTACTS).where(*mine)).one_or_none()
    if contact is None or contact.consented_at is None:
        return None
    address: str | None = contact.phone if channel is Channel.PHONE else contact.email
    if not address or _was_tried(unit, returned.visit_id, channel):
        return None
    known = look_up(unit, address, returned.visit_id)
    unwelcome = known.own_staff or known.bounced or wants_none(unit, returned.visit_id, address, returned.address)
    return None if unwelcome else address


def _was_tried(unit: Unit, visit_id: int, channel: Channel) -> bool:
    """Tell whether a message asked this visitor by this channel already, about whichever of their transactions."""
    mine = (DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.visit_id == visit_id)
    asks = (DELIVERIES.c.kind == MessageKind.SURVEY.value, DELIVERIES.c.channel == channel.value)
    tried = select(DELIVERIES.c.id).where(*mine, *asks, DELIVERIES.c.state != "cancelled")
    return unit.connection.execute(tried.limit(1)).first() is not None


def _due(unit: Unit, invitation: Invitation, channel: Channel) -> datetime | None:
    """Return when it goes out: at once, or when the office writes to people again; None after the link's end."""
    mine = (TRANSACTIONS.c.office_id == unit.office_id, TRANSACTIONS.c.id == invitation.transaction_id)
    service_id = unit.connection.execute(select(TRANSACTIONS.c.service_id).where(*mine)).scalar_one()
    timing = unit.configuration.rules.asking.timing(channel)
    due = put_off_until(timing, unit.at, unit.configuration.services[service_id].calendar) or unit.at
    return due if invitation.expires_at is not None and due < invitation.expires_at else None
