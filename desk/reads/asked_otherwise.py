"""Which messages that were given up must stay so, because another asks the same visitor: nobody is asked twice."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, or_, select

from desk.domain.invitation import Channel
from desk.domain.messages import MessageKind
from desk.models import Delivery
from desk.reads.reader import Reader

GIVEN_UP: Final[Any] = Delivery.__table__.alias("given_up")
OTHERS: Final[Any] = Delivery.__table__.alias("others")
ALIVE: Final = ("pending", "sending", "sent")
ASKING: Final = (MessageKind.SURVEY.value, MessageKind.REMINDER.value)


@dataclass(frozen=True, slots=True)
class Otherwise:
    """The message that asks the visitor: by what, and whether it went out already or waits."""

    channel: Channel
    went_out: bool


def list_asked_otherwise(reader: Reader, office_id: int, delivery_ids: Collection[int]) -> dict[int, Otherwise]:
    """Return for messages about visits by what other message their visitor is asked; without those of no other.

    Another is one of the same kind about the same invitation, or any that was queued later. A reminder given up is not
    kept back by the message that it reminds of.
    """
    same = and_(OTHERS.c.kind == GIVEN_UP.c.kind, OTHERS.c.invitation_id == GIVEN_UP.c.invitation_id)
    query = (
        select(GIVEN_UP.c.id, OTHERS.c.channel, OTHERS.c.state)
        .join(OTHERS, and_(OTHERS.c.office_id == GIVEN_UP.c.office_id, OTHERS.c.visit_id == GIVEN_UP.c.visit_id))
        .where(GIVEN_UP.c.office_id == office_id, GIVEN_UP.c.id.in_(delivery_ids), GIVEN_UP.c.case_id.is_(None))
        .where(OTHERS.c.id != GIVEN_UP.c.id, OTHERS.c.kind.in_(ASKING), OTHERS.c.state.in_(ALIVE))
        .where(or_(same, OTHERS.c.id > GIVEN_UP.c.id))
        .order_by(OTHERS.c.id.desc())
    )
    # The first of them stands: what replaced a message, not the reminder that followed.
    rows = reader.execute(query).tuples()
    return {each: Otherwise(Channel(channel), went_out=state == "sent") for each, channel, state in rows}
