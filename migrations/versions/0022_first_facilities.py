"""The facilities every office begins with, for those opened by a program that forgot to give them any.

An office that has one, be it retired, has made its own choice and keeps it. A step back takes nothing away: what was
said about a facility would point to none.

Revision: 0022, after 0021.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

FACILITIES = (
    ("waiting_room", "Ruang tunggu", "Waiting room"),
    ("toilet", "Toilet", "Toilet"),
    ("lactation_room", "Ruang laktasi", "Lactation room"),
    ("play_corner", "Area bermain anak", "Play corner"),
    ("disability_access", "Akses penyandang disabilitas", "Access for disability"),
    ("consultation_room", "Ruang konsultasi", "Consultation room"),
)


def upgrade() -> None:
    bare = "SELECT id FROM offices WHERE id NOT IN (SELECT office_id FROM facilities) ORDER BY id"
    insert = sa.text(
        "INSERT INTO facilities (office_id, code, name_id, name_en, position, retired)"
        " VALUES (:office, :code, :name_id, :name_en, :place, :retired)"
    )
    connection = op.get_bind()
    for office_id in connection.execute(sa.text(bare)).scalars().all():
        for place, (code, indonesian, english) in enumerate(FACILITIES):
            row = {"office": office_id, "code": code, "name_id": indonesian, "name_en": english}
            connection.execute(insert, {**row, "place": place, "retired": False})


def downgrade() -> None:
    pass
