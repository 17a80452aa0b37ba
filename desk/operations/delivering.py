"""Bringing back a message that the worker gave up, to its own address or to the right one.

Never to somebody on the staff; and whoever had a hand in a matter does not choose who is asked about it.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update

from desk.domain.access import Actor, Role, require
from desk.domain.asking_times import put_off_until
from desk.domain.clock import micros
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.identity import office_of
from desk.domain.invitation import Channel, Invitation, require_answerable
from desk.domain.own_case import may_all_the_same
from desk.domain.phones import read_phone
from desk.domain.redirecting import Correction
from desk.domain.refusals import Reason, Refused
from desk.models import TransactionRow
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.operations.survey.asked_people import (
    BlockKind,
    addresses_of,
    look_up,
    remember_asking,
    unblock,
    wants_none,
    written_as,
)
from desk.operations.survey.asking import CONTACTS, DELIVERIES, INVITATIONS, find_invitation
from desk.operations.survey.keeping_apart import keepers_in
from desk.reads.asked_otherwise import list_asked_otherwise
from desk.reads.barred import list_handlers
from desk.reads.reader import Reader

TRANSACTIONS: Any = TransactionRow.__table__
RESENDERS: Final = frozenset({Role.SUPERVISOR, Role.ADMIN})
LONGEST_EMAIL: Final = 254


def resend(streams: Streams, office_id: int, delivery_id: int, request: Request) -> Done:
    """Let a dead message be tried again from the first attempt; answers delivery, state, due.

    That is at once, or when the office's quiet hours and closed days are over.

    It keeps its idempotency key, so a mail program recognizes it should it have arrived after all. Raises `Refused`:
    FORBIDDEN, UNKNOWN, NOT_POSSIBLE_NOW (it is not dead, or its address was erased), LINK_USED, LINK_EXPIRED,
    LINK_REVOKED, WANTS_NO_QUESTIONS, ADDRESS_OF_STAFF, ASKED_OTHERWISE (another message about the visit asks by now).
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, RESENDERS)
        delivery = _dead(unit, delivery_id)
        asked = _get_asked(unit, delivery)
        due = _due(unit, delivery, asked)
        _require_welcome(unit, delivery.visit_id, delivery.address)
        payload: dict[str, JSON] = {"delivery": delivery.id, "attempts": delivery.attempts}
        unit.append(Fact(EventName.MESSAGE_REQUEUED, payload, asked.transaction_id, asked.visit_id))
        return _bring_back(unit, delivery, due)

    return streams.run(office_id, request, work)


def _bring_back(unit: Unit, delivery: Any, due: datetime, **changed: str | None) -> Done:
    mine = (DELIVERIES.c.office_id == unit.office_id) & (DELIVERIES.c.id == delivery.id)
    values = {"state": "pending", "attempts": 0, "due_at": due, "last_error": None, **changed}
    unit.connection.execute(update(DELIVERIES).where(mine).values(**values))
    return unit.done(delivery=delivery.id, state="pending", due=micros(due))


def redirect(
    streams: Streams, office_id: int, delivery_id: int, request: Request, *, address: str, reason: Correction
) -> Done:
    """Send a dead message to another address of the same kind, under a key of its own; answers delivery, state, due.

    What the visitor left is corrected with it. The event names neither address. Raises `Refused` as `resend`, INVALID
    (address) for one that is none, and ADDRESS_OF_OWN_CASE for who had a hand in a matter that the message asks about,
    unless nobody is there who had none: then an administrator may.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, RESENDERS)
        delivery = _dead(unit, delivery_id)
        asked = _get_asked(unit, delivery)
        by_handler = _is_own_case(unit, delivery.visit_id)
        wanted = _wanted(delivery.channel, address)
        _require_welcome(unit, delivery.visit_id, wanted)
        payload: dict[str, JSON] = {"delivery": delivery.id, "channel": delivery.channel, "reason": reason.value}
        payload |= {"by_handler": True} if by_handler else {}
        event = unit.append(Fact(EventName.MESSAGE_REDIRECTED, payload, asked.transaction_id, asked.visit_id))
        column = "email" if delivery.channel == Channel.EMAIL else "phone"
        mine = (CONTACTS.c.office_id == unit.office_id) & (CONTACTS.c.visit_id == delivery.visit_id)
        unit.connection.execute(update(CONTACTS).where(mine).values({column: wanted}))
        remember_asking(unit, (wanted, *addresses_of(unit, delivery.visit_id)), delivery.visit_id)
        # Under another key: a gateway that knows the old one would take this for the message it refused.
        key = f"{delivery.kind}-{event.id}"
        due = _due(unit, delivery, asked)
        return _bring_back(unit, delivery, due, address=wanted, idempotency_key=key, provider_id=None)

    return streams.run(office_id, request, work)


def _wanted(channel: str, address: str) -> str:
    """Return an address in the form it is sent to; what an e-mail address is the form has judged."""
    if channel != Channel.EMAIL:
        return read_phone(address)
    wanted = address.strip()
    if not 3 <= len(wanted) <= LONGEST_EMAIL or wanted.count("@") != 1 or not wanted.isprintable() or " " in wanted:
        raise Refused(Reason.INVALID, field="address")
    return wanted


def _require_welcome(unit: Unit, visit_id: int, address: str) -> None:
    """Refuse to write to somebody who wants no questions, or on the staff.

    A mailbox that was not there counts as being there again.
    """
    if wants_none(unit, visit_id, address):
        raise Refused(Reason.WANTS_NO_QUESTIONS)
    if look_up(unit, address, visit_id).own_staff:
        raise Refused(Reason.ADDRESS_OF_STAFF)
    unblock(unit, written_as(unit, address), BlockKind.BOUNCED)


def _is_own_case(unit: Unit, visit_id: int) -> bool:
    return require_other_case(unit.connection, unit.office_id, visit_id, unit.actor)


def require_other_case(reader: Reader, office_id: int, visit_id: int, actor: Actor) -> bool:
    """Tell whether somebody had a hand in what a message asks about and may correct its address all the same.

    Raises `Refused(ADDRESS_OF_OWN_CASE)` where they may not.
    """
    mine = (INVITATIONS.c.office_id == office_id, INVITATIONS.c.visit_id == visit_id)
    asked_about = list(reader.execute(select(INVITATIONS.c.transaction_id).where(*mine)).scalars())
    found = list_handlers(reader, office_id, asked_about)
    if not any(actor.person_id in hands for hands in found.values()):
        return False
    if not may_all_the_same(actor, frozenset().union(*found.values()), keepers_in(reader, office_id)):
        raise Refused(Reason.ADDRESS_OF_OWN_CASE)
    return True


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
    """Return the invitation of a delivery; refuse one that was answered, taken back, decided anew or has expired.

    Refused too while another message asks the same visitor.
    """
    invitation = find_invitation(unit, invitation_id=delivery.invitation_id)
    if invitation is None:
        raise Refused(Reason.LINK_REVOKED)
    require_answerable(invitation, at=unit.at)
    query = select(INVITATIONS.c.decided_at).where(
        INVITATIONS.c.office_id == unit.office_id, INVITATIONS.c.id == invitation.id
    )
    if unit.connection.execute(query).scalar_one() > delivery.queued_at:
        raise Refused(Reason.LINK_REVOKED)
    require_not_asked(unit.connection, unit.office_id, delivery.id)
    return invitation


def require_not_asked(reader: Reader, office_id: int, delivery_id: int) -> None:
    """Raise `Refused(ASKED_OTHERWISE)` where another message about the visit went out, or waits to."""
    if list_asked_otherwise(reader, office_id, [delivery_id]):
        raise Refused(Reason.ASKED_OTHERWISE)
