"""Bans, the sources of posts, and comments that became fills.

Revision: 0017
Follows: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "post_source",
        sa.Column("post_id", sa.String(length=16), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_source")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_post_source_posted_on"), "post_source", ["posted_on"])
    op.create_table(
        "ban",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("board_id", _BIG, nullable=False),
        sa.Column("entry_id", _BIG, nullable=False),
        sa.Column("reach", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("mask_id", _BIG, nullable=True),
        sa.Column("account_id", _BIG, nullable=True),
        sa.Column("post_id", sa.String(length=16), nullable=True),
        sa.Column("source", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_ban_account_id")),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name=op.f("fk_ban_board_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["mod_log.id"], name=op.f("fk_ban_entry_id")),
        sa.ForeignKeyConstraint(["mask_id"], ["mask.id"], name=op.f("fk_ban_mask_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ban")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ban_public_id")),
    )
    op.create_index(op.f("ix_ban_board_id_id"), "ban", ["board_id", "id"])
    op.add_column("comment", sa.Column("moved_to_kind", sa.String(length=16), nullable=True))


def downgrade() -> None:
    # A stub that says where a fill is would name a comment that is nowhere.
    op.execute("UPDATE comment SET state = 'hidden', moved_to = NULL WHERE moved_to_kind = 'fill'")
    op.drop_column("comment", "moved_to_kind")
    op.drop_table("ban")
    op.drop_table("post_source")
