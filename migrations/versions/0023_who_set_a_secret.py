"""Which API key has set the secret of a webhook; who hides things is known by no hash of its own.

Until now all that a network had hidden by its reports stood under one hash, on every board, and so
tied masks together. What is kept instead is no hash of theirs alone
(``app/reports/access.py``). The hashes of before are forgotten: they count for a day.

Revision: 0023
Follows: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("webhook_secret") as table:
        table.add_column(sa.Column("key_id", _BIG, nullable=True))
        table.create_foreign_key(op.f("fk_webhook_secret_key_id"), "token", ["key_id"], ["id"])
    op.execute("UPDATE report SET hider = NULL WHERE hider IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table("webhook_secret") as table:
        table.drop_constraint(op.f("fk_webhook_secret_key_id"), type_="foreignkey")
        table.drop_column("key_id")
