"""Batches of answers that staff took over: from paper, one by one, or from a file. What the events say is read back.

Revision: 0015, after 0014.
"""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OFFICE_BITS = 40
EVENTS = sa.text(
    "SELECT office_id, number, at, actor_id, name, payload FROM events"
    " WHERE name IN ('AnswersTakenOver', 'AnswersTakenBack') ORDER BY office_id, number"
)


def upgrade() -> None:
    imports = op.create_table(
        "survey_imports",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("measure", sa.String(12), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_survey_imports"),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    for event in connection.execute(EVENTS).all():
        said = json.loads(event.payload)
        if event.name == "AnswersTakenOver":
            row = {name: said[name] for name in ("origin", "measure", "answers", "digest")}
            row |= {"office_id": event.office_id, "id": event.office_id << OFFICE_BITS | event.number}
            row |= {name: date.fromisoformat(said[name]) for name in ("first_day", "last_day")}
            row |= {"made_at": event.at, "made_by": event.actor_id}
            connection.execute(imports.insert().values(**row))
        else:
            mine = (imports.c.office_id == event.office_id) & (imports.c.id == said["import"])
            connection.execute(imports.update().where(mine).values(undone_at=event.at))


def downgrade() -> None:
    op.drop_table("survey_imports")
