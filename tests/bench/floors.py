"""What can be had at best: bare ASGI applications that answer and write the same as the service.

They run on the same server (uvicorn, one process) and the same driver, know nothing of who may see
what, check nothing, and build no version tags.

``reading`` runs the statements that the service runs for an answer, with the same parameters, and
writes the same answer with orjson. It does not even make the answer of what the database returned:
that lies there, ready to be written. ``posting`` parses a comment that is posted and writes the
same rows as the service does. On SQLite one thread writes, and what arrives while it waits for the
disk is written together and made durable by one COMMIT; on PostgreSQL each is a transaction.
``fixed`` is what FastAPI takes for a route that returns bytes which are there already.

    python -m tests.bench.floors reading|posting|fixed DATABASE_URL SECRET PUBLIC_URL [PATH...]

It prints where it listens, and how many statements each path takes, as one line of JSON.
"""

import asyncio
import html
import json
import queue
import re
import secrets
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import orjson
import psycopg
import uvicorn
from fastapi import FastAPI, Response
from sqlalchemy.engine import make_url
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.logs import set_up_logs
from app.kit.clock import now, rfc3339
from app.kit.faces import face
from app.kit.ids import new_id
from app.kit.keys import derive_key
from app.kit.paths import segment
from app.kit.tokens import TokenKind, hash_of, new_token
from app.serving import listen
from tests.bench.recorded import Recorded, recorded

#: Statements with their parameters, each of which wants its rows; at the end there is an answer.
Steps = Generator[tuple[str, dict[str, Any]], list[Any], dict[str, Any]]


@dataclass(frozen=True)
class Place:
    """Where a floor stands: its database, the secret and the URL that the service has, too."""

    url: str
    secret: str
    public_url: str

    @property
    def is_sqlite(self) -> bool:
        """Which of the two databases it is."""
        return make_url(self.url).get_backend_name() == "sqlite"

    def open_sqlite(self) -> sqlite3.Connection:
        """A connection that is as durable as the service's."""
        database = str(make_url(self.url).database)
        connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "temp_store = MEMORY",
            "mmap_size = 268435456",
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection


@dataclass
class Server:
    """Connections to PostgreSQL, each for one request at a time, and kept."""

    url: str
    idle: list[psycopg.AsyncConnection[Any]] = field(default_factory=list)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        """One that nobody else uses meanwhile."""
        if self.idle:
            connection = self.idle.pop()
        else:
            url = make_url(self.url).set(drivername="postgresql")
            connection = await psycopg.AsyncConnection.connect(
                url.render_as_string(hide_password=False), autocommit=True
            )
        yield connection
        self.idle.append(connection)


class Reading:
    """Answers what was recorded."""

    def __init__(self, place: Place, answers: Sequence[Recorded]) -> None:
        # What is not JSON goes out as it is.
        self._answers = {
            each.path: (
                each.runs,
                orjson.loads(each.body) if each.media_type == "application/json" else each.body,
                each.media_type.encode(),
            )
            for each in answers
        }
        self._server = None if place.is_sqlite else Server(place.url)
        self._connection = place.open_sqlite() if place.is_sqlite else None

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http":
            return
        path, query = scope["path"], scope["query_string"].decode()
        runs, content, media_type = self._answers[f"{path}?{query}" if query else path]
        if self._connection is not None:
            for statement, parameters in runs:
                self._connection.execute(statement, parameters).fetchall()
        else:
            assert self._server is not None
            async with self._server.connection() as connection:
                for statement, parameters in runs:
                    cursor = await connection.execute(statement.encode(), parameters)
                    await cursor.fetchall()
        body = content if isinstance(content, bytes) else orjson.dumps(content)
        await _answer(send, 200, body, media_type)


class Posting:
    """``POST /v1/prompts/{prompt}/comments`` by strangers, at the top level."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._face_key = derive_key(place.secret, "faces")
        self._server = Server(place.url)
        self._waiting: queue.SimpleQueue[tuple[str, str, asyncio.Future[dict[str, Any]]]]
        self._waiting = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer once it is written."""
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        public_id, said = scope["path"].split("/")[3], orjson.loads(body)["body"]
        if self._place.is_sqlite:
            written = await self._write(public_id, said)
        else:
            async with self._server.connection() as connection, connection.transaction():
                written = await self._write_alone(connection, public_id, said)
        await _answer(send, 201, orjson.dumps(written))

    async def _write_alone(
        self, connection: psycopg.AsyncConnection[Any], public_id: str, said: str
    ) -> dict[str, Any]:
        steps = self._steps(public_id, said)
        rows: list[Any] | None = None
        while True:
            try:
                statement, values = steps.send(rows)  # type: ignore[arg-type]
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            cursor = await connection.execute(_for_psycopg(statement), values)
            rows = await cursor.fetchall() if cursor.description else []

    async def _write(self, public_id: str, said: str) -> dict[str, Any]:
        """Have the thread that writes write it, with whatever else is waiting."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            threading.Thread(target=self._write_all, daemon=True).start()
        future: asyncio.Future[dict[str, Any]] = self._loop.create_future()
        self._waiting.put((public_id, said, future))
        return await future

    def _write_all(self) -> None:
        connection = self._place.open_sqlite()
        assert self._loop is not None
        while True:
            group = [self._waiting.get()]
            while not self._waiting.empty():
                group.append(self._waiting.get())
            connection.execute("BEGIN IMMEDIATE")
            answers = [
                (future, _run_all(connection, self._steps(public_id, said)))
                for public_id, said, future in group
            ]
            connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(_tell, answers)

    def _steps(self, public_id: str, body: str) -> Steps:
        """The statements, each with its parameters, and at the end the answer."""
        at = now()
        (head,) = yield (
            """SELECT prompt.id, prompt.thread_id, prompt.round_id, prompt.board_id,
                CASE WHEN prompt.rating IN ('general', 'teen') THEN prompt.title END, board.slug,
                thread.conversation FROM prompt JOIN board ON board.id = prompt.board_id
                JOIN thread ON thread.id = prompt.thread_id WHERE prompt.public_id = :id""",
            {"id": public_id},
        )
        prompt_id, thread_id, round_id, board_id, title, slug, conversation = head
        mask, token = new_id(), new_token(TokenKind.EDIT)
        ((mask_id,),) = yield (
            "INSERT INTO mask (public_id, created_at) VALUES (:mask, :at) RETURNING id",
            {"mask": mask, "at": at},
        )
        yield (
            (
                "INSERT INTO token (public_id, kind, hash, mask_id, created_at)"
                " VALUES (:id, 'edit', :hash, :mask_id, :at)"
            ),
            {"id": new_id(), "hash": hash_of(token), "mask_id": mask_id, "at": at},
        )
        yield (
            "UPDATE prompt SET last_activity_at = :at WHERE id = :prompt_id",
            {"at": at, "prompt_id": prompt_id},
        )
        ((seq, children),) = yield (
            (
                "UPDATE thread SET latest_seq = latest_seq + 1,"
                " comments_count = comments_count + 1, children_count = children_count + 1"
                " WHERE id = :thread_id RETURNING latest_seq, children_count"
            ),
            {"thread_id": thread_id},
        )
        comment, body_html = new_id(), f"<p>{html.escape(body)}</p>\n"
        yield (
            (
                "INSERT INTO comment (public_id, thread_id, path, depth, seq, children_count,"
                " replies_count, is_shown, body, body_html, state, is_frozen, created_at, edits,"
                " mask_id, is_moderator)"
                " VALUES (:id, :thread_id, :path, 0, :seq, 0, 0, true, :body, :body_html,"
                " 'visible', false, :at, 0, :mask_id, false)"
            ),
            {
                "id": comment,
                "thread_id": thread_id,
                "path": segment(children - 1),
                "seq": seq,
                "body": body,
                "body_html": body_html,
                "at": at,
                "mask_id": mask_id,
            },
        )
        yield (
            "INSERT INTO post_source (post_id, posted_on, source) VALUES (:id, :day, :source)",
            {"id": comment, "day": at.date(), "source": secrets.token_bytes(32)},
        )
        yield (
            (
                "UPDATE round SET comments_count = comments_count + 1, phase = CASE WHEN phase ="
                " 'prompting' AND comments_count + 1 >= closes_at_comments THEN 'closed' ELSE phase"
                " END WHERE id = :round_id"
            ),
            {"round_id": round_id},
        )
        ((number,),) = yield (
            (
                "INSERT INTO outbox (board_id, latest, forgotten) VALUES (:board_id, 1, 0)"
                " ON CONFLICT (board_id) DO UPDATE SET latest = outbox.latest + 1 RETURNING latest"
            ),
            {"board_id": board_id},
        )
        yield (
            (
                "INSERT INTO event (board_id, number, public_id, type, subject, created_at)"
                " VALUES (:board_id, :number, :id, 'comment.created', :comment, :at)"
            ),
            {
                "board_id": board_id,
                "number": number,
                "id": new_id(),
                "comment": comment,
                "at": at,
            },
        )
        root = self._place.public_url
        return {
            "id": comment,
            "seq": seq,
            "parent_id": None,
            "depth": 0,
            "body": body,
            "body_html": body_html,
            "part_number": None,
            "thread": {
                "type": "prompt",
                "id": public_id,
                "title": title,
                "board": slug,
                "url": f"{root}/v1/prompts/{public_id}",
            },
            "author": {
                "kind": "anonymous",
                "name": None,
                "face": face(self._face_key, conversation, mask),
                "is_op": False,
                "is_filler": False,
                "is_moderator": False,
            },
            "state": "visible",
            "is_frozen": False,
            "moved_to": None,
            "replies_count": 0,
            "more_url": None,
            "created_at": rfc3339(at),
            "edited_at": None,
            "url": f"{root}/v1/comments/{comment}",
            "edit_token": token,
            "notices": [],
        }


def _run_all(connection: sqlite3.Connection, steps: Steps) -> dict[str, Any]:
    rows: list[Any] | None = None
    while True:
        try:
            statement, values = steps.send(rows)  # type: ignore[arg-type]
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        # SQLite stores instants and days as text.
        stored = {name: _stored(value) for name, value in values.items()}
        rows = connection.execute(statement, stored).fetchall()


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", "microseconds")
    return value if isinstance(value, str | int | bytes) else str(value)


@cache
def _for_psycopg(statement: str) -> bytes:
    """A statement with its parameters as psycopg names them."""
    return re.sub(r":(\w+)", r"%(\1)s", statement).encode()


def _tell(answers: list[tuple[asyncio.Future[dict[str, Any]], dict[str, Any]]]) -> None:
    for written, answer in answers:
        if not written.done():
            written.set_result(answer)


async def _answer(
    send: Send, status: int, body: bytes, media_type: bytes = b"application/json"
) -> None:
    headers = [(b"content-type", media_type), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _fixed(answer: Recorded) -> FastAPI:
    app = FastAPI()

    @app.get("/{path:path}")
    async def fixed() -> Response:
        return Response(answer.body, media_type=answer.media_type)

    return app


def _main() -> None:
    floor, *given, paths = *sys.argv[1:5], sys.argv[5:]
    # What is printed is where it listens.
    set_up_logs("error", "json")
    place = Place(*given)
    answers = recorded(place.url, place.secret, place.public_url, paths)
    app: ASGIApp
    if floor == "fixed":
        app = _fixed(answers[0])
    else:
        app = Posting(place) if floor == "posting" else Reading(place, answers)
    listening = listen("127.0.0.1", 0)
    # Whoever connects from now on waits until the floor is there, and is not sent away.
    listening.listen()
    said = {
        "url": f"http://127.0.0.1:{listening.getsockname()[1]}",
        "statements": {each.path: len(each.runs) for each in answers},
    }
    sys.stdout.write(f"{json.dumps(said)}\n")
    sys.stdout.flush()
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        ws="none",
        server_header=False,
        lifespan="off",
        proxy_headers=False,
    )
    uvicorn.Server(config).run([listening])


if __name__ == "__main__":
    _main()
