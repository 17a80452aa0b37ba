"""Who complained is told by a message, if they agreed; staff are told by mail of what is late, in two levels.

Nobody had agreed before. What events say of a level, of messages to staff and of erasures by somebody who had a hand in
the matter is taken over. A step back loses messages about cases, and who agreed.

Revision: 0030, after 0029.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

OFFICE_BITS = 40
SETTINGS = (
    ("complaint_answer_words", sa.Boolean(), sa.false()),
    ("late_mail", sa.Boolean(), sa.true()),
    ("late_raise_days", sa.Integer(), sa.text("5")),
)
ADDED = (
    ("deliveries", "case_id", sa.BigInteger()),
    ("deliveries", "person_id", sa.Integer()),
    ("voice_contacts", "consented_at", sa.BigInteger()),
    ("voices", "raised_at", sa.BigInteger()),
    ("follow_ups", "raised_at", sa.BigInteger()),
)
TABLES = {"follow_up": "follow_ups", "voice": "voices"}
STEP = sa.text(
    "INSERT INTO case_steps (office_id, id, case_id, step, actor_id, to_id, at)"
    " VALUES (:office, :id, :case, :step, :actor, :to, :at)"
)


def upgrade() -> None:
    for name, kind, default in SETTINGS:
        op.add_column("offices", sa.Column(name, kind, nullable=False, server_default=default))
    for table, name, kind in ADDED:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    op.add_column("erasures", sa.Column("by_handler", sa.Boolean(), nullable=False, server_default=sa.false()))
    is_about_case = sa.text("case_id IS NOT NULL")
    op.create_index(
        "ix_deliveries_case",
        "deliveries",
        ["office_id", "case_id"],
        sqlite_where=is_about_case,
        postgresql_where=is_about_case,
    )
    _take_over(op.get_bind())


def _take_over(connection: sa.Connection) -> None:
    """Write down what events of before a step back say."""
    query = sa.text(
        "SELECT office_id, number, name, at, actor_id, payload FROM events"
        " WHERE name IN ('CaseRaised', 'CaseTold', 'FollowUpStepped')"
        " OR (name = 'PersonalDataErased' AND payload LIKE '%by_handler%') ORDER BY office_id, number"
    )
    for event in connection.execute(query).all():
        said, made = json.loads(event.payload), event.office_id << OFFICE_BITS | event.number
        if event.name == "PersonalDataErased":
            mine = {"office": event.office_id, "id": made, "yes": bool(said["by_handler"])}
            connection.execute(
                sa.text("UPDATE erasures SET by_handler = :yes WHERE office_id = :office AND id = :id"), mine
            )
        elif event.name != "FollowUpStepped":
            _take_step(connection, event, said, made)
        elif said["due"] is not None:  # opened again
            _set_raised(connection, "follow_ups", event.office_id, said["follow_up"], None)


def _take_step(connection: sa.Connection, event: sa.Row, said: dict, made: int) -> None:
    step = {"office": event.office_id, "id": made, "case": said["case"], "actor": event.actor_id, "at": event.at}
    if event.name == "CaseRaised":
        _set_raised(connection, TABLES[said["kind"]], event.office_id, said["case"], event.at)
        connection.execute(STEP, {**step, "step": "raised", "to": None})
    else:
        connection.execute(STEP, {**step, "step": "told", "to": said["to"]})


def _set_raised(connection: sa.Connection, table: str, office_id: int, case_id: int, at: int | None) -> None:
    rows = sa.table(table, sa.column("office_id"), sa.column("id"), sa.column("raised_at"))
    mine = (rows.c.office_id == office_id, rows.c.id == case_id)
    connection.execute(rows.update().where(*mine).values(raised_at=at))


def downgrade() -> None:
    op.drop_index("ix_deliveries_case", table_name="deliveries")
    op.execute(sa.text("DELETE FROM deliveries WHERE case_id IS NOT NULL"))
    op.execute(sa.text("DELETE FROM case_steps WHERE step IN ('raised', 'told')"))
    op.drop_column("erasures", "by_handler")
    for table, name, _ in reversed(ADDED):
        op.drop_column(table, name)
    for name, _, _ in reversed(SETTINGS):
        op.drop_column("offices", name)
