"""Invitations whose message has gone out know since when a reopening holds them, and when they were timed anew.

What events of before a step back say of it is taken over. While stepped back the links work as long as they did, and
what is held is reminded of as if it were not.

Revision: 0033, after 0032.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

HELD = sa.text("state = 'open' AND held_at IS NOT NULL")
SAID = sa.text(
    "SELECT office_id, name, at, payload FROM events"
    " WHERE name IN ('InvitationHeld', 'InvitationRetimed') ORDER BY office_id, number"
)
TIMED = sa.text(
    "UPDATE invitations SET held_at = :held, retimed_at = :retimed"
    " WHERE office_id = :office AND id = :id AND generation = :generation"
)


def upgrade() -> None:
    op.add_column("invitations", sa.Column("held_at", sa.BigInteger(), nullable=True))
    op.add_column("invitations", sa.Column("retimed_at", sa.BigInteger(), nullable=True))
    _take_over(op.get_bind())
    op.create_index(
        "ix_invitations_held",
        "invitations",
        ["office_id", "taken_back_at"],
        sqlite_where=HELD,
        postgresql_where=HELD,
    )


def _take_over(connection: sa.Connection) -> None:
    retimed: dict[tuple[int, int, int], int] = {}
    for event in connection.execute(SAID).all():
        payload = json.loads(event.payload)
        key = event.office_id, payload["invitation"], payload["generation"]
        is_held = event.name == "InvitationHeld"
        if not is_held:
            retimed[key] = event.at
        held = {"held": event.at if is_held else None, "retimed": retimed.get(key)}
        mine = dict(zip(("office", "id", "generation"), key, strict=True))
        connection.execute(TIMED, {**held, **mine})


def downgrade() -> None:
    op.drop_index("ix_invitations_held", table_name="invitations")
    op.drop_column("invitations", "retimed_at")
    op.drop_column("invitations", "held_at")
