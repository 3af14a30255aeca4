"""Pages of comments, from the request to bytes with as little in between as there can be.

Nothing is read more often.

What is asked as nearly everybody asks it is answered here before the framework looks at it: known
parameters, each once, written in the one way that they are usually written. Whatever is unusual, or
is to be refused, goes the whole way through ``routes.py``, which answers the same (as
``tests/comments/test_kept_pages.py`` shows).

A page that was answered is kept (``core/keeping.py``). Its stamp is the row of the head of its
thread: what it shows of head and board, and two numbers that the database moves itself with
whatever else a page shows (``Thread.version`` and ``Prompt.fillers_version``).
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Select, case, or_, select

from app.boards.models import BOARD, Board
from app.boards.settings import settings_of
from app.comments import views
from app.comments.heads import Shown
from app.comments.lists import MAX_ANCESTORS
from app.comments.models import COMMENT
from app.comments.queries import rows_above, shown_rows
from app.core.answers import Ready
from app.core.database import Prepared, Session, parameter
from app.core.paging import Address, PageAsked, going_on, ready_page
from app.core.site import Site
from app.core.tables import table_of
from app.fills.models import FILL, Fill
from app.fills.views import url as fill_url
from app.identity.people import Byline
from app.kit.cursors import BadCursorError
from app.labels.reading import is_adult
from app.prompts.models import PROMPT, Prompt
from app.prompts.views import may_be_named
from app.prompts.views import url as prompt_url
from app.threads.models import THREAD, Thread, ThreadKind
from app.threads.queries import stands
from app.threads.states import State

#: The parameters of pages that show all they come to, as they are usually written. Others are for
#: the whole way to judge.
_USUAL = {
    "adult": re.compile("true|false"),
    "cursor": re.compile("[A-Za-z0-9_-]{1,4000}"),
    "limit": re.compile("[1-9][0-9]?|100"),
    "sort": re.compile("thread|newest"),
}


class _Top(NamedTuple):
    """The head of a thread, as its pages show it: the stamp of each of them."""

    public_id: str
    title: str
    state: str
    rating: str
    slug: str
    settings: Any
    thread_id: int
    conversation: str
    version: int
    prompt_id: int
    op_mask_id: int | None
    op_account_id: int | None
    fillers_version: int


#: Where in a row its own numbers stand, and behind all that is shown its path and its parent.
_SEQ, _DEPTH = (views.Row._fields.index(name) for name in ("seq", "depth"))
_PATH, _PARENT = len(views.Row._fields) - 1, len(views.Row._fields)


async def prompt_page(site: Site, path: str, query: bytes, prompt: str) -> Ready | None:
    """A page of what is said below a prompt; ``None`` if this is for the whole way to answer."""
    return await _page(site, path, query, prompt, _PROMPT)


async def fill_page(site: Site, path: str, query: bytes, fill: str) -> Ready | None:
    """As :func:`prompt_page`, below a fill."""
    return await _page(site, path, query, fill, _FILL)


class _Kind(NamedTuple):
    """How the head of a kind of thread is found and named."""

    kind: ThreadKind
    head: Prepared
    url: Callable[[Site, str], str]


def _head(statement: Select[Any], works: Any) -> Prepared:
    """The head of a thread by its public id, unless it is out of sight."""
    return Prepared(
        statement.join(table_of(Board), BOARD.id == works.board_id)
        .join(table_of(Thread), THREAD.id == works.thread_id)
        .where(
            works.public_id == parameter("public_id"),
            stands(works.state, works.was_visible),
            stands(PROMPT.state, PROMPT.was_visible),
        )
    )


def _columns(works: Any) -> list[Any]:
    """The columns of :class:`_Top`."""
    return [
        works.public_id,
        works.title,
        works.state,
        works.rating,
        BOARD.slug,
        BOARD.settings,
        THREAD.id,
        THREAD.conversation,
        THREAD.version,
        PROMPT.id,
        PROMPT.mask_id,
        PROMPT.account_id,
        PROMPT.fillers_version,
    ]


_PROMPT = _Kind(
    ThreadKind.PROMPT,
    _head(select(*_columns(PROMPT)).select_from(table_of(Prompt)), PROMPT),
    prompt_url,
)
_FILL = _Kind(
    ThreadKind.FILL,
    _head(
        select(*_columns(FILL))
        .select_from(table_of(Fill))
        .join(table_of(Prompt), PROMPT.id == FILL.prompt_id),
        FILL,
    ),
    fill_url,
)
#: As whom those who wrote the visible fills of a prompt are seen (``Byline.seen_as``).
_FILLERS = Prepared(
    select(case((FILL.account_id.is_(None), FILL.mask_id)), FILL.account_id).where(
        FILL.prompt_id == parameter("prompt_id"),
        FILL.state == State.VISIBLE.value,
        or_(FILL.mask_id.is_not(None), FILL.account_id.is_not(None)),
    )
)


_BY_PATH = shown_rows().where(COMMENT.thread_id == parameter("thread_id"))
_READING_ORDER = _BY_PATH.order_by(COMMENT.path).limit(parameter("rows"))
_NEWEST_FIRST = _BY_PATH.order_by(COMMENT.seq.desc()).limit(parameter("rows"))
#: By order, and whether something was read before: the columns of ``queries.shown_rows``.
_ROWS = {
    ("thread", False): Prepared(_READING_ORDER),
    ("thread", True): Prepared(
        _READING_ORDER.where(COMMENT.path > parameter("after", COMMENT.path.type))
    ),
    ("newest", False): Prepared(_NEWEST_FIRST),
    ("newest", True): Prepared(_NEWEST_FIRST.where(COMMENT.seq < parameter("after"))),
}
_ANCESTORS = Prepared(rows_above(parameter("parent_id"), parameter("above")))


async def _page(site: Site, path: str, query: bytes, public_id: str, kind: _Kind) -> Ready | None:
    asked = _asked(query)
    if asked is None:
        return None
    adult = asked.get("adult") == "true"
    async with site.database.reading() as session:
        found = await session.fetch(kind.head, public_id=public_id)
        if not found:
            return None
        top = _Top._make(found[0])
        if not adult and is_adult(top.rating):
            return None
        key = (path, query)
        answer = site.kept.get(key, top)
        if answer is None:
            answer = await _made(session, site, kind, top, Address.at(path, asked.items()), asked)
            if answer is not None:
                site.kept.put(key, top, answer)
    return answer


def _asked(query: bytes) -> dict[str, str] | None:
    """The parameters of a query that is written in the usual way."""
    asked: dict[str, str] = {}
    if not query:
        return asked
    for pair in query.decode("latin-1").split("&"):
        name, _, value = pair.partition("=")
        usual = _USUAL.get(name)
        if usual is None or name in asked or not usual.fullmatch(value):
            return None
        asked[name] = value
    return asked


async def _made(
    session: Session, site: Site, kind: _Kind, top: _Top, address: Address, asked: dict[str, str]
) -> Ready | None:
    """The page, made anew; ``None`` if its cursor is no good."""
    parameters: dict[str, Any] = {"thread_id": top.thread_id}
    cursor, sort = asked.get("cursor"), asked.get("sort", "thread")
    if cursor is not None:
        try:
            (parameters["after"],) = site.cursors.open(cursor, address.bound())
        except BadCursorError:
            return None
    limit = int(asked.get("limit", "25"))
    fillers = set(await session.fetch(_FILLERS, prompt_id=top.prompt_id))
    statement = _ROWS[sort, cursor is not None]
    rows = await session.fetch(statement, rows=limit + 1, **parameters)
    following = None
    if len(rows) > limit:
        del rows[limit:]
        key = rows[-1][_SEQ if sort == "newest" else _PATH]
        following = going_on(site, address, PageAsked(limit), [key])
    above: list[tuple[Any, ...]] = []
    if cursor is not None and sort == "thread" and rows:
        parent_id, depth = rows[0][_PARENT], rows[0][_DEPTH]
        if parent_id is not None:
            above = await session.fetch(
                _ANCESTORS, parent_id=parent_id, above=depth - 1 - MAX_ANCESTORS
            )
    head = _shown(site, kind, top, adult=asked.get("adult") == "true")
    items, ancestors = (views.comments(site, head, each, fillers) for each in (rows, above))
    return ready_page({"items": items, "next": following, "ancestors": ancestors})


def _shown(site: Site, kind: _Kind, top: _Top, *, adult: bool) -> Shown:
    # PostgreSQL's driver has read the JSON already.
    settings = _parsed(top.settings) if isinstance(top.settings, str) else top.settings
    return Shown(
        kind=kind.kind,
        public_id=top.public_id,
        title=top.title if may_be_named(top.state, top.rating, adult=adult) else None,
        url=kind.url(site, top.public_id),
        slug=top.slug,
        thread_id=top.thread_id,
        conversation=top.conversation,
        settings=settings_of(_Settings(settings)),
        op=Byline(top.op_mask_id, top.op_account_id),
        adult=adult,
    )


_parsed = lru_cache(maxsize=256)(orjson.loads)


class _Settings(NamedTuple):
    settings: dict[str, Any]
