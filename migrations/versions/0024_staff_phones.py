"""The phone number of staff, so that the office knows its own when a number is asked about.

Nobody had one before; numbers are lost on the way back.

Revision: 0024, after 0023.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("phone", sa.String(16), nullable=True))


def downgrade() -> None:
    op.drop_column("people", "phone")
