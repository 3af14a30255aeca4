"""The outbox: what has happened on each board, in one order.

Revision: 0019
Follows: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("board_id", _BIG, nullable=False),
        sa.Column("number", _BIG, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name=op.f("fk_event_board_id")),
        sa.PrimaryKeyConstraint("board_id", "number", name=op.f("pk_event")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_event_created_at"), "event", ["created_at"])
    op.create_table(
        "outbox",
        sa.Column("board_id", _BIG, nullable=False),
        sa.Column("latest", _BIG, nullable=False),
        sa.Column("forgotten", _BIG, nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name=op.f("fk_outbox_board_id")),
        sa.PrimaryKeyConstraint("board_id", name=op.f("pk_outbox")),
    )


def downgrade() -> None:
    op.drop_table("outbox")
    op.drop_table("event")
