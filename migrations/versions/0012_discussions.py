"""Discussions: threads of a board that belong to no prompt.

Revision: 0012
Follows: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INDEXES = (
    ["board_id", "state", "is_pinned", "id"],
    ["board_id", "state", "kind", "is_pinned", "id"],
    ["board_id", "state", "is_pinned", "last_activity_at", "id"],
    ["mask_id"],
)
#: The tables of before know nobody who could stand at the head of these threads.
_COMMENTS = "DELETE FROM comment WHERE thread_id IN (SELECT id FROM thread WHERE kind='discussion')"
_THREADS = "DELETE FROM thread WHERE kind = 'discussion'"


def upgrade() -> None:
    op.create_table(
        "discussion",
        sa.Column("mask_id", _NUMBER, nullable=True),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("is_moderator", sa.Boolean(), nullable=False),
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("board_id", _NUMBER, nullable=False),
        sa.Column("thread_id", _NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("is_title_made", sa.Boolean(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("body_html", sa.String(), nullable=False),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("closed_by", sa.String(length=16), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("was_visible", sa.Boolean(), nullable=False),
        sa.Column("is_frozen", sa.Boolean(), nullable=False),
        sa.Column("last_activity_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name=op.f("fk_discussion_board_id")),
        sa.ForeignKeyConstraint(["mask_id"], ["mask.id"], name=op.f("fk_discussion_mask_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_discussion_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion")),
        sa.UniqueConstraint("public_id", name=op.f("uq_discussion_public_id")),
        sa.UniqueConstraint("thread_id", name=op.f("uq_discussion_thread_id")),
    )
    for columns in _INDEXES:
        op.create_index(op.f(f"ix_discussion_{'_'.join(columns)}"), "discussion", columns)


def downgrade() -> None:
    op.execute(_COMMENTS)
    op.drop_table("discussion")
    op.execute(_THREADS)
