"""Filing works: under their tags, and by their words.

Under tags a work is filed while everybody may see it: each tag tells how many works carry it. Words
are filed as long as they are there, whoever may see them: whoever looks for words asks the work
itself whether it is on a shelf, and the words of a long story need not be read again when it is
hidden and shown.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from app.core.database import Session
from app.index.service import file_work as file_words
from app.index.service import remove_work
from app.kit.chunks import Stretch
from app.labels.reading import is_adult, tags
from app.tags.filing import Work, file_work, take_out
from app.threads.models import ThreadKind


async def file_tags(
    session: Session, work: Any, kind: ThreadKind, more: Iterable[tuple[str, str]] = ()
) -> None:
    """File a work that everybody may see under its tags, and ``more`` of them."""
    filed = Work(work.thread_id, work.board_id, kind.value, is_adult(work.rating))
    await file_work(session, filed, [*tags(work), *more])


async def untag(session: Session, work: Any) -> None:
    """File a work under no tag, since nobody may find it any more."""
    await take_out(session, work.thread_id)


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
    head = [name for _, name in tags(work)] + [each for each in more if each]
    await file_words(
        session, work.thread_id, work.board_id, kind, title=work.title, head=head, body=body
    )


async def forget_text(session: Session, work: Any) -> None:
    """File no word of a work any more."""
    await remove_work(session, work.thread_id)
