"""Whatever comes into sight and goes out of it, in whatever order.

Each list shows what is in sight, and each counter is what a recount says.
"""

from dataclasses import dataclass
from typing import TypeAlias

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.backstage import set_state
from tests.people import JSON, Person, Town, path_of
from tests.recount import recount
from tests.stories.drift import drifted_counters

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

#: A verb, which thing it is about, and a choice that the verb leaves.
Step: TypeAlias = tuple[str, int, int]

STATES = ("visible", "screened", "hidden")


@dataclass
class Thing:
    """A post as the model knows it. ``above`` is a fill's prompt, a comment's head."""

    kind: str
    shown: JSON
    author: Person
    state: str
    above: "Thing | None" = None
    was_visible: bool = False

    def stands(self) -> bool:
        """Whether everybody may know that it is, or was, there."""
        below = self.above is None or self.above.stands()
        return below and self.was_visible and self.state in ("visible", "deleted")

    def is_in_sight(self) -> bool:
        return self.state == "visible" and (self.above is None or self.above.stands())


class Board:
    """A board as a list of things in memory, beside the one that the service keeps. Whatever
    strangers post on it waits; what its keeper posts does not.
    """

    def __init__(self, town: Town, slug: str, service: FastAPI) -> None:
        self.town = Town(town.client, town.administrator, slug)
        self.service = service
        self.anonymous = town.somebody()
        self.things: list[Thing] = []

    async def take(self, step: Step) -> None:
        """Do one step here and there."""
        verb, which, choice = step
        if verb in ("prompt", "fill", "discussion", "comment"):
            await self._post(verb, which, choice)
            return
        if not self.things:
            return
        thing = self.things[which % len(self.things)]
        if verb == "delete":
            await self._delete(thing)
        elif verb == "finish":
            await self._finish(thing, choice)
        elif thing.state != "deleted":
            thing.state = STATES[choice % 3]
            thing.was_visible = thing.was_visible or thing.state == "visible"
            await set_state(self.service, thing.shown, thing.state)

    async def _post(self, kind: str, which: int, choice: int) -> None:
        author = self.anonymous if choice % 2 else self.town.administrator
        body: JSON = {"body": f"said {len(self.things)}"}
        above = self._above(kind, which)
        if kind in ("prompt", "discussion"):
            path = f"/boards/{self.town.slug}/{kind}s"
        elif above is None:
            return
        else:
            path = f"{path_of(above.shown)}/{kind}s"
        if kind == "fill":
            body["status"] = "wip" if choice % 3 else "complete"
        if kind == "comment" and choice % 4:
            on_it = [each for each in self.things if each.above is above]
            comments = [each for each in on_it if each.kind == "comment"]
            if comments:
                body["parent_id"] = comments[choice % len(comments)].shown["id"]
        response = await author.post(path, body)
        if response.status_code in (404, 409, 410, 422):
            assert above is not None
            assert not above.is_in_sight() or "parent_id" in body
            return
        assert response.status_code == (202 if author is self.anonymous else 201), response.text
        author.token = author.token or response.json().get("edit_token")
        state = response.json()["state"]
        self.things.append(
            Thing(kind, response.json(), author, state, above, was_visible=state == "visible")
        )

    def _above(self, kind: str, which: int) -> Thing | None:
        kinds = {"fill": ("prompt",), "comment": ("prompt", "fill", "discussion")}.get(kind, ())
        heads = [each for each in self.things if each.kind in kinds]
        return heads[which % len(heads)] if heads else None

    async def _delete(self, thing: Thing) -> None:
        response = await thing.author.delete(path_of(thing.shown))
        if response.status_code == 204:
            # What goes while it is out of sight brings nothing back that is below it.
            thing.was_visible = thing.was_visible and thing.state == "visible"
            thing.state = "deleted"
            return
        is_keeper = thing.author is self.town.administrator
        out_of_sight = not (thing.above is None or thing.above.stands())
        expected = 404 if out_of_sight and not is_keeper else 410
        assert response.status_code == expected, (thing, response.text)

    async def _finish(self, thing: Thing, choice: int) -> None:
        if thing.kind == "fill":
            status = ("wip", "complete", "abandoned")[choice % 3]
            response = await thing.author.patch(path_of(thing.shown), {"status": status})
            assert response.status_code in (200, 404, 410)
            response = await thing.author.post(f"{path_of(thing.shown)}/parts", {"body": "More."})
            assert response.status_code in (201, 404, 410)

    async def check(self, reader: Person, url: str) -> None:
        """Compare all that can be read with the model, and all counters with the rows."""
        for kind in ("prompt", "fill", "discussion"):
            listed = await reader.every_page(f"/boards/{self.town.slug}/{kind}s?limit=100")
            assert {each["id"] for each in listed} == self._in_sight(kind)
        read = set()
        for head in self.things:
            if head.kind != "comment" and head.stands():
                comments = await reader.every_page(f"{path_of(head.shown)}/comments?limit=100")
                read |= {each["id"] for each in comments if each["state"] == "visible"}
                assert all(
                    (each["body"] is None) != (each["state"] == "visible") for each in comments
                )
        assert read == self._in_sight("comment")
        await recount(self.town)
        assert drifted_counters(url) == {}

    def _in_sight(self, kind: str) -> set[str]:
        found = [each for each in self.things if each.kind == kind and each.is_in_sight()]
        return {each.shown["id"] for each in found}


VERBS = [
    "prompt",
    "fill",
    "fill",
    "discussion",
    "comment",
    "comment",
    "comment",
    "state",
    "state",
    "state",
]
steps = st.lists(
    st.tuples(
        st.sampled_from([*VERBS, "state", "delete", "finish"]),
        st.integers(0, 11),
        st.integers(0, 11),
    ),
    min_size=8,
    max_size=24,
)


@given(walk=steps)
@example(
    # A prompt with a fill and talk on both goes and comes back, and so does the fill meanwhile.
    walk=[
        *[("prompt", 0, 0), ("fill", 0, 0), ("comment", 0, 0), ("comment", 1, 0)],
        *[("state", 0, 2), ("state", 1, 2), ("state", 0, 0), ("state", 1, 0)],
    ]
)
@example(
    # What waits is deleted, released, hidden, and deleted while it is hidden.
    walk=[
        *[("prompt", 0, 1), ("delete", 0, 0), ("prompt", 0, 0), ("fill", 1, 1), ("fill", 1, 3)],
        *[("state", 2, 0), ("finish", 2, 1), ("state", 2, 2), ("delete", 2, 0), ("delete", 3, 0)],
        *[("fill", 1, 0), ("comment", 2, 0), ("state", 4, 2), ("delete", 4, 0)],
    ]
)
@example(
    # A reply that waits is released below a parent that has gone meanwhile, with its own parent.
    walk=[
        *[("prompt", 0, 0), ("comment", 0, 0), ("comment", 0, 2), ("comment", 0, 5)],
        *[("delete", 2, 0), ("delete", 1, 0), ("state", 3, 0), ("state", 3, 2), ("state", 3, 0)],
    ]
)
@example(
    # A discussion goes and comes back with its talk; another waits, is released, and is deleted.
    walk=[
        *[("discussion", 0, 0), ("comment", 0, 0), ("comment", 0, 2), ("state", 0, 2)],
        *[("state", 0, 0), ("discussion", 0, 1), ("state", 3, 0), ("comment", 1, 4)],
        *[("delete", 3, 0), ("delete", 2, 0), ("prompt", 0, 0)],
    ]
)
@settings(
    max_examples=15,
    deadline=None,
    database=None,
    # Each example founds a board of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_lists_and_counters_follow_whatever_comes_and_goes(
    town: Town, stranger: Person, service: FastAPI, database_url: str, walk: list[Step]
) -> None:
    slug = Town(town.client, town.administrator).slug
    await town.found_board(slug, screening="all")
    board = Board(town, slug, service)
    for step in walk:
        await board.take(step)
    await board.check(stranger, database_url)
