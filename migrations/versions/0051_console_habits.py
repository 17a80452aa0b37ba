"""When a call may end as a no-show, how long a slip can be undone, ready-made texts, how officers have the console.

What was there goes on as before: one call, and no seconds after it. A call says if it was taken back, and a wait how
often somebody was to pass; a step back forgets both.

Revision: 0051, after 0050.
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, default in (("no_show_calls", "1"), ("no_show_after_s", "0"), ("undo_s", "30")):
        op.add_column("offices", sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text(default)))
    for name in ("no_show_calls", "no_show_after_s"):
        op.add_column("services", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column("calls", sa.Column("taken_back_at", sa.BigInteger(), nullable=True))
    op.add_column("queue_entries", sa.Column("wishes", sa.Integer(), nullable=True))
    op.create_table(
        "snippets",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name="fk_snippets_office_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_snippets_person_id"),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_snippets"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "console_habits",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hand", sa.String(8), nullable=False),
        sa.Column("strip", sa.Boolean(), nullable=False),
        sa.Column("alerts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name="fk_console_habits_office_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_console_habits_person_id"),
        sa.PrimaryKeyConstraint("office_id", "person_id", name="pk_console_habits"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("console_habits")
    op.drop_table("snippets")
    op.drop_column("queue_entries", "wishes")
    op.drop_column("calls", "taken_back_at")
    for name in ("no_show_calls", "no_show_after_s"):
        op.drop_column("services", name)
    for name in ("no_show_calls", "no_show_after_s", "undo_s"):
        op.drop_column("offices", name)
