"""When each worker last went round.

Revision: 0042, after 0041.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("machine", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_heartbeats_at", "heartbeats", ["at"])


def downgrade() -> None:
    op.drop_index("ix_heartbeats_at", table_name="heartbeats")
    op.drop_table("heartbeats")
