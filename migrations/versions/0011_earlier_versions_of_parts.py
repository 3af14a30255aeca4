"""What parts of fills said before, kept for their authors.

Revision: 0011
Follows: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "part_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("part_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("body_html", sa.String(), nullable=False),
        sa.Column(
            "content_notes",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("words_count", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_part_version_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_version")),
        sa.UniqueConstraint("public_id", name=op.f("uq_part_version_public_id")),
    )
    op.create_index(
        op.f("ix_part_version_part_id_id"), "part_version", ["part_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_part_version_replaced_at"), "part_version", ["replaced_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_part_version_replaced_at"), table_name="part_version")
    op.drop_index(op.f("ix_part_version_part_id_id"), table_name="part_version")
    op.drop_table("part_version")
