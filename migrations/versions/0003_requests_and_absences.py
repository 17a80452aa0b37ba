"""Requests about transactions, absences with their deputies, and what an offer says of both.

An offer tells whom it was meant for when a deputy covers, and the handover it belongs to when many were made in one go.

Revision: 0003, after 0002.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("handoffs", sa.Column("meant_for_id", sa.Integer(), nullable=True))
    op.add_column("handoffs", sa.Column("batch_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_handoffs_batch", "handoffs", ["office_id", "batch_id"], **_where("batch_id IS NOT NULL"))
    _create_requests()
    _create_absences()
    _create_absence_reasons()


def downgrade() -> None:
    op.drop_table("absence_reasons")
    op.drop_table("absences")
    op.drop_table("requests")
    op.drop_index("ix_handoffs_batch", "handoffs")
    op.drop_column("handoffs", "batch_id")
    op.drop_column("handoffs", "meant_for_id")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _create_requests() -> None:
    op.create_table(
        "requests",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=False),
        sa.Column("meant_for_id", sa.Integer(), nullable=True),
        sa.Column("queue_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("blocks", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.Column("decline_reason", sa.String(length=30), nullable=True),
        sa.ForeignKeyConstraint(["asked_id"], ["people.id"], name="fk_requests_asked_id"),
        sa.ForeignKeyConstraint(["asker_id"], ["people.id"], name="fk_requests_asker_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "transaction_id"],
            ["transactions.office_id", "transactions.id"],
            name="fk_requests_office_id_transaction_id",
        ),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_requests"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_requests_transaction", "requests", ["office_id", "transaction_id"])
    asked = _where("state = 'asked'")
    op.create_index("ix_requests_open", "requests", ["office_id", "transaction_id"], **asked)
    op.create_index("ix_requests_asked", "requests", ["office_id", "asked_id"], **asked)
    op.create_index("ix_requests_asker", "requests", ["office_id", "asker_id"], **asked)


def _create_absences() -> None:
    op.create_table(
        "absences",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=True),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("begins_on <= ends_on", name="ck_absences_days_in_order"),
        sa.CheckConstraint("deputy_id <> person_id", name="ck_absences_deputy_is_another"),
        sa.ForeignKeyConstraint(["deputy_id"], ["people.id"], name="fk_absences_deputy_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_absences_person_id"),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_absences"),
        sqlite_with_rowid=False,
    )
    standing = _where("cancelled_at IS NULL")
    op.create_index("ix_absences_person", "absences", ["office_id", "person_id", "ends_on"], **standing)
    op.create_index("ix_absences_days", "absences", ["office_id", "ends_on", "begins_on"], **standing)
    op.create_index("ix_absences_due", "absences", ["begins_on"], **_where("cancelled_at IS NULL AND began_at IS NULL"))


def _create_absence_reasons() -> None:
    op.create_table(
        "absence_reasons",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("absence_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id", "absence_id"],
            ["absences.office_id", "absences.id"],
            name="fk_absence_reasons_office_id_absence_id",
        ),
        sa.PrimaryKeyConstraint("office_id", "absence_id", name="pk_absence_reasons"),
        sqlite_with_rowid=False,
    )
