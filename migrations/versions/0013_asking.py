"""Whom to ask, how often and when; who was asked and who wants it no more; how far each invitation came.

What is known of older invitations is worked out here: the service and who had it last from the transactions, and that a
message went out from the messages. Who was asked before this revision is not known again by their address.

Revision: 0013, after 0012.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OFFICE_BITS = 40
SILENT = sa.text("kind = 'survey' AND state = 'sent' AND reminder IS NULL")
OFFICES = (
    ("survey_link_on", sa.Boolean(), sa.true()),
    ("survey_unserved", sa.Boolean(), sa.false()),
    ("survey_percent", sa.Integer(), sa.text("100")),
    ("survey_rest_days", sa.Integer(), sa.text("0")),
    ("survey_monthly", sa.Integer(), sa.text("0")),
    ("survey_quiet_from", sa.Integer(), sa.text("0")),
    ("survey_quiet_until", sa.Integer(), sa.text("0")),
    ("survey_working_days", sa.Boolean(), sa.false()),
    ("survey_reminder_days", sa.Integer(), sa.text("0")),
)
INVITATIONS = (
    ("service_id", sa.Integer()),
    ("officer_id", sa.Integer()),
    ("delivered_at", sa.BigInteger()),
    ("begun_at", sa.BigInteger()),
)
WORKED_OUT = (
    """UPDATE invitations SET service_id = (SELECT t.service_id FROM transactions t
    WHERE t.office_id = invitations.office_id AND t.id = invitations.transaction_id)""",
    """UPDATE invitations SET officer_id = (SELECT c.holder_id FROM custody_segments c
    WHERE c.office_id = invitations.office_id AND c.transaction_id = invitations.transaction_id
    AND c.state IN ('serving', 'processing') AND c.pool_id IS NULL ORDER BY c.ordinal DESC LIMIT 1)""",
    """UPDATE invitations SET delivered_at = (SELECT min(d.sent_at) FROM deliveries d
    WHERE d.office_id = invitations.office_id AND d.visit_id = invitations.visit_id AND d.state = 'sent'
    AND d.sent_at >= invitations.decided_at)
    WHERE decision = 'invited' AND reason IN ('by_email', 'same_visit')""",
)
TOLD = sa.text(
    "SELECT office_id, number, payload FROM events WHERE name = 'InvitationDecided'"
    " AND payload LIKE '%\"officer\"%' ORDER BY office_id, number"
)


def upgrade() -> None:
    for name, kind, default in OFFICES:
        op.add_column("offices", sa.Column(name, kind, server_default=default, nullable=False))
    op.add_column("services", sa.Column("survey_percent", sa.Integer(), nullable=True))
    for name, kind in INVITATIONS:
        op.add_column("invitations", sa.Column(name, kind, nullable=True))
    op.add_column("deliveries", sa.Column("reminder", sa.BigInteger(), nullable=True))
    _create_tables()
    for each in WORKED_OUT:
        op.execute(sa.text(each))
    _read_events()
    # Who was asked before is not reminded: the message said nothing of it.
    op.execute(sa.text("UPDATE deliveries SET reminder = 0 WHERE state IN ('sent', 'dead', 'cancelled')"))
    op.create_index(
        "ix_deliveries_silent", "deliveries", ["office_id", "sent_at"], sqlite_where=SILENT, postgresql_where=SILENT
    )
    op.create_index(
        "ix_invitations_decided",
        "invitations",
        ["office_id", "decided_at", "service_id", "officer_id", "reason", "state", "delivered_at", "begun_at"],
    )


def downgrade() -> None:
    op.drop_index("ix_invitations_decided", "invitations")
    op.drop_index("ix_deliveries_silent", "deliveries")
    op.drop_table("survey_blocks")
    op.drop_table("survey_askings")
    op.execute(sa.text("DELETE FROM deliveries WHERE kind = 'reminder'"))
    op.execute(sa.text("DELETE FROM visitor_tokens WHERE kind = 'no_survey'"))
    op.drop_column("deliveries", "reminder")
    for name, _ in reversed(INVITATIONS):
        op.drop_column("invitations", name)
    op.drop_column("services", "survey_percent")
    for name, _, _ in reversed(OFFICES):
        op.drop_column("offices", name)


def _create_tables() -> None:
    op.create_table(
        "survey_askings",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "digest", "visit_id", name="pk_survey_askings"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_askings_visit", "survey_askings", ["office_id", "visit_id"])
    op.create_index("ix_survey_askings_asked", "survey_askings", ["office_id", "asked_at"])
    op.create_table(
        "survey_blocks",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "digest", "kind", name="pk_survey_blocks"),
        sqlite_with_rowid=False,
    )


def _read_events() -> None:
    """Write what events of a later version said before a step back; an older database has none."""
    connection = op.get_bind()
    for event in connection.execute(TOLD).all():
        said = json.loads(event.payload)
        found = said["invitation"] or (event.office_id << OFFICE_BITS | event.number)
        values = {"service": said["service"], "officer": said["officer"], "office": event.office_id, "id": found}
        connection.execute(
            sa.text(
                "UPDATE invitations SET service_id = :service, officer_id = :officer"
                " WHERE office_id = :office AND id = :id"
            ),
            values,
        )
