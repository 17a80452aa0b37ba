"""An office's logo and how far its setting up has come.

Revision: 0043, after 0042.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office_logos",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_office_logos_office_id")),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_office_logos")),
    )
    op.create_table(
        "office_trials",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("trial", sa.String(length=12), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_office_trials_office_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_office_trials_person_id")),
        sa.PrimaryKeyConstraint("office_id", "trial", name=op.f("pk_office_trials")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "setup_tokens",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_setup_tokens_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setup_tokens")),
    )


def downgrade() -> None:
    op.drop_table("setup_tokens")
    op.drop_table("office_trials")
    op.drop_table("office_logos")
