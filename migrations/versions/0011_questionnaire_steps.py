"""What a draft of a questionnaire was before each change, so that one can be taken back; answers by questionnaire.

Revision: 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "questionnaire_steps",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "code", "revision", name="pk_questionnaire_steps"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_responses_questionnaire", "responses", ["office_id", "questionnaire_id"])
    op.create_index("ix_loose_responses_questionnaire", "loose_responses", ["office_id", "questionnaire_id"])


def downgrade() -> None:
    op.drop_index("ix_loose_responses_questionnaire", "loose_responses")
    op.drop_index("ix_responses_questionnaire", "responses")
    op.drop_table("questionnaire_steps")
