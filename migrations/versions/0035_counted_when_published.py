"""What was counted into a published period is kept beside it, by month and service, to tell what came since.

What was published before has none: as long as it says what is counted now, that is taken for it.

Revision: 0035, after 0034.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("survey_publications", sa.Column("cells", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("survey_publications", "cells")
