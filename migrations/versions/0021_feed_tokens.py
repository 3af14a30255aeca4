"""Private feeds: what opens them.

Revision: 0021
Follows: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "feed_token",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("mask_id", _BIG, nullable=False),
        sa.Column("made_by", _BIG, nullable=False),
        sa.Column("is_adult", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["token.id"], name=op.f("fk_feed_token_made_by")),
        sa.ForeignKeyConstraint(["mask_id"], ["mask.id"], name=op.f("fk_feed_token_mask_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_token")),
        sa.UniqueConstraint("hash", name=op.f("uq_feed_token_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_feed_token_public_id")),
    )
    op.create_index(op.f("ix_feed_token_made_by"), "feed_token", ["made_by"])
    op.create_index(op.f("ix_feed_token_mask_id"), "feed_token", ["mask_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_feed_token_mask_id"), table_name="feed_token")
    op.drop_index(op.f("ix_feed_token_made_by"), table_name="feed_token")
    op.drop_table("feed_token")
