"""Changes of settings that take effect on a later day, and what an administrator sets of an office.

Every office gets the four reasons for priority and the four causes of a pause that were built in, to word them, in
tables of their own: the release before dies on a kind of reason that it does not know. Of counters in use with one
number, the later ones get a number of their own. A step back forgets plans and the offices' own reasons.

Revision: 0040, after 0039.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

FIRST = (
    ("elderly", "Lanjut usia", "Elderly"),
    ("pregnant", "Ibu hamil", "Pregnant"),
    ("disability", "Penyandang disabilitas", "Person with a disability"),
    ("child", "Membawa anak kecil", "With a small child"),
)
PAUSES = (
    ("visitor", "Menunggu pengguna jasa", "Waiting for the visitor"),
    ("other_agency", "Menunggu instansi lain", "Waiting for another agency"),
    ("system", "Sistem sedang terganggu", "A system is down"),
    ("closing_time", "Jam layanan berakhir", "Closing time"),
)
WAITING = sa.text("state = 'planned'")
IN_USE = sa.text("NOT retired")
GIVE = sa.text(
    "INSERT INTO priority_reasons (office_id, code, label_id, label_en, position)"
    " SELECT id, :code, :label_id, :label_en, :position FROM offices"
)
GIVE_PAUSE = sa.text(
    "INSERT INTO pause_causes (office_id, code, label_id, label_en, position)"
    " SELECT id, :code, :label_id, :label_en, :position FROM offices"
)
COUNTERS = sa.text("SELECT id, office_id, number FROM counters WHERE NOT retired ORDER BY office_id, id")
RENUMBER = sa.text("UPDATE counters SET number = :number WHERE id = :id")


def upgrade() -> None:
    op.create_table(
        "planned_changes",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("planned_by", sa.Integer(), nullable=True),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("office_id", "id", name=op.f("pk_planned_changes")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_planned_changes_waiting",
        "planned_changes",
        ["office_id", "due"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_table(
        "priority_reasons",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("label_id", sa.String(length=120), nullable=False),
        sa.Column("label_en", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_priority_reasons_office_id")),
        sa.PrimaryKeyConstraint("office_id", "code", name=op.f("pk_priority_reasons")),
        sqlite_with_rowid=False,
    )
    _create_pause_causes()
    connection = op.get_bind()
    for give, reasons in ((GIVE, FIRST), (GIVE_PAUSE, PAUSES)):
        for position, (code, label_id, label_en) in enumerate(reasons):
            values = {"code": code, "label_id": label_id, "label_en": label_en, "position": position}
            connection.execute(give, values)
    _renumber(connection)
    op.create_index(
        "uq_counters_number_in_use",
        "counters",
        ["office_id", "number"],
        unique=True,
        sqlite_where=IN_USE,
        postgresql_where=IN_USE,
    )


def _create_pause_causes() -> None:
    op.create_table(
        "pause_causes",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("label_id", sa.String(length=120), nullable=False),
        sa.Column("label_en", sa.String(length=120), nullable=False),
        sa.Column("needs_note", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("retired", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_pause_causes_office_id")),
        sa.PrimaryKeyConstraint("office_id", "code", name=op.f("pk_pause_causes")),
        sqlite_with_rowid=False,
    )


def _renumber(connection: sa.Connection) -> None:
    rows = connection.execute(COUNTERS).all()
    taken = {(row.office_id, row.number) for row in rows}
    seen: set[tuple[int, int]] = set()
    for row in rows:
        number: int = row.number
        if (row.office_id, number) in seen:
            number = next(each for each in range(1, 100_000) if (row.office_id, each) not in taken)
            connection.execute(RENUMBER, {"id": row.id, "number": number})
            taken.add((row.office_id, number))
        seen.add((row.office_id, number))


def downgrade() -> None:
    op.drop_index("uq_counters_number_in_use", table_name="counters", if_exists=True)
    op.drop_table("pause_causes")
    op.drop_table("priority_reasons")
    op.drop_index("ix_planned_changes_waiting", table_name="planned_changes")
    op.drop_table("planned_changes")
