"""Clocks and promises: versions and special openings of calendars, complete documents, both clocks as they ended.

What has ended before keeps empty clocks: they are not made up afterwards.

Revision: 0004, after 0003.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, columns in new_columns().items():
        for column in columns:
            op.add_column(table, column)
    create_calendar_openings()
    create_service_calendars()


def downgrade() -> None:
    op.drop_table("service_calendars")
    op.drop_table("calendar_openings")
    for table, columns in reversed(new_columns().items()):
        for column in reversed(columns):
            op.drop_column(table, column.name)


def create_calendar_openings() -> None:
    op.create_table(
        "calendar_openings",
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendars.id"], name="fk_calendar_openings_calendar_id"),
        sa.PrimaryKeyConstraint("calendar_id", "day", name="pk_calendar_openings"),
    )


def create_service_calendars() -> None:
    op.create_table(
        "service_calendars",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendars.id"], name="fk_service_calendars_calendar_id"),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name="fk_service_calendars_service_id"),
        sa.PrimaryKeyConstraint("service_id", "since", name="pk_service_calendars"),
    )


def _given(name: str, kind: Any, default: str) -> sa.Column[Any]:
    return sa.Column(name, kind, server_default=sa.text(default), nullable=False)


def _empty(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def new_columns() -> dict[str, tuple[sa.Column[Any], ...]]:
    """Return the columns that are new, by table."""
    return {
        "offices": (
            _given("clock_causes", sa.JSON(), """'["system"]'"""),
            _given("risk_percent", sa.Integer(), "80"),
        ),
        "calendars": (_given("version", sa.Integer(), "1"),),
        "calendar_closures": (_given("kind", sa.String(length=12), "'own'"),),
        "transactions": (
            _empty("remind_at", sa.BigInteger()),
            _empty("complete_at", sa.BigInteger()),
            _empty("promised_at", sa.BigInteger()),
            _empty("quantity", sa.Integer()),
            _empty("promise_s", sa.Integer()),
            _empty("visitor_s", sa.Integer()),
            _empty("office_s", sa.Integer()),
            _empty("used_s", sa.Integer()),
            _empty("clock_basis", sa.JSON()),
        ),
    }
