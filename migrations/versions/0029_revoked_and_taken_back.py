"""Invitations that a reopening took back are decided about after a time all the same, and links are revoked by hand.

Kept with the invitation: when a reopening first took it back, whether it was decided about at the end or at the limit,
and who revoked its links. What events of before and of after a step back say of it is taken over; of a transaction that
was opened again before, the last time counts. While stepped back, a revoked link is one that was never given.

Revision: 0029, after 0028.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

SAID = sa.text(
    "SELECT office_id, transaction_id, name, at, actor_id, payload FROM events"
    " WHERE name IN ('InvitationSuperseded', 'InvitationRevoked')"
    " OR (name = 'InvitationDecided' AND payload LIKE '%\"by\"%') ORDER BY office_id, number"
)
TAKEN_BACK = sa.text(
    "UPDATE invitations SET taken_back_at = :at WHERE office_id = :office AND transaction_id = :transaction"
)
DECIDED = sa.text("UPDATE invitations SET decided_by = :by WHERE office_id = :office AND transaction_id = :transaction")
REVOKED = sa.text(
    "UPDATE invitations SET state = 'revoked', revoked_at = :at, revoked_by = :person"
    " WHERE office_id = :office AND transaction_id = :transaction"
)
FEW = {
    "ix_invitations_taken_back": ("taken_back_at", "state = 'superseded' AND decision = 'invited'"),
    "ix_invitations_at_limit": ("decided_at", "decided_by = 'limit'"),
    "ix_invitations_revoked": ("decided_at", "state = 'revoked'"),
}


def upgrade() -> None:
    op.add_column(
        "offices", sa.Column("survey_reopened_days", sa.Integer(), server_default=sa.text("7"), nullable=False)
    )
    op.add_column("invitations", sa.Column("taken_back_at", sa.BigInteger(), nullable=True))
    op.add_column(
        "invitations", sa.Column("decided_by", sa.String(length=5), server_default=sa.text("'end'"), nullable=False)
    )
    op.add_column("invitations", sa.Column("revoked_at", sa.BigInteger(), nullable=True))
    op.add_column("invitations", sa.Column("revoked_by", sa.Integer(), nullable=True))
    _take_over(op.get_bind())
    for name, (second, which) in FEW.items():
        where = sa.text(which)
        op.create_index(name, "invitations", ["office_id", second], sqlite_where=where, postgresql_where=where)


def _take_over(connection: sa.Connection) -> None:
    for event in connection.execute(SAID).all():
        payload = json.loads(event.payload)
        mine = {"office": event.office_id, "transaction": event.transaction_id}
        if event.name == "InvitationSuperseded":
            first = payload.get("first")
            connection.execute(TAKEN_BACK, {**mine, "at": event.at if first is None else first})
        elif event.name == "InvitationRevoked":
            connection.execute(REVOKED, {**mine, "at": event.at, "person": event.actor_id})
        else:
            connection.execute(DECIDED, {**mine, "by": payload["by"]})


def downgrade() -> None:
    for name in FEW:
        op.drop_index(name, "invitations")
    op.execute(sa.text("UPDATE invitations SET state = 'none' WHERE state = 'revoked'"))
    with op.batch_alter_table("invitations") as batch:
        for name in ("revoked_by", "revoked_at", "decided_by", "taken_back_at"):
            batch.drop_column(name)
    op.drop_column("offices", "survey_reopened_days")
