"""The two colors of an office. Without any it has those that come with the desk, as before.

Revision: 0052, after 0051.
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

COLORS = ("main_color", "accent_color")


def upgrade() -> None:
    for name in COLORS:
        op.add_column("offices", sa.Column(name, sa.String(length=7), nullable=True))


def downgrade() -> None:
    for name in reversed(COLORS):
        op.drop_column("offices", name)
