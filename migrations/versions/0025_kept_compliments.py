"""Compliments that named nobody are kept by the office, not passed on; what a supervisor passed on reaches officers.

The events stay as they were signed. Below 0014 the officers whom a supervisor chose are gone, and come from the events
again. A step back calls what is kept passed on, as before.

Revision: 0025, after 0024.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KEPT = (
    "UPDATE voices SET state = 'kept' WHERE kind = 'compliment' AND state = 'passed_on' AND NOT EXISTS"
    " (SELECT 1 FROM voice_officers WHERE voice_officers.office_id = voices.office_id"
    " AND voice_officers.voice_id = voices.id)"
)


def upgrade() -> None:
    connection = op.get_bind()
    reached = sa.text("SELECT office_id, voice_id, person_id FROM voice_officers")
    known = {tuple(row) for row in connection.execute(reached)}
    stepped = sa.text("SELECT office_id, payload FROM events WHERE name = 'VoiceStepped' ORDER BY office_id, number")
    insert = sa.text("INSERT INTO voice_officers (office_id, voice_id, person_id) VALUES (:office, :voice, :person)")
    for office_id, payload in connection.execute(stepped).all():
        said = json.loads(payload)
        for person in said.get("officers", ()):
            if (office_id, said["voice"], person) not in known:
                connection.execute(insert, {"office": office_id, "voice": said["voice"], "person": person})
    # A compliment is closed as it comes, and nobody has to say that it was seen.
    op.execute("UPDATE voices SET acknowledged_at = NULL, closed_at = received_at WHERE kind = 'compliment'")
    op.execute(KEPT)


def downgrade() -> None:
    op.execute("UPDATE voices SET state = 'passed_on' WHERE state = 'kept'")
