"""What moderators do, done with the verbs below the endpoints, and accounts for them."""

import uuid
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import Select, func, select, update

from app.accounts.models import ACCOUNT, Account
from app.boards.models import BOARD, Moderator
from app.comments import queries as comment_queries
from app.comments import service as comments
from app.comments.heads import discussion_head, fill_head, prompt_head
from app.comments.models import Comment
from app.core.database import Session
from app.core.site import Site
from app.core.tables import columns_of, table_of
from app.discussions import queries as discussion_queries
from app.discussions import service as discussions
from app.discussions.models import Discussion
from app.fills import queries as fill_queries
from app.fills import service as fills
from app.fills.models import Fill
from app.identity.people import Caller
from app.identity.service import enrol
from app.prompts import queries as prompt_queries
from app.prompts import service as prompts
from app.prompts.models import Prompt
from app.threads.models import ThreadKind
from app.threads.states import State
from tests.people import JSON, Person, path_of

#: Somebody who sees everything.
_KEEPER = Caller(mask_id=0, account_id=0, name="keeper", is_administrator=True)


async def set_columns(
    service: FastAPI, table: type[Prompt | Fill | Comment], public_id: str, **values: Any
) -> None:
    """Set columns of a prompt, a fill or a comment: ``is_frozen``, ``parts_count``."""
    async with service.state.site.database.writing() as session:
        chosen = columns_of(table).public_id == public_id
        await session.run(update(table).where(chosen).values(**values))


async def set_state(service: FastAPI, thing: JSON, state: str) -> None:
    """Take a prompt, a fill, a discussion or a comment out of sight (``screened``, ``hidden``), or
    bring it into sight (``visible``).
    """
    site: Site = service.state.site
    kind, public_id = path_of(thing).strip("/").split("/")
    async with site.database.writing() as session:
        if kind == "comments":
            await _set_state_of_comment(session, site, public_id, State(state))
        elif kind == "fills":
            held = _held(fill_queries.fill(public_id), Fill)
            await fills.set_state(session, await session.first(held), State(state))  # type: ignore[arg-type]
        elif kind == "discussions":
            await discussions.set_state(
                session, await _discussion(session, public_id), State(state)
            )
        else:
            held = _held(prompt_queries.prompt(public_id), Prompt)
            await prompts.set_state(session, await session.first(held), State(state))  # type: ignore[arg-type]


async def freeze_discussion(service: FastAPI, discussion: JSON, *, is_frozen: bool = True) -> None:
    """Have a discussion take no comments, or take them again."""
    async with service.state.site.database.writing() as session:
        row = await _discussion(session, discussion["id"])
        await discussions.set_frozen(session, row, is_frozen=is_frozen)


async def _discussion(session: Session, public_id: str) -> Any:
    return await session.first(_held(discussion_queries.discussion(public_id), Discussion))


def _held(statement: Select[Any], table: type[Prompt | Fill | Discussion]) -> Select[Any]:
    return statement.with_for_update(of=table_of(table), key_share=True)


async def _set_state_of_comment(session: Session, site: Site, public_id: str, state: State) -> None:
    row = await session.first(comment_queries.comment(public_id))
    assert row is not None
    if row.kind == ThreadKind.FILL:
        above = await session.first(fill_queries.fill_of_thread(row.thread_id, _KEEPER))
        head = fill_head(site, above, adult=True)
    elif row.kind == ThreadKind.DISCUSSION:
        above = await session.first(discussion_queries.discussion_of_thread(row.thread_id, _KEEPER))
        head = discussion_head(site, above, adult=True)
    else:
        above = await session.first(prompt_queries.prompt_of_thread(row.thread_id, _KEEPER))
        head = prompt_head(site, above, adult=True)
    await comments.set_state(session, head, public_id, state)


async def some_account(service: FastAPI) -> int:
    """The number of an account, whoever's it is."""
    async with service.state.site.database.reading() as session:
        number = await session.scalar(select(func.min(ACCOUNT.id)))
    assert isinstance(number, int)
    return number


async def new_account(
    service: FastAPI, client: httpx.AsyncClient, *, moderates: str | None = None
) -> tuple[Person, str]:
    """Somebody with an account that administers nothing, who may moderate a board; and its name."""
    name = f"Named-{uuid.uuid4().hex[:8]}"
    async with service.state.site.database.writing() as session:
        account = Account(name=name, name_key=name.lower())
        await session.add(account)
        if moderates is not None:
            board_id = await session.scalar(select(BOARD.id).where(BOARD.slug == moderates))
            await session.add(Moderator(board_id=board_id, account_id=account.id, role="moderator"))
        return Person(client, await enrol(session, account)), name
