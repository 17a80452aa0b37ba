"""How long an answer may be corrected, kept with the invitation: what visitors were told holds, whatever is set later.

Of invitations made before nothing was kept: for them the office's setting holds, as it did. Those that the events tell
of, after a step back, have it again.

Revision: 0027, after 0026.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# Only after a step back are there events that say it. Of a transaction that was opened again the last one holds.
SAID = sa.text(
    "SELECT office_id, transaction_id, payload FROM events WHERE name = 'InvitationDecided'"
    " AND payload LIKE '%\"correction\"%' ORDER BY office_id, number"
)
FILL = sa.text(
    "UPDATE invitations SET correction_s = :seconds WHERE office_id = :office AND transaction_id = :transaction"
)


def upgrade() -> None:
    op.add_column("invitations", sa.Column("correction_s", sa.Integer(), nullable=True))
    connection = op.get_bind()
    for event in connection.execute(SAID).all():
        seconds = json.loads(event.payload)["correction"]
        told = {"office": event.office_id, "transaction": event.transaction_id, "seconds": seconds}
        connection.execute(FILL, told)


def downgrade() -> None:
    with op.batch_alter_table("invitations") as batch:
        batch.drop_column("correction_s")
