"""Pages of any origin may read and write: with a bearer token, never with cookies.

The two headers are the same for everybody, so every answer carries them, whether or not it was
asked for across origins, and no ``Vary: Origin`` is needed: a shared cache keeps one copy, and that
copy is right for a page, for a program, and for a page on another origin. Sent only where there is
an ``Origin``, the copy made for a program would be of no use to a page.
"""

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

#: What every answer carries.
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Link, Location, X-Request-Id, Retry-After, Content-Disposition, "
        "RateLimit, RateLimit-Policy, Idempotency-Replayed, Deprecation, Sunset"
    ),
}
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
#: Seconds for which a browser need not ask again; none keeps it for longer.
_MAX_AGE = 7200


class Preflights:
    """Answers browsers that ask whether they may send a request (a preflight of the Fetch
    standard): they may, with whatever headers. What a header means is decided when it comes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "OPTIONS":
            asked = Headers(scope=scope)
            if "origin" in asked and "access-control-request-method" in asked:
                await _permit(asked)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _permit(asked: Headers) -> Response:
    headers = {
        "Access-Control-Allow-Methods": _METHODS,
        "Access-Control-Max-Age": str(_MAX_AGE),
        "Vary": "Access-Control-Request-Headers",
    }
    # `*` would leave `Authorization` out, so what is asked for is named.
    wanted = asked.get("access-control-request-headers")
    if wanted is not None:
        headers["Access-Control-Allow-Headers"] = wanted
    return Response(status_code=204, headers=headers)
