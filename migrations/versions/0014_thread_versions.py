"""Threads have a version that the database itself moves with whatever a page of them shows.

Revision: 0014
Follows: 0013
"""

# Nothing in these statements was sent by anybody.
# ruff: noqa: S608

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_COLUMNS = (("thread", "version"), ("prompt", "fillers_version"))

# What is shown of a comment's thread changes with the comment, whichever of its columns it is, now
# and in later versions. A part that moves has another number at each comment about it; one that is
# deleted has none. Who counts as the author of a fill changes with the fills of the prompt.
_COUNT = "UPDATE thread SET version = version + 1 WHERE id "
_COUNT_FILLERS = "UPDATE prompt SET fillers_version = fillers_version + 1 WHERE id "
_THREAD_OF_FILL = "SELECT thread_id FROM fill WHERE id "
_SQLITE = {
    "comment_comes": f"""AFTER INSERT ON comment WHEN NEW.is_shown
        BEGIN {_COUNT} = NEW.thread_id; END""",
    "comment_changes": f"""AFTER UPDATE ON comment WHEN OLD.is_shown OR NEW.is_shown
        BEGIN {_COUNT} IN (OLD.thread_id, NEW.thread_id); END""",
    "comment_goes": f"""AFTER DELETE ON comment WHEN OLD.is_shown
        BEGIN {_COUNT} = OLD.thread_id; END""",
    "part_moves": f"""AFTER UPDATE OF number ON part WHEN OLD.number <> NEW.number
        BEGIN {_COUNT} = ({_THREAD_OF_FILL} = NEW.fill_id); END""",
    "part_goes": f"""AFTER DELETE ON part
        BEGIN {_COUNT} = ({_THREAD_OF_FILL} = OLD.fill_id); END""",
    "fill_comes": f"""AFTER INSERT ON fill
        BEGIN {_COUNT_FILLERS} = NEW.prompt_id; END""",
    "fill_changes": f"""AFTER UPDATE OF state, mask_id, is_named, prompt_id ON fill
        BEGIN {_COUNT_FILLERS} IN (OLD.prompt_id, NEW.prompt_id); END""",
    "fill_goes": f"""AFTER DELETE ON fill
        BEGIN {_COUNT_FILLERS} = OLD.prompt_id; END""",
}

# On PostgreSQL each statement is counted once, however many rows it changes: each count leaves a
# dead row behind.
_POSTGRESQL = {
    "comment_comes": (
        "AFTER INSERT ON comment REFERENCING NEW TABLE AS new_rows",
        f"{_COUNT} IN (SELECT thread_id FROM new_rows WHERE is_shown);",
    ),
    "comment_changes": (
        "AFTER UPDATE ON comment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
        f"""{_COUNT} IN (
            SELECT unnest(ARRAY[old_rows.thread_id, new_rows.thread_id])
            FROM old_rows JOIN new_rows ON new_rows.id = old_rows.id
            WHERE old_rows.is_shown OR new_rows.is_shown);""",
    ),
    "comment_goes": (
        "AFTER DELETE ON comment REFERENCING OLD TABLE AS old_rows",
        f"{_COUNT} IN (SELECT thread_id FROM old_rows WHERE is_shown);",
    ),
    "part_moves": (
        "AFTER UPDATE ON part REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
        f"""{_COUNT} IN (
            {_THREAD_OF_FILL} IN (
                SELECT new_rows.fill_id FROM old_rows JOIN new_rows ON new_rows.id = old_rows.id
                WHERE old_rows.number <> new_rows.number));""",
    ),
    "part_goes": (
        "AFTER DELETE ON part REFERENCING OLD TABLE AS old_rows",
        f"{_COUNT} IN ({_THREAD_OF_FILL} IN (SELECT fill_id FROM old_rows));",
    ),
    "fill_comes": (
        "AFTER INSERT ON fill REFERENCING NEW TABLE AS new_rows",
        f"{_COUNT_FILLERS} IN (SELECT prompt_id FROM new_rows);",
    ),
    "fill_changes": (
        "AFTER UPDATE ON fill REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
        f"""{_COUNT_FILLERS} IN (
            SELECT unnest(ARRAY[old_rows.prompt_id, new_rows.prompt_id])
            FROM old_rows JOIN new_rows ON new_rows.id = old_rows.id
            WHERE (old_rows.state, old_rows.mask_id, old_rows.is_named, old_rows.prompt_id)
                IS DISTINCT FROM
                (new_rows.state, new_rows.mask_id, new_rows.is_named, new_rows.prompt_id));""",
    ),
    "fill_goes": (
        "AFTER DELETE ON fill REFERENCING OLD TABLE AS old_rows",
        f"{_COUNT_FILLERS} IN (SELECT prompt_id FROM old_rows);",
    ),
}


def upgrade() -> None:
    for table, column in _COLUMNS:
        op.add_column(table, sa.Column(column, sa.Integer(), nullable=False, server_default="0"))
    if op.get_bind().dialect.name == "sqlite":
        for name, trigger in _SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {trigger}")
        return
    for name, (when, then) in _POSTGRESQL.items():
        op.execute(
            f"CREATE FUNCTION note_that_{name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {then} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} {when} FOR EACH STATEMENT EXECUTE FUNCTION note_that_{name}()"
        )


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in _SQLITE:
        if is_sqlite:
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP FUNCTION note_that_{name} CASCADE")
    for table, column in _COLUMNS:
        op.drop_column(table, column)
