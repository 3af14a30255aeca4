"""Which prompts a list shows, and in which order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import Query
from sqlalchemy import ColumnElement

from app.boards.settings import settings_of
from app.core.parameters import asked
from app.labels.reading import medium_bits
from app.prompts import queries
from app.prompts.models import PROMPT
from app.prompts.schemas import PromptStatus
from app.threads.models import ThreadKind
from app.works.filters import WorksAsked, one_or_any
from app.works.questions import Place


@dataclass(kw_only=True)
class PromptsAsked(WorksAsked):
    """The filters and the order of a list of prompts (a FastAPI dependency)."""

    works = PROMPT
    kind = ThreadKind.PROMPT
    filled_at = PROMPT.last_filled_at
    indexed: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "newest": ("status", "round", "max_seconds", "author"),
        "oldest": ("status", "round", "max_seconds", "author"),
        "most_seconded": ("status",),
    }

    status: Annotated[
        tuple[PromptStatus, ...],
        Query(description="Only of this status; repeated: of any of them."),
    ] = ()

    def own_conditions(self) -> list[ColumnElement[bool]]:
        found = one_or_any(PROMPT.status, self.status)
        if self.medium:
            found.append(PROMPT.mediums_bits.bitwise_and(medium_bits(self.medium)) != 0)
        return found

    def prompt_columns(self) -> tuple[ColumnElement[int], ColumnElement[Any]]:
        return PROMPT.seconds_count, PROMPT.claimed_until


ThePromptsAsked = Annotated[PromptsAsked, asked(PromptsAsked)]


def on_board(board: Any) -> Place:
    """The prompts of a board, given its row."""
    return Place(
        queries.on_board(board.id),
        queries.lean_on_board(board.id),
        board.id,
        settings_of(board),
        board.prompts_count,
    )
