"""By what the rows of files of answers are known again, so that a row that counts already is not counted twice.

Files taken over before have none: they are known again as a whole, by their digest, as they were.

Revision: 0028, after 0027.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_rows",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "digest", name="pk_import_rows"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_import_rows_import", "import_rows", ["office_id", "import_id"])


def downgrade() -> None:
    op.drop_table("import_rows")
