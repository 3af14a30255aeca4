"""Accounts with passwords, tokens that run out, and API keys.

Revision: 0016
Follows: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(astext_type=sa.Text()), "postgresql")
#: How a name reads at a glance, as the accounts that are made from now on have it.
_SKELETON = "lower(replace(replace(name, '-', ''), '_', ''))"
_READ_AS = (
    *(("0", "o"), ("1", "i"), ("3", "e"), ("4", "a"), ("5", "s"), ("7", "t"), ("8", "b")),
    *(("9", "g"), ("l", "i"), ("rn", "m"), ("vv", "w")),
)


def upgrade() -> None:
    op.add_column("account", sa.Column("skeleton", sa.String(length=40), nullable=True))
    op.add_column("account", sa.Column("password_hash", sa.String(), nullable=True))
    skeleton = _SKELETON
    for seen, read in _READ_AS:
        skeleton = f"replace({skeleton}, '{seen}', '{read}')"
    op.execute(f"UPDATE account SET skeleton = {skeleton}")  # noqa: S608 - nobody sent any of it
    op.create_index(op.f("ix_account_skeleton"), "account", ["skeleton"])
    op.add_column("token", sa.Column("label", sa.String(), nullable=True))
    op.add_column("token", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "api_key",
        sa.Column("token_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("account_id", _BIG, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scopes", _JSON, nullable=False),
        sa.Column("board_id", _BIG, nullable=True),
        sa.Column("max_rating", sa.String(length=16), nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_api_key_account_id")),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name=op.f("fk_api_key_board_id")),
        sa.ForeignKeyConstraint(["token_id"], ["token.id"], name=op.f("fk_api_key_token_id")),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_api_key")),
    )
    op.create_index(op.f("ix_api_key_account_id"), "api_key", ["account_id"])


def downgrade() -> None:
    op.drop_table("api_key")
    op.drop_column("token", "expires_at")
    op.drop_column("token", "label")
    op.drop_index(op.f("ix_account_skeleton"), table_name="account")
    op.drop_column("account", "password_hash")
    op.drop_column("account", "skeleton")
