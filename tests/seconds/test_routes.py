"""Seconding prompts over HTTP."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from app.identity.models import MASK
from app.prompts.models import PROMPT, Prompt
from app.seconds.models import SECOND
from tests.backstage import set_columns, set_state
from tests.clocks import Clock, later
from tests.conftest import new_client
from tests.people import JSON, Person, Town, code_of, path_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def neighbour(service: FastAPI) -> AsyncIterator[Person]:
    """Somebody without a token, who comes from elsewhere than everybody else."""
    async with new_client(service, "198.51.100.7") as client:
        yield Person(client)


def second(prompt: JSON) -> str:
    return f"{path_of(prompt)}/second"


async def stance(person: Person, prompt: JSON) -> tuple[bool, int | None]:
    content = await person.read(second(prompt))
    assert set(content) == {"is_seconded", "seconds_count"}
    return content["is_seconded"], content["seconds_count"]


async def masked(town: Town) -> Person:
    """Somebody with a mask."""
    person = town.somebody()
    await person.make("/masks", {})
    return person


async def sources_kept(service: FastAPI, prompt: JSON) -> list[bytes | None]:
    """The sources that are stored with the seconds of a prompt."""
    of_prompt = select(PROMPT.id).where(PROMPT.public_id == prompt["id"]).scalar_subquery()
    async with service.state.site.database.reading() as session:
        rows = await session.all(
            select(SECOND.source).where(SECOND.prompt_id == of_prompt).order_by(SECOND.id)
        )
        return [row.source for row in rows]


async def test_a_prompt_is_seconded_once_and_can_be_taken_back(
    town: Town, stranger: Person
) -> None:
    prompt = await town.prompt()
    assert await stance(stranger, prompt) == (False, 0)
    for _ in range(3):
        response = await stranger.put(second(prompt))
        assert response.status_code == 200
        assert response.json() == {"is_seconded": True, "seconds_count": 1}
    assert await stance(stranger, prompt) == (True, 1)
    assert (await stranger.read(path_of(prompt)))["seconds_count"] == 1
    for _ in range(3):
        await stranger.take_away(second(prompt))
    assert await stance(stranger, prompt) == (False, 0)
    assert (await stranger.put(second(prompt))).json()["seconds_count"] == 1


async def test_a_second_without_a_token_makes_no_mask(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt = await town.prompt()

    async def masks() -> Any:
        async with service.state.site.database.reading() as session:
            return await session.scalar(select(func.count()).select_from(MASK.id.table))

    before = await masks()
    assert (await stranger.put(second(prompt))).status_code == 200
    assert await masks() == before
    await town.prompt()
    assert await masks() == before + 1


async def test_masks_accounts_and_networks_count_once_each(
    town: Town, stranger: Person, neighbour: Person
) -> None:
    prompt, other = await town.prompt(), await town.prompt()
    people = [await masked(town), await masked(town), town.administrator, stranger, neighbour]
    for count, person in enumerate(people):
        assert await stance(person, prompt) == (False, count)
        assert (await person.put(second(prompt))).json()["seconds_count"] == count + 1
        assert (await person.put(second(prompt))).json()["seconds_count"] == count + 1
    await people[0].take_away(second(prompt))
    await neighbour.take_away(second(prompt))
    standing = [(await stance(person, prompt))[0] for person in people]
    assert standing == [False, True, True, True, False]
    assert await stance(stranger, prompt) == (True, 3)
    assert await stance(stranger, other) == (False, 0)


async def test_an_account_counts_once_whatever_it_posts_as(town: Town) -> None:
    account = town.administrator
    prompt = await town.prompt(account, anonymous=True)
    await account.put(second(prompt))
    await town.comment(prompt, account)
    await town.comment(prompt, account, anonymous=True)
    assert (await account.put(second(prompt))).json()["seconds_count"] == 1


async def test_whoever_has_no_token_is_known_again_for_seven_days(
    town: Town, stranger: Person, service: FastAPI, clock: Clock
) -> None:
    # Far from the day's end: a key lives until seven days after its day began.
    clock.set(datetime(2027, 3, 1, 12, tzinfo=UTC))
    prompt = await town.prompt()
    await stranger.put(second(prompt))
    clock.move(days=6)
    assert await stance(stranger, prompt) == (True, 1)
    assert (await stranger.put(second(prompt))).json()["seconds_count"] == 1
    assert [len(source or b"") for source in await sources_kept(service, prompt)] == [32]
    clock.move(days=2)
    assert await stance(stranger, prompt) == (False, 1)
    await stranger.take_away(second(prompt))
    assert await stance(stranger, prompt) == (False, 1)
    assert await sources_kept(service, prompt) == [None]
    assert (await stranger.put(second(prompt))).json()["seconds_count"] == 2
    assert [source is None for source in await sources_kept(service, prompt)] == [True, False]


async def test_a_mask_is_known_for_good(town: Town, service: FastAPI) -> None:
    prompt, person = await town.prompt(), await masked(town)
    await person.put(second(prompt))
    assert await sources_kept(service, prompt) == [None]
    with later(days=400):
        assert await stance(person, prompt) == (True, 1)
        await person.take_away(second(prompt))
        assert await stance(person, prompt) == (False, 0)


async def test_what_is_stored_of_a_network_is_another_thing_each_day(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    today, tomorrow = await town.prompt(), await town.prompt()
    await stranger.put(second(today))
    with later(days=1):
        await stranger.put(second(tomorrow))
    (first,), (next_one,) = [await sources_kept(service, each) for each in (today, tomorrow)]
    assert first != next_one


@pytest.mark.parametrize(
    ("seconds_by", "by_stranger", "by_mask", "by_account"),
    [
        ("anyone", "", "", ""),
        ("masks", "token-required", "", ""),
        ("accounts", "token-required", "account-required", ""),
    ],
)
async def test_a_board_says_who_seconds(
    town: Town, stranger: Person, seconds_by: str, by_stranger: str, by_mask: str, by_account: str
) -> None:
    board = f"/boards/{town.slug}"
    prompt = await town.prompt()
    people = [
        (stranger, by_stranger),
        (await masked(town), by_mask),
        (town.administrator, by_account),
    ]
    for person, _ in people:
        await person.put(second(prompt))
    await town.administrator.change(board, {"settings": {"seconds_by": seconds_by}})
    for person, _ in people:
        assert (await stance(person, prompt))[0]
        await person.take_away(second(prompt))
    for person, refusal in people:
        response = await person.put(second(prompt))
        if refusal:
            assert code_of(response) == refusal
            assert response.status_code == (401 if refusal == "token-required" else 403)
        else:
            assert response.status_code == 200, response.text
    assert await stance(stranger, prompt) == (
        not by_stranger,
        sum(not refusal for _, refusal in people),
    )


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("visible", (200, 200, 204)),
        ("deleted", (410, 410, 410)),
        ("hidden", (404, 404, 404)),
        ("screened", (404, 404, 404)),
        ("frozen", (200, 200, 204)),
        ("closed", (200, 200, 204)),
        ("archived", (200, 409, 204)),
    ],
)
async def test_what_can_be_done_in_each_state(
    town: Town, service: FastAPI, state: str, expected: tuple[int, int, int]
) -> None:
    author = town.somebody()
    prompt, person = await town.prompt(author), await masked(town)
    await person.put(second(prompt))
    if state == "deleted":
        await author.take_away(path_of(prompt))
    elif state in ("closed", "archived"):
        await town.change_round(1, phase=state)
    elif state == "frozen":
        await set_columns(service, Prompt, prompt["id"], is_frozen=True)
    else:
        await set_state(service, prompt, state)
    answers = [
        await person.get(second(prompt)),
        await person.put(second(prompt)),
        await person.delete(second(prompt)),
    ]
    assert tuple(each.status_code for each in answers) == expected
    codes = {404: "not-found", 409: "round-closed", 410: "gone"}
    for answer in answers:
        if answer.status_code in codes:
            assert code_of(answer) == codes[answer.status_code]


async def test_there_is_nothing_to_second_where_no_prompt_is(stranger: Person) -> None:
    for method in ("GET", "PUT", "DELETE"):
        response = await stranger.send(method, "/prompts/0000000000000000/second")
        assert (response.status_code, code_of(response)) == (404, "not-found")


async def test_an_adult_prompt_is_seconded_without_a_flag_and_asked_about_with_one(
    town: Town, stranger: Person
) -> None:
    prompt = await town.prompt(rating="explicit")
    assert (await stranger.put(second(prompt))).status_code == 200
    assert code_of(await stranger.get(second(prompt))) == "adult-content"
    assert (await stranger.read(f"{second(prompt)}?adult=true"))["is_seconded"]
    assert (await stranger.delete(second(prompt))).status_code == 204


async def test_nobody_keeps_an_answer_that_depends_on_who_asks(
    town: Town, stranger: Person
) -> None:
    prompt = await town.prompt()
    for person in (stranger, await masked(town)):
        for answer in (await person.get(second(prompt)), await person.put(second(prompt))):
            assert answer.headers["cache-control"] == "private, no-store"
        assert (await person.get(second(prompt))).headers["vary"] == "Authorization"


async def test_a_reader_is_told_when_nothing_changed_and_a_condition_is_honoured(
    town: Town, stranger: Person
) -> None:
    prompt = await town.prompt()
    tag = await stranger.tag_of(second(prompt))
    unchanged = await stranger.get(second(prompt), If_None_Match=tag)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    # That somebody else seconds it is no conflict.
    await (await masked(town)).put(second(prompt))
    done = await stranger.put(second(prompt), If_Match=tag)
    assert done.status_code == 200
    assert (await stranger.get(second(prompt), If_None_Match=tag)).status_code == 200
    for answer in (
        await stranger.put(second(prompt), If_Match=tag),
        await stranger.delete(second(prompt), If_Match=tag),
    ):
        assert code_of(answer) == "precondition-failed"
    assert (await stranger.delete(second(prompt), If_Match=done.headers["etag"])).status_code == 204


async def test_a_board_without_counts_says_only_whether_you_have(
    town: Town, stranger: Person
) -> None:
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"show_counts": False}})
    prompt = await town.prompt()
    assert (await stranger.put(second(prompt))).json() == {
        "is_seconded": True,
        "seconds_count": None,
    }
    assert await stance(stranger, prompt) == (True, None)


async def test_the_prompts_version_moves_with_the_count_and_at_no_other_time(
    town: Town, stranger: Person
) -> None:
    prompt = await town.prompt()
    paths = (path_of(prompt), f"/boards/{town.slug}/prompts")
    reader = town.somebody()

    async def tags() -> list[str]:
        return [await reader.tag_of(path) for path in paths]

    never = await tags()
    await stranger.delete(second(prompt))
    assert await tags() == never
    await stranger.put(second(prompt))
    once = await tags()
    assert not set(once) & set(never)
    await stranger.put(second(prompt))
    assert await tags() == once
    await stranger.delete(second(prompt))
    assert await tags() == never


async def test_a_second_is_no_news_and_no_edit(town: Town, stranger: Person) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    before = await author.get(path_of(prompt))
    await stranger.put(second(prompt))
    after = await author.read(path_of(prompt))
    assert after == {**before.json(), "seconds_count": 1}
    edited = await author.patch(path_of(prompt), {"title": "Rain"}, If_Match=before.headers["etag"])
    assert edited.status_code == 200


async def test_there_is_nothing_to_send(town: Town, stranger: Person) -> None:
    prompt = await town.prompt()
    assert (await stranger.send("PUT", second(prompt), {})).status_code == 200
    response = await stranger.send("PUT", second(prompt), {"is_seconded": False})
    assert (response.status_code, code_of(response)) == (422, "invalid")
