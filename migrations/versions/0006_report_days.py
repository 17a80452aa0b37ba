"""Report days: what ended, by the day it began, in columns that reports can add up at once.

Derived from the state tables: nothing is lost by going back, and an upgraded office's days are made anew by the worker
(or at once by `desk reports refresh`).

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_heads",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("day_starts_at", sa.Integer(), nullable=False),
        sa.Column("on_duty", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name="fk_report_heads_office_id"),
        sa.PrimaryKeyConstraint("office_id", name="pk_report_heads"),
    )
    op.create_table(
        "report_days",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name="fk_report_days_office_id"),
        sa.PrimaryKeyConstraint("office_id", "kind", "day", name="pk_report_days"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("report_days")
    op.drop_table("report_heads")
