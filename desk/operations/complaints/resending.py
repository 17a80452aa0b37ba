"""Bringing back a message about a case that the worker gave up; its address is corrected nowhere here.

What somebody left with a complaint is sealed by its event, and staff keep theirs on their own page.
"""

from typing import Any

from sqlalchemy import select, update

from desk.domain.access import require
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.refusals import Reason, Refused
from desk.models import Delivery
from desk.operations.delivering import RESENDERS
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.operations.survey.asked_people import BlockKind, unblock, written_as
from desk.reads.barred import list_barred

DELIVERIES: Any = Delivery.__table__


def resend_about_case(streams: Streams, office_id: int, delivery_id: int, request: Request) -> Done:
    """Let a dead message be tried again from the first attempt, under its key; answers delivery, state.

    Whether it is still to be sent is judged when it is claimed. Raises `Refused`: FORBIDDEN, UNKNOWN (also for who had
    a hand in the matter), NOT_POSSIBLE_NOW (it is not dead, or its address was erased).
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, RESENDERS)
        delivery = _get(unit, delivery_id)
        if delivery.state != "dead" or delivery.address is None:
            raise Refused(Reason.NOT_POSSIBLE_NOW, state=delivery.state)
        unblock(unit, written_as(unit, delivery.address), BlockKind.BOUNCED)
        payload: dict[str, JSON] = {"delivery": delivery.id, "attempts": delivery.attempts}
        unit.append(Fact(EventName.MESSAGE_REQUEUED, payload))
        mine = (DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.id == delivery.id)
        values = {"state": "pending", "attempts": 0, "due_at": unit.clock_now, "last_error": None}
        unit.connection.execute(update(DELIVERIES).where(*mine).values(**values))
        return unit.done(delivery=delivery.id, state="pending")

    return streams.run(office_id, request, work)


def _get(unit: Unit, delivery_id: int) -> Any:
    """Return the row of a message about a case, held against the worker."""
    mine = (DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.id == delivery_id, DELIVERIES.c.case_id.is_not(None))
    row = unit.connection.execute(select(DELIVERIES).where(*mine).with_for_update()).one_or_none()
    barred = {} if row is None else list_barred(unit.connection, unit.office_id, [row.case_id])
    if row is None or unit.actor.person_id in barred.get(row.case_id, frozenset()):
        raise Refused(Reason.UNKNOWN, id=delivery_id)
    return row
