"""Whether the receiver of an offer still has the skill for which it was offered to them."""

import json

from sqlalchemy import select

from desk.domain.custody import Transaction
from desk.domain.facts import EventName
from desk.domain.handoffs import Handoff, HandoffKind, require_skill_kept
from desk.domain.identity import event_of
from desk.domain.queueing import Post
from desk.models import EventRow
from desk.operations.finding import HANDOFFS
from desk.operations.stream import Unit


def require_still_fit(unit: Unit, transaction: Transaction, handoff: Handoff, post: Post | None) -> None:
    """Raise `Refused(NOT_QUALIFIED)` for somebody who lost the skill between an offer by name and its answer.

    What is offered back, to a counter, or at the end of a shift stays possible, as it was when it was offered; so does
    what a supervisor offered to somebody who never had the skill.
    """
    service_id = transaction.service_id
    if service_id in unit.configuration.skills.get(handoff.receiver_id, ()):
        return
    lost = _offered_by_name(unit, handoff.id) and _lost_since(unit, handoff, service_id)
    require_skill_kept(transaction, post, lost=lost)


def _offered_by_name(unit: Unit, handoff_id: int) -> bool:
    query = (
        select(HANDOFFS.c.id)
        .where(HANDOFFS.c.office_id == unit.office_id, HANDOFFS.c.id == handoff_id)
        .where(HANDOFFS.c.kind == HandoffKind.OFFICER.value, HANDOFFS.c.batch_id.is_(None))
    )
    return unit.connection.execute(query).first() is not None


def _lost_since(unit: Unit, handoff: Handoff, service_id: int) -> bool:
    """Whether the skill was taken away after the offer."""
    query = (
        select(EventRow.payload)
        .where(EventRow.office_id == unit.office_id, EventRow.number > event_of(handoff.id))
        .where(EventRow.name == EventName.SKILL_CHANGED.value)
    )
    changes = [json.loads(payload) for payload in unit.connection.execute(query).scalars()]
    lost = (handoff.receiver_id, service_id, False)
    return any((each["officer"], each["service"], each["to"]) == lost for each in changes)
