"""The command line: ``fillboard``.

Commands that change data work while the service runs. Each ends with one clear line.
"""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console
from sqlalchemy.exc import OperationalError

from app.accounts.errors import BadName
from app.accounts.names import check_name
from app.accounts.service import register_administrator
from app.boards.models import SLUG_PATTERN
from app.boards.schemas import BoardCreate
from app.boards.service import found_board
from app.core.database import (
    AlreadyServedError,
    Database,
    Session,
    check_free_to_serve,
    open_database,
)
from app.core.day_keys import DayKeys
from app.core.errors import Refusal
from app.core.logs import set_up_logs
from app.core.migrations import made_new
from app.core.migrations import migrate as migrate_database
from app.core.settings import Settings, UnusableKeyError
from app.core.site import DAY_KEYS, Site
from app.demo import SLUG, put_demo_board
from app.identity.service import enrol, renew_token
from app.main import create_app
from app.progress import shown_progress
from app.reindex import count_to_file, file_works
from app.seed import BoardIsFilledError, Plan, fill_board
from app.serving import serve as serve_site
from app.serving import work

Result = TypeVar("Result")

main = typer.Typer(
    help="Fillboard: a kink-meme prompt-and-fill board as a REST API. Settings come from the "
    "environment (FILLBOARD_...); the README lists them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
board = typer.Typer(help="Boards.", no_args_is_help=True)
admin = typer.Typer(help="Administrators.", no_args_is_help=True)
main.add_typer(board, name="board")
main.add_typer(admin, name="admin")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@main.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="The port to listen on; 0 takes a free one.", min=0, max=65535)
    ] = 8000,
    workers: Annotated[
        int,
        typer.Option(help="How many processes serve. More than one needs PostgreSQL.", min=1),
    ] = 1,
    demo: Annotated[
        bool, typer.Option("--demo", help="Put a small sample board into an empty database.")
    ] = False,
) -> None:
    """Bring the database up to date, then serve until stopped.

    Several processes share one socket. Send SIGHUP to replace them one after the other: no request
    that was accepted is lost.
    """
    settings = _settings()
    set_up_logs(settings.log_level, settings.log_format)
    if workers > 1:
        _check_shared(settings, "--workers")
    if settings.worker == "apart":
        _check_shared(settings, "FILLBOARD_WORKER=apart")
    _check_free(settings)
    _migrate(settings)
    _file(settings)
    _check_key(settings)
    if demo:
        _run(settings, lambda database: put_demo_board(database, _site(settings, database)))

    def announce(url: str) -> None:
        out.print(f"Fillboard is at {url}")
        out.print(f"  documentation  {url}/docs")
        out.print(f"  boards         {url}/v1/boards")
        if demo:
            out.print(f"  demo board     {url}/v1/boards/{SLUG}")

    try:
        has_started = serve_site(settings, host, port, announce, workers)
    except OSError as error:
        _fail(f"can't listen on {host}:{port}: {error.strerror}")
    if not has_started:
        _fail("the service could not start; the log above says why")


@main.command()
def worker() -> None:
    """Send webhooks, in a process of its own, until stopped.

    A service sends them by itself unless it is told not to (FILLBOARD_WORKER=apart), so this is for
    installations on PostgreSQL that serve much. Any number of workers may run. They need the same
    secret key as the service (FILLBOARD_SECRET_KEY, or its data folder).
    """
    settings = _settings()
    set_up_logs(settings.log_level, settings.log_format)
    _check_shared(settings, "worker")
    if settings.public_url is None:
        _fail(
            "FILLBOARD_PUBLIC_URL: a worker has to be told what the addresses that it sends "
            "begin with"
        )
    _migrate(settings)
    _check_key(settings)
    work(settings, settings.public_url, lambda: out.print("Fillboard's worker sends webhooks."))


@main.command()
def migrate() -> None:
    """Bring the database to the tables that this version needs."""
    settings = _settings()
    applied = _migrate(settings)
    filed = _file(settings)
    if filed:
        out.print(f"Filed {filed:,} works that stood before there was an index.")
    what = f"applied {', '.join(applied)}" if applied else "nothing to do"
    out.print(f"The database {_shown(settings)} is up to date: {what}.", markup=False)


@main.command()
def reindex() -> None:
    """File all prompts and fills anew: by their words, tags and mediums.

    Needed when a new version reads words in another way; its notes say so. It works while the
    service runs: a few works are filed at a time, and whatever interrupts it, it can be run again.
    """
    settings = _settings()
    place = _place(settings, _migrate(settings))
    began = time.monotonic()
    filed = _file(settings, is_all=True)
    out.print(
        f"Filed {filed:,} works anew in {place}, in {_seconds_since(began)}.",
        markup=False,
    )


@main.command()
def seed(
    slug: Annotated[
        str, typer.Option("--board", help="The board's address; it is made unless it is there.")
    ] = "benchmark",
    prompts: Annotated[int, typer.Option(help="Prompts to post.", min=0)] = 2000,
    fills: Annotated[int, typer.Option(help="Fills to post.", min=0)] = 2000,
    comments: Annotated[int, typer.Option(help="Comments to post.", min=0)] = 100_000,
    deep: Annotated[
        int, typer.Option(help="How many of the comments are in one long thread.", min=0)
    ] = 10_000,
    rng: Annotated[
        int, typer.Option(help="A number: the same one, on the same day, posts the same.")
    ] = 1,
    add: Annotated[
        bool, typer.Option("--add", help="Also on a board that has prompts already.")
    ] = False,
) -> None:
    """Fill a board with general-audience data, to measure with.

    An SQLite file must not be served meanwhile; on PostgreSQL the service may go on. Whatever
    interrupts it leaves a consistent board with fewer works.
    """
    settings = _settings()
    _check_slug(slug)
    _check_free(settings)
    place = _place(settings, _migrate(settings))
    _file(settings)
    if not prompts:
        fills = comments = 0
    plan = Plan(slug, prompts, fills, comments, min(deep, comments), rng, is_added=add)
    began = time.monotonic()
    try:
        with shown_progress(err, f"Filling the board {slug}", plan.total) as advance:
            _run(settings, lambda each: fill_board(each, plan, advance), is_alone=True)
    except (AlreadyServedError, BoardIsFilledError) as error:
        _fail(str(error))
    out.print(
        f"Posted {prompts:,} prompts, {fills:,} fills and {comments:,} comments on the board "
        f"{slug} in {place}, in {_seconds_since(began)}.",
        markup=False,
    )


@main.command()
def openapi(
    output: Annotated[
        Path | None, typer.Option(help="Write to this file, not to standard output.")
    ] = None,
) -> None:
    """Print the OpenAPI description of the service."""
    # The description is the same whatever an operator has set, even if it can't be served with.
    app = create_app(Settings.model_construct())
    description = json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"
    if output is None:
        typer.echo(description, nl=False)
    else:
        output.write_text(description, encoding="utf-8")
        out.print(f"Wrote {output}.")


@board.command("create")
def create_board(
    slug: Annotated[str, typer.Argument(help="Its address: small letters, digits, - and _.")],
    name: Annotated[str, typer.Option(help="What people call it.")],
    default_rating: Annotated[
        str, typer.Option(help="not_rated, general, teen, mature or explicit.")
    ],
) -> None:
    """Make a board. Its first round takes prompts at once."""
    try:
        sent = BoardCreate.model_validate(
            {"slug": slug, "name": name, "settings": {"default_rating": default_rating}}
        )
    except ValidationError as error:
        _fail("; ".join(_faults(error, str)))
    place, _ = _write(lambda session: found_board(session, sent, None))
    out.print(f"Made the board {slug} in {place}.", markup=False)


@admin.command("create")
def create_administrator(
    name: Annotated[str, typer.Argument(help="2 to 40 letters, digits, hyphens or underscores.")],
) -> None:
    """Make an administrator. The last line is the token: it is never shown again."""

    async def create(session: Session) -> str:
        return await enrol(session, await register_administrator(session, name))

    try:
        check_name(name)
    except BadName as refusal:
        _fail(refusal.detail)
    place, token = _write(create)
    err.print(
        f"Made the administrator {name} in {place}. Keep the token: it is never shown again.",
        markup=False,
    )
    typer.echo(token)


@admin.command("token")
def renew_administrator(
    name: Annotated[str, typer.Argument(help="The name of an administrator.")],
    revoke_others: Annotated[
        bool, typer.Option("--revoke-others", help="All tokens before this one stop at once.")
    ] = False,
) -> None:
    """Make another token for an administrator, for when one was lost or has leaked. The last line
    is the token: it is never shown again.
    """

    async def renew(session: Session) -> str | None:
        return await renew_token(session, name, revoke_others=revoke_others)

    place, token = _write(renew)
    if token is None:
        _fail(f"{place} knows no administrator {name}")
    err.print(
        f"Made a token for {name} in {place}. Keep it: it is never shown again.", markup=False
    )
    typer.echo(token)


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        _fail("; ".join(f"FILLBOARD_{line}" for line in _faults(error, str.upper)))


def _write(change: Callable[[Session], Awaitable[Result]]) -> tuple[str, Result]:
    """Bring the database up to date and make one change in one transaction. Which database it was
    is told with what came of it: settings that say nothing of it make a new one where they are.
    """
    settings = _settings()
    place = _place(settings, _migrate(settings))

    async def in_transaction(database: Database) -> Result:
        async with database.writing() as session:
            return await change(session)

    try:
        return place, _run(settings, in_transaction)
    except Refusal as refusal:
        _fail(refusal.detail)


def _place(settings: Settings, applied: list[str]) -> str:
    """Where something was written, and whether that was made just now: a command in another folder
    than the service's finds no database there, and nobody shall look for its board in the other.
    """
    is_new = made_new(applied)
    return f"{_shown(settings)} (a new database)" if is_new else _shown(settings)


def _shown(settings: Settings) -> str:
    """A database as people find it again: a file by its whole path, else its URL."""
    url = settings.database()
    if url.get_backend_name() == "sqlite":
        return str(Path(url.database or "").absolute())
    return url.render_as_string(hide_password=True)


def _check_free(settings: Settings) -> None:
    try:
        check_free_to_serve(settings.database())
    except AlreadyServedError as error:
        _fail(str(error))


def _check_shared(settings: Settings, what: str) -> None:
    """What needs several processes on one database."""
    if settings.database().get_backend_name() == "sqlite":
        _fail(
            f"{what}: one process serves an SQLite file, since of two that write it one may lose "
            "what the other wrote; more need PostgreSQL (FILLBOARD_DATABASE_URL)"
        )


def _check_slug(slug: str) -> None:
    if not re.fullmatch(SLUG_PATTERN, slug):
        _fail(f"--board: a slug matches {SLUG_PATTERN}")


def _check_key(settings: Settings) -> None:
    try:
        settings.secret()
        DayKeys(settings.data_dir / DAY_KEYS).turn_over()
    except UnusableKeyError as error:
        _fail(str(error))


def _migrate(settings: Settings) -> list[str]:
    try:
        return migrate_database(settings.database())
    except (OSError, OperationalError) as error:
        cause = str(getattr(error, "orig", error)).strip().splitlines()[0]
        _fail(f"can't open the database {_shown(settings)}: {cause}")


def _file(settings: Settings, *, is_all: bool = False) -> int:
    """File works that nobody has filed, or all of them; return how many."""
    total = _run(settings, lambda database: count_to_file(database, is_all=is_all))
    if not total:
        return 0
    with shown_progress(err, "Filing works by words and tags", total) as advance:
        return _run(settings, lambda database: file_works(database, advance, is_all=is_all))


def _seconds_since(began: float) -> str:
    return f"{time.monotonic() - began:,.1f} seconds"


def _run(
    settings: Settings,
    work: Callable[[Database], Awaitable[Result]],
    *,
    is_alone: bool = False,
) -> Result:
    """Do something with the database: beside the service, or, where ``is_alone``, with an SQLite
    file that nobody serves meanwhile.
    """

    async def opened() -> Result:
        database = open_database(settings.database(), is_server=is_alone)
        await database.start()
        try:
            return await work(database)
        finally:
            await database.stop()

    return asyncio.run(opened())


def _site(settings: Settings, database: Database) -> Site:
    return Site.open(settings, database, "http://127.0.0.1:8000")


def _faults(error: ValidationError, written: Callable[[str], str]) -> list[str]:
    """What is wrong with each value, by its name."""
    return [
        f"{written(str(each['loc'][-1]))}: {each['msg'].removeprefix('Value error, ')}"
        for each in error.errors()
    ]


def _fail(message: str) -> NoReturn:
    err.print(f"fillboard: {message}", markup=False)
    raise typer.Exit(1)
