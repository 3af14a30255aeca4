"""Questions about tags: what is filed under which."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Exists, Select, and_, exists, func, select, tuple_

from app.core.tables import table_of
from app.labels.names import TagKey
from app.tags.models import (
    TAG,
    TAG_ALIAS,
    TAG_COUNT,
    TAG_PARENT,
    TAGGING,
    Tag,
    TagAlias,
    TagCount,
    Tagging,
    TagParent,
)
from app.threads.models import ThreadKind

#: The kinds of threads at whose heads works stand.
WORKS = (ThreadKind.PROMPT.value, ThreadKind.FILL.value)


def resolved(board_id: int, keys: Iterable[TagKey]) -> Select[Any]:
    """Tags by kind and key: ``kind, key, name, typed_id``, and what each is filed under on a board:
    ``tag_id``, and how many works are (``uses``).
    """
    tag_id = func.coalesce(TAG_ALIAS.canonical_id, TAG.id)
    alias = and_(TAG_ALIAS.board_id == board_id, TAG_ALIAS.alias_id == TAG.id)
    used = and_(TAG_COUNT.board_id == board_id, TAG_COUNT.tag_id == tag_id)
    return (
        select(
            TAG.kind,
            TAG.key,
            TAG.name,
            TAG.id.label("typed_id"),
            tag_id.label("tag_id"),
            func.coalesce(TAG_COUNT.count + TAG_COUNT.adult_count, 0).label("uses"),
        )
        .select_from(table_of(Tag))
        .outerjoin(table_of(TagAlias), alias)
        .outerjoin(table_of(TagCount), used)
        .where(tuple_(TAG.kind, TAG.key).in_(list(keys)))
    )


def named(ids: Iterable[int]) -> Select[Any]:
    """``id, kind, key, name`` of some tags."""
    return select(*TAG).where(TAG.id.in_(list(ids)))


def taggings(thread_id: int) -> Select[Any]:
    """What a work is filed under."""
    return select(*TAGGING).where(TAGGING.thread_id == thread_id)


def carries(thread_id: ColumnElement[int], tag_ids: Iterable[int]) -> Exists:
    """Whether a work is filed under any of some tags."""
    return exists().where(TAGGING.thread_id == thread_id, TAGGING.tag_id.in_(list(tag_ids)))


def carries_anywhere(thread_id: ColumnElement[int], keys: Iterable[TagKey]) -> Exists:
    """As :func:`carries`, on whatever board the work stands: with the aliases of that board."""
    return _filed_anywhere(keys).where(TAGGING.thread_id == thread_id).exists()


def carried_anywhere(thread_ids: Iterable[int], keys: Iterable[TagKey]) -> Select[Any]:
    """``thread_id, kind, key`` for each of some works and each of some tags that it is filed under
    on its board.
    """
    return _filed_anywhere(keys).where(TAGGING.thread_id.in_(list(thread_ids)))


def _filed_anywhere(keys: Iterable[TagKey]) -> Select[Any]:
    """What is filed under some tags, or under what they stand for on the board in question."""
    filed = func.coalesce(TAG_ALIAS.canonical_id, TAG.id)
    alias = and_(TAG_ALIAS.board_id == TAGGING.board_id, TAG_ALIAS.alias_id == TAG.id)
    return (
        select(TAGGING.thread_id, TAG.kind, TAG.key)
        .select_from(
            table_of(Tagging)
            .join(table_of(Tag), tuple_(TAG.kind, TAG.key).in_(list(keys)))
            .outerjoin(table_of(TagAlias), alias)
        )
        .where(TAGGING.tag_id == filed)
    )


def carried(thread_ids: Iterable[int], tag_ids: Iterable[int]) -> Select[Any]:
    """``thread_id, tag_id`` for each of some works and each of some tags that it is filed under."""
    return select(TAGGING.thread_id, TAGGING.tag_id).where(
        TAGGING.thread_id.in_(list(thread_ids)), TAGGING.tag_id.in_(list(tag_ids))
    )


def counted(board_id: int, tag_ids: Iterable[int]) -> Select[Any]:
    """``tag_id, is_adult, works`` counted anew for some tags of a board."""
    works: ColumnElement[Any] = func.count().label("works")
    return (
        select(TAGGING.tag_id, TAGGING.is_adult, works)
        .where(
            TAGGING.board_id == board_id,
            TAGGING.kind.in_(WORKS),
            TAGGING.tag_id.in_(list(tag_ids)),
            TAGGING.is_shown,
        )
        .group_by(TAGGING.tag_id, TAGGING.is_adult)
    )


def on_boards(*, adult: bool) -> Select[Any]:
    """The tags in use on each board: ``id, kind, key, name, uses``. Those that only adult works
    carry are only there for whoever asks for adult material.
    """
    uses = _uses(adult=adult)
    return (
        select(*TAG, uses.label("uses"))
        .join(table_of(TagCount), TAG_COUNT.tag_id == TAG.id)
        .where(uses > 0)
    )


def anywhere(*, adult: bool) -> Select[Any]:
    """As :func:`on_boards`, on all of them together."""
    uses = select(func.sum(_uses(adult=adult))).where(TAG_COUNT.tag_id == TAG.id).scalar_subquery()
    return select(*TAG, uses.label("uses")).where(uses > 0)


def standing_for(synonyms: ColumnElement[bool], board_id: int | None) -> Select[Any]:
    """The tags under which some synonyms are filed on a board, or on any. ``synonyms`` is a
    condition on tags.
    """
    found = (
        select(TAG_ALIAS.canonical_id)
        .join(table_of(Tag), TAG.id == TAG_ALIAS.alias_id)
        .where(synonyms)
        .correlate(None)
    )
    return found if board_id is None else found.where(TAG_ALIAS.board_id == board_id)


def _uses(*, adult: bool) -> ColumnElement[int]:
    return TAG_COUNT.count + TAG_COUNT.adult_count if adult else TAG_COUNT.count


def aliases(board_id: int) -> Select[Any]:
    """The aliases of a board: ``id, public_id, alias_id, canonical_id, created_at, kind``, and the
    names ``alias`` and ``canonical``.
    """
    canonical = table_of(Tag).alias("canonical")
    return (
        select(*TAG_ALIAS, TAG.kind, TAG.name.label("alias"), canonical.c.name.label("canonical"))
        .join(table_of(Tag), TAG.id == TAG_ALIAS.alias_id)
        .join(canonical, canonical.c.id == TAG_ALIAS.canonical_id)
        .where(TAG_ALIAS.board_id == board_id)
    )


def alias(board_id: int, public_id: str) -> Select[Any]:
    """One alias of a board."""
    return aliases(board_id).where(TAG_ALIAS.public_id == public_id)


def parents(board_id: int) -> Select[Any]:
    """Which tags of a board belong to which fandoms: ``id, public_id, tag_id, fandom_id, kind``,
    and the names ``name`` and ``fandom``.
    """
    fandom = table_of(Tag).alias("fandom")
    return (
        select(*TAG_PARENT, TAG.kind, TAG.name, fandom.c.name.label("fandom"))
        .join(table_of(Tag), TAG.id == TAG_PARENT.tag_id)
        .join(fandom, fandom.c.id == TAG_PARENT.fandom_id)
        .where(TAG_PARENT.board_id == board_id)
    )


def parent(board_id: int, public_id: str) -> Select[Any]:
    """One of :func:`parents`."""
    return parents(board_id).where(TAG_PARENT.public_id == public_id)


def fandoms_of(tag_ids: Iterable[int], board_id: int | None = None) -> Select[Any]:
    """``tag_id, name`` of the fandoms that some tags belong to, on one board or anywhere."""
    belongs = _belonging(board_id).subquery("belonging")
    return (
        select(belongs.c.tag_id, TAG.name)
        .join(table_of(Tag), TAG.id == belongs.c.fandom_id)
        .where(belongs.c.tag_id.in_(list(tag_ids)))
        .group_by(belongs.c.tag_id, TAG.name, TAG.key)
        .order_by(belongs.c.tag_id, TAG.key)
    )


def of_fandom(statement: Select[Any], fandom_key: str, board_id: int | None = None) -> Select[Any]:
    """A statement about tags for those that belong to a fandom, under whichever of its names."""
    belongs, fandom = _belonging(board_id).subquery("belonging"), table_of(Tag).alias("fandom")
    standing = table_of(TagAlias).alias("standing")
    stands_for = and_(standing.c.board_id == belongs.c.board_id, standing.c.alias_id == fandom.c.id)
    tags = (
        select(belongs.c.tag_id)
        .select_from(
            belongs.join(
                fandom, and_(fandom.c.kind == "fandom", fandom.c.key == fandom_key)
            ).outerjoin(standing, stands_for)
        )
        .where(belongs.c.fandom_id == func.coalesce(standing.c.canonical_id, fandom.c.id))
    )
    return statement.where(TAG.id.in_(tags))


def _belonging(board_id: int | None) -> Select[Any]:
    """``board_id, tag_id, fandom_id``: which tags belong to which fandoms on one board or anywhere,
    each as what its board files it under.
    """
    tag, fandom = (table_of(TagAlias).alias(name) for name in ("tag_alias_of", "fandom_alias_of"))

    def stands_for(alias: Any, column: ColumnElement[int]) -> ColumnElement[bool]:
        return and_(alias.c.board_id == TAG_PARENT.board_id, alias.c.alias_id == column)

    statement = (
        select(
            TAG_PARENT.board_id,
            func.coalesce(tag.c.canonical_id, TAG_PARENT.tag_id).label("tag_id"),
            func.coalesce(fandom.c.canonical_id, TAG_PARENT.fandom_id).label("fandom_id"),
        )
        .select_from(table_of(TagParent))
        .outerjoin(tag, stands_for(tag, TAG_PARENT.tag_id))
        .outerjoin(fandom, stands_for(fandom, TAG_PARENT.fandom_id))
    )
    return statement if board_id is None else statement.where(TAG_PARENT.board_id == board_id)
