"""How Alembic runs here: in the transaction that it is handed, or for a developer's command line in
one of its own. See ``app/core/migrations.py``.
"""

from collections.abc import Callable
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection
from sqlmodel import AutoString
from sqlmodel.sql.sqltypes import UTCDateTime

from app.core.migrations import hold_alone, migrating_engine
from app.core.settings import Settings
from app.models import METADATA


def plain_type(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write SQLModel's own types as SQLAlchemy's, so that a migration stays readable, and means the
    same, whatever SQLModel becomes.
    """
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def is_compared(connection: Connection) -> Callable[..., bool]:
    """Leave out of comparisons what models and databases describe in different words.

    FTS5's own tables have columns that no model describes (on PostgreSQL the index is a table like
    others), and PostgreSQL writes the expression of a computed column anew, so that only whether
    there is such a column can be compared.
    """

    def compared(item: Any, name: str | None, kind: str, _reflected: object, other: object) -> bool:
        if kind == "table" and (name or "").startswith("search_terms"):
            return connection.dialect.name != "sqlite"
        return not (kind == "column" and other is not None and item.computed is not None)

    return compared


def run(connection: Connection) -> None:
    """Run what is due on a connection that is in a transaction."""
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        transactional_ddl=True,
        render_item=plain_type,
        include_object=is_compared(connection),
        compare_type=True,
        compare_server_default=True,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


handed = context.config.attributes.get("connection")
if handed is not None:
    run(handed)
else:
    with migrating_engine(Settings().database()).begin() as own:
        hold_alone(own)
        run(own)
