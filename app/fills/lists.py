"""Which fills a list shows, and in which order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import Query
from sqlalchemy import ColumnElement

from app.boards.settings import settings_of
from app.core.parameters import asked
from app.fills import queries
from app.fills.models import FILL
from app.fills.schemas import FillStatus
from app.prompts.models import PROMPT
from app.threads.models import ThreadKind
from app.works.filters import WorksAsked, one_or_any
from app.works.questions import Place


@dataclass(kw_only=True)
class FillsAsked(WorksAsked):
    """The filters and the order of a list of fills (a FastAPI dependency)."""

    works = FILL
    kind = ThreadKind.FILL
    filled_at = FILL.filled_at
    #: How often prompts were seconded is no part of an index of fills.
    orders_without_index = ("relevance", "most_seconded")
    indexed: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "newest": ("status", "round", "author"),
        "oldest": ("status", "round", "author"),
    }

    status: Annotated[
        tuple[FillStatus, ...], Query(description="Only of this status; repeated: of any of them.")
    ] = ()

    def own_conditions(self) -> list[ColumnElement[bool]]:
        return [*one_or_any(FILL.status, self.status), *one_or_any(FILL.medium, self.medium)]

    def prompt_columns(self) -> tuple[ColumnElement[int], ColumnElement[Any]]:
        return PROMPT.seconds_count, PROMPT.claimed_until


TheFillsAsked = Annotated[FillsAsked, asked(FillsAsked)]


def on_board(board: Any) -> Place:
    """The fills of a board, given its row."""
    return Place(
        queries.on_board(board.id),
        queries.lean_fills().where(FILL.board_id == board.id),
        board.id,
        settings_of(board),
        board.fills_count,
    )


def of_prompt(prompt: Any) -> Place:
    """The fills of a prompt, given its row."""
    return Place(
        queries.of_prompt(prompt.id),
        queries.lean_fills().where(FILL.prompt_id == prompt.id),
        prompt.board_id,
        settings_of(prompt),
        prompt.fills_count,
    )
