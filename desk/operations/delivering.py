"""Bringing back a message that the worker gave up."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update

from desk.domain.access import Role, require
from desk.domain.asking_times import put_off_until
from desk.domain.clock import micros
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.identity import office_of
from desk.domain.invitation import Channel, Invitation, require_answerable
from desk.domain.phones import read_phone
from desk.domain.redirecting import Correction
from desk.domain.refusals import Reason, Refused
from desk.models import TransactionRow
from desk.operations.asked_people import BlockKind, addresses_of, digest_for, remember_asking, unblock, wants_none
from desk.operations.asking import CONTACTS, DELIVERIES, INVITATIONS, find_invitation
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

TRANSACTIONS: Any = TransactionRow.__table__
RESENDERS: Final = frozenset({Role.SUPERVISOR, Role.ADMIN})
LONGEST_EMAIL: Final = 254


def resend(streams: Streams, office_id: int, delivery_id: int, request: Request) -> Done:
    """Let a dead message be tried again from the first attempt; answers delivery, state, due.

    That is at once, or when the office's quiet hours and closed days are over.

    It keeps its idempotency key, so a mail program recognizes it should it have arrived after all. Raises `Refused`:
    FORBIDDEN, UNKNOWN, NOT_POSSIBLE_NOW (it is not dead, or its address was erased), LINK_USED, LINK_EXPIRED,
    LINK_REVOKED, WANTS_NO_QUESTIONS.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, RESENDERS)
        delivery = _dead(unit, delivery_id)
        asked = _get_asked(unit, delivery)
        due = _due(unit, delivery, asked)
        _require_welcome(unit, delivery)
        payload: dict[str, JSON] = {"delivery": delivery.id, "attempts": delivery.attempts}
        unit.append(Fact(EventName.MESSAGE_REQUEUED, payload, asked.transaction_id, asked.visit_id))
        values = {"state": "pending", "attempts": 0, "due_at": due, "last_error": None}
        unit.connection.execute(
            update(DELIVERIES)
            .where(DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.id == delivery.id)
            .values(**values)
        )
        return unit.done(delivery=delivery.id, state="pending", due=micros(due))

    return streams.run(office_id, request, work)


def redirect(
    streams: Streams, office_id: int, delivery_id: int, request: Request, *, address: str, reason: Correction
) -> Done:
    """Send a dead message to another address of the same kind, under a key of its own; answers delivery, state, due.

    What the visitor left is corrected with it. The event names neither address. Raises `Refused` as `resend`, and
    INVALID (address) for one that is none.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, RESENDERS)
        delivery = _dead(unit, delivery_id)
        asked = _get_asked(unit, delivery)
        wanted = _wanted(delivery.channel, address)
        if wants_none(unit, delivery.visit_id, wanted):
            raise Refused(Reason.WANTS_NO_QUESTIONS)
        unblock(unit, digest_for(unit, wanted), BlockKind.BOUNCED)
        payload: dict[str, JSON] = {"delivery": delivery.id, "channel": delivery.channel, "reason": reason.value}
        event = unit.append(Fact(EventName.MESSAGE_REDIRECTED, payload, asked.transaction_id, asked.visit_id))
        column = "email" if delivery.channel == Channel.EMAIL else "phone"
        mine = (CONTACTS.c.office_id == unit.office_id) & (CONTACTS.c.visit_id == delivery.visit_id)
        unit.connection.execute(update(CONTACTS).where(mine).values({column: wanted}))
        remember_asking(unit, (wanted, *addresses_of(unit, delivery.visit_id)), delivery.visit_id)
        due = _due(unit, delivery, asked)
        # Under another key: a gateway that knows the old one would take this for the message it refused.
        values: dict[str, Any] = {
            "address": wanted,
            "idempotency_key": f"{delivery.kind}-{event.id}",
            "provider_id": None,
        }
        values |= {"state": "pending", "attempts": 0, "due_at": due, "last_error": None}
        unit.connection.execute(
            update(DELIVERIES)
            .where(DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.id == delivery.id)
            .values(**values)
        )
        return unit.done(delivery=delivery.id, state="pending", due=micros(due))

    return streams.run(office_id, request, work)


def _wanted(channel: str, address: str) -> str:
    """Return an address in the form it is sent to; what an e-mail address is the form has judged."""
    if channel != Channel.EMAIL:
        return read_phone(address)
    wanted = address.strip()
    if not 3 <= len(wanted) <= LONGEST_EMAIL or wanted.count("@") != 1 or not wanted.isprintable() or " " in wanted:
        raise Refused(Reason.INVALID, field="address")
    return wanted


def _require_welcome(unit: Unit, delivery: Any) -> None:
    """Refuse to write to somebody who wants no questions; a mailbox that was not there counts as being there again."""
    if wants_none(unit, delivery.visit_id, delivery.address):
        raise Refused(Reason.WANTS_NO_QUESTIONS)
    unblock(unit, digest_for(unit, delivery.address), BlockKind.BOUNCED)


def _due(unit: Unit, delivery: Any, asked: Invitation) -> datetime:
    """Return when a message that is brought back goes out."""
    mine = (TRANSACTIONS.c.office_id == unit.office_id) & (TRANSACTIONS.c.id == asked.transaction_id)
    service_id = unit.connection.execute(select(TRANSACTIONS.c.service_id).where(mine)).scalar_one()
    timing = unit.configuration.rules.asking.timing(Channel(delivery.channel))
    calendar = unit.configuration.services[service_id].calendar
    return put_off_until(timing, unit.clock_now, calendar) or unit.clock_now


def _dead(unit: Unit, delivery_id: int) -> Any:
    """Return the row of a dead delivery, held against the worker."""
    query = select(DELIVERIES).where(DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.id == delivery_id)
    row = unit.connection.execute(query.with_for_update()).one_or_none()
    if row is None or office_of(delivery_id) != unit.office_id:
        raise Refused(Reason.UNKNOWN, id=delivery_id)
    if row.state != "dead" or row.address is None:
        raise Refused(Reason.NOT_POSSIBLE_NOW, state=row.state)
    return row


def _get_asked(unit: Unit, delivery: Any) -> Invitation:
    """Return the invitation of a delivery; refuse one that was answered, taken back, decided anew or has expired."""
    invitation = find_invitation(unit, invitation_id=delivery.invitation_id)
    if invitation is None:
        raise Refused(Reason.LINK_REVOKED)
    require_answerable(invitation, at=unit.at)
    query = select(INVITATIONS.c.decided_at).where(
        INVITATIONS.c.office_id == unit.office_id, INVITATIONS.c.id == invitation.id
    )
    if unit.connection.execute(query).scalar_one() > delivery.queued_at:
        raise Refused(Reason.LINK_REVOKED)
    return invitation
