"""What a visitor says from the phone: that somebody may pass; and whether the code at the door changes.

A wish moves the claim of a wait to be next; where it stood before stays beside it.

A step back leaves those who let somebody pass where they stand.

Revision: 0050, after 0049.
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

WAITS = (
    ("gave_way", sa.Integer()),
    ("own_rank_at", sa.BigInteger()),
    ("back_rank_at", sa.BigInteger()),
    ("wish_id", sa.BigInteger()),
)
OFFICES = (
    ("phone_check_in", sa.String(length=10), "open"),
    ("door_code_s", sa.Integer(), sa.text("30")),
    ("give_way_times", sa.Integer(), sa.text("2")),
)


def upgrade() -> None:
    for name, kind, default in OFFICES:
        op.add_column("offices", sa.Column(name, kind, server_default=default, nullable=False))
    for name, kind in WAITS:
        op.add_column("queue_entries", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for name, _ in reversed(WAITS):
        op.drop_column("queue_entries", name)
    for name, _, _ in reversed(OFFICES):
        op.drop_column("offices", name)
