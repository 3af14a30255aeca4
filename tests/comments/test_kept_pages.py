"""Pages that are answered early and kept are the pages that the whole way makes, always."""

import itertools
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TypeAlias
from urllib.parse import parse_qsl

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.comments.models import Comment
from app.core.errors import Gone, NotFound
from app.fills.models import Fill
from tests.backstage import set_columns, set_state, some_account
from tests.people import JSON, Person, Town, path_of
from tests.statements import statements

pytestmark = pytest.mark.anyio

#: A verb, which thing it is about, and a choice that the verb leaves.
Step: TypeAlias = tuple[str, int, int]


@pytest.fixture
async def reader(service: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A stranger who reads."""
    transport = httpx.ASGITransport(service)
    async with httpx.AsyncClient(transport=transport, base_url="http://board.test/v1") as client:
        yield client


def spelt_out(query: str) -> str:
    """A query that means the same, spelt as hardly anybody does: it goes the whole way."""
    if not query:
        return "limit=%32%35"
    return "&".join(
        f"{name}=" + "".join(f"%{byte:02X}" for byte in value.encode())
        for name, value in parse_qsl(query, keep_blank_values=True)
    )


async def both_ways(
    reader: httpx.AsyncClient, path: str, query: str, **headers: str
) -> tuple[httpx.Response, httpx.Response]:
    """What is answered to a query and to the same query spelt out."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    plain = await reader.get(f"{path}?{query}" if query else path, headers=sent)
    return plain, await reader.get(f"{path}?{spelt_out(query)}", headers=sent)


def assert_equal(plain: httpx.Response, whole: httpx.Response) -> None:
    """Check that two answers differ in nothing but the id of their request."""
    assert plain.status_code == whole.status_code
    ids = [each.headers.pop("x-request-id") for each in (plain, whole)]
    assert plain.headers.raw == whole.headers.raw
    bodies = [
        each.content.replace(own.encode(), b"")
        for each, own in zip((plain, whole), ids, strict=True)
    ]
    assert bodies[0] == bodies[1]


async def test_whatever_is_asked_both_ways_answer_alike(
    town: Town, service: FastAPI, reader: httpx.AsyncClient
) -> None:
    op, filler = town.somebody(), town.somebody()
    prompt = await town.prompt(op)
    fill = await town.fill(prompt, filler)
    adult = await town.prompt(rating="explicit")
    gone, hidden = await town.prompt(op), await town.prompt()
    for head in (prompt, fill, adult, gone, hidden):
        first = await town.comment(head, op)
        second = await town.comment(head, filler, first)
        await town.comment(head, town.administrator, second, as_moderator=True)
        await town.comment(head, filler, part_number=1) if head is fill else None
        taken_away = await town.comment(head, op, first)
        await town.comment(head, None, taken_away)
        await op.take_away(path_of(taken_away))
    await op.take_away(path_of(gone))
    await set_state(service, hidden, "hidden")
    paths = [f"{path_of(each)}/comments" for each in (prompt, fill, adult, gone, hidden)]
    paths += ["/prompts/0000000000000000/comments", "/fills/nothing/comments"]
    # To an expression, the end of a line may be the end of a text; to nobody it ends an address.
    paths += [f"{paths[0]}%0A", f"{paths[1]}%0A", f"{path_of(prompt)}%0A/comments"]
    cursors = [""]
    for sort in ("thread", "newest"):
        page = (await reader.get(f"{paths[0]}?sort={sort}&limit=2")).json()
        cursors.append(dict(parse_qsl(page["next"].partition("?")[2]))["cursor"])
    limits = ("", "limit=2", "limit=100", "limit=02", "limit=101")
    more = ("", "sort=newest", "sort=thread", "sort=oldest", "depth=1", "since=1", "replies=1")
    odd = ("adult=true&adult=true", "nonsense=1", "limit=", "cursor=nonsense", "adult=yes")
    queries = {
        "&".join(filter(None, (adults, kind, limit, f"cursor={cursor}" if cursor else "")))
        for adults, kind, limit, cursor in itertools.product(
            ("", "adult=true"), more, limits, cursors
        )
    }
    statuses = set()
    asked = [(paths[0], query) for query in [*sorted(queries)[::2], *odd]]
    asked += [(path, query) for path in paths[1:] for query in [*sorted(queries)[::17], *odd]]
    for path, query in asked:
        plain, whole = await both_ways(reader, path, query)
        statuses.add(plain.status_code)
        tag = plain.headers.get("etag", '"none"')
        assert_equal(plain, whole)
        assert_equal(*await both_ways(reader, path, query, If_None_Match=f'"other", W/{tag}'))
    assert statuses == {200, 400, 403, 404, 422}


async def test_a_page_takes_few_statements_and_an_unchanged_one_takes_one(
    town: Town, service: FastAPI, reader: httpx.AsyncClient
) -> None:
    prompt = await town.prompt()
    for _ in range(4):
        last = await town.comment(prompt)
        await town.comment(prompt, None, last)
    path = f"{path_of(prompt)}/comments?limit=3"
    following = (await reader.get(path)).json()["next"]
    await town.comment(prompt)
    for asked, built in ((path, 3), (following, 4)):
        for expected in (built, 1):
            with statements(service) as seen:
                answer = await reader.get(asked)
            assert len(seen) == expected, seen
        tag = answer.headers["etag"]
        with statements(service) as seen:
            assert (await reader.get(asked, headers={"If-None-Match": tag})).status_code == 304
        assert len(seen) == 1


async def test_the_database_counts_what_pages_show(service: FastAPI, kind: str) -> None:
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    async with service.state.site.database.reading() as session:
        found = {name for (name,) in await session.all(text(catalogue[kind]))}
    assert {f"comment_{verb}" for verb in ("comes", "changes", "goes")} <= found
    assert {f"fill_{verb}" for verb in ("comes", "changes", "goes")} <= found
    assert {f"part_{verb}" for verb in ("moves", "goes")} <= found


class Walk:
    """A prompt with a fill, about which people do this and that while a reader reads on."""

    def __init__(self, town: Town, service: FastAPI, prompt: JSON, fill: JSON) -> None:
        self.town, self.service, self.prompt, self.fill = town, service, prompt, fill
        self.people: list[Person] = []
        self.comments: list[tuple[JSON, Person]] = []
        self.fills: list[JSON] = [fill]

    @classmethod
    async def begin(cls, town: Town, service: FastAPI) -> "Walk":
        """Have a prompt posted, a fill in two parts, and something said about each."""
        slug = (await town.found_board(f"walk-{uuid.uuid4().hex[:12]}"))["slug"]
        own = Town(town.client, town.administrator, slug)
        op, filler, other = people = [own.somebody() for _ in range(3)]
        prompt = await own.prompt(op)
        walk = cls(own, service, prompt, await own.fill(prompt, filler, parts_expected=None))
        await own.part(walk.fill, filler)
        walk.people = [*people]
        for head in (prompt, walk.fill):
            for author in people:
                walk.comments.append((await own.comment(head, author), author))
        fill_comment = await own.comment(walk.fill, other, part_number=2)
        walk.comments.append((fill_comment, other))
        return walk

    async def take(self, step: Step) -> None:
        """Do one thing, or find that it can't be done now."""
        verb, which, choice = step
        await getattr(self, f"_{verb}")(which, choice)

    async def _say(self, which: int, choice: int) -> None:
        head, author = (self.prompt, self.fill)[which % 2], self.people[choice % 3]
        body: JSON = {"body": f"said {which}"}
        if choice % 4:
            body["parent_id"] = self.comments[which % len(self.comments)][0]["id"]
        answer = await author.post(f"{path_of(head)}/comments", body)
        if answer.status_code == 201:
            self.comments.append((answer.json(), author))

    async def _edit(self, which: int, choice: int) -> None:
        comment, author = self.comments[which % len(self.comments)]
        await author.patch(path_of(comment), {"body": f"*edited* {choice}"})

    async def _delete(self, which: int, _choice: int) -> None:
        comment, author = self.comments[which % len(self.comments)]
        await author.delete(path_of(comment))

    async def _moderate(self, which: int, choice: int) -> None:
        comment, _ = self.comments[which % len(self.comments)]
        state = ("hidden", "screened", "visible")[choice % 3]
        # It may have been deleted, or be below a prompt that is out of sight.
        with suppress(Gone, NotFound):
            await set_state(self.service, comment, state)

    async def _mark(self, which: int, choice: int) -> None:
        comment, _ = self.comments[which % len(self.comments)]
        changes = ({"is_frozen": True}, {"is_moderator": True}, {"mask_id": None})[choice % 3]
        await set_columns(self.service, Comment, comment["id"], **changes)

    async def _parts(self, _which: int, choice: int) -> None:
        filler, path = self.people[1], f"{path_of(self.fill)}/parts"
        if choice % 3 == 0:
            await filler.post(path, {"body": "And before that?", "number": 1})
            return
        tag = (await filler.get(f"{path}/1")).headers.get("etag", '""')
        if choice % 3 == 1:
            await filler.patch(f"{path}/1", {"number": 2}, If_Match=tag)
        else:
            await filler.delete(f"{path}/1", If_Match=tag)

    async def _fill(self, _which: int, choice: int) -> None:
        author = self.people[2 if choice % 2 else 0]
        answer = await author.post(f"{path_of(self.prompt)}/fills", {"body": "It rained."})
        if answer.status_code == 201:
            self.fills.append(answer.json())

    async def _refill(self, which: int, choice: int) -> None:
        fill = self.fills[which % len(self.fills)]
        if choice % 4 == 3:
            signed = await some_account(self.service) if which % 2 else None
            await set_columns(self.service, Fill, fill["id"], account_id=signed)
        else:
            await set_state(self.service, fill, ("hidden", "visible", "screened")[choice % 3])

    async def _prompt(self, which: int, choice: int) -> None:
        changes: list[JSON] = [
            {"title": f"Umbrellas {which}"},
            {"rating": "explicit"},
            {"rating": "teen"},
        ]
        if choice % 4 == 3:
            state = "hidden" if which % 3 == 0 else "visible"
            await set_state(self.service, self.prompt, state)
        else:
            await self.people[0].patch(path_of(self.prompt), changes[choice % 4])

    async def _board(self, _which: int, choice: int) -> None:
        changes = {"settings": {"show_faces": bool(choice % 2)}}
        await self.town.administrator.change(f"/boards/{self.town.slug}", changes)

    async def check(self, reader: httpx.AsyncClient) -> None:
        """Compare what is kept with what the whole way makes."""
        for head, query in itertools.product(
            (self.prompt, self.fill), ("", "adult=true&limit=3", "adult=true&sort=newest")
        ):
            path = f"{path_of(head)}/comments"
            assert_equal(*await both_ways(reader, path, query))
            if query == "adult=true&limit=3":
                page = (await reader.get(f"{path}?{query}")).json()
                if page.get("next"):
                    _, _, later = page["next"].partition("?")
                    assert_equal(*await both_ways(reader, path, later))


VERBS = ("say", "edit", "delete", "moderate", "mark", "parts", "fill", "refill", "prompt", "board")
steps = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 30), st.integers(0, 11)),
    min_size=6,
    max_size=10,
)


@pytest.mark.thorough
@given(walk=steps)
@example(walk=[(verb, which, which) for which in (0, 3) for verb in VERBS])
@settings(
    max_examples=3,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_a_kept_page_is_the_page_that_would_be_made_now(
    town: Town, service: FastAPI, reader: httpx.AsyncClient, walk: list[Step]
) -> None:
    talked_about = await Walk.begin(town, service)
    await talked_about.check(reader)
    for step in walk:
        await talked_about.take(step)
        await talked_about.check(reader)
