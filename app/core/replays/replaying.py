"""Answering a request that was done before: what it made, as it is now."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.core.answers import made_answer
from app.core.errors import Gone, KeyReused, StillRunning
from app.core.replays.keys import Keyed
from app.core.replays.marks import CHECKS, PLACES
from app.core.replays.reading import REPLAYED, read_now
from app.core.replays.records import Recorded, find
from app.core.site import Site, site_of
from app.core.solving import every_dependant

#: Seconds that a request waits for what becomes of an earlier one, and between two looks.
PATIENCE, _PAUSE = 10.0, 0.005


class Replays:
    """What a route does about requests with an Idempotency-Key."""

    def __init__(self, route: APIRoute) -> None:
        calls = (each.call for each in every_dependant(route.dependant))
        self._check = next((each for each in calls if each in CHECKS), None)
        self._place = PLACES.get(route.endpoint)

    async def answer(
        self, request: Request, body: Any, work: Callable[[], Awaitable[Response]]
    ) -> Response:
        """Do a request, or give the answer of the one that was done already.

        :raises KeyReused: that one sent something else.
        :raises StillRunning: it is not decided what becomes of that one.
        """
        keyed = request.state.keyed = Keyed.of(request, body)
        deadline = math.inf
        while (first := await find(site_of(request).database, keyed)) is None:
            if time.monotonic() > deadline:
                raise StillRunning
            try:
                keyed.answer = await work()
            except Recorded:
                # Its transaction is undone. Where the record is not committed yet, the group of
                # writes that it is in may still fail: then this request does the work.
                deadline = min(deadline, time.monotonic() + PATIENCE)
                await asyncio.sleep(_PAUSE)
            else:
                return keyed.answer
        return await self._replay(request, keyed, first)

    async def _replay(self, request: Request, keyed: Keyed, first: dict[str, Any]) -> Response:
        site = site_of(request)
        if self._check is not None:
            async with site.database.reading() as session:
                await self._check(request, session, None)
        if first["sent"] != keyed.sent:
            raise KeyReused
        answer = await self._answer_of(request, site, first)
        answer.headers.update(REPLAYED)
        return answer

    async def _answer_of(self, request: Request, site: Site, first: dict[str, Any]) -> Response:
        where, kept, location = first["where"], first["kept"], first["location"]
        if where is None:
            return made_answer(kept, first["status"], first["tag"], location)
        if self._place is not None:
            async with site.database.reading() as session:
                location = await self._place(session, site, first["id"])
            if location is None:
                raise Gone(headers=REPLAYED)
            where = location.removeprefix(site.public_url)
        got = await read_now(request, where, first)
        if got.status != 200:  # noqa: PLR2004 - anything else is a refusal
            return Response(got.body, got.status, got.headers)
        content = {**orjson.loads(got.body), **kept}
        return made_answer(content, first["status"], got.headers["etag"], location)
