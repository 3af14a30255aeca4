"""Whoever reads on misses nothing and gets nothing twice."""

import asyncio

import pytest
from fastapi import FastAPI
from sqlalchemy import delete, select, update

from app.boards.queries import lean_board
from app.core.database import Session
from app.core.tables import table_of
from app.events import following
from app.events.following import Extent
from app.main import create_app
from app.outbox.models import EVENT, OUTBOX, Event, Outbox
from app.outbox.service import forget_old_events
from app.prompts import queries
from app.prompts import service as prompt_service
from app.threads.states import State
from tests.backstage import set_state
from tests.clocks import Clock
from tests.conftest import new_client, settings_for
from tests.events.following import Reader, reader_of
from tests.people import JSON, Person, Town, code_of, faults_of, path_of
from tests.statements import statements

pytestmark = pytest.mark.anyio

WRITERS = 8


async def test_a_page_leads_on_to_the_next_and_its_cursor_is_where_it_ends(town: Town) -> None:
    reader = town.somebody()
    posted = [(await town.prompt())["id"] for _ in range(7)]
    path = f"/boards/{town.slug}/events?limit=3"
    first = await reader.read(path)
    assert [each["data"]["prompt"]["id"] for each in first["items"]] == posted[:3]
    assert await reader.read(first["next"]) == {
        **await reader.read(f"{path}&since={first['cursor']}")
    }
    assert [each["data"]["prompt"]["id"] for each in await reader.every_page(path)] == posted
    last = await reader.read(f"/boards/{town.slug}/events?since=&limit=100")
    assert last["next"] is None
    empty = await reader.read(f"{path}&since={last['cursor']}")
    assert (empty["items"], empty["next"], empty["cursor"]) == ([], None, last["cursor"])


async def test_latest_is_from_now_on(town: Town) -> None:
    reader = town.somebody()
    await town.prompt()
    now = await reader.read(f"/boards/{town.slug}/events?since=latest")
    assert now["items"] == []
    assert now["next"] is None
    prompt = await town.prompt()
    later = await reader.read(f"/boards/{town.slug}/events?since={now['cursor']}")
    assert [each["data"]["prompt"]["id"] for each in later["items"]] == [prompt["id"]]


async def test_types_and_tags_choose(town: Town) -> None:
    storm = await town.prompt(tags=["storm"], fandoms=["Original Work"])
    calm = await town.prompt(tags=["calm"], fandoms=["Original Work"])
    writer = town.somebody()
    fill = await town.fill(storm, writer, tags=["storm"])
    said = await town.comment(storm)
    await town.comment(calm)
    await town.discussion()
    alias = {"kind": "tag", "alias": "tempest", "canonical": "storm"}
    made = await town.administrator.post(f"/boards/{town.slug}/tag-aliases", alias)
    assert made.status_code == 201, made.text

    async def told(query: str) -> list[str]:
        reader = Reader(town.somebody(), town.slug, query, cursor="")
        return [next(iter(each["data"].values()))["id"] for each in await reader.read_on()]

    about_storm = [storm["id"], fill["id"], said["id"]]
    assert await told("&tag=storm") == await told("&tag=STORM") == about_storm
    assert await told("&tag=tempest") == about_storm
    assert await told("&tag=storm&fandom=Original%20Work") == about_storm
    assert await told("&tag=storm&tag=calm") == await told("&tag=unheard-of") == []
    assert await told("&types=fill.created&types=prompt.created") == [
        storm["id"],
        calm["id"],
        fill["id"],
    ]
    assert await told("&types=fill.created&tag=calm") == []
    # Whoever has a copy of it learns that it is gone.
    await writer.take_away(path_of(fill))
    assert await told("&types=fill.deleted&tag=storm") == [fill["id"]]


async def test_the_cursor_moves_on_over_what_is_not_wanted(town: Town) -> None:
    reader = await reader_of(town, "&types=fill.created")
    before = reader.cursor
    await town.prompt()
    assert await reader.read_on() == []
    assert reader.cursor != before


async def test_adult_things_are_only_told_of_to_whoever_asks(town: Town, service: FastAPI) -> None:
    reader, adult = await reader_of(town), await reader_of(town, "&adult=true")
    author = town.somebody()
    prompt = await town.prompt(author, rating="explicit", title="Behind the curtain")
    fill = await town.fill(prompt, rating="general")
    await town.comment(prompt, author)
    await town.comment(fill)
    path = f"/boards/{town.slug}/events?since={reader.cursor}"
    page = await reader.person.read(path)
    assert page["omitted"] == {"adult": 2, "filtered": 0}
    assert "Behind the curtain" not in str(page)
    assert await reader.types() == ["fill.created", "comment.created"]
    assert len(await adult.types()) == 4
    await set_state(service, prompt, "hidden")
    assert await reader.read_on() == []
    assert await adult.types() == ["prompt.withdrawn"]
    await set_state(service, prompt, "visible")
    await author.take_away(path_of(prompt))
    assert await reader.read_on() == []
    assert await adult.types() == ["prompt.restored", "prompt.deleted"]


async def test_a_cursor_of_another_board_or_an_edited_one_is_refused(town: Town) -> None:
    reader = await reader_of(town)
    other = await town.found_board("other-" + town.slug)
    for cursor, slug in ((reader.cursor, other["slug"]), (reader.cursor[:-2], town.slug)):
        answer = await reader.person.get(f"/boards/{slug}/events?since={cursor}")
        assert answer.status_code == 400
        assert code_of(answer) == "bad-cursor"
    for query in ("types=prompt.burned", "since=a&since=b", "limit=0", "limit=101", "q=a"):
        answer = await reader.person.get(f"/boards/{town.slug}/events?{query}")
        assert faults_of(answer)
    assert (await reader.person.get("/boards/no-such-board/events")).status_code == 404


async def test_events_are_kept_for_ninety_days(town: Town, service: FastAPI, clock: Clock) -> None:
    reader = await reader_of(town)
    old = reader.cursor
    await town.prompt()
    await reader.read_on()
    clock.move(days=89)
    await _forget(service)
    again = Reader(reader.person, town.slug, cursor=old)
    assert len(await again.read_on()) == 1
    prompt = await town.prompt()
    clock.move(days=2)
    await _forget(service)
    answer = await reader.person.get(f"/boards/{town.slug}/events?since={old}")
    assert answer.status_code == 410
    assert code_of(answer) == "cursor-expired"
    # Where that ended is still a place to read on from, and so is the beginning.
    for cursor in (reader.cursor, ""):
        again = Reader(reader.person, town.slug, cursor=cursor)
        (event,) = await again.read_on()
        assert event["data"]["prompt"]["id"] == prompt["id"]


async def test_whoever_reads_while_events_are_forgotten_hears_that_some_are_gone(
    town: Town, service: FastAPI, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = await reader_of(town)
    for _ in range(2):
        await town.prompt()
    look = following.extent_of

    async def forget_after_the_look(session: Session, board_id: int) -> Extent:
        monkeypatch.setattr(following, "extent_of", look)
        extent = await look(session, board_id)
        clock.move(days=91)
        await _forget(service)
        return extent

    monkeypatch.setattr(following, "extent_of", forget_after_the_look)
    answer = await reader.person.get(f"/boards/{town.slug}/events?since={reader.cursor}")
    assert (answer.status_code, code_of(answer)) == (410, "cursor-expired")


async def test_a_cursor_ahead_of_a_board_brought_back_from_a_copy_is_expired(
    town: Town, service: FastAPI
) -> None:
    reader = await reader_of(town)
    await town.prompt()
    await reader.read_on()
    async with service.state.site.database.writing() as session:
        board_id = await _board_id(session, town)
        await session.run(delete(table_of(Event)).where(EVENT.board_id == board_id))
        its = OUTBOX.board_id == board_id
        await session.run(update(table_of(Outbox)).where(its).values(latest=0))
    answer = await reader.person.get(f"/boards/{town.slug}/events?since={reader.cursor}")
    assert code_of(answer) == "cursor-expired"


async def test_an_unchanged_page_is_not_sent_again(town: Town) -> None:
    prompt, reader = await town.prompt(), town.somebody()
    path = f"/boards/{town.slug}/events"
    tag = await reader.tag_of(path)
    answer = await reader.get(path, If_None_Match=tag)
    assert answer.status_code == 304
    assert answer.headers["cache-control"] == "public, no-cache"
    assert "vary" not in answer.headers
    await town.comment(prompt)
    assert (await reader.get(path, If_None_Match=tag)).status_code == 200


async def test_a_page_takes_few_statements_whatever_is_on_it(town: Town, service: FastAPI) -> None:
    for _ in range(3):
        prompt = await town.prompt()
        fill = await town.fill(prompt)
        await town.comment(prompt)
        await town.comment(fill)
    with statements(service) as seen:
        await town.somebody().read(f"/boards/{town.slug}/events")
    # The board; where its events begin and end, twice; the events; where they begin by then;
    # prompts; fills and their parts; comments and what stands above them, of two kinds.
    assert len(seen) == 11, seen


@pytest.mark.thorough
async def test_whoever_reads_while_eight_write_misses_none_and_sees_none_twice(
    town: Town, service: FastAPI
) -> None:
    reader = await reader_of(town, "&types=comment.created&types=prompt.created")
    prompts = [await town.prompt() for _ in range(3)]
    expected = {each["id"] for each in prompts}
    is_over = False

    async def write(number: int) -> None:
        who = town.somebody()
        for turn in range(25):
            said = await town.comment(prompts[(number + turn) % 3], who)
            expected.add(said["id"])
            if turn % 5 == 0:
                expected.add((await town.prompt(who))["id"])
            if turn % 7 == 0:
                # What is refused takes no number that anybody would wait for.
                refused = await who.post(f"{path_of(prompts[0])}/comments", {"body": ""})
                assert refused.status_code == 422

    async def follow(one: Reader) -> None:
        while not is_over:
            await one.read_on()
            await asyncio.sleep(0)

    # Another process has a service of its own on the same database.
    other = await reader_of(town, reader.query)
    other.cursor = reader.cursor
    following = [asyncio.create_task(follow(each)) for each in (reader, other)]
    await asyncio.gather(*(write(number) for number in range(WRITERS)))
    is_over = True
    await asyncio.gather(*following)
    for each in (reader, other):
        await each.read_on()
        told = [next(iter(event["data"].values()))["id"] for event in each.heard]
        assert len(told) == len(set(told))
        assert set(told) == expected
    async with service.state.site.database.reading() as session:
        board_id = await _board_id(session, town)
        numbers = await session.all(select(EVENT.number).where(EVENT.board_id == board_id))
    assert sorted(row.number for row in numbers) == list(range(1, len(numbers) + 1))


@pytest.mark.only_on("postgresql")
@pytest.mark.thorough
async def test_two_services_on_one_database_tell_one_order(
    town: Town, service: FastAPI, database_url: str
) -> None:
    app = create_app(settings_for(database_url))
    app.openapi_schema = service.openapi()
    prompt = await town.prompt()
    reader = await reader_of(town)
    async with app.router.lifespan_context(app), new_client(app) as client:
        towns = [town, Town(client, town.administrator, town.slug)]

        async def write(number: int) -> list[JSON]:
            return [await towns[number % 2].comment(prompt) for _ in range(20)]

        said = await asyncio.gather(*(write(number) for number in range(WRITERS)))
        again = Reader(Person(client), town.slug, cursor=reader.cursor)
        events = await again.read_on()
    assert events == await reader.read_on()
    told = [each["data"]["comment"]["id"] for each in events]
    assert len(told) == len(set(told))
    assert set(told) == {each["id"] for some in said for each in some}
    # A thread's own order and the board's agree.
    seqs = [each["data"]["comment"]["seq"] for each in events]
    assert seqs == sorted(seqs)


async def test_an_event_is_undone_with_what_it_tells_of(town: Town, service: FastAPI) -> None:
    reader = await reader_of(town)
    prompt = await town.prompt(town.somebody())
    await reader.read_on()
    with pytest.raises(ZeroDivisionError):
        async with service.state.site.database.writing() as session:
            await _hide_and_fail(session, prompt)
    assert await reader.read_on() == []
    assert (await town.somebody().read(path_of(prompt)))["state"] == "visible"


async def _hide_and_fail(session: Session, prompt: JSON) -> None:
    row = await session.first(queries.prompt(prompt["id"]))
    assert row is not None
    await prompt_service.set_state(session, row, State.HIDDEN)
    raise ZeroDivisionError


async def _forget(service: FastAPI) -> None:
    """Forget all that is old: on other boards there may be much of it."""
    forgotten = 1
    while forgotten:
        async with service.state.site.database.writing() as session:
            forgotten = await forget_old_events(session)


async def _board_id(session: Session, town: Town) -> int:
    row = await session.first(lean_board(town.slug))
    assert row is not None
    number: int = row.id
    return number
