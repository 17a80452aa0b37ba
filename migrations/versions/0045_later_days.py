"""Pictures that are to become the logo of an office on a later day; mail to whoever planned what was refused.

A step back forgets the pictures, so that a logo that is still planned will be refused; and the mail about refused
plans, of which the release before knows nothing.

Revision: 0045, after 0044.
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "planned_logos",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_planned_logos_office_id")),
        sa.PrimaryKeyConstraint("office_id", "digest", name=op.f("pk_planned_logos")),
    )


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM deliveries WHERE kind = 'plan_refused'"))
    op.drop_table("planned_logos")
