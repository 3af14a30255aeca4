"""How a tag is spelt is for the first to say whose words everybody sees."""

import pytest
from fastapi import FastAPI

from tests.backstage import set_state
from tests.people import Person, Town

pytestmark = pytest.mark.anyio


async def spelt(reader: Person, town: Town) -> list[str]:
    page = await reader.read(f"/boards/{town.slug}/tags?kind=tag")
    return [tag["name"] for tag in page["items"]]


async def test_what_waits_spells_no_tag(town: Town, stranger: Person) -> None:
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"screening": "all"}})
    word = town.slug
    await town.somebody().hand_in(
        f"/boards/{town.slug}/prompts", {"body": "Hm.", "tags": [f"{word} SHOUTED"]}
    )
    await town.prompt(town.administrator, tags=[f"{word} shouted"])
    assert await spelt(stranger, town) == [f"{word} shouted"]


async def test_what_is_released_spells_its_tags(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"screening": "all"}})
    word = town.slug
    waiting = await town.somebody().hand_in(
        f"/boards/{town.slug}/prompts", {"body": "Hm.", "tags": [f"{word} Steeped"]}
    )
    assert await spelt(stranger, town) == []
    await set_state(service, waiting, "visible")
    assert await spelt(stranger, town) == [f"{word} Steeped"]
