"""Whom somebody shut out at once: they get in nowhere, and keep what they are responsible for until it is taken.

Nobody was, so far: whoever was deactivated had handed everything over.

Revision: 0053, after 0052.
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("is_shut_out", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    # Before, they are plainly deactivated: let in they are not.
    op.drop_column("people", "is_shut_out")
