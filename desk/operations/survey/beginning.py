"""That a visitor has begun to answer: written once, without an event and without the office's lock.

It says nothing but that the first page was turned and through what, and a thousand visitors who begin at once wait for
nobody.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import case, select, update

from desk.domain.invitation import Channel, Privacy
from desk.models import InvitationRow
from desk.operations.stream import Streams

INVITATIONS: Any = InvitationRow.__table__


def mark_begun(streams: Streams, office_id: int, invitation_ids: Collection[int], channel: Channel) -> int:
    """Write down that these invitations were begun now, where that is not known yet; return how many.

    Through what is kept too, except where the answer will be anonymous: it is kept with its channel and its day, and
    could be laid beside the only invitation of that day that was begun so.
    """
    mine = (
        INVITATIONS.c.office_id == office_id,
        INVITATIONS.c.id.in_(sorted(invitation_ids)),
        INVITATIONS.c.decision == "invited",
        INVITATIONS.c.begun_at.is_(None),
    )
    with streams.reading() as connection:
        if connection.execute(select(INVITATIONS.c.id).where(*mine).limit(1)).first() is None:
            return 0
    with streams.engine.begin() as connection:
        through = case((INVITATIONS.c.privacy != Privacy.ANONYMOUS.value, channel.value))
        values = {"begun_at": streams.clock(), "begun_through": through}
        begun: int = connection.execute(update(INVITATIONS).where(*mine).values(values)).rowcount
    return begun
