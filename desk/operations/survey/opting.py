"""Who wants to be asked no more, and who takes that back: through the link of a message, in one office."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import or_, select, update

from desk.domain.facts import EventName, Fact
from desk.domain.identity import office_of
from desk.domain.refusals import Reason, Refused
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.operations.survey.asked_people import ASKINGS, BlockKind, block, digests_of, person_of, unblock
from desk.operations.survey.asking import DELIVERIES, find_invitation

Opting = Callable[[Streams, int, Request], Done]


def opt_out(streams: Streams, invitation_id: int, request: Request) -> Done:
    """Ask the person who got this message no more, from now on, and send nothing that still waits; answers changed.

    Every address that is known of the visit is asked no more. The event says neither who nor about what.

    Raises `Refused(LINK_REVOKED)` where nobody knows any more whose it was.
    """

    def work(unit: Unit) -> Done:
        visit_id, digests = _whose(unit, invitation_id)
        changed = [each for each in sorted(person_of(unit, visit_id)) if block(unit, each, BlockKind.OPTED_OUT)]
        if changed:
            unit.append(Fact(EventName.SURVEY_OPTED_OUT))
            _cancel_messages(unit, visit_id, digests)
        return unit.done(changed=bool(changed))

    return streams.run(office_of(invitation_id), request, work)


def opt_in(streams: Streams, invitation_id: int, request: Request) -> Done:
    """Take an opting out back; answers changed. Raises as `opt_out`."""

    def work(unit: Unit) -> Done:
        _, digests = _whose(unit, invitation_id)
        changed = [each for each in digests if unblock(unit, each, BlockKind.OPTED_OUT)]
        if changed:
            unit.append(Fact(EventName.SURVEY_OPTED_IN))
        return unit.done(changed=bool(changed))

    return streams.run(office_of(invitation_id), request, work)


def _whose(unit: Unit, invitation_id: int) -> tuple[int, list[str]]:
    """Return the visit of an invitation, and by what its person is known."""
    invitation = find_invitation(unit, invitation_id=invitation_id)
    digests = set() if invitation is None else digests_of(unit, invitation.visit_id)
    if invitation is None or not digests:
        raise Refused(Reason.LINK_REVOKED)
    return invitation.visit_id, sorted(digests)


def _cancel_messages(unit: Unit, visit_id: int, digests: list[str]) -> None:
    """Let nothing go out any more that waits for the person, reminders included."""
    asked = ASKINGS.c.digest.in_(digests)
    theirs: Any = select(ASKINGS.c.visit_id).where(ASKINGS.c.office_id == unit.office_id, asked)
    waiting = (DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.state.in_(("pending", "dead")))
    unit.connection.execute(
        update(DELIVERIES)
        .where(*waiting, or_(DELIVERIES.c.visit_id == visit_id, DELIVERIES.c.visit_id.in_(theirs)))
        .values(state="cancelled", address=None, last_error=Reason.WANTS_NO_QUESTIONS.value)
    )
