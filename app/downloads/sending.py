"""Sending a work as a file, a part at a time.

A work may have a thousand parts and a hundred megabytes, and a reader may take an hour to fetch it.
So no more than one part is in memory, and no session stays open between two of them: a snapshot
held for the slowest reader would keep one of few connections, and have the database keep whatever
others change meanwhile.

A file must not be of two versions of a work all the same. What the work is was read before the
first byte, and with each part, and once more before the last byte, it is read again. If its author
has changed anything meanwhile, or it is no longer to be seen, or the token of whoever reads it was
revoked, the file is cut off: the reader's
program says that it failed, and the next attempt gets what is there then.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from app.core.answers import AnswerCut
from app.core.database import Session
from app.core.rendering import written_aside
from app.core.site import Site
from app.downloads import queries
from app.downloads.work import PartText, PartTold, Work, work
from app.downloads.writing import Writer
from app.fills.queries import seen_fill
from app.identity.people import Caller
from app.identity.service import is_alive


@dataclass(frozen=True)
class Reading:
    """A work that is about to be read: by whom, and as what it was found."""

    site: Site
    caller: Caller | None
    row: Any
    work: Work
    is_adult_asked: bool

    @classmethod
    async def begin(
        cls, session: Session, site: Site, caller: Caller | None, row: Any, *, adult: bool
    ) -> "Reading":
        """Find out what the work is, from the row of its fill."""
        parts = await session.all(queries.parts_in_order(row.id))
        return cls(site, caller, row, work(site, row, parts, adult=adult), adult)

    async def send(self, writer: Writer) -> AsyncIterator[bytes]:
        """The file, as it is written.

        :raises AnswerCut: the work is another one now, or none.
        """
        yield writer.begin()
        for part in self.work.parts:
            text = await self._text(part)
            yield await written_aside(partial(writer.part, part, text), len(text.html))
        async with self.site.database.reading() as session:
            await self._check_unchanged(session)
        if end := writer.end():
            yield end

    async def _text(self, part: PartTold) -> PartText:
        async with self.site.database.reading() as session:
            row = await session.first(queries.part_text(part.id))
            await self._check_unchanged(session)
        if row is None or row.edits != part.edits:
            raise AnswerCut("the work was changed")
        return PartText(row.body, row.body_html)

    async def _check_unchanged(self, session: Session) -> None:
        if self.caller is not None and not await is_alive(session, self.caller):
            raise AnswerCut("the token was revoked")
        row = await session.first(seen_fill(self.row.public_id, self.caller))
        # To the second, two changes look like one; the row knows better.
        if row is None or (row.state, row.updated_at) != (self.row.state, self.row.updated_at):
            raise AnswerCut("the work was changed")
        found = work(self.site, row, (), adult=self.is_adult_asked)
        if found != replace(self.work, parts=()):
            raise AnswerCut("the work was changed")
