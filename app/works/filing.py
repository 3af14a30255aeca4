"""Filing works: under their tags, and by their words.

Tags and words are filed as long as they are there, whoever may see the work: whoever looks for them
asks the work itself whether it is on a shelf, and nothing need be read again when it is hidden and
shown. Only how many works a tag has counts those alone that everybody may see.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.core.database import Session
from app.index.service import PartWords, WorkWords, remove_work
from app.index.service import file_work as file_words
from app.index.service import file_works as file_many_words
from app.kit.chunks import Stretch
from app.labels.names import keyed
from app.labels.reading import is_adult, tags
from app.tags.filing import Work, file_work, known_tags, show, take_out
from app.tags.filing import file_works as file_many_tags
from app.tags.models import TAGGING
from app.threads.models import THREAD, ThreadKind


async def file_tags(
    session: Session,
    work: Any,
    kind: ThreadKind,
    more: Iterable[tuple[str, str]] = (),
    *,
    is_shown: bool,
) -> None:
    """File a work under its tags, and ``more`` of them."""
    await file_work(session, _in_tags(work, kind, is_shown=is_shown), [*tags(work), *more])


@dataclass(frozen=True)
class ToFile:
    """A work that is to be filed. ``more`` is what its head holds beside tags, ``body`` its words
    (``None``: they are in its ``parts``), ``notes`` what its parts warn about.
    """

    work: Any
    kind: ThreadKind
    is_shown: bool
    body: Sequence[Stretch] | None = None
    more: Sequence[str | None] = ()
    parts: Sequence[PartWords] = ()
    notes: Sequence[str] = ()

    @property
    def words(self) -> WorkWords:
        """What it is found by when words are looked for."""
        work = self.work
        head = _head(work, self.more)
        return WorkWords(
            work.thread_id, work.board_id, self.kind, work.title, head, self.body, self.parts
        )

    @property
    def tagged(self) -> tuple[Work, list[tuple[str, str]]]:
        """What it is filed under."""
        filed = _in_tags(self.work, self.kind, is_shown=self.is_shown)
        return filed, [*tags(self.work), *(("content_note", note) for note in self.notes)]


async def file_many(session: Session, works: Sequence[ToFile], *, is_new: bool) -> None:
    """File many works by their words and under their tags, or file them anew."""
    await file_many_words(session, [each.words for each in works], is_new=is_new)
    boards: dict[int, list[ToFile]] = {}
    for each in works:
        boards.setdefault(each.work.board_id, []).append(each)
    for board_id, its in sorted(boards.items()):
        await file_many_tags(session, board_id, [each.tagged for each in its])


async def show_tags(session: Session, work: Any, *, is_shown: bool) -> None:
    """A work came into sight, or went out of it."""
    if is_shown:
        await known_tags(session, work.board_id, keyed(tags(work)), is_seen=True)
    of_work = TAGGING.thread_id == work.thread_id
    await show(session, work.board_id, of_work, is_shown=is_shown)


async def show_tags_below(session: Session, prompt: Any, *, is_shown: bool) -> None:
    """A prompt came into sight, or went out of it, and with it all of its fills that are not out of
    sight by themselves.
    """
    below = select(THREAD.id).where(
        THREAD.conversation == prompt.conversation, THREAD.id != prompt.thread_id
    )
    if is_shown:
        below = below.where(THREAD.is_in_sight)
    await show(session, prompt.board_id, TAGGING.thread_id.in_(below), is_shown=is_shown)


async def file_text(
    session: Session,
    work: Any,
    kind: ThreadKind,
    *more: str | None,
    body: Sequence[Stretch] | None,
) -> None:
    """File a work by the words of its title, of its tags, of ``more`` and of its body (``None``:
    its parts are filed by themselves).
    """
    head = _head(work, more)
    await file_words(
        session, work.thread_id, work.board_id, kind, title=work.title, head=head, body=body
    )


async def forget(session: Session, work: Any) -> None:
    """File neither words nor tags of a work any more: they are gone."""
    await remove_work(session, work.thread_id)
    await take_out(session, work.thread_id, work.board_id)


def _in_tags(work: Any, kind: ThreadKind, *, is_shown: bool) -> Work:
    adult = is_adult(work.rating)
    return Work(work.thread_id, work.board_id, kind.value, is_adult=adult, is_shown=is_shown)


def _head(work: Any, more: Iterable[str | None]) -> list[str]:
    return [name for _, name in tags(work)] + [each for each in more if each]
