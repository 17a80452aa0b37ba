"""Who wants to be asked no more, and who takes that back: through the link of a message, in one office."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update

from desk.domain.facts import EventName, Fact
from desk.domain.identity import office_of
from desk.domain.invitation import Invitation
from desk.domain.refusals import Reason, Refused
from desk.operations.asked_people import ASKINGS, BlockKind, block, digest_for, find_digest, unblock
from desk.operations.asking import CONTACTS, DELIVERIES, find_invitation
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

Opting = Callable[[Streams, int, Request], Done]


def opt_out(streams: Streams, invitation_id: int, request: Request) -> Done:
    """Ask the person who got this message no more, from now on, and send nothing that still waits; answers changed.

    The event says neither who nor about what. Raises `Refused(LINK_REVOKED)` where nobody knows any more whose it was.
    """

    def work(unit: Unit) -> Done:
        digest = _whose(unit, invitation_id)
        changed = block(unit, digest, BlockKind.OPTED_OUT)
        if changed:
            unit.append(Fact(EventName.SURVEY_OPTED_OUT))
            _cancel_messages(unit, digest)
        return unit.done(changed=changed)

    return streams.run(office_of(invitation_id), request, work)


def opt_in(streams: Streams, invitation_id: int, request: Request) -> Done:
    """Take an opting out back; answers changed. Raises as `opt_out`."""

    def work(unit: Unit) -> Done:
        changed = unblock(unit, _whose(unit, invitation_id), BlockKind.OPTED_OUT)
        if changed:
            unit.append(Fact(EventName.SURVEY_OPTED_IN))
        return unit.done(changed=changed)

    return streams.run(office_of(invitation_id), request, work)


def _whose(unit: Unit, invitation_id: int) -> str:
    invitation = find_invitation(unit, invitation_id=invitation_id)
    digest = None if invitation is None else find_digest(unit, invitation.visit_id) or _of_contact(unit, invitation)
    if digest is None:
        raise Refused(Reason.LINK_REVOKED)
    return digest


def _of_contact(unit: Unit, invitation: Invitation) -> str | None:
    mine = (CONTACTS.c.office_id == unit.office_id, CONTACTS.c.visit_id == invitation.visit_id)
    row = unit.connection.execute(select(CONTACTS.c.email, CONTACTS.c.phone).where(*mine)).one_or_none()
    address = None if row is None else row.email or row.phone
    return digest_for(unit, address) if address else None


def _cancel_messages(unit: Unit, digest: str) -> None:
    """Let nothing go out any more that waits for the person, reminders included."""
    theirs: Any = select(ASKINGS.c.visit_id).where(ASKINGS.c.office_id == unit.office_id, ASKINGS.c.digest == digest)
    waiting = (DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.state.in_(("pending", "dead")))
    unit.connection.execute(
        update(DELIVERIES)
        .where(*waiting, DELIVERIES.c.visit_id.in_(theirs))
        .values(state="cancelled", address=None, last_error=Reason.WANTS_NO_QUESTIONS.value)
    )
