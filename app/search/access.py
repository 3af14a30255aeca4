"""How a search obtains the board that it is about."""

from typing import Annotated

from fastapi import Depends

from app.boards.access import listed_board
from app.core.sessions import CurrentSession
from app.search.lists import TheSearchAsked


async def searched_board(session: CurrentSession, asked: TheSearchAsked) -> int | None:
    """The board that is searched; ``None`` stands for all of them."""
    if asked.board is None:
        return None
    return int((await listed_board(session, asked.board)).id)


SearchedBoard = Annotated[int | None, Depends(searched_board)]
