"""What moderators do with tags."""

from typing import Any

from sqlalchemy import Row, delete, select, update

from app.boards.service import hold_board
from app.core.database import Session
from app.core.errors import invalid
from app.core.tables import table_of
from app.labels.names import TagKey, tag_key, written
from app.tags import filing, queries
from app.tags.errors import AliasCircle, AliasTaken
from app.tags.models import TAG_ALIAS, TAG_PARENT, TagAlias, TagParent
from app.tags.schemas import AliasCreate, ParentCreate


async def add_alias(session: Session, board_id: int, sent: AliasCreate) -> tuple[str, bool]:
    """File one tag under another, what stands included; say the alias's id, and whether it is new.

    Aliases of the alias stand for the canonical tag from now on, and a canonical tag that is itself
    an alias means what it stands for, so that aliases never form chains.

    :raises Invalid: both are one tag.
    :raises AliasCircle: the canonical tag is an alias of the alias.
    :raises AliasTaken: the alias is filed under another tag.
    """
    await hold_board(session, board_id)
    names = {
        tag_key(sent.kind, name): written(sent.kind, name) for name in (sent.alias, sent.canonical)
    }
    if len(names) == 1:
        raise invalid("body", "/canonical", "same_tag", "Both names are one tag.")
    tags = await _known(session, board_id, names)
    alias, canonical = (tags[tag_key(sent.kind, name)] for name in (sent.alias, sent.canonical))
    if canonical.tag_id == alias.typed_id:
        raise AliasCircle
    if alias.tag_id == canonical.tag_id:
        return await _standing(session, board_id, alias.typed_id), False
    if alias.tag_id != alias.typed_id:
        raise AliasTaken(canonical=await _name(session, alias.tag_id))
    await session.run(
        update(table_of(TagAlias))
        .where(TAG_ALIAS.board_id == board_id, TAG_ALIAS.canonical_id == alias.typed_id)
        .values(canonical_id=canonical.tag_id)
    )
    made = TagAlias(board_id=board_id, alias_id=alias.typed_id, canonical_id=canonical.tag_id)
    await session.add(made)
    await filing.merge(session, board_id, alias.typed_id, canonical.tag_id)
    return made.public_id, True


async def remove_alias(session: Session, board_id: int, alias: Row[Any]) -> None:
    """File a tag under itself again, what stands included."""
    await hold_board(session, board_id)
    if not await session.run(delete(table_of(TagAlias)).where(TAG_ALIAS.id == alias.id)):
        # Another moderator was faster.
        return
    others = await session.all(
        select(TAG_ALIAS.alias_id).where(
            TAG_ALIAS.board_id == board_id, TAG_ALIAS.canonical_id == alias.canonical_id
        )
    )
    await filing.split(
        session, board_id, alias.alias_id, alias.canonical_id, [row.alias_id for row in others]
    )


async def add_parent(session: Session, board_id: int, sent: ParentCreate) -> tuple[str, bool]:
    """Say that a tag belongs to a fandom; say the entry's id, and whether it is new."""
    await hold_board(session, board_id)
    keys: dict[TagKey, str] = {
        tag_key(sent.kind, sent.name): written(sent.kind, sent.name),
        tag_key("fandom", sent.fandom): sent.fandom,
    }
    tags = await _known(session, board_id, keys)
    tag_id, fandom_id = (tags[key].tag_id for key in keys)
    standing = await session.scalar(
        select(TAG_PARENT.public_id).where(
            TAG_PARENT.board_id == board_id,
            TAG_PARENT.tag_id == tag_id,
            TAG_PARENT.fandom_id == fandom_id,
        )
    )
    if standing is not None:
        return str(standing), False
    made = TagParent(board_id=board_id, tag_id=tag_id, fandom_id=fandom_id)
    await session.add(made)
    return made.public_id, True


async def remove_parent(session: Session, parent: Row[Any]) -> None:
    """Say no longer that a tag belongs to a fandom."""
    await session.run(delete(table_of(TagParent)).where(TAG_PARENT.id == parent.id))


async def _known(session: Session, board_id: int, names: dict[TagKey, str]) -> dict[TagKey, Any]:
    known = await filing.known_tags(session, board_id, names, is_seen=True)
    return {(tag.kind, tag.key): tag for tag in known}


async def _standing(session: Session, board_id: int, alias_id: int) -> str:
    found = await session.scalar(
        select(TAG_ALIAS.public_id).where(
            TAG_ALIAS.board_id == board_id, TAG_ALIAS.alias_id == alias_id
        )
    )
    return str(found)


async def _name(session: Session, tag_id: int) -> str:
    row = await session.first(queries.named([tag_id]))
    assert row is not None
    return str(row.name)
