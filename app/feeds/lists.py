"""What is in each feed."""

from typing import Any
from urllib.parse import urlencode

from app.comments import views as comment_views
from app.comments.heads import Head
from app.core.database import Session
from app.core.paging import Address
from app.core.site import Site
from app.feeds import queries, views
from app.feeds.atom import Entry, Feed, id_of
from app.feeds.queries import ENTRIES
from app.fills import lists as fill_lists
from app.fills import views as fill_views
from app.fills.lists import FillsAsked
from app.identity.people import Subscriber
from app.kit.clock import rfc3339
from app.labels.reading import is_adult
from app.mine.gathering import Gathered, gather
from app.prompts import lists as prompt_lists
from app.prompts import views as prompt_views
from app.prompts.lists import PromptsAsked
from app.threads.models import ThreadKind
from app.threads.states import State
from app.works.lists import read_first

#: What a feed's address has behind that of the list.
_SUFFIX = ".atom"
#: So many characters of the texts of parts a feed holds, and one text whole in any case. A part may
#: have half a million, and few feed readers take in more than some megabytes.
MAX_TEXT = 1_000_000


async def of_prompts(
    session: Session, site: Site, address: Address, board: Any, asked: PromptsAsked
) -> Feed:
    """The prompts of a board that a list under the same filters begins with."""
    place = prompt_lists.on_board(board)
    rows = await read_first(session, site, address, place, asked, ENTRIES)
    entries = (views.prompt(site, prompt_views.prompt(site, row)) for row in rows)
    return _of_board(site, address, board, "prompts", tuple(entries))


async def of_fills(
    session: Session, site: Site, address: Address, board: Any, asked: FillsAsked
) -> Feed:
    """As :func:`of_prompts`, of its fills."""
    place = fill_lists.on_board(board)
    rows = await read_first(session, site, address, place, asked, ENTRIES)
    shapes = (fill_views.fill(site, row, (), adult=asked.adult) for row in rows)
    entries = tuple(views.fill(site, shape) for shape in shapes)
    return _of_board(site, address, board, "fills", entries)


async def of_parts(
    session: Session, site: Site, address: Address, fill: Any, *, adult: bool
) -> Feed:
    """The newest parts of a fill, with as much of their texts as there is room for."""
    shape = fill_views.fill(site, fill, (), adult=adult)
    rows = await session.all(queries.newest_parts(fill.id))
    wanted = _that_fit({row.id: row.length for row in rows})
    texts = {row.id: row.body_html for row in await session.all(queries.texts(wanted))}
    return _at(
        site,
        address,
        id=id_of("parts", fill.public_id),
        title=fill.title,
        subtitle=views.warnings(fill),
        began=rfc3339(fill.created_at),
        entries=tuple(views.part(site, shape, row, texts.get(row.id)) for row in rows),
    )


async def of_thread(session: Session, site: Site, address: Address, head: Head, row: Any) -> Feed:
    """The newest comments of a thread, given its head and the row of what stands there."""
    is_work = head.kind is not ThreadKind.DISCUSSION
    # Nobody has come as far as this who did not ask for what is adult.
    asks = is_work and is_adult(row.rating)
    rows = await session.all(queries.newest_comments(head.thread_id))
    shapes = (comment_views.comment(site, head, each) for each in rows)
    return _at(
        site,
        address,
        id=id_of(f"comments of {head.kind.value}", head.public_id),
        title=f"Comments on {head.title or f'a {head.kind.value}'}",
        subtitle=views.warnings(row) if is_work else None,
        began=rfc3339(row.created_at),
        entries=tuple(views.comment(site, shape, asks=asks) for shape in shapes),
    )


async def of_replies(session: Session, site: Site, subscriber: Subscriber) -> Feed:
    """What others said last to somebody."""
    adult = subscriber.is_adult
    # Of somebody in whose threads thousands have talked, all of it is sorted.
    rows = await session.all_aside(queries.newest_replies(subscriber.caller, adult=adult))
    gathered = await gather(session, site, rows, adult=adult)
    items, _ = gathered.items(rows, adult=adult)
    return Feed(
        id=id_of("replies", subscriber.feed_id),
        title="What others said to you",
        subtitle=None,
        began=rfc3339(subscriber.since),
        # Whoever passes on what the feed says does not pass on what opens it.
        url=None,
        source=site.url("/me/replies"),
        # Where each statement sees what there is then, one may have gone out of sight between two.
        entries=tuple(
            _reply(site, gathered, item) for item in items if _is_visible(item[item["type"]])
        ),
    )


def _is_visible(shape: dict[str, Any]) -> bool:
    return bool(shape["state"] == State.VISIBLE)


def _reply(site: Site, gathered: Gathered, item: dict[str, Any]) -> Entry:
    kind = item["type"]
    shape = item[kind]
    if kind == "fill":
        return views.fill(site, shape)
    return views.comment(site, shape, asks=(kind, shape["id"]) in gathered.gated)


def _of_board(
    site: Site, address: Address, board: Any, kind: str, entries: tuple[Entry, ...]
) -> Feed:
    began = rfc3339(board.created_at)
    # Other boards elsewhere have the same name; hardly one was founded in the same second. What is
    # asked in another order is the same.
    of = f"{board.slug}/{began}?{urlencode(sorted(address.filters))}"
    return _at(
        site,
        address,
        id=id_of(f"{kind} of board", of),
        title=f"{board.name}: {kind}",
        subtitle=None,
        began=began,
        entries=entries,
    )


def _at(site: Site, address: Address, **more: Any) -> Feed:
    """A feed that stands beside a list."""
    beside = Address(address.path.removesuffix(_SUFFIX), address.filters)
    return Feed(url=address.start(site), source=beside.start(site), **more)


def _that_fit(lengths: dict[int, int]) -> list[int]:
    """Those of some texts, the first one first, that a feed has room for."""
    fitting: list[int] = []
    room = MAX_TEXT
    for number, length in lengths.items():
        if length > room and fitting:
            break
        fitting.append(number)
        room -= length
    return fitting
