"""Prompts over HTTP."""

import pytest

from tests.people import Person, Town, code_of, path_of

pytestmark = pytest.mark.anyio


async def test_anybody_may_post_a_prompt_without_an_account(town: Town, stranger: Person) -> None:
    response = await stranger.post(f"/boards/{town.slug}/prompts", {"body": "A rescue at sea."})
    assert response.status_code == 201
    prompt = response.json()
    assert response.headers["location"] == prompt["url"]
    assert prompt["edit_token"].startswith("fbe_")
    assert prompt["number"] == 1
    assert prompt["author"]["is_op"]
    assert (await stranger.read(path_of(prompt)))["body"] == "A rescue at sea."
    assert code_of(await stranger.patch(path_of(prompt), {"title": "Mine"})) == "token-required"
