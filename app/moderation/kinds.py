"""The kinds of things that moderators act upon."""

from typing import Any

from app.comments import queries as comment_queries
from app.comments import service as comments
from app.comments.access import head_of
from app.comments.heads import Head, discussion_head, fill_head, prompt_head
from app.core.site import Site
from app.discussions import queries as discussion_queries
from app.discussions import service as discussions
from app.fills import parts
from app.fills import queries as fill_queries
from app.fills import service as fills
from app.labels.reading import is_adult
from app.labels.schemas import LabelsUpdate
from app.moderation import queries
from app.moderation.things import Acting, Hold, Kind, Table
from app.prompts import queries as prompt_queries
from app.prompts import service as prompts
from app.threads.states import State, stands


async def _holds_of_prompt(acting: Acting, row: Any) -> frozenset[Hold]:
    """All that is below it comes and goes with it."""
    threads = await acting.session.all(queries.threads_of(row.conversation))
    return frozenset({("prompt", row.id), *(("thread", each.id) for each in threads)})


async def _was_visible(_acting: Acting, row: Any) -> bool:
    return bool(row.was_visible)


def _is_rated_adult(row: Any) -> bool:
    return is_adult(row.rating)


async def _set_state_of_prompt(acting: Acting, row: Any, state: State) -> None:
    await prompts.set_state(acting.session, row, state)


async def _set_frozen_prompt(acting: Acting, row: Any, is_frozen: bool) -> None:
    await prompts.set_frozen(acting.session, row, is_frozen=is_frozen)


def _prompt_head(site: Site, row: Any) -> Head:
    return prompt_head(site, row, adult=True)


async def _holds_of_fill(_acting: Acting, row: Any) -> frozenset[Hold]:
    return frozenset({("fill", row.id), ("prompt", row.prompt_id), ("thread", row.thread_id)})


async def _is_fill_known(_acting: Acting, row: Any) -> bool:
    above = stands(row.prompt_state, was_visible=row.prompt_was_visible)
    return bool(row.was_visible and above)


async def _set_state_of_fill(acting: Acting, row: Any, state: State) -> None:
    await fills.set_state(acting.session, row, state)


async def _set_frozen_fill(acting: Acting, row: Any, is_frozen: bool) -> None:
    await fills.set_frozen(acting.session, row, is_frozen=is_frozen)


def _fill_head(site: Site, row: Any) -> Head:
    return fill_head(site, row, adult=True)


async def _relabel_prompt(acting: Acting, row: Any, changes: LabelsUpdate) -> bool:
    return await prompts.relabel_prompt(acting.session, row, changes)


async def _relabel_fill(acting: Acting, row: Any, changes: LabelsUpdate) -> bool:
    return await fills.relabel_fill(acting.session, row, changes)


async def _fill_of_part(acting: Acting, row: Any) -> Any:
    return await acting.session.first(fill_queries.fill(row.fill_public_id))


async def _holds_of_part(_acting: Acting, row: Any) -> frozenset[Hold]:
    return frozenset({("fill", row.fill_id)})


async def _is_part_known(acting: Acting, row: Any) -> bool:
    return await _is_fill_known(acting, await _fill_of_part(acting, row))


async def _relabel_part(acting: Acting, row: Any, changes: LabelsUpdate) -> bool:
    fill = await _fill_of_part(acting, row)
    notes = changes.content_notes or []
    return await parts.relabel_part(acting.session, fill, row, notes)


async def _has_no_state(_acting: Acting, _row: Any, _state: Any) -> None:
    raise AssertionError("a part has no state of its own")


async def _holds_of_discussion(_acting: Acting, row: Any) -> frozenset[Hold]:
    return frozenset({("discussion", row.id), ("thread", row.thread_id)})


async def _set_state_of_discussion(acting: Acting, row: Any, state: State) -> None:
    await discussions.set_state(acting.session, row, state)


async def _set_frozen_discussion(acting: Acting, row: Any, is_frozen: bool) -> None:
    await discussions.set_frozen(acting.session, row, is_frozen=is_frozen)


def _discussion_head(site: Site, row: Any) -> Head:
    return discussion_head(site, row, adult=True)


def _is_closed(row: Any) -> bool:
    return row.closed_by is not None


async def _holds_of_comment(acting: Acting, row: Any) -> frozenset[Hold]:
    return holds_of_thread(await _head_of(acting, row))


async def _is_comment_known(acting: Acting, row: Any) -> bool:
    return row.seq is not None and (await _head_of(acting, row)).is_in_sight


async def _set_state_of_comment(acting: Acting, row: Any, state: State) -> None:
    head = await _head_of(acting, row)
    await comments.set_state(acting.session, head, row.public_id, state)


async def _set_frozen_comment(acting: Acting, row: Any, is_frozen: bool) -> None:
    await comments.set_frozen(acting.session, row, is_frozen=is_frozen)


async def _head_of(acting: Acting, row: Any) -> Head:
    return await head_of(acting.session, acting.site, row, acting.caller)


def holds_of_thread(head: Head) -> frozenset[Hold]:
    """What is held by whoever changes the comments of a thread."""
    above: tuple[tuple[Table, int | None], ...] = (
        ("fill", head.fill_id),
        ("prompt", head.prompt_id),
        ("discussion", head.discussion_id),
        ("thread", head.thread_id),
    )
    return frozenset((table, number) for table, number in above if number is not None)


#: By the name under which they are sent.
KINDS = {
    "prompt": Kind(
        find=prompt_queries.prompt,
        holds=_holds_of_prompt,
        is_known=_was_visible,
        set_state=_set_state_of_prompt,
        set_frozen=_set_frozen_prompt,
        relabel=_relabel_prompt,
        head=_prompt_head,
        is_adult=_is_rated_adult,
    ),
    "fill": Kind(
        find=fill_queries.fill,
        holds=_holds_of_fill,
        is_known=_is_fill_known,
        set_state=_set_state_of_fill,
        set_frozen=_set_frozen_fill,
        relabel=_relabel_fill,
        head=_fill_head,
        is_adult=_is_rated_adult,
    ),
    "discussion": Kind(
        find=discussion_queries.discussion,
        holds=_holds_of_discussion,
        is_known=_was_visible,
        set_state=_set_state_of_discussion,
        set_frozen=_set_frozen_discussion,
        head=_discussion_head,
        is_closed=_is_closed,
    ),
    "comment": Kind(
        find=comment_queries.comment,
        holds=_holds_of_comment,
        is_known=_is_comment_known,
        set_state=_set_state_of_comment,
        set_frozen=_set_frozen_comment,
    ),
    "part": Kind(
        find=fill_queries.part_of_any,
        holds=_holds_of_part,
        is_known=_is_part_known,
        set_state=_has_no_state,
        set_frozen=_has_no_state,
        relabel=_relabel_part,
    ),
}
