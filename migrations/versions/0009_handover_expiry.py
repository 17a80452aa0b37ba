"""Offers of an end of shift or of an absence run out after so many open hours, a setting of the office.

Offers that were made before have no time to answer by, and keep none.

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    default = sa.text("14400")
    op.add_column("offices", sa.Column("handover_expires_s", sa.Integer(), server_default=default, nullable=False))


def downgrade() -> None:
    op.drop_column("offices", "handover_expires_s")
