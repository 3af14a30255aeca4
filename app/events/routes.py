"""What happens on a board, over HTTP."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from app.boards.access import ListedBoard
from app.core.answers import nothing
from app.core.description import refusals
from app.core.errors import BadCursor, NotFound
from app.core.paging import page_answer
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import TheSite
from app.events.access import StretchStart, TheFollower
from app.events.errors import CursorExpired, StreamsFull
from app.events.following import cursor_at, hear
from app.events.lists import TheEventsAsked, TheStretchAsked
from app.events.schemas import STREAM_ANSWER, EventPage

router = room_router("Events")


@router.get(
    "/boards/{board}/events",
    response_model=EventPage,
    operation_id="list_events",
    summary="Read what happened on a board",
    responses=refusals(BadCursor, CursorExpired, NotFound),
)
async def list_events(
    request: Request,
    board: ListedBoard,
    after: StretchStart,
    session: CurrentSession,
    site: TheSite,
    asked: TheEventsAsked,
    stretch: TheStretchAsked,
) -> Response:
    """Everything that happened on a board, the oldest first, in one order for all: whoever reads on
    from `cursor`, or follows `next` until it is null and then asks with `since=` the last `cursor`,
    misses nothing and gets nothing twice. An event is there when the request that caused it is
    answered. Events are kept for 90 days.

    An event shows what it is about as that is now, not as it was: three fields (`id`, `type`,
    `state`) once it is out of sight. When a prompt or a fill is withdrawn, so is all that is below
    it, without an event for each; `restored` brings it back, with whatever
    was released or changed below it meanwhile: read it anew. What waits for a moderator is
    `created` when it is released. Each change is one event: a fill that is finished is
    `fill.completed`, a part that is added `fill.part_added`. Counts that move are no events.

    What a moderator does to many posts at once is one `board.swept`, which names none of them: side
    by side they would be known to be one person's. So is what an author deletes with
    `DELETE /v1/me/posts`. Whoever keeps copies looks then which of them are still there
    (`GET /v1/boards/{board}/prompts?id=…`).

    Adult things are left out unless `adult=true`; `omitted.adult` says how many of this stretch
    that were. A stretch may be shorter than `limit`, or empty, and still lead on.
    """
    heard = await hear(session, site, board, after, asked.wanted, stretch.limit)
    cursor = cursor_at(site, board.id, heard.position)
    content: dict[str, Any] = {
        "items": heard.items,
        "next": _next(request, site.public_url, cursor, stretch.limit) if heard.is_more else None,
        "cursor": cursor,
        "omitted": {"adult": heard.left_out, "filtered": 0},
    }
    return page_answer(request, content)


@router.get(
    "/boards/{board}/events/stream",
    response_class=Response,
    operation_id="stream_events",
    summary="Follow a board live",
    responses={
        200: STREAM_ANSWER,
        **refusals(BadCursor, CursorExpired, NotFound, StreamsFull),
    },
)
async def stream_events(request: Request, follower: TheFollower) -> Response:
    """The same events while they happen, as server-sent events: in a browser
    `new EventSource(url)`, with `addEventListener("fill.created", ...)` for each type.

    A stream begins with what happens from now on, or after `since`. Each event has its type as
    `event`, the event as `GET …/events` has it as `data`, and as `id` the cursor behind it: a
    browser that loses the connection goes on from there by itself, and `since` takes it, too. When
    nothing happens a comment comes every 15 seconds. A stream asked for with a token ends when that
    is revoked; none is needed.
    """
    is_head = request.scope.get("is_head", False)
    body: AsyncIterator[bytes] = nothing() if is_head else follower.send()
    # Proxies are to pass each event on at once.
    headers = {"Cache-Control": "private, no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(body, media_type="text/event-stream", headers=headers)


def _next(request: Request, public_url: str, cursor: str, limit: int) -> str:
    """Where the stretch goes on, under the same filters."""
    asked = request.query_params.multi_items()
    filters = [pair for pair in asked if pair[0] not in ("since", "limit")]
    query = urlencode([*filters, ("limit", limit), ("since", cursor)])
    return f"{public_url}{request.url.path}?{query}"
