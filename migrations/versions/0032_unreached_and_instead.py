"""Messages know how often the other side was away, and which message went to the other address instead.

Nobody is written to instead of what was given up before. A step back leaves such messages as they are.

Revision: 0032, after 0031.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

RETURNED = sa.text("kind = 'survey' AND state = 'dead' AND instead IS NULL")


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("unreached", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("deliveries", sa.Column("instead", sa.BigInteger(), nullable=True))
    op.execute(sa.text("UPDATE deliveries SET instead = 0 WHERE kind = 'survey' AND state = 'dead'"))
    op.create_index(
        "ix_deliveries_returned",
        "deliveries",
        ["office_id", "id"],
        sqlite_where=RETURNED,
        postgresql_where=RETURNED,
    )


def downgrade() -> None:
    op.drop_index("ix_deliveries_returned", table_name="deliveries")
    op.drop_column("deliveries", "instead")
    op.drop_column("deliveries", "unreached")
