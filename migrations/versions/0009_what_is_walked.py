"""Indexes of what somebody posted under their name, and of a board's tags by name alone.

Revision: 0009
Follows: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_BY_AUTHOR = ["board_id", "mask_id", "shelf", "thread_id"]
_WORKS = ("fill", "prompt")


def upgrade() -> None:
    for table in _WORKS:
        op.create_index(
            op.f(f"ix_{table}_board_id_mask_id_shelf_thread_id"),
            table,
            _BY_AUTHOR,
            unique=False,
            sqlite_where=sa.text("is_named = 1"),
            postgresql_where=sa.text("is_named"),
        )
    op.create_index(
        op.f("ix_tag_count_board_id_key_kind"),
        "tag_count",
        ["board_id", "key", "kind"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_tag_count_board_id_key_kind"), table_name="tag_count")
    for table in _WORKS:
        op.drop_index(op.f(f"ix_{table}_board_id_mask_id_shelf_thread_id"), table_name=table)
