"""People who use a board over HTTP, in words that a test can be read by."""

import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

JSON = dict[str, Any]


@dataclass
class Person:
    """Somebody with a client and, once they posted or were given one, a token."""

    client: httpx.AsyncClient
    token: str | None = None

    async def send(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        """Send a request below ``/v1``, or to an absolute URL; header names with underscores."""
        url = path if path.startswith("http") else f"/v1{path}"
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        return await self.client.request(method, url, json=body, headers=sent)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.send("GET", path, **headers)

    async def read(self, path: str) -> JSON:
        """GET what must be there."""
        response = await self.get(path)
        assert response.status_code == 200, response.text
        content: JSON = response.json()
        return content

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return await self.send("POST", path, body if body is not None else {}, **headers)

    async def make(self, path: str, body: JSON) -> JSON:
        """POST what must be taken. Whoever had no token keeps the one that comes back."""
        response = await self.post(path, body)
        assert response.status_code == 201, response.text
        content: JSON = response.json()
        self.token = self.token or content.get("edit_token")
        return content

    async def put(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return await self.send("PUT", path, body, **headers)

    async def hand_in(self, path: str, body: JSON) -> JSON:
        """POST what must be taken, and must wait for a moderator."""
        response = await self.post(path, body)
        assert response.status_code == 202, response.text
        content: JSON = response.json()
        assert content["state"] == "screened"
        self.token = self.token or content.get("edit_token")
        return content

    async def patch(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return await self.send("PATCH", path, body, **headers)

    async def delete(self, path: str, **headers: str) -> httpx.Response:
        return await self.send("DELETE", path, **headers)

    async def change(self, path: str, changes: JSON, **headers: str) -> JSON:
        """PATCH what must be taken."""
        response = await self.patch(path, changes, **headers)
        assert response.status_code == 200, response.text
        content: JSON = response.json()
        return content

    async def take_away(self, path: str, **headers: str) -> None:
        """DELETE what must be taken away."""
        response = await self.delete(path, **headers)
        assert response.status_code == 204, response.text

    async def tag_of(self, path: str) -> str:
        """The ETag of what must be there."""
        response = await self.get(path)
        assert response.status_code == 200, response.text
        return response.headers["etag"]

    async def every_page(self, path: str) -> list[JSON]:
        """All items of a list, page after page."""
        items: list[JSON] = []
        following: str | None = path
        while following is not None:
            page = await self.read(following)
            items += page["items"]
            following = page["next"]
        return items


@dataclass
class Town:
    """A board, and people who come to it."""

    client: httpx.AsyncClient
    administrator: Person
    slug: str = field(default_factory=lambda: f"board-{uuid.uuid4().hex[:12]}")

    def somebody(self) -> Person:
        """A person nobody knows yet."""
        return Person(self.client)

    async def found_board(self, slug: str | None = None, **settings: Any) -> JSON:
        """Found a board; without a slug it is the town's."""
        body = {
            "slug": slug or self.slug,
            "name": "Lanterns",
            "settings": {"default_rating": "general", **settings},
        }
        return await self.administrator.make("/boards", body)

    async def round(self, **fields: Any) -> JSON:
        """Have a moderator add a round to the town's board."""
        return await self.administrator.make(f"/boards/{self.slug}/rounds", fields)

    async def change_round(self, number: int, **changes: Any) -> JSON:
        """Have a moderator change a round of the town's board."""
        return await self.administrator.change(f"/boards/{self.slug}/rounds/{number}", changes)

    async def prompt(self, author: Person | None = None, **fields: Any) -> JSON:
        """Have somebody post a prompt on the town's board."""
        body = {"body": "Two rivals share one umbrella.", **fields}
        return await (author or self.somebody()).make(f"/boards/{self.slug}/prompts", body)

    async def fill(self, prompt: JSON, author: Person | None = None, **fields: Any) -> JSON:
        """Have somebody fill a prompt."""
        body = {"body": "It rained, and nobody minded.", **fields}
        return await (author or self.somebody()).make(f"/prompts/{prompt['id']}/fills", body)

    async def part(self, fill: JSON, author: Person, **fields: Any) -> JSON:
        """Have the author of a fill add a part."""
        return await author.make(f"{path_of(fill)}/parts", {"body": "And then?", **fields})

    async def claim(self, prompt: JSON, owner: Person | None = None) -> JSON:
        """Have somebody claim a prompt, on a board that takes claims."""
        return await (owner or self.somebody()).make(f"{path_of(prompt)}/claims", {})

    async def discussion(self, author: Person | None = None, **fields: Any) -> JSON:
        """Have somebody begin a discussion on the town's board."""
        body = {"body": "Who else reads by lantern light?", **fields}
        return await (author or self.somebody()).make(f"/boards/{self.slug}/discussions", body)

    async def comment(
        self, on: JSON, author: Person | None = None, reply_to: JSON | None = None, **fields: Any
    ) -> JSON:
        """Have somebody comment on a prompt or a fill, or in a discussion."""
        body = {"body": "Oh, lovely!", **fields}
        if reply_to is not None:
            body["parent_id"] = reply_to["id"]
        return await (author or self.somebody()).make(f"{path_of(on)}/comments", body)


def path_of(thing: JSON) -> str:
    """The path below ``/v1`` of a prompt, a fill, a discussion or a comment."""
    if "url" in thing:
        return str(thing["url"]).split("/v1", 1)[1]
    return f"/comments/{thing['id']}"


def faults_of(response: httpx.Response) -> set[tuple[str, str]]:
    """The pointers and codes of all that a 422 complains of."""
    assert response.status_code == 422, response.text
    assert code_of(response) == "invalid"
    return {(fault["pointer"], fault["code"]) for fault in response.json()["errors"]}


def code_of(response: httpx.Response) -> str:
    """The code of a problem document."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    code: str = response.json()["code"]
    return code
