"""Through what invited visitors opened the questions, and how many of those answered, whatever they were invited by.

Where the answer is anonymous the invitation does not say through what (`desk.operations.survey.beginning`), so these
are counted together, as those are who began before it was kept.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from desk.domain.invitation import Channel, InvitationState
from desk.models import InvitationRow, ResponseRow
from desk.reads.reader import Reader
from desk.reports.asking import Question

INVITATIONS: Any = InvitationRow.__table__
RESPONSES: Any = ResponseRow.__table__


@dataclass(frozen=True, slots=True)
class Way:
    """One channel (None: not kept) with those who began through it or answered through it, and those who answered."""

    channel: Channel | None
    begun: int
    answered: int


def load_ways(reader: Reader, office_id: int, begins: datetime, ends: datetime, question: Question) -> list[Way]:
    """Return the ways of the invitations decided in this time, in the order of the channels; the unknown last.

    Who began through one channel and answered through another counts where they answered.
    """
    begun: Counter[str | None] = Counter()
    answered: Counter[str | None] = Counter()
    for through, state, count in reader.execute(_opened(office_id, begins, ends, question)).tuples():
        begun[through] += count
        answered[through] += count if state == InvitationState.ANSWERED.value else 0
    return [Way(each, begun[each], answered[each]) for each in (*Channel, None) if begun[each]]


def _opened(office_id: int, begins: datetime, ends: datetime, question: Question) -> Select[Any]:
    through = func.coalesce(RESPONSES.c.channel, INVITATIONS.c.begun_through).label("through")
    of_invitation = (RESPONSES.c.office_id == INVITATIONS.c.office_id) & (RESPONSES.c.invitation_id == INVITATIONS.c.id)
    query = (
        select(through, INVITATIONS.c.state, func.count())
        .outerjoin(RESPONSES, of_invitation)
        .where(
            INVITATIONS.c.office_id == office_id,
            INVITATIONS.c.decided_at >= begins,
            INVITATIONS.c.decided_at < ends,
            INVITATIONS.c.state.not_in([InvitationState.SUPERSEDED.value, InvitationState.REVOKED.value]),
            INVITATIONS.c.decision == "invited",
            or_(INVITATIONS.c.begun_at.is_not(None), INVITATIONS.c.state == InvitationState.ANSWERED.value),
        )
        .group_by(through, INVITATIONS.c.state)
    )
    if question.service_id:
        query = query.where(INVITATIONS.c.service_id == question.service_id)
    if question.officer_id:
        query = query.where(INVITATIONS.c.officer_id == question.officer_id)
    return query
