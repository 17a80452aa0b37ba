"""The words an office sends instead of those that come with the desk.

Every version stays; the one without an end is in force. A step back forgets them: messages go out with the words that
come with the desk.

Revision: 0041, after 0040.
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

IN_FORCE = sa.text("until IS NULL")
KEY = ("office_id", "kind", "channel", "language")


def upgrade() -> None:
    op.create_table(
        "message_texts",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_message_texts_office_id")),
        sa.PrimaryKeyConstraint(*KEY, "version", name=op.f("pk_message_texts")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_message_texts_in_force",
        "message_texts",
        list(KEY),
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )


def downgrade() -> None:
    op.drop_table("message_texts")
