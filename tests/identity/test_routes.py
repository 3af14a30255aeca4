"""Masks, edit tokens and faces over HTTP."""

import re

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from app.identity.models import TOKEN, Token
from app.kit.clock import now
from app.kit.tokens import TokenKind, hash_of, new_token
from tests.people import Person, Town, code_of, path_of
from tests.tables import stored_bytes

pytestmark = pytest.mark.anyio

_TOKEN = re.compile(r"fbe_[0-9A-Za-z]{49}")


async def test_a_mask_can_be_put_on_ahead_of_the_first_post(town: Town) -> None:
    response = await town.somebody().post("/masks")
    assert response.status_code == 201
    assert set(response.json()) == {"edit_token"}
    assert response.headers["cache-control"] == "private, no-store"
    author = Person(town.client, response.json()["edit_token"])
    prompt = await town.prompt(author)
    assert "edit_token" not in prompt
    await author.change(path_of(prompt), {"title": "Mine"})


async def test_the_receipt_of_a_post_without_a_token_carries_one_and_nothing_else_does(
    town: Town, stranger: Person
) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    fill, comment = await town.fill(prompt), await town.comment(prompt)
    for receipt in (prompt, fill, comment):
        assert _TOKEN.fullmatch(receipt["edit_token"])
    texts = [
        (await stranger.get(path)).text
        for thing in (prompt, fill)
        for path in (path_of(thing), f"{path_of(thing)}/comments")
    ]
    texts.append((await author.patch(path_of(prompt), {"title": "Mine"})).text)
    assert not any(_TOKEN.search(text) or "edit_token" in text for text in texts)


async def test_each_post_without_a_token_makes_another_mask(town: Town) -> None:
    prompt = await town.prompt()
    fills = [await town.fill(prompt) for _ in range(3)]
    assert len({fill["edit_token"] for fill in fills}) == 3
    assert len({fill["author"]["face"] for fill in fills}) == 3


async def test_a_request_with_a_token_mints_no_new_one(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    posts = [
        await town.fill(prompt, author),
        await town.comment(prompt, author),
        await town.prompt(author),
    ]
    assert all("edit_token" not in post for post in posts)


async def test_the_author_is_recognised_throughout_one_conversation(town: Town) -> None:
    asker, writer, reader = [town.somebody() for _ in range(3)]
    prompt = await town.prompt(asker)
    fill = await town.fill(prompt, writer)
    said = [
        await town.comment(thing, person)
        for thing in (prompt, fill)
        for person in (asker, writer, reader)
    ]
    faces = [comment["author"]["face"] for comment in said]
    assert faces[:3] == faces[3:]
    assert len(set(faces)) == 3
    assert faces[:2] == [prompt["author"]["face"], fill["author"]["face"]]
    roles = [(comment["author"]["is_op"], comment["author"]["is_filler"]) for comment in said]
    assert roles == [(True, False), (False, True), (False, False)] * 2


async def test_the_same_mask_wears_another_face_in_another_conversation(town: Town) -> None:
    author = town.somebody()
    prompt, other = await town.prompt(author), await town.prompt(author)
    assert prompt["author"]["face"] != other["author"]["face"]
    comment = await town.comment(other, author)
    assert comment["author"]["face"] == other["author"]["face"]
    stranger_s = await town.prompt()
    comment = await town.comment(stranger_s, author)
    assert not comment["author"]["is_op"]
    assert comment["author"]["face"] not in (prompt["author"]["face"], other["author"]["face"])


async def test_who_fills_their_own_prompt_is_both(town: Town, stranger: Person) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    assert not prompt["author"]["is_filler"]
    fill = await town.fill(prompt, author)
    assert (fill["author"]["is_op"], fill["author"]["is_filler"]) == (True, True)
    assert (await stranger.read(path_of(prompt)))["author"]["is_filler"]
    await author.take_away(path_of(fill))
    assert not (await stranger.read(path_of(prompt)))["author"]["is_filler"]


async def test_a_board_may_show_no_faces(town: Town) -> None:
    await town.found_board(f"{town.slug}-2", show_faces=False)
    prompt = await town.somebody().make(f"/boards/{town.slug}-2/prompts", {"body": "Banter."})
    assert prompt["author"]["face"] is None
    assert prompt["author"]["is_op"]


async def test_an_account_posts_under_its_name_or_masked(town: Town) -> None:
    named = await town.prompt(town.administrator)
    masked = await town.prompt(town.administrator, anonymous=True)
    assert named["author"]["kind"] == "named"
    assert named["author"]["name"].startswith("keeper-")
    assert named["author"]["face"] is None
    assert masked["author"]["kind"] == "anonymous"
    assert masked["author"]["name"] is None
    assert named["author"]["name"] not in str(masked)
    await town.administrator.change(path_of(masked), {"title": "Mine too"})


async def test_nobody_is_told_that_a_named_and_a_masked_post_have_one_author(town: Town) -> None:
    prompt = await town.prompt(town.administrator)
    fill = await town.fill(prompt, town.administrator, anonymous=True)
    comment = await town.comment(prompt, town.administrator, anonymous=True)
    assert not fill["author"]["is_op"]
    assert not comment["author"]["is_op"]
    read = await town.somebody().read(path_of(prompt))
    assert not read["author"]["is_filler"]


async def test_only_moderators_wear_the_badge(town: Town) -> None:
    prompt = await town.prompt(town.administrator, as_moderator=True)
    assert prompt["author"]["is_moderator"]
    response = await town.somebody().post(
        f"/boards/{town.slug}/prompts", {"body": "I rule here.", "as_moderator": True}
    )
    assert (response.status_code, code_of(response)) == (403, "not-moderator")
    assert not (await town.prompt(town.administrator))["author"]["is_moderator"]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer fbe_otter",
        pytest.param(f"Bearer {'x' * 4000}", id="endless"),
        pytest.param(f"Basic {new_token(TokenKind.EDIT)}", id="another scheme"),
        pytest.param(f"Bearer {new_token(TokenKind.EDIT)}", id="nobody's edit token"),
        pytest.param(f"Bearer {new_token(TokenKind.SESSION)}", id="nobody's session"),
    ],
)
async def test_what_is_no_token_of_ours_is_refused_and_posts_nothing(
    town: Town, stranger: Person, header: str
) -> None:
    response = await stranger.post(
        f"/boards/{town.slug}/prompts", {"body": "Banter."}, Authorization=header
    )
    assert (response.status_code, code_of(response)) == (401, "unknown-token")
    assert response.headers["www-authenticate"] == "Bearer"
    assert not re.search("fb[es]_|xxx", response.text)
    assert (await stranger.read(f"/boards/{town.slug}"))["prompts_count"] == 0


async def test_a_token_that_is_off_by_one_character_changes_nothing(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, body="A rescue at sea.")
    assert author.token is not None
    for place in (4, 20, len(author.token) - 1):
        other = "a" if author.token[place] != "a" else "b"
        near_miss = author.token[:place] + other + author.token[place + 1 :]
        response = await Person(town.client, near_miss).patch(path_of(prompt), {"body": "Gone."})
        assert (response.status_code, code_of(response)) == (401, "unknown-token")
    assert (await author.read(path_of(prompt)))["body"] == "A rescue at sea."


async def test_a_revoked_token_stops_at_once(town: Town, service: FastAPI) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    assert author.token is not None
    async with service.state.site.database.writing() as session:
        revoked = update(Token).where(TOKEN.hash == hash_of(author.token))
        assert await session.run(revoked.values(revoked_at=now())) == 1
    assert code_of(await author.delete(path_of(prompt))) == "unknown-token"


async def test_a_stolen_database_holds_no_token(town: Town, database_url: str) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    assert author.token is not None
    stored = stored_bytes(database_url)
    assert prompt["id"].encode() in stored
    assert author.token.removeprefix("fbe_")[:-6].encode() not in stored
