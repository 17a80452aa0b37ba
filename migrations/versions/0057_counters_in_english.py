"""What a counter is called in English, beside its name in Indonesian; empty: as in Indonesian.

A step back forgets the English names.

Revision: 0057, after 0056.
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("counters", sa.Column("name_en", sa.String(length=80), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("counters", "name_en")
