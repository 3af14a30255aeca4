"""What waits for a moderator has no place yet; what was never seen leaves nothing behind.

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_PATH = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("comment") as table:
        table.alter_column("path", existing_type=_PATH, nullable=True)
        table.alter_column("seq", existing_type=sa.Integer(), nullable=True)
    # Whatever stands on a board that is upgraded could be seen from the beginning.
    for name, column in _NEW:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column(column, sa.Boolean(), nullable=True))
        op.execute(f"UPDATE {name} SET {column} = true")  # noqa: S608
        with op.batch_alter_table(name) as table:
            table.alter_column(column, existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    for name, column in reversed(_NEW):
        with op.batch_alter_table(name) as table:
            table.drop_column(column)
    # The tables of before have no place for what waits.
    op.execute("DELETE FROM comment WHERE seq IS NULL")
    with op.batch_alter_table("comment") as table:
        table.alter_column("seq", existing_type=sa.Integer(), nullable=False)
        table.alter_column("path", existing_type=_PATH, nullable=False)


_NEW = (("prompt", "was_visible"), ("fill", "was_visible"), ("thread", "is_in_sight"))
