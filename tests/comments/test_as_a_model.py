"""A thread does what a simple tree does, whatever is posted and deleted in whatever order."""

from dataclasses import dataclass, field
from typing import TypeAlias

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.comments.ledger import check_books, check_round
from tests.people import JSON, Person, Town, path_of

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

#: One step: ``post`` at the top level, ``reply`` to or ``delete`` the comment of that number.
Step: TypeAlias = tuple[str, int]


@dataclass
class Node:
    """A comment as the model knows it."""

    body: str | None
    replies: list["Node"] = field(default_factory=list)

    def is_shown(self) -> bool:
        return self.body is not None or any(each.is_shown() for each in self.replies)

    def listed(self, depth: int = 0) -> list[tuple[int, str | None, int]]:
        """Depth, body and count of replies of itself and all below, as the list shows them."""
        if not self.is_shown():
            return []
        shown = sum(each.is_shown() for each in self.replies)
        below = [line for each in self.replies for line in each.listed(depth + 1)]
        return [(depth, self.body, shown), *below]


class Model:
    """A thread as a tree in memory, beside the one that the service keeps."""

    def __init__(self, town: Town, head: JSON) -> None:
        self.town = town
        self.head = head
        self.author = town.somebody()
        self.top: list[Node] = []
        self.all: list[tuple[Node, JSON]] = []

    async def take(self, step: Step) -> None:
        """Do one step here and there, and see that both say the same of it."""
        verb, number = step
        if verb == "post" or not self.all:
            await self._post(None)
        elif verb == "reply":
            await self._post(self.all[number % len(self.all)])
        else:
            node, comment = self.all[number % len(self.all)]
            response = await self.author.delete(path_of(comment))
            assert response.status_code == (410 if node.body is None else 204)
            node.body = None

    async def _post(self, parent: tuple[Node, JSON] | None) -> None:
        body = {"body": f"said {len(self.all)}"}
        if parent is not None:
            body["parent_id"] = parent[1]["id"]
        response = await self.author.post(f"{path_of(self.head)}/comments", body)
        if parent is not None and parent[0].body is None:
            assert response.status_code == 409
            return
        assert response.status_code == 201
        comment = response.json()
        self.author.token = self.author.token or comment["edit_token"]
        node = Node(comment["body"])
        (self.top if parent is None else parent[0].replies).append(node)
        self.all.append((node, comment))
        assert comment["seq"] == len(self.all)

    async def check(self, reader: Person) -> None:
        """Compare all that can be read of the thread."""
        expected = [line for each in self.top for line in each.listed()]
        items = await reader.every_page(f"{path_of(self.head)}/comments?limit=4")
        assert [(each["depth"], each["body"], each["replies_count"]) for each in items] == expected
        head = await reader.read(path_of(self.head))
        assert head["comments_count"] == sum(node.body is not None for node, _ in self.all)
        assert head["latest_seq"] == len(self.all)
        newest = await reader.every_page(f"{path_of(self.head)}/comments?sort=newest")
        by_time = [comment["id"] for node, comment in reversed(self.all) if node.is_shown()]
        assert [each["id"] for each in newest] == by_time


steps = st.lists(
    st.tuples(st.sampled_from(["post", "reply", "reply", "delete"]), st.integers(0, 20)),
    min_size=4,
    max_size=22,
)


@given(walk=steps)
@example(
    walk=[("post", 0), ("reply", 0), ("reply", 1), ("delete", 1), ("delete", 0), ("delete", 2)]
)
@example(walk=[("post", 0), ("reply", 0), ("delete", 0), ("reply", 0), ("delete", 1), ("post", 0)])
@settings(
    max_examples=12,
    deadline=None,
    database=None,
    # Each example makes a prompt of its own, on one board.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_a_thread_does_what_a_tree_does(
    town: Town, stranger: Person, service: FastAPI, walk: list[Step]
) -> None:
    model = Model(town, await town.prompt())
    for place, step in enumerate(walk):
        await model.take(step)
        if place % 4 == 3:
            await model.check(stranger)
    await model.check(stranger)
    await check_books(service, model.head)
    await check_round(service, model.head)
