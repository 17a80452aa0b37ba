"""Which accesses were refused to whom: a row for each person, office, kind, route and hour, with a count.

Revision: 0056, after 0055.
"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

KEY = ("office_id", "hour", "person_id", "kind", "route", "token_hash")


def upgrade() -> None:
    op.create_table(
        "access_refusals",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("route", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name="pk_access_refusals"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_access_refusals_hour", "access_refusals", ["hour", "person_id"])


def downgrade() -> None:
    # Before, nobody looked at them anywhere: what was counted goes.
    op.drop_index("ix_access_refusals_hour", "access_refusals")
    op.drop_table("access_refusals")
