"""A delay of its own for messages to phones, and which way an office prefers where a visitor left both.

Every office keeps what it has: the delay it set holds for both, and e-mail comes first. Coming again after a step back,
both begin so once more.

Revision: 0019, after 0018.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "offices", sa.Column("survey_phone_delay_s", sa.Integer(), server_default=sa.text("300"), nullable=False)
    )
    op.add_column("offices", sa.Column("survey_phone_first", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(sa.text("UPDATE offices SET survey_phone_delay_s = survey_delay_s"))


def downgrade() -> None:
    op.drop_column("offices", "survey_phone_first")
    op.drop_column("offices", "survey_phone_delay_s")
