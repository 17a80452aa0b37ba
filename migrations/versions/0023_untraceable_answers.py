"""What would lead from an invitation to an anonymous answer goes: digests of what was given, and who wrote a row when.

A request of a visitor was remembered with a digest of all that came with it; whoever tries every answer finds the one
that fits. The digests of answers are emptied: a repeat of such a request is refused from now on, which nobody will send
any more. On PostgreSQL a row says which transaction wrote it, and its place in the table when; the answers that belong
to no transaction are written anew in the order of their random ids. A step back takes nothing away.

Revision: 0023, after 0022.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# Of what visitors asked for, the answers to a survey are those whose own answer names responses or a poster.
EMPTIED = (
    "UPDATE remembered SET request_hash = '' WHERE scope = 'visitor:'"
    " AND (answer LIKE '%\"responses\"%' OR answer LIKE '%\"point\"%')"
)
SHUFFLED = (
    "CREATE TEMPORARY TABLE shuffled ON COMMIT DROP AS SELECT * FROM loose_responses",
    # Emptied as a whole, so that no dead row keeps what is taken away here.
    "TRUNCATE loose_responses",
    "INSERT INTO loose_responses SELECT * FROM shuffled ORDER BY office_id, id",
)


def upgrade() -> None:
    op.execute(sa.text(EMPTIED))
    if op.get_bind().dialect.name == "postgresql":
        for statement in SHUFFLED:
            op.execute(sa.text(statement))


def downgrade() -> None:
    pass
