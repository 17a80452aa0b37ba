"""How many erasures there were in an office, and of how many of them the database's files hold nothing more.

Every office begins with one that is to be cleared: of what was erased before nobody knows. A step back forgets it.

Revision: 0034, after 0033.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wipings",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_wipings")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO wipings (office_id, asked, done, asked_at)"
        " SELECT streams.office_id, 1, 0, streams.at FROM streams"
        " WHERE EXISTS (SELECT 1 FROM events WHERE events.office_id = streams.office_id)"
    )


def downgrade() -> None:
    op.drop_table("wipings")
