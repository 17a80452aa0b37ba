"""Bringing back a message that the worker gave up."""

from typing import Any, Final

from sqlalchemy import select, update

from desk.domain.access import Role, require
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.identity import office_of
from desk.domain.invitation import Invitation, require_answerable
from desk.domain.refusals import Reason, Refused
from desk.operations.asking import DELIVERIES, INVITATIONS, find_invitation
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

RESENDERS: Final = frozenset({Role.SUPERVISOR, Role.ADMIN})


def resend(streams: Streams, office_id: int, delivery_id: int, request: Request) -> Done:
    """Let a dead message be tried again from the first attempt, at once; answers delivery, state.

    It keeps its idempotency key, so a mail program recognizes it should it have arrived after all. Raises `Refused`:
    FORBIDDEN, UNKNOWN, NOT_POSSIBLE_NOW (it is not dead, or its address was erased), LINK_USED, LINK_EXPIRED,
    LINK_REVOKED.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, RESENDERS)
        delivery = _dead(unit, delivery_id)
        asked = _get_asked(unit, delivery)
        payload: dict[str, JSON] = {"delivery": delivery.id, "attempts": delivery.attempts}
        unit.append(Fact(EventName.MESSAGE_REQUEUED, payload, asked.transaction_id, asked.visit_id))
        values = {"state": "pending", "attempts": 0, "due_at": unit.clock_now, "last_error": None}
        unit.connection.execute(
            update(DELIVERIES)
            .where(DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.id == delivery.id)
            .values(**values)
        )
        return unit.done(delivery=delivery.id, state="pending")

    return streams.run(office_id, request, work)


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
