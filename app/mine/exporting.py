"""A copy of all that somebody owns, as a ZIP that is made while it is sent.

Nothing is ever held but one part of one story. The archive is written by the standard library to
something that can't seek, as it may be: each file says behind itself how long it was.
"""

import json
import zipfile
from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import Select

from app.core.answers import AnswerCut
from app.core.site import Site
from app.fills.queries import some_fills
from app.filters.service import wishes_of
from app.identity.people import Caller
from app.identity.service import is_alive
from app.kit.clock import now, rfc3339
from app.mine import queries
from app.mine.gathering import gather

README = """This is a copy of all that one token of a Fillboard owns.

posts.jsonl     everything you posted, one JSON object a line, the newest first, in the shapes of
                the API: what is screened or hidden too, and what stands below something that
                nobody sees.
stories/        each of your fills as Markdown, named by its id: its title, then part by part.
seconds.jsonl   the prompts that you seconded.
claims.jsonl    the prompts that you claimed.
filters.json    what you saved to be hidden or warned about, if you have an account.

What others wrote is not in it.
"""
#: So many posts are read at once.
_AT_ONCE = 50


class _Pipe:
    """A file that can only be written to, and whose bytes are taken away again."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._chunks.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""

    def take(self) -> bytes:
        """What was written since this was last called."""
        taken = b"".join(self._chunks)
        self._chunks.clear()
        return taken


async def archive(site: Site, caller: Caller, found: Sequence[Any]) -> AsyncIterator[bytes]:
    """The ZIP of some posts (rows with ``type`` and ``public_id``), piece by piece."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w") as whole:  # type: ignore[call-overload]
        whole.writestr(_entry("README.txt"), README)
        fills: list[tuple[int, str, str]] = []
        with whole.open(_entry("posts.jsonl"), "w", force_zip64=True) as file:
            for at in range(0, len(found), _AT_ONCE):
                lines, stories = await _posts(site, found[at : at + _AT_ONCE])
                fills += stories
                for line in lines:
                    file.write(line)
                yield pipe.take()
                await _check_alive(site, caller)
        for fill_id, public_id, title in fills:
            story = _entry(f"stories/{public_id}.md")
            with whole.open(story, "w", force_zip64=True) as file:
                file.write(f"# {title}\n".encode())
                async for text in _parts(site, fill_id):
                    file.write(text)
                    yield pipe.take()
                    await _check_alive(site, caller)
        for name, content in await _rest(site, caller):
            whole.writestr(_entry(name), content)
        yield pipe.take()
    yield pipe.take()


def _entry(name: str) -> zipfile.ZipInfo:
    """What stands in the archive about one file: it was made now, in UTC."""
    entry = zipfile.ZipInfo(name, now().timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


async def _check_alive(site: Site, caller: Caller) -> None:
    """:raises AnswerCut: the token was revoked since the copy began."""
    async with site.database.reading() as session:
        if not await is_alive(session, caller):
            raise AnswerCut("the token was revoked")


async def _posts(site: Site, rows: Sequence[Any]) -> tuple[list[bytes], list[tuple[int, str, str]]]:
    async with site.database.reading() as session:
        gathered = await gather(session, site, rows, adult=True)
        items, _ = gathered.items(rows, adult=True)
        ids = [row.public_id for row in rows if row.type == "fill"]
        fills = await session.all(some_fills(ids)) if ids else ()
        stories = [(row.id, row.public_id, row.title) for row in fills]
    lines = [_line({"type": item["type"], item["type"]: item[item["type"]]}) for item in items]
    return lines, stories


async def _parts(site: Site, fill_id: int) -> AsyncIterator[bytes]:
    async with site.database.reading() as session:
        ids = [row.id for row in await session.all(queries.parts(fill_id))]
    for part_id in ids:
        async with site.database.reading() as session:
            row = await session.first(queries.part(part_id))
        if row is not None:
            title = f": {row.title}" if row.title else ""
            notes = f"\n*{', '.join(row.content_notes)}*\n" if row.content_notes else ""
            yield f"\n## Part {row.number}{title}\n{notes}\n{row.body}\n".encode()


async def _rest(site: Site, caller: Caller) -> list[tuple[str, bytes]]:
    async with site.database.reading() as session:
        seconds = [_brief(row) for row in await session.all(queries.seconded(caller))]
        claims = [
            {**_brief(row), "expires_at": rfc3339(row.expires_at)}
            for row in await session.all(queries.claimed(caller))
        ]
        files = [
            ("seconds.jsonl", b"".join(map(_line, seconds))),
            ("claims.jsonl", b"".join(map(_line, claims))),
        ]
        if caller.kind == "session" and caller.account_id is not None:
            wishes = await wishes_of(session, caller.account_id)
            saved = {"hide": list(wishes.hide.values()), "warn": list(wishes.warn.values())}
            files.append(("filters.json", _line(saved)))
    return files


def _brief(row: Any) -> dict[str, Any]:
    return {"prompt": row.public_id, "number": row.number, "board": row.slug}


def _line(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, default=list).encode() + b"\n"


def everything(statement: Select[Any]) -> Select[Any]:
    """What is copied, the newest first."""
    columns = statement.selected_columns
    return statement.order_by(columns.created_at.desc(), columns.type, columns.public_id)
