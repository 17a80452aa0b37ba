"""What erased profiles of taken-over answers count for, so that a batch can be taken back after its profiles went.

Of profiles that were erased before, or while a step back had taken the table away, nothing is known any more.

Revision: 0021, after 0020.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_profiles",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("import_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("service_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "import_id", "day", "service_id", name="pk_import_profiles"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("import_profiles")
