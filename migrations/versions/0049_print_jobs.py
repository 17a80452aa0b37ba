"""Tickets printed by printers of the house.

Jobs and how each printer is are no facts of the office: a step back drops both, and nothing is missing. How a printer
is set stands with the device, which earlier versions read without what they do not know.

Revision: 0049, after 0048.
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

UNSETTLED = sa.text("state IN ('waiting', 'printing')")
BUSY = sa.text("state = 'printing'")


def upgrade() -> None:
    op.create_table(
        "print_jobs",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("printer_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("fault", sa.String(length=20), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("office_id", "key", name="pk_print_jobs"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_print_jobs_unsettled", "print_jobs", ["asked_at"], sqlite_where=UNSETTLED, postgresql_where=UNSETTLED
    )
    op.create_index(
        "ix_print_jobs_busy", "print_jobs", ["place"], unique=True, sqlite_where=BUSY, postgresql_where=BUSY
    )
    op.create_index("ix_print_jobs_subject", "print_jobs", ["office_id", "subject_id"])
    op.create_table(
        "printer_standings",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("printer_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=True),
        sa.Column("looked_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("printed_at", sa.BigInteger(), nullable=True),
        sa.Column("answers", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("confirms", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "printer_id", name="pk_printer_standings"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("printer_standings")
    op.drop_table("print_jobs")
