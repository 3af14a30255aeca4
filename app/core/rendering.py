"""Rendering a body, counting its words and finding links before the transaction begins."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from app.core.fields import RequestModel
from app.kit.chunks import Stretch, stretches
from app.kit.links import links_in
from app.kit.markup import QUICK_LENGTH, render
from app.kit.text import count_words

Sent = TypeVar("Sent", bound=RequestModel)
Written = TypeVar("Written")

#: As :data:`QUICK_LENGTH`, for a text that is cut for the index, too: to find the terms of one, in
#: whatever script, takes ten times as long as to render it.
QUICK_LENGTH_FILED = 2_000
#: Long texts wait for one another in a thread of their own. In the loop's usual threads a handful
#: of them would keep waiting whatever else goes there, and side by side they would be no faster:
#: the renderer holds the interpreter for most of its work.
_LONG_TEXTS = ThreadPoolExecutor(max_workers=1, thread_name_prefix="long-texts")


@dataclass(frozen=True)
class Draft(Generic[Sent]):
    """What was sent, its body as HTML, and how many words that body has; ``None`` and 0 where no
    body was sent. ``stretches`` are what the full-text index files of it, ``links`` those in any of
    its texts.

    Each room makes its drafts in a FastAPI dependency that stands first among a route's parameters:
    a long text is rendered away from the loop, and nobody else's write waits meanwhile.
    """

    sent: Sent
    body_html: str | None
    words: int = 0
    stretches: tuple[Stretch, ...] = ()
    links: frozenset[str] = frozenset()


async def draft(sent: Sent, body: str | None, *, is_filed: bool = True) -> Draft[Sent]:
    """Render the body of what was sent, count its words, and find all links; cut it for the index
    unless nobody searches it.
    """
    if body is None:
        return Draft(sent, None, links=links_sent(sent))
    read = partial(_read, sent, body, is_filed=is_filed)
    quick = QUICK_LENGTH_FILED if is_filed else QUICK_LENGTH
    return await written_aside(read, len(body), quick=quick)


def draft_at_once(sent: Sent, body: str) -> Draft[Sent]:
    """As :func:`draft`, for a short text that stands already, within a transaction: nothing is
    awaited.
    """
    return _read(sent, body, is_filed=True)


async def written_aside(
    write: Callable[[], Written], length: int, *, quick: int = QUICK_LENGTH
) -> Written:
    """What a function makes of a text of so many characters: away from the loop if it is longer
    than what is ``quick``.
    """
    if length <= quick:
        return write()
    return await asyncio.get_running_loop().run_in_executor(_LONG_TEXTS, write)


def links_sent(sent: RequestModel, rendered: str | None = None) -> frozenset[str]:
    """The links in all texts of what was sent, and in its rendered body."""
    return links_in(*_texts(sent), rendered=rendered)


def _read(sent: Sent, body: str, *, is_filed: bool) -> Draft[Sent]:
    rendered = render(body)
    filed = stretches(body) if is_filed else ()
    return Draft(sent, rendered, count_words(body), filed, links_sent(sent, rendered))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name in value.model_fields_set:
            yield from _texts(getattr(value, name))
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each)
