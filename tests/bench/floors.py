"""What can be had at best: bare ASGI applications that answer and write the same as the service.

They run on the same server (uvicorn, one process) and the same SQLite, know nothing of who may see
what, check nothing, and build no version tags. ``READING`` runs the statements that a page of
comments needs and writes it with orjson. ``POSTING`` parses what is posted and has one thread write
the same rows as the service does; what arrives while it waits for the disk is written together and
made durable by one COMMIT.

    python -m tests.bench.floors reading|posting DATABASE SECRET PUBLIC_URL
"""

import asyncio
import html
import queue
import secrets
import sqlite3
import sys
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson
import uvicorn
from starlette.types import Receive, Scope, Send

from app.kit.clock import now, rfc3339
from app.kit.cursors import KEY_LENGTH, CursorSealer
from app.kit.faces import face
from app.kit.ids import new_id
from app.kit.keys import derive_key
from app.kit.paths import segment
from app.kit.tokens import TokenKind, hash_of, new_token
from app.serving import listen

_HEADS = {
    "prompts": """
        SELECT prompt.thread_id, prompt.title, prompt.mask_id, prompt.account_id, prompt.id,
            board.slug, board.settings ->> 'show_faces', thread.conversation
        FROM prompt JOIN board ON board.id = prompt.board_id
            JOIN thread ON thread.id = prompt.thread_id
        WHERE prompt.public_id = ?""",
    "fills": """
        SELECT fill.thread_id, fill.title, prompt.mask_id, prompt.account_id, prompt.id,
            board.slug, board.settings ->> 'show_faces', thread.conversation
        FROM fill JOIN prompt ON prompt.id = fill.prompt_id
            JOIN board ON board.id = fill.board_id JOIN thread ON thread.id = fill.thread_id
        WHERE fill.public_id = ?""",
}
_FILLERS = "SELECT mask_id, account_id FROM fill WHERE prompt_id = ? AND state = 'visible'"
_COMMENTS = """
    {line}SELECT comment.public_id, comment.seq, parent.public_id, comment.depth, comment.body,
        comment.body_html, part.number, comment.state, comment.is_frozen, comment.replies_count,
        comment.created_at, comment.edited_at, comment.mask_id, comment.account_id,
        comment.is_moderator, mask.public_id, account.name, comment.path,
        comment.parent_id, comment.moved_to
    FROM comment LEFT JOIN comment AS parent ON parent.id = comment.parent_id
        LEFT JOIN part ON part.id = comment.part_id
        LEFT JOIN mask ON mask.id = comment.mask_id
        LEFT JOIN account ON account.id = comment.account_id
    WHERE comment.is_shown AND {which}"""
_PAGE = _COMMENTS.format(
    line="", which="comment.thread_id = ? AND comment.path > ? ORDER BY comment.path LIMIT ?"
)
_ANCESTORS = _COMMENTS.format(
    line="""WITH RECURSIVE line (id, parent_id) AS (
        SELECT id, parent_id FROM comment WHERE id = ?
        UNION ALL SELECT above.id, above.parent_id FROM comment AS above, line
            WHERE above.id = line.parent_id AND above.depth > ?)
    """,
    which="comment.id IN (SELECT id FROM line) ORDER BY comment.depth, comment.id",
)


@dataclass(frozen=True)
class Place:
    """Where a floor stands: its database, the secret and the URL that the service has, too."""

    database: str
    secret: str
    public_url: str

    def connect(self) -> sqlite3.Connection:
        """A connection that is as durable as the service's."""
        connection = sqlite3.connect(self.database, isolation_level=None, check_same_thread=False)
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "temp_store = MEMORY",
            "mmap_size = 268435456",
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection


class Reading:
    """``GET /v1/prompts/{prompt}/comments?adult=true&limit=50&cursor=``, and the same of fills."""

    def __init__(self, place: Place) -> None:
        self._public_url = place.public_url
        self._connection = place.connect()
        self._cursors = CursorSealer(derive_key(place.secret, "cursors", KEY_LENGTH))
        key = derive_key(place.secret, "faces")
        self._face = cache(lambda conversation, mask: face(key, conversation, mask))

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] == "http":
            query = dict(parse_qsl(scope["query_string"].decode()))
            await _answer(send, 200, self._page(scope["path"], query))

    def _page(self, path: str, query: dict[str, str]) -> bytes:
        _, _, works, public_id, _ = path.split("/")
        run = self._connection.execute
        head = run(_HEADS[works], (public_id,)).fetchone()
        thread_id, title, op, op_account, prompt_id, slug, shows_faces, conversation = head
        fillers = set(run(_FILLERS, (prompt_id,)).fetchall())
        limit = int(query.get("limit", "25"))
        belongs_to = f"{path}?adult=true"
        after: Any = ""
        if "cursor" in query:
            (after,) = self._cursors.open(query["cursor"], belongs_to)
        rows = run(_PAGE, (thread_id, after, limit + 1)).fetchall()
        following = None
        if len(rows) > limit:
            del rows[limit:]
            cursor = self._cursors.seal([rows[-1][17]], belongs_to)
            asked = urlencode({"adult": "true", "limit": limit, "cursor": cursor})
            following = f"{self._public_url}{path}?{asked}"
        thread = {
            "type": works[:-1],
            "id": public_id,
            "title": title,
            "board": slug,
            "url": f"{self._public_url}/v1/{works}/{public_id}",
        }
        above = []
        if after and rows and rows[0][18] is not None:
            above = run(_ANCESTORS, (rows[0][18], rows[0][3] - 101)).fetchall()

        def shown(row: Any) -> dict[str, Any]:
            is_visible = row[7] == "visible"
            author = None
            if is_visible:
                is_named = row[13] is not None
                seen_as = (row[12], row[13])
                has_face = shows_faces is None or shows_faces
                author = {
                    "kind": "named" if is_named else "anonymous",
                    "name": row[16] if is_named else None,
                    "face": self._face(conversation, row[15])
                    if has_face and row[15] and not is_named
                    else None,
                    "is_op": row[12] is not None and seen_as == (op, op_account),
                    "is_filler": seen_as in fillers,
                    "is_moderator": bool(row[14]),
                }
            return {
                "id": row[0],
                "seq": row[1],
                "parent_id": row[2],
                "depth": row[3],
                "body": row[4] if is_visible else None,
                "body_html": row[5] if is_visible else None,
                "part_number": row[6],
                "thread": thread,
                "author": author,
                "state": row[7],
                "is_frozen": bool(row[8]),
                "moved_to": row[19],
                "replies_count": row[9],
                "more_url": None,
                "created_at": _instant(row[10]),
                "edited_at": row[11] and _instant(row[11]),
                "url": f"{self._public_url}/v1/comments/{row[0]}",
            }

        items, ancestors = [shown(row) for row in rows], [shown(row) for row in above]
        page: dict[str, Any] = {
            "omitted": {"adult": 0, "filtered": 0},
            "items": items,
            "next": following,
            "ancestors": ancestors,
        }
        return orjson.dumps(page)


Written = asyncio.Future[dict[str, Any]]


class Posting:
    """``POST /v1/prompts/{prompt}/comments`` by strangers, at the top level."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._waiting: queue.SimpleQueue[tuple[str, str, Written]] = queue.SimpleQueue()
        self._face_key = derive_key(place.secret, "faces")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer once it is written."""
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if scope["type"] == "http":
            loop = asyncio.get_running_loop()
            if not hasattr(self, "_loop"):
                self._loop = loop
                threading.Thread(target=self._write, daemon=True).start()
            written: Written = loop.create_future()
            self._waiting.put((scope["path"].split("/")[3], orjson.loads(body)["body"], written))
            await _answer(send, 201, orjson.dumps(await written))

    def _write(self) -> None:
        connection = self._place.connect()
        while True:
            group = [self._waiting.get()]
            while not self._waiting.empty():
                group.append(self._waiting.get())
            connection.execute("BEGIN IMMEDIATE")
            answers = [(written, self._post(connection, *sent)) for *sent, written in group]
            connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(_tell, answers)

    def _post(self, connection: sqlite3.Connection, public_id: str, body: str) -> dict[str, Any]:
        at = now()
        stored = at.replace(tzinfo=None).isoformat(" ", "microseconds")
        run = connection.execute
        head = run(
            """SELECT prompt.id, prompt.thread_id, prompt.round_id,
                CASE WHEN prompt.rating IN ('general', 'teen') THEN prompt.title END, board.slug,
                thread.conversation FROM prompt JOIN board ON board.id = prompt.board_id
                JOIN thread ON thread.id = prompt.thread_id WHERE prompt.public_id = ?""",
            (public_id,),
        ).fetchone()
        prompt_id, thread_id, round_id, title, slug, conversation = head
        mask, token = new_id(), new_token(TokenKind.EDIT)
        mask_id = run(
            "INSERT INTO mask (public_id, created_at) VALUES (?, ?)", (mask, stored)
        ).lastrowid
        run(
            "INSERT INTO token (public_id, kind, hash, mask_id, created_at)"
            " VALUES (?, 'edit', ?, ?, ?)",
            (new_id(), hash_of(token), mask_id, stored),
        )
        run("UPDATE prompt SET last_activity_at = ? WHERE id = ?", (stored, prompt_id))
        ((seq, children),) = run(
            "UPDATE thread SET latest_seq = latest_seq + 1, comments_count = comments_count + 1,"
            " children_count = children_count + 1 WHERE id = ?"
            " RETURNING latest_seq, children_count",
            (thread_id,),
        ).fetchall()
        comment, body_html = new_id(), f"<p>{html.escape(body)}</p>\n"
        run(
            "INSERT INTO comment (public_id, thread_id, path, depth, seq, children_count,"
            " replies_count, is_shown, body, body_html, state, is_frozen, created_at, edits,"
            " mask_id, is_moderator)"
            " VALUES (?, ?, ?, 0, ?, 0, 0, 1, ?, ?, 'visible', 0, ?, 0, ?, 0)",
            (comment, thread_id, segment(children - 1), seq, body, body_html, stored, mask_id),
        )
        run(
            "INSERT INTO post_source (post_id, posted_on, source) VALUES (?, ?, ?)",
            (comment, stored[:10], secrets.token_bytes(32)),
        )
        run(
            "UPDATE round SET comments_count = comments_count + 1, phase = CASE WHEN phase ="
            " 'prompting' AND comments_count + 1 >= closes_at_comments THEN 'closed' ELSE phase"
            " END WHERE id = ?",
            (round_id,),
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


FLOORS: dict[str, Callable[[Place], Callable[[Scope, Receive, Send], Awaitable[None]]]] = {
    "reading": Reading,
    "posting": Posting,
}


def _tell(answers: list[tuple[Written, dict[str, Any]]]) -> None:
    for written, answer in answers:
        if not written.done():
            written.set_result(answer)


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _instant(stored: str) -> str:
    """An instant as SQLite keeps it, as it is answered."""
    return f"{stored[:10]}T{stored[11:19]}Z"


def _main() -> None:
    floor, database, secret, public_url = sys.argv[1:]
    place = Place(database, secret, public_url)
    listening = listen("127.0.0.1", 0)
    # Whoever connects from now on waits until the floor is there, and is not sent away.
    listening.listen()
    sys.stdout.write(f"http://127.0.0.1:{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    config = uvicorn.Config(
        FLOORS[floor](place),
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
