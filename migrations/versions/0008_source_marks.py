"""Marks of network sources, for the quotas of those who have no token.

Revision: 0008
Follows: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source_mark",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("board_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name=op.f("fk_source_mark_board_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_mark")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_source_mark_board_id_what_source_created_at"),
        "source_mark",
        ["board_id", "what", "source", "created_at"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_source_mark_board_id_what_source_created_at"), table_name="source_mark")
    op.drop_table("source_mark")
