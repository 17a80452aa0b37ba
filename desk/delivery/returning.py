"""What becomes of a message that the other side had taken over and that did not arrive after all."""

from typing import Any

from sqlalchemy import Connection, update

from desk.delivery.occasion import DELIVERIES, INVITATIONS


def give_up(connection: Connection, message: Any, said: str) -> None:
    """Write down that a message (a row, held) did not arrive, where somebody sees it; `said` names no address.

    Whoever it asked counts as not reached, unless another message reached them.
    """
    mine = (DELIVERIES.c.office_id == message.office_id) & (DELIVERIES.c.id == message.id)
    values = {"state": "dead", "last_error": said, "lease_until": None, "lease_owner": None}
    connection.execute(update(DELIVERIES).where(mine).values(**values))
    asked = (INVITATIONS.c.office_id == message.office_id, INVITATIONS.c.visit_id == message.visit_id)
    if message.sent_at is not None:
        went_out = INVITATIONS.c.delivered_at == message.sent_at
        connection.execute(update(INVITATIONS).where(*asked, went_out).values(delivered_at=None))
