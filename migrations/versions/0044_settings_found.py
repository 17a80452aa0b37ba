"""Changes of settings are found without reading the whole trail: an index of events that are about no visitor.

Revision: 0044, after 0043.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

ABOUT_NO_VISITOR = sa.text("transaction_id IS NULL AND visit_id IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_events_office_id_name",
        "events",
        ["office_id", "name", "number"],
        sqlite_where=ABOUT_NO_VISITOR,
        postgresql_where=ABOUT_NO_VISITOR,
    )


def downgrade() -> None:
    op.drop_index("ix_events_office_id_name", "events")
