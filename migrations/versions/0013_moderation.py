"""The public log of moderation, and comments that were moved.

Revision: 0013
Follows: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IS_STUB = sa.text("moved_to IS NOT NULL")
#: What must never happen to a row of the log.
_NEVER = ("UPDATE", "DELETE")


def upgrade() -> None:
    op.create_table(
        "mod_log",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("board_id", _BIG, nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("target_type", sa.String(length=16), nullable=True),
        sa.Column("target_id", sa.String(length=16), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name=op.f("fk_mod_log_board_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mod_log")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mod_log_public_id")),
    )
    op.create_index(op.f("ix_mod_log_board_id_id"), "mod_log", ["board_id", "id"])
    op.create_table(
        "mod_margin",
        sa.Column("entry_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("account_id", _BIG, nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_mod_margin_account_id")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["mod_log.id"], name=op.f("fk_mod_margin_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_mod_margin")),
    )
    op.create_index(op.f("ix_mod_margin_account_id"), "mod_margin", ["account_id"])
    op.create_table(
        "mod_target",
        sa.Column("entry_id", _BIG, nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("thing_id", _BIG, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["mod_log.id"], name=op.f("fk_mod_target_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "type", "thing_id", name=op.f("pk_mod_target")),
    )
    op.create_index(
        op.f("ix_mod_target_type_thing_id_entry_id"), "mod_target", ["type", "thing_id", "entry_id"]
    )
    op.add_column("comment", sa.Column("moved_to", sa.String(length=16), nullable=True))
    op.add_column("comment", sa.Column("said_in", sa.String(length=16), nullable=True))
    op.create_index(
        op.f("ix_comment_moved_to"),
        "comment",
        ["moved_to"],
        sqlite_where=_IS_STUB,
        postgresql_where=_IS_STUB,
    )
    if op.get_bind().dialect.name == "sqlite":
        _keep_on_sqlite()
    else:
        _keep_on_postgresql()


def _keep_on_sqlite() -> None:
    # Altering the table in a batch drops its triggers: whoever does makes them again.
    for change in _NEVER:
        op.execute(
            f"CREATE TRIGGER mod_log_no_{change.lower()} BEFORE {change} ON mod_log BEGIN "
            "SELECT RAISE(ABORT, 'the log of moderation is only ever added to'); END"
        )


def _keep_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION mod_log_kept() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the log of moderation is only ever added to'; END $$"
    )
    for change in (*_NEVER, "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER mod_log_no_{change.lower()} BEFORE {change} ON mod_log "
            "FOR EACH STATEMENT EXECUTE FUNCTION mod_log_kept()"
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_comment_moved_to"), table_name="comment")
    # Without this column there is nothing that a stub could say: comments that were moved stay
    # where they are, and what is left behind is hidden for good.
    op.execute("UPDATE comment SET state = 'hidden' WHERE moved_to IS NOT NULL")
    op.drop_column("comment", "moved_to")
    op.drop_column("comment", "said_in")
    op.drop_table("mod_target")
    op.drop_table("mod_margin")
    op.drop_table("mod_log")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION mod_log_kept()")
