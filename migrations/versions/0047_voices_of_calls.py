"""How a call is announced by voice.

Revision: 0047, after 0046.
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

NUMBERS = {"voice_times": 1, "sound_volume": 80, "sound_quiet_from": 0, "sound_quiet_until": 0}


def upgrade() -> None:
    languages = sa.text("""'["id"]'""")
    op.add_column("offices", sa.Column("voice_languages", sa.JSON(), nullable=False, server_default=languages))
    for name, default in NUMBERS.items():
        number = sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text(str(default)))
        op.add_column("offices", number)


def downgrade() -> None:
    for name in (*reversed(NUMBERS), "voice_languages"):
        op.drop_column("offices", name)
