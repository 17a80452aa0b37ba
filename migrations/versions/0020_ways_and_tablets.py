"""Through what a visitor began to answer, and for how long a tablet asks, which every office now sets itself.

Through what earlier answers were begun is not known; each says itself through what it came. Every office begins with a
minute at its tablets; another number in the environment (DESK_TABLET_SECONDS) is to be set on the page. Answers keep
what they say of their channel on the way back: their events say the same.

Revision: 0020, after 0019.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("offices", sa.Column("survey_tablet_s", sa.Integer(), server_default=sa.text("60"), nullable=False))
    op.add_column("invitations", sa.Column("begun_through", sa.String(10), nullable=True))


def downgrade() -> None:
    op.drop_column("invitations", "begun_through")
    op.drop_column("offices", "survey_tablet_s")
