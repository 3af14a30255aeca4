"""Opens the house: the application, its lifespan, and what every request passes through."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from functools import partial
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from fastapi_offline import FastAPIOffline

from app import __version__
from app.api import TAGS, open_doors
from app.boards.marks import forget_old_marks
from app.core.cors import Preflights
from app.core.database import Session, open_database
from app.core.deprecation import Deprecations
from app.core.description import describe
from app.core.kept_reads import KeptReads
from app.core.logs import frames_of
from app.core.metrics import Metrics
from app.core.middleware import Addresses, BodyLimit, HeadAsGet, RequestRecord
from app.core.problems import install_refusals
from app.core.rate_limits import RateLimits
from app.core.replays import forget_old_replays
from app.core.routing import EarlyAnswers
from app.core.settings import Settings
from app.core.site import Site
from app.events.streams import Streams
from app.events.watching import (
    SECONDS_BETWEEN_LOOKS_FOR_NEWS,
    SECONDS_BETWEEN_SETTLINGS,
    Watch,
    settle_what_is_due,
)
from app.fills.versions import forget_old_versions
from app.identity.service import write_uses
from app.kit.clock import now
from app.moderation.bans import forget_networks
from app.outbox.service import forget_old_events
from app.reports.service import forget_reporters
from app.seconds.service import forget_old_sources
from app.threads.sources import forget_old_post_sources
from app.webhooks.service import forget_old_deliveries
from app.webhooks.worker import Worker

#: How often the service looks whether a day has begun, and writes down which keys were used.
SECONDS_BETWEEN_LOOKS = 300
SECONDS_BETWEEN_USES = 60

log = structlog.get_logger("fillboard")

#: The framework would make spans of every request and of each of its dependencies, and records of
#: what is refused with what was sent, for exporters that an environment variable can name. The
#: service has its own lines and figures, which say nothing of what anybody sent.
_NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}

TITLE = "Fillboard"
INTRODUCTION = """
A kink-meme prompt-and-fill board. People, mostly anonymous, post **prompts** that ask for a fan
work; others answer with **fills**, often in many parts; everybody talks in **threaded comments**.

Try it here: open *Post a prompt* under Prompts, send it, and put the `edit_token` of the answer
into *Authorize*; then you are its author, and can edit it. No account is needed.

What all operations have in common stands in [guides](/docs/guides), a page each:

- [Words](/docs/guides/words): what people on such a board call things
- [Who you are](/docs/guides/identity): edit tokens, accounts, keys for bots, browsers
- [Who sees what](/docs/guides/sight): what waits for a moderator, is hidden, or deleted
- [Errors](/docs/guides/errors): problem documents, and [every problem](/problems)
- [Lists and pages](/docs/guides/paging), and [finding](/docs/guides/finding): filters and searches
- [Text](/docs/guides/text): Markdown, and what is safe to show;
  [stories in parts](/docs/guides/stories)
- [Adult material](/docs/guides/adult): nothing of it unless you ask
- [Conditions](/docs/guides/conditions): unchanged answers, and edits that overwrite nothing
- [Safe retries](/docs/guides/idempotency): `Idempotency-Key`; and [limits](/docs/guides/limits)
- [Events](/docs/guides/events): what happens, as pages, live, and sent to you;
  [feeds](/docs/guides/feeds) for feed readers
- [How this API changes](/docs/guides/changes)

For those who run a board: [how fast it is](/docs/guides/speed), and
[when a board outgrows one machine](/docs/guides/growth).
"""


def create_app(settings: Settings, listen_url: str = "http://127.0.0.1:8000") -> FastAPI:
    """Build the application. Nothing connects, and no file is made, before it is started.

    :param listen_url: what absolute URLs begin with where no public URL is set.
    """
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = open_database(settings.database())
        await database.start()
        site = app.state.site = Site.open(settings, database, listen_url)
        site.sources.keys.turn_over()
        log.info(
            "database_open",
            database=database.name,
            version=database.version,
            durability=database.durability,
        )
        app.state.streams = Streams(
            most=settings.streams, most_per_source=settings.streams_per_network
        )
        background = [
            _forget_daily(site),
            _every(SECONDS_BETWEEN_USES, partial(_write_uses, site)),
            database.listen(),
            _every(SECONDS_BETWEEN_LOOKS_FOR_NEWS, Watch(site).look),
            _every(SECONDS_BETWEEN_SETTLINGS, partial(settle_what_is_due, site)),
        ]
        if settings.worker == "within":
            background.append(Worker(site).run())
        tasks = [asyncio.create_task(each) for each in background]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await _write_uses(site)
        await site.limits.counters.stop()
        await database.stop()

    app = FastAPIOffline(
        title=TITLE,
        version=__version__,
        lifespan=lifespan,
        redirect_slashes=False,
        telemetry=_NO_TELEMETRY,
        redoc_url=None,
        static_url="/docs/assets",
        swagger_ui_parameters={"defaultModelsExpandDepth": 0, "tryItOutEnabled": True},
    )
    app.state.metrics = metrics
    open_doors(app)
    install_refusals(app)
    app.openapi = _description_of(app)  # type: ignore[method-assign]
    # The last one added is the outermost.
    app.add_middleware(BodyLimit, seconds=settings.body_timeout)
    app.add_middleware(Addresses)
    app.add_middleware(HeadAsGet)
    app.add_middleware(Preflights)
    app.add_middleware(EarlyAnswers, routes=app.router.routes)
    app.add_middleware(KeptReads)
    app.add_middleware(RateLimits)
    app.add_middleware(RequestRecord, metrics=metrics)
    app.add_middleware(Deprecations, routes=app.router.routes)
    return app


async def _every(seconds: float, do: Callable[[], Awaitable[None]]) -> None:
    """Do something again and again."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await do()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
            log.error("background_failed", exception=frames_of(error))  # noqa: TRY400 - as below


async def _forget_daily(site: Site) -> None:
    """Soon after a day has begun, destroy the keys whose time is over and delete what was hashed
    under them, and what is kept for a time, whether or not anybody asks for anything. What is kept
    for hours goes at each look.
    """
    forgotten_on: date | None = None
    while True:
        try:
            site.sources.keys.turn_over()
            await _forget_a_few(site, forget_old_replays)
            # It may take until the next day.
            today = now().date()
            if forgotten_on != today:
                await _forget(site)
                forgotten_on = today
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
            log.error("forgetting_failed", exception=frames_of(error))  # noqa: TRY400 - as above
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def _write_uses(site: Site) -> None:
    """Write down which keys were used. What can't be written now is written the next time."""
    uses = site.uses.take()
    if not uses:
        return
    try:
        async with site.database.writing() as session:
            await write_uses(session, uses)
    except asyncio.CancelledError:
        site.uses.put_back(uses)
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
        site.uses.put_back(uses)
        log.error("uses_not_written", exception=frames_of(error))  # noqa: TRY400 - as above


async def _forget(site: Site) -> None:
    """Delete what is kept for a time, and whose time is over."""
    async with site.database.writing() as session:
        await forget_old_marks(session)
        await forget_old_sources(session)
        await forget_old_post_sources(session)
        await forget_networks(session)
        await forget_reporters(session)
    await _forget_a_few(site, forget_old_versions)
    await _forget_a_few(site, forget_old_events)
    await _forget_a_few(site, forget_old_deliveries)


async def _forget_a_few(site: Site, forget: Callable[[Session], Awaitable[int]]) -> None:
    """Delete what was kept for its time, a few at a time."""
    forgotten = 1
    while forgotten:
        async with site.database.writing() as session:
            forgotten = await forget(session)


def _description_of(app: FastAPI) -> Any:
    """The function that describes the application, once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(
                app,
                title=TITLE,
                version=__version__,
                summary="Prompts, fills and threaded comments for fan communities.",
                description=INTRODUCTION.strip(),
                tags=TAGS,
                servers=[{"url": "/", "description": "The service that this page comes from."}],
                license_info={"name": "MIT", "identifier": "MIT"},
            )
        return app.openapi_schema

    return openapi
