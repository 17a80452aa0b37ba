"""Who keeps the server: its address, its mail, its backups. So far those did who administered every office
and could sign in.

Where nobody administers every office nobody kept it, and nobody does afterwards: `desk person keeps-server` names one.

Revision: 0054, after 0053.
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

ADMINISTER_EVERYWHERE = """
UPDATE people SET keeps_server = true WHERE disabled_at IS NULL AND EXISTS (SELECT 1 FROM offices)
AND (password_hash IS NOT NULL OR EXISTS (SELECT 1 FROM openid_identities i WHERE i.person_id = people.id))
AND NOT EXISTS (SELECT 1 FROM offices o WHERE NOT EXISTS (SELECT 1 FROM memberships m
WHERE m.office_id = o.id AND m.person_id = people.id AND m.role = 'admin'))
"""


def upgrade() -> None:
    op.add_column("people", sa.Column("keeps_server", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(ADMINISTER_EVERYWHERE)


def downgrade() -> None:
    op.drop_column("people", "keeps_server")
