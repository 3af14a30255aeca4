"""Who posts on a board: a few with names, some who come again and again, and very many once."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from app.accounts.service import register_accounts
from app.core.database import Session
from app.identity.service import mint_masks
from app.kit.ids import new_id
from app.seed.words import several

#: How many there are with names, and how many who come again. They are told apart by their places,
#: those with names first.
NAMED, REGULARS = 40, 200
_NAMES = several("otter|heron|badger|lark|marten|wren|tern|vole|stoat|finch")


@dataclass(frozen=True)
class Author:
    """Who posts a thing: somebody of the crowd, or (``None``) somebody who never comes again."""

    place: int | None
    is_named: bool = False


def pick_author(rng: Random, anonymity: str) -> Author:
    """Somebody, under a board's setting for anonymity."""
    if anonymity == "off" or rng.random() < 1 / 10:
        return Author(rng.randrange(NAMED), is_named=anonymity != "required")
    if rng.random() < 1 / 4:
        return Author(NAMED + rng.randrange(REGULARS))
    return Author(None)


async def gather(session: Session, at: datetime) -> tuple[list[int], dict[int, int]]:
    """Make the masks of the crowd, and say which of them is whose account's. The accounts have
    names that nobody has.
    """
    names = [f"{_NAMES[each % len(_NAMES)]}-{new_id()[:8]}" for each in range(NAMED)]
    accounts = await register_accounts(session, names)
    masks = await mint_masks(session, [at] * (NAMED + REGULARS), accounts)
    return masks, dict(zip(masks, accounts, strict=False))


async def masks_of(
    session: Session, crowd: list[int], authors: list[Author], at: list[datetime]
) -> list[int]:
    """The mask of each author; whoever comes only once gets one here."""
    once = [when for author, when in zip(authors, at, strict=True) if author.place is None]
    fresh = iter(await mint_masks(session, once))
    return [next(fresh) if each.place is None else crowd[each.place] for each in authors]
