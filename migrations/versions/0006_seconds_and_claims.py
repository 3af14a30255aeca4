"""Seconds and claims; a prompt knows until when it is claimed, and counts claims when it is read.

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column(
            "prompt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("mask_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renewals", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mask_id"], ["mask.id"], name=op.f("fk_claim_mask_id")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_claim_prompt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("prompt_id", "mask_id", name=op.f("uq_claim_prompt_id_mask_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_claim_public_id")),
    )
    op.create_index(op.f("ix_claim_mask_id"), "claim", ["mask_id"], unique=False)
    op.create_index(op.f("ix_claim_prompt_id_id"), "claim", ["prompt_id", "id"], unique=False)
    op.create_index(
        op.f("ix_claim_prompt_id_expires_at"), "claim", ["prompt_id", "expires_at"], unique=False
    )
    op.create_table(
        "second",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "prompt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("mask_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mask_id"], ["mask.id"], name=op.f("fk_second_mask_id")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_second_prompt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second")),
        sa.UniqueConstraint("prompt_id", "mask_id", name=op.f("uq_second_prompt_id_mask_id")),
        sa.UniqueConstraint("prompt_id", "source", name=op.f("uq_second_prompt_id_source")),
    )
    op.create_index(
        op.f("ix_second_created_at"),
        "second",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("source IS NOT NULL"),
        sqlite_where=sa.text("source IS NOT NULL"),
    )
    op.create_index(op.f("ix_second_mask_id"), "second", ["mask_id"], unique=False)
    op.add_column("prompt", sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True))
    op.drop_column("prompt", "claims_count")


def downgrade() -> None:
    op.add_column(
        "prompt", sa.Column("claims_count", sa.Integer(), nullable=False, server_default="0")
    )
    op.drop_column("prompt", "claimed_until")
    op.drop_index(op.f("ix_second_mask_id"), table_name="second")
    op.drop_index(
        op.f("ix_second_created_at"),
        table_name="second",
        postgresql_where=sa.text("source IS NOT NULL"),
        sqlite_where=sa.text("source IS NOT NULL"),
    )
    op.drop_table("second")
    op.drop_index(op.f("ix_claim_prompt_id_expires_at"), table_name="claim")
    op.drop_index(op.f("ix_claim_prompt_id_id"), table_name="claim")
    op.drop_index(op.f("ix_claim_mask_id"), table_name="claim")
    op.drop_table("claim")
