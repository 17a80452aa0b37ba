"""Second factors of staff, their recovery codes, who must have one, and accounts of an identity provider.

Revision: 0037, after 0036.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("person_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("sealed_secret", sa.String(200), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", name="pk_second_factors"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_second_factors_person_id"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name="pk_recovery_codes"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_recovery_codes_person_id"),
    )
    op.create_index("ix_recovery_codes_person_id", "recovery_codes", ["person_id"])
    op.create_table(
        "half_sign_ins",
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("password_digest", sa.String(64), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("secret_hash", name="pk_half_sign_ins"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_half_sign_ins_person_id"),
    )
    op.create_index("ix_half_sign_ins_expires_at", "half_sign_ins", ["expires_at"])
    op.create_table(
        "openid_identities",
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_openid_identities"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_openid_identities_person_id"),
        sa.UniqueConstraint("person_id", "issuer", name="uq_openid_identities_person_id_issuer"),
    )
    op.add_column(
        "offices", sa.Column("second_factor_roles", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
    )


def downgrade() -> None:
    op.drop_column("offices", "second_factor_roles")
    op.drop_table("openid_identities")
    op.drop_index("ix_half_sign_ins_expires_at", "half_sign_ins")
    op.drop_table("half_sign_ins")
    op.drop_index("ix_recovery_codes_person_id", "recovery_codes")
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")
