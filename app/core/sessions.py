"""One session for a request: reading for GET, one transaction for everything else."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import Select, Table

from app.core.database import Session
from app.core.replays import claim, first_answer, keyed_of, record
from app.core.site import site_of


async def open_session(request: Request) -> AsyncIterator[Session]:
    """Open the request's session.

    With ``scope="function"`` the transaction is committed after the route has returned and before
    the answer is sent: a 201 is only sent for what is durable. A GET can't write, whatever its
    code does. What is sent with an Idempotency-Key is recorded in the same transaction.

    :raises Recorded: it was done already, or another request is doing it.
    """
    database = site_of(request).database
    opening = database.reading if request.method == "GET" else database.writing
    keyed = keyed_of(request)
    async with opening() as session:
        if keyed is None:
            yield session
            return
        await claim(session, keyed)
        yield session
        # The route has returned, and nothing that it did is committed yet.
        await record(session, keyed, first_answer(request, keyed))


CurrentSession = Annotated[Session, Depends(open_session, scope="function")]


def held(request: Request, statement: Select[Any], *tables: Table) -> Select[Any]:
    """The statement that obtains a thing: in a request that writes, it holds its rows of
    ``tables`` until the commit, so that what was checked of it (state, version, owner) is still
    true when it is changed. SQLite has one writer and needs no such hold.

    To stay clear of deadlocks rows are held in one order: fill, part, prompt or discussion, thread,
    comment, board, round; of several of one kind the lowest number first. Deleting a part changes
    the comments about it, so it holds their thread first. Whoever acts as a moderator waits for
    their turn on the board before all of these.
    """
    if request.method == "GET":
        return statement
    return hold(statement, *tables)


def hold(statement: Select[Any], *tables: Table) -> Select[Any]:
    """As :func:`held`, for a statement that only requests that write run."""
    return statement.with_for_update(of=tables, key_share=True)
