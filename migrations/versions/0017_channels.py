"""Messages to phones, what a gateway says of them, and the posters and tablets of an office.

A step back forgets phone numbers and cancels the messages that wait for one; posters and tablets stay in the events,
and come again from there.

Revision: 0017, after 0016.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OFFICE_BITS = 40
UNSETTLED = sa.text("state IN ('pending', 'sending')")
KNOWN = sa.text("provider_id IS NOT NULL")
WAITING = sa.text("applied_at IS NULL")
TOLD = sa.text(
    "SELECT office_id, number, at, actor_id, name, payload FROM events"
    " WHERE name IN ('SurveyPointOpened', 'SurveyPointClosed') ORDER BY office_id, number"
)


def upgrade() -> None:
    op.add_column("visit_contacts", sa.Column("phone", sa.String(16), nullable=True))
    op.add_column("deliveries", sa.Column("provider_id", sa.String(120), nullable=True))
    op.add_column("deliveries", sa.Column("delivered_at", sa.BigInteger(), nullable=True))
    _index_due("channel", "due_at")
    op.create_index("ix_deliveries_provider", "deliveries", ["provider_id"], sqlite_where=KNOWN, postgresql_where=KNOWN)
    points = _create_tables()
    connection = op.get_bind()
    for event in connection.execute(TOLD).all():
        _tell(connection, points, event, json.loads(event.payload))


def downgrade() -> None:
    op.drop_table("survey_points")
    op.drop_table("gateway_receipts")
    op.execute(
        sa.text(
            "UPDATE deliveries SET state = 'cancelled', address = NULL, lease_until = NULL, lease_owner = NULL"
            " WHERE channel = 'phone' AND state IN ('pending', 'sending', 'dead')"
        )
    )
    op.execute(sa.text("DELETE FROM visitor_tokens WHERE kind IN ('poster', 'tablet')"))
    op.drop_index("ix_deliveries_provider", "deliveries")
    _index_due("due_at")
    op.drop_column("deliveries", "delivered_at")
    op.drop_column("deliveries", "provider_id")
    op.execute(sa.text("DELETE FROM visit_contacts WHERE name IS NULL AND email IS NULL"))
    op.drop_column("visit_contacts", "phone")


def _index_due(*columns) -> None:
    op.drop_index("ix_deliveries_due", "deliveries")
    op.create_index(
        "ix_deliveries_due", "deliveries", list(columns), sqlite_where=UNSETTLED, postgresql_where=UNSETTLED
    )


def _create_tables():
    op.create_table(
        "gateway_receipts",
        sa.Column("provider_id", sa.String(120), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("is_permanent", sa.Boolean(), nullable=False),
        sa.Column("said", sa.String(300), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("applied_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("provider_id", "status", name="pk_gateway_receipts"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_gateway_receipts_waiting",
        "gateway_receipts",
        ["received_at"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index("ix_gateway_receipts_received", "gateway_receipts", ["received_at"])
    return op.create_table(
        "survey_points",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("office_id", "id", name="pk_survey_points"),
        sqlite_with_rowid=False,
    )


def _tell(connection, points, event, said) -> None:
    if event.name == "SurveyPointClosed":
        mine = (points.c.office_id == event.office_id) & (points.c.id == said["point"])
        connection.execute(points.update().where(mine).values(closed_at=event.at))
        return
    row = {"office_id": event.office_id, "id": event.office_id << OFFICE_BITS | event.number}
    row |= {"kind": said["kind"], "service_id": said["service"], "counter_id": said["counter"]}
    connection.execute(points.insert(), {**row, "opened_at": event.at, "opened_by": event.actor_id})
