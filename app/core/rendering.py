"""Rendering and counting a body before its transaction begins."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from app.core.fields import RequestModel
from app.kit.chunks import Stretch, stretches
from app.kit.markup import QUICK_LENGTH, render
from app.kit.text import count_words

Sent = TypeVar("Sent", bound=RequestModel)

#: Long texts wait for one another in a thread of their own. In the loop's usual threads a handful
#: of them would keep waiting whatever else goes there, and side by side they would be no faster:
#: the renderer holds the interpreter for most of its work.
_LONG_TEXTS = ThreadPoolExecutor(max_workers=1, thread_name_prefix="long-texts")


@dataclass(frozen=True)
class Draft(Generic[Sent]):
    """What was sent, its body as HTML, and how many words that body has; ``None`` and 0 where no
    body was sent. ``stretches`` are what the full-text index files of it.

    Each room makes its drafts in a FastAPI dependency that stands first among a route's parameters:
    a long text is rendered away from the loop, and nobody else's write waits meanwhile.
    """

    sent: Sent
    body_html: str | None
    words: int = 0
    stretches: tuple[Stretch, ...] = ()


async def draft(sent: Sent, body: str | None, *, is_filed: bool = True) -> Draft[Sent]:
    """Render the body of what was sent, and count its words; cut it for the index unless nobody
    searches it.
    """
    if body is None:
        return Draft(sent, None)
    read = partial(_read, body, is_filed=is_filed)
    if len(body) <= QUICK_LENGTH:
        return Draft(sent, *read())
    loop = asyncio.get_running_loop()
    return Draft(sent, *await loop.run_in_executor(_LONG_TEXTS, read))


def _read(body: str, *, is_filed: bool) -> tuple[str, int, tuple[Stretch, ...]]:
    return render(body), count_words(body), stretches(body) if is_filed else ()
