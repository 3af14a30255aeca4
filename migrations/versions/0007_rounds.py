"""Rounds open and close: by a schedule, one at most that takes prompts, with versions of their own.

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_IS_PROMPTING = sa.text("phase = 'prompting'")
#: Nothing but the founding of a board made rounds until now; but the index stands on this.
_ONLY_THE_NEWEST = sa.text(
    "UPDATE round SET phase = 'fill_only' WHERE phase = 'prompting' AND EXISTS (SELECT 1 "
    "FROM round AS later WHERE later.board_id = round.board_id AND later.phase = 'prompting' "
    "AND later.number > round.number)"
)
_CURRENT = sa.text(
    "UPDATE board SET current_round = coalesce((SELECT max(number) FROM round "
    "WHERE board_id = board.id AND phase <> 'upcoming'), 1)"
)


def upgrade() -> None:
    op.add_column("board", sa.Column("next_change_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_column("board", "current_round")
    op.add_column("round", sa.Column("edits", sa.Integer(), server_default="0", nullable=False))
    op.execute(_ONLY_THE_NEWEST)
    op.create_index(
        op.f("ix_round_board_id"),
        "round",
        ["board_id"],
        unique=True,
        sqlite_where=_IS_PROMPTING,
        postgresql_where=_IS_PROMPTING,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_round_board_id"), table_name="round")
    op.drop_column("round", "edits")
    op.add_column(
        "board", sa.Column("current_round", sa.Integer(), server_default="1", nullable=False)
    )
    op.execute(_CURRENT)
    op.drop_column("board", "next_change_at")
