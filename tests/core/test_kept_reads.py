"""What everybody gets alike is answered again without being made again, until anything changes."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.main import create_app
from tests.backstage import set_state
from tests.clocks import Clock
from tests.conftest import new_client, settings_for
from tests.people import Person, Town, path_of
from tests.statements import Run, listening
from tests.tables import connected

pytestmark = pytest.mark.anyio


async def paths_of(town: Town) -> list[str]:
    prompt = await town.prompt(tags=["storm"])
    fill = await town.fill(prompt)
    discussion = await town.discussion()
    comment = await town.comment(fill)
    board = f"/boards/{town.slug}"
    return [
        *(board, "/boards", f"{board}/rounds", f"{board}/prompts", f"{board}/fills?tag=storm"),
        *(f"{board}/facets?of=tag", f"{board}/tags", f"{board}/events", f"{board}/mod-log"),
        *(path_of(prompt), f"{path_of(prompt)}?embed=fills", f"{board}/prompts/1", path_of(fill)),
        *(f"{path_of(fill)}/parts", f"{path_of(fill)}/parts/1", path_of(comment)),
        *(f"{path_of(comment)}/thread", path_of(discussion), f"{path_of(discussion)}/comments"),
        *("/search?q=storm", "/tags?q=st", "/reasons"),
    ]


async def test_an_answer_that_is_asked_for_again_is_not_made_again(
    town: Town, service: FastAPI
) -> None:
    reader = town.somebody()
    for path in await paths_of(town):
        first = await reader.get(path)
        assert first.status_code == 200, path
        again = await _asked_for_nothing(service, reader, path)
        own = {name: value for name, value in again.headers.items() if name != "x-request-id"}
        assert own == {each: first.headers[each] for each in own}
        assert again.content == first.content
        unchanged = await reader.get(path, If_None_Match=first.headers["etag"])
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged.headers["cache-control"] == "public, no-cache"


async def _asked_for_nothing(service: FastAPI, reader: Person, path: str) -> httpx.Response:
    """The answer for which the database is asked no more than how far it has come. A second may end
    in between, and on PostgreSQL others write on the same server, so some tries are allowed.
    """
    for _ in range(50):
        asked: list[Run] = []
        with listening(service, asked.append, forgets=False):
            answer = await reader.get(path)
        if not asked:
            return answer
    raise AssertionError((path, asked))


async def test_whatever_is_written_is_read_at_once(town: Town, service: FastAPI) -> None:
    author, reader = town.somebody(), town.somebody()
    prompt = await town.prompt(author, title="One lantern")
    path, board = path_of(prompt), f"/boards/{town.slug}"
    for number in range(5):
        await author.change(path, {"title": f"{number} lanterns"})
        assert (await reader.read(path))["title"] == f"{number} lanterns"
        await town.comment(prompt)
        assert (await reader.read(path))["comments_count"] == number + 1
        listed = await reader.read(f"{board}/prompts")
        assert listed["items"][0]["title"] == f"{number} lanterns"
    await set_state(service, prompt, "hidden")
    assert (await reader.get(path)).status_code == 404
    assert (await reader.read(f"{board}/prompts"))["items"] == []
    await set_state(service, prompt, "visible")
    assert (await reader.get(path)).status_code == 200


async def test_whoever_sends_a_token_gets_their_own_answer(town: Town, service: FastAPI) -> None:
    author, reader = town.somebody(), town.somebody()
    prompt = await town.prompt(author)
    path = path_of(prompt)
    await set_state(service, prompt, "hidden")
    for _ in range(2):
        assert (await author.get(path)).status_code == 200
        assert (await reader.get(path)).status_code == 404
    unknown = await Person(town.client, "fbe_nothing").get(path)
    assert unknown.status_code == 401


async def test_what_the_clock_changes_changes_within_the_second(town: Town, clock: Clock) -> None:
    reader, path = town.somebody(), f"/boards/{town.slug}"
    await town.change_round(1, closes_at=clock.after(hours=1))
    before = await reader.read(path)
    assert before["current_round"]["phase"] == "prompting"
    clock.move(hours=2)
    assert (await reader.read(path))["current_round"]["phase"] == "closed"


async def test_what_another_process_writes_is_read_at_once(town: Town, database_url: str) -> None:
    reader, path = town.somebody(), f"/boards/{town.slug}"
    assert (await reader.read(path))["name"] == "Lanterns"
    with connected(database_url) as connection:
        connection.execute(
            text("UPDATE board SET name = 'Lamps' WHERE slug = :slug"), {"slug": town.slug}
        )
        connection.commit()
    assert (await reader.read(path))["name"] == "Lamps"


@pytest.mark.only_on("postgresql")
async def test_two_services_never_show_what_the_other_has_changed(
    town: Town, service: FastAPI, database_url: str
) -> None:
    app = create_app(settings_for(database_url))
    app.openapi_schema = service.openapi()
    author = town.somebody()
    path = path_of(await town.prompt(author))
    async with app.router.lifespan_context(app), new_client(app) as client:
        there = Person(client)
        for number in range(5):
            await author.change(path, {"title": f"{number} lanterns"})
            assert (await there.read(path))["title"] == f"{number} lanterns"


async def test_private_and_random_answers_are_made_each_time(town: Town, service: FastAPI) -> None:
    prompt, reader = await town.prompt(), town.somebody()
    board = f"/boards/{town.slug}"
    for path in (f"{path_of(prompt)}/second", f"{board}/prompts/random"):
        first = await reader.get(path)
        assert first.headers["cache-control"].startswith("private")
        tag = first.headers["etag"]
        assert (await reader.get(path, If_None_Match=tag)).status_code in (200, 304)
    assert service.state.site.reads.get((f"/v1{board}/prompts/random", b""), ()) is None


async def test_many_who_ask_the_same_at_once_have_it_made_once(
    town: Town, service: FastAPI
) -> None:
    await town.prompt()
    path, reader = f"/boards/{town.slug}/prompts", town.somebody()
    alone: list[Run] = []
    with listening(service, alone.append):
        first = await reader.get(path)
    for _ in range(50):
        asked: list[Run] = []
        with listening(service, asked.append):
            answers = await asyncio.gather(*(reader.get(path) for _ in range(20)))
        assert {each.content for each in answers} == {first.content}
        # A second may end while they ask.
        if len(asked) == len(alone):
            return
    raise AssertionError(len(asked))
