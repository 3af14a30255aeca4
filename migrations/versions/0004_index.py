"""The index for full-text search.

Revision: 0004
Follows: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "search_chunk",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("thread_id", _BIG, nullable=False),
        sa.Column("part_id", _BIG, nullable=True),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("stop", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["part_id"], ["part.id"], name=op.f("fk_search_chunk_part_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["thread.id"], name=op.f("fk_search_chunk_thread_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_chunk")),
    )
    op.create_index(op.f("ix_search_chunk_part_id"), "search_chunk", ["part_id"])
    op.create_index(op.f("ix_search_chunk_thread_id"), "search_chunk", ["thread_id"])
    if op.get_bind().dialect.name == "sqlite":
        _create_fts5()
    else:
        _create_vectors()


def _create_fts5() -> None:
    # Texts come as terms with spaces between them: this tokeniser takes all that is not ASCII for
    # letters, and so leaves them as they are.
    op.execute(
        "CREATE VIRTUAL TABLE search_terms USING fts5("
        "title, head, body, scope, tokenize = 'ascii', columnsize = 0)"
    )
    op.execute(
        "CREATE TRIGGER search_chunk_removed AFTER DELETE ON search_chunk BEGIN "
        "DELETE FROM search_terms WHERE rowid = old.id; END"
    )


def _create_vectors() -> None:
    op.create_table(
        "search_terms",
        sa.Column("rowid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("search_terms", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rowid"],
            ["search_chunk.id"],
            name=op.f("fk_search_terms_rowid"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("rowid", name=op.f("pk_search_terms")),
    )
    op.create_index(
        op.f("ix_search_terms_search_terms"),
        "search_terms",
        ["search_terms"],
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 64},
    )


def downgrade() -> None:
    op.drop_table("search_terms")
    op.drop_table("search_chunk")
