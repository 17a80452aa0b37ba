"""What an office sets of a service beyond its standard: how many numbers a day.

And what the texts of a service said before: their events carry digests only. The picture that services had which were
given none is not among those that are shipped.

Revision: 0039, after 0038.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("services", sa.Column("daily_quota", sa.Integer(), nullable=True))
    services = sa.table("services", sa.column("icon", sa.String))
    op.execute(services.update().where(services.c.icon == "card-text").values(icon="file-earmark-text"))
    op.create_table(
        "service_wordings",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=20), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_service_wordings_service_id")),
        sa.PrimaryKeyConstraint("office_id", "number", name=op.f("pk_service_wordings")),
    )
    op.create_index(op.f("ix_service_wordings_service_id"), "service_wordings", ["service_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_service_wordings_service_id"), table_name="service_wordings")
    op.drop_table("service_wordings")
    op.drop_column("services", "daily_quota")
