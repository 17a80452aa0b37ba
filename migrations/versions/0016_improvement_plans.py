"""The follow-up plan of the survey from period to period, and what was published of each; a step back keeps the events.

Coming again, the tables are filled from the events that a step back left.

Revision: 0016, after 0015.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OFFICE_BITS = 40
TOLD = sa.text(
    "SELECT office_id, number, at, actor_id, name, payload FROM events WHERE name IN ('ImprovementPlanned',"
    " 'ImprovementChanged', 'ImprovementProgressed', 'ImprovementCarried', 'SurveyPublished')"
    " ORDER BY office_id, number"
)


def upgrade() -> None:
    tables = _create_tables()
    connection = op.get_bind()
    for event in connection.execute(TOLD).all():
        _TELLING[event.name](connection, tables, event, json.loads(event.payload))


def downgrade() -> None:
    for name in ("survey_publications", "improvement_steps", "improvement_places", "improvements"):
        op.drop_table(name)


def _create_tables():
    found = [
        op.create_table(
            "improvements",
            sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("element", sa.String(40), nullable=False),
            sa.Column("due", sa.String(7), nullable=False),
            sa.Column("owner_id", sa.Integer(), nullable=False),
            sa.Column("status", sa.String(10), nullable=False),
            sa.Column("words_id", sa.BigInteger(), nullable=False),
            sa.Column("planned_at", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("office_id", "id", name="pk_improvements"),
            sqlite_with_rowid=False,
        ),
        _create_part(
            "improvement_places",
            sa.Column("period", sa.String(7), nullable=False),
            sa.Column("improvement_id", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("since", sa.BigInteger(), nullable=False),
            key=("office_id", "period", "improvement_id"),
        ),
        _create_part(
            "improvement_steps",
            sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("improvement_id", sa.BigInteger(), nullable=False),
            sa.Column("kind", sa.String(10), nullable=False),
            sa.Column("before", sa.String(10), nullable=True),
            sa.Column("after", sa.String(10), nullable=True),
            sa.Column("person_id", sa.Integer(), nullable=True),
            sa.Column("at", sa.BigInteger(), nullable=False),
            sa.Column("words", sa.Text(), nullable=True),
            key=("office_id", "id"),
        ),
        op.create_table(
            "survey_publications",
            sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("period", sa.String(7), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("figures", sa.JSON(), nullable=False),
            sa.Column("published_at", sa.BigInteger(), nullable=False),
            sa.Column("published_by", sa.Integer(), nullable=True),
            sa.Column("words", sa.Text(), nullable=True),
            sa.PrimaryKeyConstraint("office_id", "id", name="pk_survey_publications"),
            sa.UniqueConstraint(
                "office_id", "period", "version", name="uq_survey_publications_office_id_period_version"
            ),
            sqlite_with_rowid=False,
        ),
    ]
    return {each.name: each for each in found}


def _create_part(name, *columns, key):
    """Create a table of what belongs to measures."""
    table = op.create_table(
        name,
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["office_id", "improvement_id"],
            ["improvements.office_id", "improvements.id"],
            name=f"fk_{name}_office_id_improvement_id",
        ),
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
        sqlite_with_rowid=False,
    )
    op.create_index(f"ix_{name}_improvement", name, ["office_id", "improvement_id"])
    return table


def _id_of(event):
    return event.office_id << OFFICE_BITS | event.number


def _planned(connection, tables, event, said) -> None:
    row = {"office_id": event.office_id, "id": _id_of(event), "element": said["element"], "due": said["due"]}
    row |= {"owner_id": said["owner"], "status": "planned", "words_id": _id_of(event), "planned_at": event.at}
    connection.execute(tables["improvements"].insert(), row)
    _place(connection, tables, event, _id_of(event), said["period"])
    _step(connection, tables, event, said, "planned")


def _changed(connection, tables, event, said) -> None:
    values = {"element": said["element"], "due": said["due"], "owner_id": said["owner"]}
    if said["words"] is not None:
        values["words_id"] = _id_of(event)
    _update(connection, tables, event, said, values)
    _step(connection, tables, event, said, "changed")


def _progressed(connection, tables, event, said) -> None:
    _update(connection, tables, event, said, {"status": said["to"]})
    _step(connection, tables, event, said, "progressed")


def _carried(connection, tables, event, said) -> None:
    _place(connection, tables, event, said["improvement"], said["to"])
    _step(connection, tables, event, said, "carried")


def _published(connection, tables, event, said) -> None:
    row = {"office_id": event.office_id, "id": _id_of(event), "period": said["figures"]["period"]}
    row |= {"version": said["version"], "figures": said["figures"]}
    row |= {"published_at": event.at, "published_by": event.actor_id}
    connection.execute(tables["survey_publications"].insert(), row)


def _update(connection, tables, event, said, values) -> None:
    table = tables["improvements"]
    mine = (table.c.office_id == event.office_id) & (table.c.id == said["improvement"])
    connection.execute(table.update().where(mine).values(values))


def _place(connection, tables, event, improvement, period) -> None:
    row = {"office_id": event.office_id, "period": period, "improvement_id": improvement, "since": event.number}
    connection.execute(tables["improvement_places"].insert(), row)


def _step(connection, tables, event, said, kind) -> None:
    row = {"office_id": event.office_id, "id": _id_of(event), "kind": kind, "person_id": event.actor_id}
    row |= {"improvement_id": said.get("improvement", _id_of(event)), "at": event.at}
    connection.execute(
        tables["improvement_steps"].insert(), {**row, "before": said.get("from"), "after": said.get("to")}
    )


_TELLING = {
    "ImprovementPlanned": _planned,
    "ImprovementChanged": _changed,
    "ImprovementProgressed": _progressed,
    "ImprovementCarried": _carried,
    "SurveyPublished": _published,
}
