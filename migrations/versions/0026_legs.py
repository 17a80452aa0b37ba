"""The legs of the chain of handlers, frozen with each answer from now on, and answers added up by leg.

What is there already has the shares of its officers only: where a transaction was opened again since, nobody knows any
more which legs it had when the answer came.

Revision: 0026, after 0025.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "response_legs",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("response_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("leg", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id", "response_id"],
            ["responses.office_id", "responses.id"],
            name="fk_response_legs_office_id_response_id",
        ),
        sa.PrimaryKeyConstraint("office_id", "response_id", "leg", name="pk_response_legs"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "leg_tallies",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("leg", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("service_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("measure", sa.String(12), nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("rated", sa.Integer(), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("weight_square", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("square", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "day", "leg", "service_id", "measure", "origin", name="pk_leg_tallies"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("leg_tallies")
    op.drop_table("response_legs")
