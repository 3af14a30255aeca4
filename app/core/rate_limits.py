"""Stands in front of the application and sends away whoever has had enough (``core/limits``).

What a reader may share with others through a cache (``public``) does not say how much is left: that
would be somebody else's.
"""

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import RateLimited
from app.core.limits import Count, Limits
from app.core.problems import problem
from app.core.routing import PREFIX


class RateLimits:
    """Refuses requests beyond what the policies give, and tells what is left."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_limited(scope):
            await self._app(scope, receive, send)
            return
        limits: Limits = scope["app"].state.site.limits
        if not limits.is_on:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        counts = await limits.count(request)
        over = [each for each in counts if each.is_over]

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                if not over:
                    await limits.settle(request, counts, message["status"])
                _tell(message, counts)
            await send(message)

        if over:
            longest = max(over, key=lambda each: each.seconds_left)
            await problem(request, RateLimited(longest.seconds_left))(scope, receive, tell)
            return
        await self._app(scope, receive, tell)


def _is_limited(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] == "OPTIONS":
        return False
    path: str = scope["path"]
    return path.startswith(PREFIX)


def _tell(message: Message, counts: list[Count]) -> None:
    headers = MutableHeaders(scope=message)
    if "public" in headers.get("cache-control", ""):
        return
    # Whether a token is known is told by the answer alone.
    told = [each for each in counts if each.policy.name != "unknown-token"]
    headers["RateLimit-Policy"] = ", ".join(each.policy.tell() for each in told)
    headers["RateLimit"] = ", ".join(each.tell() for each in told)
