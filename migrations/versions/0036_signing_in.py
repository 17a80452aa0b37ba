"""Codes that let somebody in once, what a session is known by, and what was tried at the sign-in.

Sessions that are open count as proven when they began. Every address that staff have may be used for a new password:
until now nothing went there. Whoever works in several offices is at home in all of them; whom somebody deactivated, an
administrator lets in again.

Revision: 0036, after 0035.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

SESSION = ("proven_at", "how", "device", "source")


def upgrade() -> None:
    op.add_column("people", sa.Column("is_email_vouched", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("people", sa.Column("is_disabled_by_admin", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE people SET is_disabled_by_admin = TRUE WHERE disabled_at IS NOT NULL")
    op.add_column("memberships", sa.Column("is_guest", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("staff_sessions") as table:
        table.add_column(sa.Column("proven_at", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("how", sa.String(length=12), nullable=True))
        table.add_column(sa.Column("device", sa.String(length=60), nullable=True))
        table.add_column(sa.Column("source", sa.String(length=43), nullable=True))
    op.execute("UPDATE staff_sessions SET proven_at = started_at, how = 'password'")
    _create_codes()
    op.create_table(
        "password_wishes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("typed", sa.String(length=254), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_password_wishes"),
    )
    _create_records()


def _create_codes() -> None:
    op.create_table(
        "staff_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_staff_codes_person_id"),
        sa.PrimaryKeyConstraint("code_hash", name="pk_staff_codes"),
        sa.UniqueConstraint("delivery_id", name="uq_staff_codes_delivery_id"),
    )
    op.create_index("ix_staff_codes_person_id", "staff_codes", ["person_id"])


def _create_records() -> None:
    op.create_table(
        "sign_in_records",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=43), nullable=True),
        sa.Column("typed", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_records"),
    )
    op.create_index("ix_sign_in_records_at", "sign_in_records", ["at"])
    op.create_index("ix_sign_in_records_person", "sign_in_records", ["person_id", "at"])


def downgrade() -> None:
    op.drop_table("sign_in_records")
    op.drop_table("password_wishes")
    op.drop_table("staff_codes")
    # Messages about signing in are about no visit: an older program takes them for questions, and cannot show them.
    op.execute("DELETE FROM deliveries WHERE kind IN ('invited', 'reset', 'secured')")
    with op.batch_alter_table("staff_sessions") as table:
        for name in SESSION:
            table.drop_column(name)
    op.drop_column("memberships", "is_guest")
    op.drop_column("people", "is_disabled_by_admin")
    op.drop_column("people", "is_email_vouched")
