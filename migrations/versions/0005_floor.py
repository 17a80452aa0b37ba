"""The supervisor's floor: messages to the consoles with who has read them, and from when on something is a gap.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

THRESHOLDS = {
    "gap_offer_s": "300",
    "gap_called_s": "300",
    "gap_silent_s": "57600",
    "gap_handoffs": "3",
}


def upgrade() -> None:
    for name, default in THRESHOLDS.items():
        op.add_column("offices", sa.Column(name, sa.Integer(), server_default=sa.text(default), nullable=False))
    create_floor_messages()
    create_floor_readings()


def downgrade() -> None:
    op.drop_table("floor_readings")
    op.drop_table("floor_messages")
    for name in reversed(THRESHOLDS):
        op.drop_column("offices", name)


def create_floor_messages() -> None:
    op.create_table(
        "floor_messages",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["counter_id"], ["counters.id"], name="fk_floor_messages_counter_id"),
        sa.ForeignKeyConstraint(["sender_id"], ["people.id"], name="fk_floor_messages_sender_id"),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_floor_messages"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_floor_messages_until", "floor_messages", ["office_id", "until_at"])


def create_floor_readings() -> None:
    op.create_table(
        "floor_readings",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id", "message_id"],
            ["floor_messages.office_id", "floor_messages.id"],
            name="fk_floor_readings_office_id_message_id",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_floor_readings_person_id"),
        sa.PrimaryKeyConstraint("office_id", "message_id", "person_id", name="pk_floor_readings"),
        sqlite_with_rowid=False,
    )
