"""Rendering a body before its transaction begins."""

import asyncio
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.core.fields import RequestModel
from app.kit.markup import QUICK_LENGTH, render
from app.kit.text import count_words

Sent = TypeVar("Sent", bound=RequestModel)


@dataclass(frozen=True)
class Draft(Generic[Sent]):
    """What was sent, and its body as HTML; ``None`` where no body was sent.

    Each room makes its drafts in a FastAPI dependency that stands first among a route's parameters:
    a long text is rendered away from the loop, and nobody else's write waits meanwhile.
    """

    sent: Sent
    body_html: str | None
    words: int = 0


async def draft(sent: Sent, body: str | None) -> Draft[Sent]:
    """Render the body of what was sent."""
    if body is None:
        return Draft(sent, None)
    if len(body) <= QUICK_LENGTH:
        return Draft(sent, *_rendered(body))
    return Draft(sent, *await asyncio.to_thread(_rendered, body))


def _rendered(body: str) -> tuple[str, int]:
    return render(body), count_words(body)
