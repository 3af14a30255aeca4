"""Which posts wait for a moderator, and whom a board spares."""

from typing import Any

import pytest
from fastapi import FastAPI

from app.accounts.models import Account
from app.identity.service import enrol
from tests.backstage import set_state
from tests.people import JSON, Person, Town, code_of, path_of

pytestmark = pytest.mark.anyio

LINK = "https://lamps.example/cheap"


async def screen(town: Town, which: str, **more: Any) -> None:
    """Set the screening of the town's board."""
    settings = {"settings": {"screening": which, **more}}
    await town.administrator.change(f"/boards/{town.slug}", settings)


@pytest.fixture
async def named(service: FastAPI, town: Town) -> Person:
    """Somebody with an account, which is no moderator's."""
    name = f"Bell-{town.slug[-8:]}"
    async with service.state.site.database.writing() as session:
        account = Account(name=name, name_key=name.lower())
        await session.add(account)
        return Person(town.client, await enrol(session, account))


async def ways(town: Town) -> list[tuple[str, JSON]]:
    """Every way to post on the town's board: a path, and a body without a link."""
    prompt = await town.prompt(town.administrator)
    fill = await town.fill(prompt, town.administrator)
    discussion = await town.discussion(town.administrator)
    return [
        (f"/boards/{town.slug}/prompts", {"body": "A rescue."}),
        (f"{path_of(prompt)}/fills", {"body": "They came."}),
        (f"{path_of(prompt)}/comments", {"body": "Hello."}),
        (f"{path_of(fill)}/comments", {"body": "Hello."}),
        (f"/boards/{town.slug}/discussions", {"body": "Who else?"}),
        (f"{path_of(discussion)}/comments", {"body": "Me."}),
    ]


async def test_nothing_waits_unless_the_board_says_so(town: Town) -> None:
    for path, body in await ways(town):
        await town.somebody().make(path, {"body": f"{body['body']} {LINK}"})


async def test_all_waits_but_what_keepers_and_trusted_accounts_post(
    town: Town, named: Person
) -> None:
    await screen(town, "all")
    name = f"bELL-{town.slug[-8:]}"
    for path, body in await ways(town):
        waiting = await town.somebody().hand_in(path, body)
        assert waiting["edit_token"]
        assert waiting["url"].startswith("http://board.test/v1/")
        await named.hand_in(path, body)
        await town.administrator.make(path, body)
    await screen(town, "all", trusted_accounts=[name])
    for path, body in await ways(town):
        await named.make(path, body)
        await town.somebody().hand_in(path, body)


async def test_first_posts_wait_until_one_is_released(
    town: Town, service: FastAPI, stranger: Person
) -> None:
    await screen(town, "first_posts")
    places = await ways(town)
    for first, _ in enumerate(places):
        author = town.somebody()
        waiting = await author.hand_in(*places[first])
        await author.hand_in(*places[0])
        await set_state(service, waiting, "visible")
        for path, body in places:
            await author.make(path, body)
        await set_state(service, waiting, "hidden")
    for path, body in places:
        response = await stranger.post(path, body)
        assert response.status_code == 202


async def test_a_post_on_another_board_makes_nobody_known(town: Town) -> None:
    author = town.somebody()
    await town.prompt(author)
    elsewhere = Town(town.client, town.administrator)
    await elsewhere.found_board(screening="first_posts")
    await author.hand_in(f"/boards/{elsewhere.slug}/prompts", {"body": "A rescue."})


@pytest.mark.parametrize(
    ("place", "fields"),
    [
        (0, {"body": f"See {LINK}"}),
        (0, {"body": "See [here](https://lamps.example)."}),
        (0, {"title": "www.lamps.example"}),
        (0, {"do_not_want": LINK}),
        (0, {"tags": ["lamps.example/cheap"]}),
        (1, {"external_url": LINK}),
        (1, {"summary": LINK}),
        (1, {"body": LINK}),
        (2, {"body": LINK}),
        (3, {"body": "<seller@lamps.example>"}),
        (4, {"title": "www.lamps.example"}),
        (5, {"body": LINK}),
    ],
)
async def test_what_holds_a_link_waits(town: Town, place: int, fields: JSON) -> None:
    await screen(town, "links")
    path, body = (await ways(town))[place]
    await town.somebody().make(path, body)
    await town.somebody().hand_in(path, {**body, **fields})


@pytest.mark.parametrize("which", ["links", "all"])
async def test_no_link_comes_in_later_where_links_wait(
    town: Town, service: FastAPI, stranger: Person, which: str
) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, body=f"Like {LINK}")
    fill = await town.fill(prompt, author, status="wip")
    comment = await town.comment(prompt, author)
    discussion = await town.discussion(author, body=f"Like {LINK}")
    standing = (prompt, fill, comment, discussion)
    await screen(town, which)
    part = f"{path_of(fill)}/parts/1"
    tag = await author.tag_of(part)
    new = "https://other.example/"
    before = [(await stranger.get(path_of(each))).content for each in standing]
    for response in (
        await author.patch(path_of(prompt), {"body": f"Like {LINK} and {new}"}),
        await author.patch(path_of(prompt), {"title": new}),
        await author.patch(path_of(fill), {"external_url": new}),
        await author.patch(path_of(fill), {"tags": [new]}),
        await author.patch(path_of(comment), {"body": new}),
        await author.patch(path_of(discussion), {"title": new}),
        await author.patch(part, {"body": f"[x]({new})"}, If_Match=tag),
        await author.post(f"{path_of(fill)}/parts", {"body": "x", "title": new}),
    ):
        assert (response.status_code, code_of(response)) == (409, "links-wait")
    after = [(await stranger.get(path_of(each))).content for each in standing]
    assert after == before
    # What stood there may stay, and what waits may be changed at will.
    await author.change(path_of(prompt), {"body": f"Rather like {LINK}."})
    await author.change(path_of(discussion), {"title": LINK, "is_closed": True})
    await author.change(part, {"body": "No link."}, If_Match=tag)
    await author.make(f"{path_of(fill)}/parts", {"body": "On it went."})
    waiting = await author.hand_in(f"{path_of(prompt)}/comments", {"body": LINK})
    await author.change(path_of(waiting), {"body": new})
    await set_state(service, waiting, "visible")
    assert (await stranger.read(path_of(waiting)))["body"] == new


async def test_what_is_spared_may_be_linked_later_too(town: Town) -> None:
    await screen(town, "links")
    prompt = await town.prompt(town.administrator)
    await town.administrator.change(path_of(prompt), {"body": LINK})


async def test_a_release_is_news(town: Town, service: FastAPI, stranger: Person) -> None:
    prompt = await town.prompt()
    await screen(town, "all")
    writer = town.somebody()
    fill = await writer.hand_in(f"{path_of(prompt)}/fills", {"body": "At last."})
    shown = await stranger.read(path_of(prompt))
    assert (shown["status"], shown["fills_count"], shown["last_filled_at"]) == ("open", 0, None)
    await set_state(service, fill, "visible")
    shown = await stranger.read(path_of(prompt))
    assert (shown["status"], shown["fills_count"]) == ("filled", 1)
    assert shown["last_filled_at"] is not None
    assert (await writer.read(path_of(fill)))["state"] == "visible"
