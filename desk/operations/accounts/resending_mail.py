"""Bringing back mail to a member of staff about their account that the worker gave up: to the same address."""

from typing import Any

from sqlalchemy import select, update

from desk.domain.access import require
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.messages import OF_ACCOUNTS
from desk.domain.refusals import Reason, Refused
from desk.models import Delivery
from desk.operations.delivering import RESENDERS
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

DELIVERIES: Any = Delivery.__table__


def resend_about_account(streams: Streams, office_id: int, delivery_id: int, request: Request) -> Done:
    """Let a dead message be tried again from the first attempt, under its key; answers delivery, state.

    Whether its link still works is judged when it is claimed. Raises `Refused`: FORBIDDEN, UNKNOWN, NOT_POSSIBLE_NOW
    (it is not dead, or its address was erased).
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, RESENDERS)
        mine = (DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.id == delivery_id)
        ours = select(DELIVERIES).where(*mine, DELIVERIES.c.kind.in_(sorted(OF_ACCOUNTS)))
        delivery = unit.connection.execute(ours.with_for_update()).one_or_none()
        if delivery is None:
            raise Refused(Reason.UNKNOWN, id=delivery_id)
        if delivery.state != "dead" or delivery.address is None:
            raise Refused(Reason.NOT_POSSIBLE_NOW, state=delivery.state)
        payload: dict[str, JSON] = {"delivery": delivery.id, "attempts": delivery.attempts}
        unit.append(Fact(EventName.MESSAGE_REQUEUED, payload))
        values = {"state": "pending", "attempts": 0, "due_at": unit.clock_now, "last_error": None}
        unit.connection.execute(update(DELIVERIES).where(*mine).values(**values))
        return unit.done(delivery=delivery.id, state="pending")

    return streams.run(office_id, request, work)
