"""Counts of tags equal a recount, whatever comes and goes, and however many do so at once."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.tags import filing
from tests.backstage import set_state
from tests.people import JSON, Person, Town, path_of
from tests.stories.drift import drifted_counters

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

NAMES = ("one", "two", "three", "four")
STATES = ("visible", "screened", "hidden")
VERBS = ("prompt", "fill", "label", "rate", "state", "state", "delete", "part", "merge", "split")
Step = tuple[str, int, int]


class Board:
    """A board on which tagged works come and go."""

    def __init__(self, town: Town, service: FastAPI) -> None:
        self.town, self.service = town, service
        self.author, self.keeper = town.somebody(), town.administrator
        self.works: list[tuple[JSON, Person]] = []

    async def take(self, step: Step) -> None:
        """Do one step; what can't be done now is let go."""
        verb, which, choice = step
        tags = [NAMES[choice % 4], NAMES[(choice // 4) % 4]]
        if verb in ("prompt", "fill"):
            await self._post(verb, which, {"body": "Hm.", "tags": tags})
        elif verb in ("merge", "split"):
            await self._keep(verb, which, tags)
        elif self.works:
            work, owner = self.works[which % len(self.works)]
            await self._change(verb, work, owner, choice, tags)

    async def _post(self, kind: str, which: int, sent: JSON) -> None:
        owner = self.keeper if which % 2 else self.author
        path = f"/boards/{self.town.slug}/prompts"
        if kind == "fill":
            prompts = [work for work, _ in self.works if "number" in work]
            if not prompts:
                return
            path = f"{path_of(prompts[which % len(prompts)])}/fills"
        response = await owner.post(path, sent)
        assert response.status_code in (201, 404, 410)
        if response.status_code == 201:
            owner.token = owner.token or response.json()["edit_token"]
            self.works.append((response.json(), owner))

    async def _change(
        self, verb: str, work: JSON, owner: Person, choice: int, tags: list[str]
    ) -> None:
        path = path_of(work)
        if verb == "state":
            if (await self.keeper.get(f"{path}?adult=true")).status_code == 200:
                await set_state(self.service, work, STATES[choice % 3])
            return
        if verb == "part":
            if "number" not in work:
                await owner.post(f"{path}/parts", {"body": "Hm.", "content_notes": tags})
            return
        if verb == "delete":
            response = await owner.delete(path)
        elif verb == "label":
            response = await owner.patch(path, {"tags": tags})
        else:
            response = await owner.patch(path, {"rating": ("general", "mature")[choice % 2]})
        assert response.status_code in (200, 204, 404, 410), response.text

    async def _keep(self, verb: str, which: int, tags: list[str]) -> None:
        path = f"/boards/{self.town.slug}/tag-aliases"
        if verb == "merge":
            sent = {"kind": "tag", "alias": tags[0], "canonical": tags[1]}
            assert (await self.keeper.post(path, sent)).status_code in (200, 201, 409, 422)
            return
        standing = await self.keeper.every_page(path)
        if standing:
            await self.keeper.take_away(f"{path}/{standing[which % len(standing)]['id']}")


steps = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 7), st.integers(0, 15)),
    min_size=6,
    max_size=22,
)


@given(walk=steps)
@example(
    # Whoever keeps the board edits a fill of theirs while its prompt is out of sight.
    walk=[
        *[("prompt", 0, 0), ("fill", 1, 0), ("state", 0, 2), ("label", 1, 5), ("part", 1, 6)],
        *[("state", 0, 0)],
    ]
)
@example(
    walk=[("prompt", 0, 0), ("fill", 1, 0), ("state", 0, 2), ("label", 1, 5)],
)
@example(
    # Tags that are merged and parted again, on works that carry several of them.
    walk=[
        *[("prompt", 0, 4), ("prompt", 0, 9), ("merge", 0, 4), ("merge", 0, 9), ("label", 0, 2)],
        *[("split", 0, 0), ("split", 0, 0), ("rate", 1, 1)],
    ]
)
@settings(
    max_examples=12,
    deadline=None,
    database=None,
    # Each example founds a board of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_tags_count_the_works_that_lists_show(
    town: Town, service: FastAPI, database_url: str, walk: list[Step]
) -> None:
    own = Town(town.client, town.administrator)
    await own.found_board()
    board = Board(own, service)
    for step in walk:
        await board.take(step)
    assert drifted_counters(database_url) == {}
    reader = town.somebody()
    counted: dict[str, int] = {}
    for kind in ("prompt", "fill"):
        path = f"/boards/{own.slug}/facets?of=tag&of=content_note&adult=true&type={kind}"
        for name, values in (await reader.read(path))["facets"].items():
            for value in values:
                key = f"{name} {value['value']}"
                counted[key] = counted.get(key, 0) + value["count"]
    listed = await reader.every_page(f"/boards/{own.slug}/tags?adult=true")
    assert {f"{each['kind']} {each['name']}": each["count"] for each in listed} == counted


@pytest.fixture(autouse=True)
def _a_few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A merge is done in many small steps."""
    monkeypatch.setattr(filing, "_AT_ONCE", 3)


async def test_nothing_stays_under_a_synonym_that_is_merged_while_others_post(
    town: Town, database_url: str
) -> None:
    for _ in range(8):
        await town.prompt(tags=["kin"])
    alias: JSON = {"kind": "tag", "alias": "kin", "canonical": "family"}
    path = f"/boards/{town.slug}/tag-aliases"
    made = await asyncio.gather(
        *(town.prompt(tags=["kin", f"new {place}"]) for place in range(6)),
        town.administrator.post(path, alias),
        town.administrator.post(path, alias),
        *(town.prompt(tags=["family", "kin"]) for _ in range(6)),
    )
    answers: list[Any] = [each for each in made if not isinstance(each, dict)]
    assert sorted(each.status_code for each in answers) == [200, 201]
    assert drifted_counters(database_url) == {}
    tags = await town.somebody().every_page(f"/boards/{town.slug}/tags?q=family")
    assert [each["count"] for each in tags] == [20]


async def test_two_moderators_who_merge_the_other_way_round_make_no_circle(
    town: Town, database_url: str
) -> None:
    await town.prompt(tags=["kin"])
    await town.prompt(tags=["family"])
    path = f"/boards/{town.slug}/tag-aliases"
    answers = await asyncio.gather(
        town.administrator.post(path, {"kind": "tag", "alias": "kin", "canonical": "family"}),
        town.administrator.post(path, {"kind": "tag", "alias": "family", "canonical": "kin"}),
    )
    assert sorted(each.status_code for each in answers) == [201, 409]
    assert drifted_counters(database_url) == {}
    (tag,) = await town.somebody().every_page(f"/boards/{town.slug}/tags")
    assert tag["count"] == 2


async def test_boards_that_bring_the_same_new_tags_do_not_wait_in_a_circle(town: Town) -> None:
    names = [f"{town.slug} {place}" for place in range(8)]
    await town.found_board(f"{town.slug}-2")
    answers = await asyncio.gather(
        *(
            town.somebody().post(
                f"/boards/{slug}/prompts", {"body": "Hm.", "tags": names[:: 1 - 2 * (place % 2)]}
            )
            for place, slug in enumerate([town.slug, f"{town.slug}-2"] * 4)
        )
    )
    assert {each.status_code for each in answers} == {201}
