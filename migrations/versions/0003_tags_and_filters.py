"""Tags, who is shown a work, and the indexes that filters and orders walk.

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BYTEWISE = sa.String().with_variant(sa.String(collation="C"), "postgresql")
SHELF = "CASE WHEN state <> 'visible' THEN 0 WHEN rating IN ('general', 'teen') THEN 1 ELSE 2 END"
#: Indexes that others replace, and those others, by table.
OLD = {
    "fill": (["board_id", "id"], ["prompt_id", "id"], ["round_id"]),
    "prompt": (["board_id", "last_activity_at", "id"], ["round_id"]),
}
NEW = {
    "fill": (
        ["prompt_id", "shelf", "thread_id"],
        ["board_id", "shelf", "thread_id"],
        ["board_id", "shelf", "last_activity_at", "thread_id"],
        ["board_id", "shelf", "filled_at", "thread_id"],
        ["board_id", "shelf", "status", "thread_id"],
        ["round_id", "shelf", "thread_id"],
    ),
    "prompt": (
        ["board_id", "shelf", "thread_id"],
        ["board_id", "shelf", "last_activity_at", "thread_id"],
        ["board_id", "shelf", "last_filled_at", "thread_id"],
        ["board_id", "shelf", "seconds_count", "thread_id"],
        ["board_id", "shelf", "status", "thread_id"],
        ["board_id", "shelf", "status", "seconds_count", "thread_id"],
        ["round_id", "shelf", "thread_id"],
    ),
}


def upgrade() -> None:
    _create_vocabulary()
    for table in ("fill", "prompt"):
        for columns in OLD[table]:
            op.drop_index(_name(table, columns), table_name=table)
        with op.batch_alter_table(table) as batch:
            if table == "prompt":
                batch.add_column(
                    sa.Column("mediums_bits", sa.Integer(), nullable=False, server_default="0")
                )
            shelf = sa.Computed(SHELF, persisted=True)
            batch.add_column(sa.Column("shelf", sa.SmallInteger(), shelf, nullable=False))
        for columns in NEW[table]:
            op.create_index(_name(table, columns), table, columns)


def downgrade() -> None:
    for table in ("prompt", "fill"):
        for columns in NEW[table]:
            op.drop_index(_name(table, columns), table_name=table)
        with op.batch_alter_table(table) as batch:
            batch.drop_column("shelf")
            if table == "prompt":
                batch.drop_column("mediums_bits")
        for columns in OLD[table]:
            op.create_index(_name(table, columns), table, columns)
    for table in ("tagging", "tag_parent", "tag_count", "tag_alias", "tag"):
        op.drop_table(table)


def _name(table: str, columns: list[str]) -> str:
    return f"ix_{table}_{'_'.join(columns)}"


def _create_vocabulary() -> None:
    op.create_table(
        "tag",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", BYTEWISE, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tag"),
        sa.UniqueConstraint("key", "kind", name="uq_tag_key_kind"),
    )
    op.create_index("ix_tag_kind_key", "tag", ["kind", "key"])
    op.create_table(
        "tag_alias",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("board_id", BIG, nullable=False),
        sa.Column("alias_id", BIG, nullable=False),
        sa.Column("canonical_id", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["alias_id"], ["tag.id"], name="fk_tag_alias_alias_id"),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name="fk_tag_alias_board_id"),
        sa.ForeignKeyConstraint(["canonical_id"], ["tag.id"], name="fk_tag_alias_canonical_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tag_alias"),
        sa.UniqueConstraint("board_id", "alias_id", name="uq_tag_alias_board_id_alias_id"),
        sa.UniqueConstraint("public_id", name="uq_tag_alias_public_id"),
    )
    op.create_index("ix_tag_alias_board_id_canonical_id", "tag_alias", ["board_id", "canonical_id"])
    op.create_table(
        "tag_count",
        sa.Column("tag_id", BIG, nullable=False),
        sa.Column("board_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", BYTEWISE, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("adult_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name="fk_tag_count_board_id"),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name="fk_tag_count_tag_id"),
        sa.PrimaryKeyConstraint("tag_id", "board_id", name="pk_tag_count"),
    )
    op.create_index("ix_tag_count_board_id_kind_key", "tag_count", ["board_id", "kind", "key"])
    op.create_table(
        "tag_parent",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("board_id", BIG, nullable=False),
        sa.Column("tag_id", BIG, nullable=False),
        sa.Column("fandom_id", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name="fk_tag_parent_board_id"),
        sa.ForeignKeyConstraint(["fandom_id"], ["tag.id"], name="fk_tag_parent_fandom_id"),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name="fk_tag_parent_tag_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tag_parent"),
        sa.UniqueConstraint(
            "board_id", "tag_id", "fandom_id", name="uq_tag_parent_board_id_tag_id_fandom_id"
        ),
        sa.UniqueConstraint("public_id", name="uq_tag_parent_public_id"),
    )
    op.create_table(
        "tagging",
        sa.Column("typed_id", BIG, nullable=False),
        sa.Column("thread_id", BIG, nullable=False),
        sa.Column("tag_id", BIG, nullable=True),
        sa.Column("board_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("is_adult", sa.Boolean(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name="fk_tagging_board_id"),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name="fk_tagging_tag_id"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_tagging_thread_id"),
        sa.ForeignKeyConstraint(["typed_id"], ["tag.id"], name="fk_tagging_typed_id"),
        sa.PrimaryKeyConstraint("typed_id", "thread_id", name="pk_tagging"),
        sa.UniqueConstraint("thread_id", "tag_id", name="uq_tagging_thread_id_tag_id"),
    )
    op.create_index(
        "ix_tagging_board_id_kind_tag_id_is_adult_thread_id",
        "tagging",
        ["board_id", "kind", "tag_id", "is_adult", "thread_id"],
    )
