"""What displays show besides calls: messages of the office, emergencies, two languages in turn, where a counter is.

A message keeps its words in both languages; what they said before and after a change stands beside the number of the
event that has digests only. At most one emergency is on in an office.

A step back forgets the messages, where counters are, and in which languages displays speak.

Revision: 0048, after 0047.
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

COUNTERS = ("location_id", "location_en")
ON = sa.text("urgent AND NOT retired")


def upgrade() -> None:
    for name in COUNTERS:
        op.add_column("counters", sa.Column(name, sa.String(length=80), server_default="", nullable=False))
    op.add_column("offices", sa.Column("display_languages", sa.String(length=5), server_default="both", nullable=False))
    op.add_column("offices", sa.Column("display_turn_s", sa.Integer(), server_default=sa.text("10"), nullable=False))
    op.create_table(
        "display_messages",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("words_id", sa.String(length=200), nullable=False),
        sa.Column("words_en", sa.String(length=200), nullable=False),
        sa.Column("since_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("devices", sa.JSON(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_display_messages_office_id")),
        sa.PrimaryKeyConstraint("office_id", "id", name=op.f("pk_display_messages")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_display_messages_emergency",
        "display_messages",
        ["office_id"],
        unique=True,
        sqlite_where=ON,
        postgresql_where=ON,
    )
    op.create_table(
        "display_wordings",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "number", name=op.f("pk_display_wordings")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("display_wordings")
    op.drop_table("display_messages")
    op.drop_column("offices", "display_turn_s")
    op.drop_column("offices", "display_languages")
    for name in reversed(COUNTERS):
        op.drop_column("counters", name)
