"""How a request obtains an alias, or what says that a tag belongs to a fandom."""

from typing import Annotated, Any

from fastapi import Depends, Path

from app.boards.access import ModeratedBoard
from app.core.errors import NotFound
from app.core.sessions import CurrentSession
from app.kit.ids import PATTERN
from app.tags import queries


async def moderated_alias(
    session: CurrentSession,
    board: ModeratedBoard,
    alias: Annotated[str, Path(pattern=PATTERN, description="The alias's `id`.")],
) -> Any:
    """An alias of a board that the caller moderates."""
    row = await session.first(queries.alias(board.id, alias))
    if row is None:
        raise NotFound
    return row


ModeratedAlias = Annotated[Any, Depends(moderated_alias)]


async def moderated_parent(
    session: CurrentSession,
    board: ModeratedBoard,
    parent: Annotated[str, Path(pattern=PATTERN, description="The entry's `id`.")],
) -> Any:
    """An entry, on a board that the caller moderates, which says that a tag belongs to a fandom."""
    row = await session.first(queries.parent(board.id, parent))
    if row is None:
        raise NotFound
    return row


ModeratedParent = Annotated[Any, Depends(moderated_parent)]
