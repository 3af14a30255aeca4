"""Indexes for pages of threads that show the top level alone, or so many replies of each comment.

Revision: 0010
Follows: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_comment_parent_id_is_shown_seq"), "comment", ["parent_id", "is_shown", "seq"]
    )
    op.create_index(
        "ix_comment_top",
        "comment",
        ["thread_id", "seq"],
        postgresql_where=sa.text("depth = 0"),
        sqlite_where=sa.text("depth = 0"),
    )
    op.drop_index(op.f("ix_comment_parent_id"), table_name="comment")


def downgrade() -> None:
    op.create_index(op.f("ix_comment_parent_id"), "comment", ["parent_id"])
    op.drop_index("ix_comment_top", table_name="comment")
    op.drop_index(op.f("ix_comment_parent_id_is_shown_seq"), table_name="comment")
