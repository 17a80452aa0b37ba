"""Since when an office is no more: nobody takes a number there, and everything it did stays readable.

Revision: 0055, after 0054.
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("offices", sa.Column("retired_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    # Before, no office is ever retired: it is there again.
    op.drop_column("offices", "retired_at")
