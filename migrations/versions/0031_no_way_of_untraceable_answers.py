"""An answer to an invitation that is kept by its day only no longer says through what it came.

The invitation says through what it went out, so that of two that were answered the way told whose answer was whose.
What came from posters and on paper was never asked for and keeps it. On PostgreSQL the answers are written anew in the
order of their random ids, as a whole, so that no dead row keeps what is taken away here. A step back cannot know what
is gone: it says `link`.

Revision: 0031, after 0030.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

KIND = sa.String(10)
TAKEN_AWAY = (
    "UPDATE loose_responses SET channel = NULL WHERE origin = 'anonymous' OR (origin = 'staff' AND channel <> 'poster')"
)
FILLED = "UPDATE loose_responses SET channel = 'link' WHERE channel IS NULL"
WRITTEN_ANEW = (
    "CREATE TEMPORARY TABLE written_anew ON COMMIT DROP AS SELECT * FROM loose_responses",
    "TRUNCATE loose_responses",
    "INSERT INTO loose_responses SELECT * FROM written_anew ORDER BY office_id, id",
)


def upgrade() -> None:
    _set(nullable=True)
    op.execute(sa.text(TAKEN_AWAY))
    if op.get_bind().dialect.name == "postgresql":
        for statement in WRITTEN_ANEW:
            op.execute(sa.text(statement))


def downgrade() -> None:
    op.execute(sa.text(FILLED))
    _set(nullable=False)


def _set(*, nullable: bool) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    rows = {"sqlite_with_rowid": False} if is_sqlite else {}
    with op.batch_alter_table("loose_responses", recreate="auto", table_kwargs=rows) as batch:
        batch.alter_column("channel", existing_type=KIND, nullable=nullable)
