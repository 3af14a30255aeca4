"""A post says itself under whose name it stands; bots have masks of their own.

So that what was posted behind a mask can be revealed under a name, and hidden again.

Revision: 0015
Follows: 0014
"""

# Nothing in these statements was sent by anybody.
# ruff: noqa: S608

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_WORKS = ("prompt", "fill")
_TALK = ("comment", "discussion")
_POSTS = (*_WORKS, *_TALK)
_COUNT_FILLERS = "UPDATE prompt SET fillers_version = fillers_version + 1 WHERE id "


def upgrade() -> None:
    for table in _POSTS:
        _add_reference(table, "account_id")
        op.execute(
            f"UPDATE {table} SET account_id ="
            f" (SELECT account_id FROM mask WHERE mask.id = {table}.mask_id) WHERE is_named"
        )
    for table in _WORKS:
        op.drop_index(op.f(f"ix_{table}_board_id_mask_id_shelf_thread_id"), table_name=table)
        _index(table, "account_id IS NOT NULL", "account_id", "board_id", "shelf", "thread_id")
    for table in _TALK:
        _index(table, "account_id IS NOT NULL", "account_id")
    _count_fillers_by("account_id")
    for table in _POSTS:
        op.drop_column(table, "is_named")
    _add_reference("mask", "bot_of")
    op.create_index(op.f("ix_mask_bot_of"), "mask", ["bot_of"])


def downgrade() -> None:
    op.drop_index(op.f("ix_mask_bot_of"), table_name="mask")
    op.drop_column("mask", "bot_of")
    for table in _POSTS:
        op.add_column(
            table, sa.Column("is_named", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        # What is signed with a name that the mask does not have stays without it.
        op.execute(
            f"UPDATE {table} SET is_named = true WHERE account_id ="
            f" (SELECT account_id FROM mask WHERE mask.id = {table}.mask_id)"
        )
    _count_fillers_by("is_named")
    for table in _TALK:
        op.drop_index(op.f(f"ix_{table}_account_id"), table_name=table)
    for table in _WORKS:
        op.drop_index(op.f(f"ix_{table}_account_id_board_id_shelf_thread_id"), table_name=table)
        _index(table, "is_named", "board_id", "mask_id", "shelf", "thread_id")
    for table in _POSTS:
        op.drop_column(table, "account_id")


def _add_reference(table: str, column: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        # Alembic adds no column with a constraint without rebuilding the table, which would drop
        # its triggers.
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} INTEGER"
            f" CONSTRAINT fk_{table}_{column} REFERENCES account (id)"
        )
        return
    op.add_column(table, sa.Column(column, sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f(f"fk_{table}_{column}"), table, "account", [column], ["id"])


def _index(table: str, where: str, *columns: str) -> None:
    condition = sa.text(where)
    op.create_index(
        op.f(f"ix_{table}_{'_'.join(columns)}"),
        table,
        list(columns),
        sqlite_where=condition,
        postgresql_where=condition,
    )


def _count_fillers_by(signed: str) -> None:
    """Who counts as the author of a fill changes with the column that signs it, too."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER fill_changes")
        op.execute(
            f"CREATE TRIGGER fill_changes AFTER UPDATE OF state, mask_id, {signed}, prompt_id"
            f" ON fill BEGIN {_COUNT_FILLERS} IN (OLD.prompt_id, NEW.prompt_id); END"
        )
        return
    op.execute(
        f"""CREATE OR REPLACE FUNCTION note_that_fill_changes() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN {_COUNT_FILLERS} IN (
            SELECT unnest(ARRAY[old_rows.prompt_id, new_rows.prompt_id])
            FROM old_rows JOIN new_rows ON new_rows.id = old_rows.id
            WHERE (old_rows.state, old_rows.mask_id, old_rows.{signed}, old_rows.prompt_id)
                IS DISTINCT FROM
                (new_rows.state, new_rows.mask_id, new_rows.{signed}, new_rows.prompt_id));
        RETURN NULL; END $$"""
    )
