"""Reports, appeals, and indexes of what waits for a moderator.

Revision: 0018
Follows: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IS_OPEN = sa.text("status = 'open'")
_IS_SCREENED = sa.text("state = 'screened'")
_BY_BOARD = ("prompt", "fill")


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("board_id", _BIG, nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("thing_id", _BIG, nullable=False),
        sa.Column("target_id", sa.String(length=16), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("has_hidden", sa.Boolean(), nullable=False),
        sa.Column("receipt", sa.LargeBinary(), nullable=False),
        sa.Column("mask_id", _BIG, nullable=True),
        sa.Column("source", sa.LargeBinary(), nullable=True),
        sa.Column("reporter", sa.LargeBinary(), nullable=False),
        sa.Column("hider", sa.LargeBinary(), nullable=True),
        sa.Column("assigned_to", _BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_to"], ["account.id"], name=op.f("fk_report_assigned_to")
        ),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name=op.f("fk_report_board_id")),
        sa.ForeignKeyConstraint(["mask_id"], ["mask.id"], name=op.f("fk_report_mask_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("public_id", name=op.f("uq_report_public_id")),
    )
    op.create_index(op.f("ix_report_board_id_id"), "report", ["board_id", "id"])
    op.create_index(
        op.f("ix_report_board_id_created_at"),
        "report",
        ["board_id", "created_at"],
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    )
    op.create_index(op.f("ix_report_type_thing_id"), "report", ["type", "thing_id"])
    op.create_index(op.f("ix_report_hider"), "report", ["hider"])
    op.create_table(
        "cleared",
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("thing_id", _BIG, nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("type", "thing_id", name=op.f("pk_cleared")),
    )
    op.create_table(
        "appeal",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("entry_id", _BIG, nullable=False),
        sa.Column("board_id", _BIG, nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("thing_id", _BIG, nullable=False),
        sa.Column("together", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name=op.f("fk_appeal_board_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["mod_log.id"], name=op.f("fk_appeal_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_appeal_public_id")),
        sa.UniqueConstraint(
            "entry_id", "type", "thing_id", name=op.f("uq_appeal_entry_id_type_thing_id")
        ),
    )
    op.create_index(op.f("ix_appeal_together"), "appeal", ["together"])
    op.create_index(
        op.f("ix_appeal_board_id_created_at"),
        "appeal",
        ["board_id", "created_at"],
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    )
    for table in _BY_BOARD:
        _index_screened(table, "board_id")
    _index_screened("comment", "thread_id")


def _index_screened(table: str, column: str) -> None:
    op.create_index(
        f"ix_{table}_screened",
        table,
        [column],
        sqlite_where=_IS_SCREENED,
        postgresql_where=_IS_SCREENED,
    )


def downgrade() -> None:
    for table in (*_BY_BOARD, "comment"):
        op.drop_index(f"ix_{table}_screened", table_name=table)
    op.drop_table("appeal")
    op.drop_table("cleared")
    op.drop_table("report")
