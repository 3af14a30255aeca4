"""What moderators do, in words that a test can be read by."""

from typing import Any

import httpx

from tests.people import JSON, Person, Town, path_of


def target(thing: JSON) -> JSON:
    """A prompt, a fill or a comment, as an action names it."""
    kind = path_of(thing).split("/")[1].removesuffix("s")
    return {"type": kind, "id": thing["id"]}


async def ask(
    town: Town, action: str, *things: JSON, by: Person | None = None, **more: Any
) -> httpx.Response:
    """Have somebody, or a moderator, act upon some things; return whatever is answered."""
    about: JSON = {"targets": [target(each) for each in things]} if things else {}
    if len(things) == 1:
        about = {"target": target(things[0])}
    sent = {"action": action, "reason": "rules", **about, **more}
    return await (by or town.administrator).post(f"/boards/{town.slug}/mod-actions", sent)


async def act(town: Town, action: str, *things: JSON, **more: Any) -> JSON:
    """Have a moderator do what must be taken; return the entry of the log."""
    response = await ask(town, action, *things, **more)
    assert response.status_code == 201, response.text
    entry: JSON = response.json()
    return entry


async def move(
    town: Town, comment: JSON, to: JSON, below: JSON | None = None, **more: Any
) -> httpx.Response:
    """Have a moderator move a comment to the thread of something, at the top or below a comment."""
    where = {**target(to), **more}
    if below is not None:
        where["parent_id"] = below["id"]
    return await ask(town, "move", comment, to=where, reason="misfire")


async def moved(town: Town, comment: JSON, to: JSON, below: JSON | None = None) -> JSON:
    """As :func:`move`, which must be taken; return the comment as it is then."""
    response = await move(town, comment, to, below)
    assert response.status_code == 201, response.text
    return await town.somebody().read(path_of(comment))


async def log_of(town: Town, query: str = "") -> list[JSON]:
    """The whole log of the town's board, the newest entry first."""
    return await town.somebody().every_page(f"/boards/{town.slug}/mod-log{query}")
