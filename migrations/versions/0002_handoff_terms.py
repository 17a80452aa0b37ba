"""Handing on with terms: pools, the office's own reasons, what is expected, papers, and what became of an offer.

What older rows did not tell (with what a wait began, who answered an offer) is filled in from their events, so that the
rows equal what a replay of the events makes of them.

Revision: 0002, after 0001.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _added() -> tuple[tuple[str, sa.Column[Any]], ...]:
    return (
        ("offices", sa.Column("handoff_keeps_arrival", sa.Boolean(), server_default=sa.true(), nullable=False)),
        ("transactions", sa.Column("pool_id", sa.Integer(), nullable=True)),
        ("transactions", sa.Column("alert_id", sa.BigInteger(), nullable=True)),
        ("queue_entries", sa.Column("began_by", sa.String(16), server_default=sa.text("'check_in'"), nullable=False)),
        ("custody_segments", sa.Column("pool_id", sa.Integer(), nullable=True)),
        ("handoffs", sa.Column("answered_by_id", sa.Integer(), nullable=True)),
        ("handoffs", sa.Column("to_pool_id", sa.Integer(), nullable=True)),
        ("handoffs", sa.Column("walks_along", sa.Boolean(), server_default=sa.false(), nullable=False)),
    )


INDEXES = (
    ("ix_transactions_pool", "transactions", "pool_id", "pool_id IS NOT NULL"),
    ("ix_transactions_alert", "transactions", "holder_id", "alert_id IS NOT NULL"),
    ("ix_handoffs_counter", "handoffs", "to_counter_id", "state = 'offered'"),
)
REASONS = {
    "handoff": (
        ("specialist", "Perlu keahlian khusus", "Needs a specialist", False),
        ("wrong_service", "Termasuk layanan lain", "Belongs to another service", False),
        ("next_step", "Tahap prosedur berikutnya", "Next step of the procedure", False),
        ("approval", "Perlu persetujuan", "Needs approval", True),
        ("shift_end", "Akhir giliran kerja", "End of the shift", False),
        ("workload", "Pembagian beban kerja", "To share the work", False),
        ("conflict_of_interest", "Benturan kepentingan", "Conflict of interest", False),
        ("returned", "Kembali ke petugas sebelumnya", "Back to whoever had it", False),
        ("other", "Alasan lain", "Other reason", True),
    ),
    "decline": (
        ("busy", "Sedang terlalu sibuk", "Too busy at the moment", False),
        ("not_mine", "Bukan tugas saya", "Not within my duties", False),
        ("incomplete", "Berkas belum lengkap", "Documents incomplete", False),
        ("conflict_of_interest", "Benturan kepentingan", "Conflict of interest", False),
        ("other", "Alasan lain", "Other reason", True),
    ),
}
# A queue entry has the id of the event that opened it: the office in the upper bits, the number in the lower forty.
OPENED_BY = """
    SELECT CASE events.name
        WHEN 'TransactionOpened' THEN 'check_in' WHEN 'ReturnedToQueue' THEN 'return'
        WHEN 'TransferredToQueue' THEN 'transfer' WHEN 'VisitorCameBack' THEN 'coming_back'
        WHEN 'NoShowReinstated' THEN 'reinstatement' ELSE 'handoff' END
    FROM events WHERE events.office_id = queue_entries.office_id
    AND events.number = queue_entries.id - queue_entries.office_id * CAST(1099511627776 AS BIGINT)
"""
ANSWERS = "('HandoffAccepted', 'HandoffDeclined', 'HandoffWithdrawn', 'HandoffExpired')"


def upgrade() -> None:
    for table, column in _added():
        op.add_column(table, column)
    for name, table, column_name, condition in INDEXES:
        where = sa.text(condition)
        op.create_index(name, table, ["office_id", column_name], sqlite_where=where, postgresql_where=where)
    _create_pools()
    _create_reasons()
    _create_words()
    _fill_in()


def downgrade() -> None:
    for table in ("handoff_words", "handoff_reasons", "pool_members", "pools"):
        op.drop_table(table)
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table)
    for table, column in reversed(_added()):
        op.drop_column(table, column.name)


def _create_pools() -> None:
    op.create_table(
        "pools",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("head_id", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["head_id"], ["people.id"], name="fk_pools_head_id"),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name="fk_pools_office_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pools"),
    )
    op.create_index("ix_pools_office_id", "pools", ["office_id"])
    op.create_table(
        "pool_members",
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_pool_members_person_id"),
        sa.ForeignKeyConstraint(["pool_id"], ["pools.id"], name="fk_pool_members_pool_id"),
        sa.PrimaryKeyConstraint("pool_id", "person_id", name="pk_pool_members"),
    )
    op.create_index("ix_pool_members_person_id", "pool_members", ["person_id"])


def _create_reasons() -> None:
    table = op.create_table(
        "handoff_reasons",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("code", sa.String(30), nullable=False),
        sa.Column("label_id", sa.String(120), nullable=False),
        sa.Column("label_en", sa.String(120), nullable=False),
        sa.Column("needs_note", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("retired", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name="fk_handoff_reasons_office_id"),
        sa.PrimaryKeyConstraint("office_id", "kind", "code", name="pk_handoff_reasons"),
        sqlite_with_rowid=False,
    )
    offices = op.get_bind().execute(sa.text("SELECT id FROM offices")).scalars().all()
    names = ("code", "label_id", "label_en", "needs_note")
    op.bulk_insert(
        table,
        [
            {
                "office_id": office,
                "kind": kind,
                "position": place,
                "retired": False,
                **dict(zip(names, row, strict=True)),
            }
            for office in offices
            for kind, rows in REASONS.items()
            for place, row in enumerate(rows)
        ],
    )


def _create_words() -> None:
    op.create_table(
        "handoff_words",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("expects", sa.Text(), nullable=True),
        sa.Column("papers", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_handoff_words"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_handoff_words_transaction", "handoff_words", ["office_id", "transaction_id"])


def _fill_in() -> None:
    on_sqlite = op.get_context().dialect.name == "sqlite"
    handoff = (
        "json_extract(payload, '$.handoff')" if on_sqlite else "CAST(CAST(payload AS json) ->> 'handoff' AS BIGINT)"
    )
    op.execute(f"UPDATE queue_entries SET began_by = coalesce(({OPENED_BY}), began_by)")  # noqa: S608  constants
    op.execute(
        "UPDATE handoffs SET answered_by_id = (SELECT actor_id FROM events WHERE events.office_id = handoffs.office_id "  # noqa: S608
        f"AND events.transaction_id = handoffs.transaction_id AND events.name IN {ANSWERS} AND {handoff} = handoffs.id)"
    )
    op.execute(
        "UPDATE handoffs SET answered_by_id = (SELECT actor_id FROM events WHERE events.office_id = handoffs.office_id "
        "AND events.number = handoffs.id - handoffs.office_id * CAST(1099511627776 AS BIGINT)) WHERE kind = 'queue'"
    )
