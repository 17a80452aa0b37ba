"""How long personal data are kept, what was erased, and how far the rules of retention came.

Nothing is erased by an upgrade: a rule first looks on the day after it was set up. Coming again, the register is filled
from the events that a step back left; what was erased stays so, only when is forgotten.

Revision: 0018, after 0017.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

OFFICE_BITS = 40
SETTINGS = (
    ("keep_contacts_days", "90"),
    ("keep_answers_days", "1095"),
    ("keep_notes_days", "1825"),
    ("keep_addresses_days", "30"),
    ("keep_voices_days", "365"),
)
WORDS = ("notes", "handoff_words", "response_details")
INDEXES = (
    ("ix_voices_closed", "voices", ["office_id", "closed_at"], "closed_at IS NOT NULL AND erased_at IS NULL"),
    ("ix_deliveries_addressed", "deliveries", ["office_id", "id"], "address IS NOT NULL"),
    ("ix_access_records_personal", "access_records", ["office_id", "at"], "subject = 'personal_data'"),
)
TOLD = sa.text(
    "SELECT office_id, number, at, actor_id, name, payload FROM events"
    " WHERE name IN ('PersonalDataErased', 'PersonalDataExpired') ORDER BY office_id, number"
)


def upgrade() -> None:
    for name, default in SETTINGS:
        op.add_column("offices", sa.Column(name, sa.Integer(), server_default=sa.text(default), nullable=False))
    for table in WORDS:
        op.add_column(table, sa.Column("erased_at", sa.BigInteger(), nullable=True))
    for name, table, columns, where in INDEXES:
        condition = sa.text(where)
        op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
    erasures = _create_tables()
    connection = op.get_bind()
    for event in connection.execute(TOLD).all():
        connection.execute(erasures.insert(), _line(event, json.loads(event.payload)))


def downgrade() -> None:
    for name in ("retention_marks", "erasures"):
        op.drop_table(name)
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table)
    for table in WORDS:
        op.drop_column(table, "erased_at")
    for name, _ in reversed(SETTINGS):
        op.drop_column("offices", name)


def _create_tables():
    op.create_table(
        "retention_marks",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("track", sa.String(12), nullable=False),
        sa.Column("reached_at", sa.BigInteger(), nullable=False),
        sa.Column("reached_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("ran_at", sa.BigInteger(), nullable=True),
        sa.Column("erased", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "track", name="pk_retention_marks"),
        sqlite_with_rowid=False,
    )
    return op.create_table(
        "erasures",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("why", sa.String(20), nullable=False),
        sa.Column("transactions", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_erasures"),
        sqlite_with_rowid=False,
    )


def _line(event, said):
    asked = event.name == "PersonalDataErased"
    return {
        "office_id": event.office_id,
        "id": event.office_id << OFFICE_BITS | event.number,
        "kind": "erased" if asked else "expired",
        "why": said["reason" if asked else "track"],
        "transactions": said["transactions"] if asked else [],
        "counts": said["counts"],
        "at": event.at,
        "person_id": event.actor_id,
    }
