"""The trail: which key signs next in each office, and verifications that the worker makes in bites."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade():
    # On SQLite a copy: ALTER TABLE would put the column behind the constraints, unlike the models.
    with op.batch_alter_table("streams", recreate=_copies()) as streams:
        streams.add_column(sa.Column("key_id", sa.String(16), nullable=True))
    last = sa.text(
        "UPDATE streams SET key_id = (SELECT key_id FROM events"
        " WHERE events.office_id = streams.office_id AND events.number = streams.number)"
    )
    op.execute(last)
    op.create_table(
        "trail_checks",
        sa.Column("office_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("asked_by", sa.Integer, nullable=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("mac", sa.String(64), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=True),
        sa.Column("ended_at", sa.BigInteger, nullable=True),
        sa.Column("fault", sa.String(20), nullable=True),
        sa.Column("fault_number", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name="fk_trail_checks_office_id"),
        sa.PrimaryKeyConstraint("office_id", "asked_at", name="pk_trail_checks"),
        sqlite_with_rowid=False,
    )
    # One at a time in an office; the worker looks for what is open without reading what is done.
    op.create_index(
        "uq_trail_checks_open",
        "trail_checks",
        ["office_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade():
    op.drop_table("trail_checks")
    with op.batch_alter_table("streams", recreate=_copies()) as streams:
        streams.drop_column("key_id")


def _copies():
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"
