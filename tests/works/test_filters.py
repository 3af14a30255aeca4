"""Each filter and each order by its name, on a board small enough to be known by heart."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from fastapi import FastAPI

from app.kit.clock import rfc3339
from tests.backstage import new_account
from tests.clocks import Clock
from tests.people import JSON, Person, Town, code_of, faults_of, path_of

pytestmark = pytest.mark.anyio

#: Nothing is ever posted at this instant.
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


@dataclass
class Shelf:
    """Three prompts, each with a fill, posted an hour apart; and how they are told apart."""

    town: Town
    prompts: list[JSON]
    fills: list[JSON]
    name: str
    instants: list[str]

    async def numbers(self, query: str, kind: str = "prompts") -> list[int]:
        """The places (1, 2 or 3) of what a list shows."""
        page = await self.town.somebody().read(f"/boards/{self.town.slug}/{kind}?{query}")
        ids = [each["id"] for each in (self.prompts if kind == "prompts" else self.fills)]
        return [ids.index(item["id"]) + 1 for item in page["items"]]


@pytest.fixture
async def shelf(town: Town, service: FastAPI, clock: Clock) -> Shelf:
    await town.found_board(slug := f"{town.slug}-claimed", claims=True)
    town.slug = slug
    named, name = await new_account(service, town.client)
    clock.set(NOON)
    instants = [rfc3339(clock.now())]
    prompts, fills = [], []
    labels: list[JSON] = [
        {
            "rating": "general",
            "language": "en",
            "fandoms": ["Lighthouses"],
            "characters": ["The Keeper"],
            "relationships": ["Keeper & Otter"],
            "tags": ["found family", "banter"],
            "content_notes": ["storms at sea"],
        },
        {"rating": "teen", "language": "en-GB", "tags": ["found family", "rescue"]},
        {"rating": "general", "language": "pt-BR", "fandoms": ["Original Work"]},
    ]
    mediums: tuple[list[str], ...] = (["fic", "art"], ["art"], [])
    for place, label in enumerate(labels):
        clock.move(minutes=30)
        if place == 1:
            await town.round()
        author = named if place == 2 else None
        fields = {"title": f"Wish {place + 1}", "mediums": mediums[place], **label}
        prompts.append(await town.prompt(author, **fields))
        clock.move(minutes=30)
        instants.append(rfc3339(clock.now()))
    for place, (prompt, status) in enumerate(
        zip(prompts, ("wip", "complete", "abandoned"), strict=True)
    ):
        clock.move(hours=1)
        author = named if place == 0 else None
        medium = ("fic", "art", "vid")[place]
        fields = {"title": f"Gift {place + 1}", "status": status, "medium": medium}
        fills.append(await town.fill(prompt, author, **fields, body="A kettle sings."))
    return Shelf(town, prompts, fills, name, instants)


#: What is asked, and which prompts and fills a list shows then.
SHOWN: list[tuple[str, list[int], list[int]]] = [
    ("", [3, 2, 1], [3, 2, 1]),
    ("sort=newest", [3, 2, 1], [3, 2, 1]),
    ("sort=oldest", [1, 2, 3], [1, 2, 3]),
    ("round=1", [1], [1]),
    ("round=1&round=2", [3, 2, 1], [3, 2, 1]),
    ("round=7", [], []),
    ("rating=teen", [2], [2]),
    ("rating=teen&rating=general", [3, 2, 1], [3, 2, 1]),
    ("medium=art", [2, 1], [2]),
    ("medium=fic&medium=vid", [1], [3, 1]),
    ("language=en", [2, 1], [2, 1]),
    ("language=EN-gb", [2], [2]),
    ("language=en-US", [], []),
    ("language=pt&language=en-GB", [3, 2], [3, 2]),
    ("fandom=lighthouses", [1], [1]),
    ("character=the+KEEPER", [1], [1]),
    ("relationship=Otter+%26+Keeper", [1], [1]),
    ("relationship=Otter/Keeper", [], []),
    ("tag=found+family", [2, 1], [2, 1]),
    ("tag=found+family&tag=banter", [1], [1]),
    ("tag=found+family&tag=Found++Family", [2, 1], [2, 1]),
    ("tag=found+family&not_tag=banter", [2], [2]),
    ("tag=never+used", [], []),
    ("tag=banter&not_tag=banter", [], []),
    ("not_tag=never+used", [3, 2, 1], [3, 2, 1]),
    ("not_tag=banter&not_tag=rescue", [3], [3]),
    ("not_fandom=Lighthouses", [3, 2], [3, 2]),
    ("not_character=The+Keeper", [3, 2], [3, 2]),
    ("not_relationship=Otter+%26+Keeper", [3, 2], [3, 2]),
    ("content_note=Storms+at+Sea", [1], [1]),
    ("not_content_note=storms+at+sea", [3, 2], [3, 2]),
    ("q=wish", [3, 2, 1], []),
    ("q=kettle+-gift", [], []),
    ("q=kettle&tag=rescue", [], [2]),
    ("q=", [], []),
    ("claim=none&rating=teen", [2], [2]),
    ("min_seconds=0", [3, 2, 1], [3, 2, 1]),
    ("min_seconds=1", [], []),
    ("max_seconds=0", [3, 2, 1], [3, 2, 1]),
    ("min_seconds=2&max_seconds=1", [], []),
]


async def test_a_filter_shows_what_has_it(shelf: Shelf) -> None:
    for query, prompts, fills in SHOWN:
        assert await shelf.numbers(query) == prompts, query
        assert await shelf.numbers(query, "fills") == fills, query


async def test_a_status_is_the_prompts_or_the_fills_own(shelf: Shelf) -> None:
    assert await shelf.numbers("status=open") == [3]
    assert await shelf.numbers("status=in_progress&status=filled") == [2, 1]
    assert await shelf.numbers("status=wip", "fills") == [1]
    assert await shelf.numbers("status=abandoned&status=complete", "fills") == [3, 2]
    for kind, status in (("prompts", "wip"), ("fills", "open")):
        path = f"/boards/{shelf.town.slug}/{kind}?status={status}"
        assert {each for each, _ in faults_of(await shelf.town.somebody().get(path))} == {
            "/status/0"
        }


async def test_an_author_is_found_by_name_where_they_show_it(shelf: Shelf) -> None:
    assert await shelf.numbers(f"author={shelf.name}") == [3]
    assert await shelf.numbers(f"author={shelf.name.upper()}", "fills") == [1]
    assert await shelf.numbers("author=Nobody-at-all") == []


async def test_posts_are_told_apart_by_when_they_were_made(shelf: Shelf) -> None:
    first, second, third, fourth = shelf.instants
    assert await shelf.numbers(f"created_after={first}") == [3, 2, 1]
    assert await shelf.numbers(f"created_after={second}&created_before={third}") == [2]
    assert await shelf.numbers(f"created_before={third}") == [2, 1]
    assert await shelf.numbers(f"created_after={fourth}") == []
    assert await shelf.numbers(f"created_after={fourth}", "fills") == [3, 2, 1]
    # The same instant with an offset.
    instant = quote(f"{second[:11]}15:00:00+02:00")
    assert second.endswith("T13:00:00Z")
    assert await shelf.numbers(f"created_after={instant}") == [3, 2]


async def test_active_is_what_somebody_posted_at_last(shelf: Shelf, clock: Clock) -> None:
    clock.move(hours=5)
    since = rfc3339(clock.now())
    clock.move(hours=5)
    await shelf.town.comment(shelf.prompts[1])
    assert await shelf.numbers(f"active_after={since}") == [2]
    clock.move(hours=1)
    await shelf.town.comment(shelf.fills[0])
    assert await shelf.numbers(f"active_after={since}") == [2, 1]
    assert await shelf.numbers("sort=active") == [1, 2, 3]
    assert await shelf.numbers(f"active_after={since}", "fills") == [1]
    assert await shelf.numbers("sort=active", "fills") == [1, 3, 2]


async def test_seconds_are_those_of_the_prompt(shelf: Shelf) -> None:
    for place, number in ((0, 2), (2, 1)):
        for _ in range(number):
            mask = shelf.town.somebody()
            await mask.make("/masks", {})
            await mask.put(f"{path_of(shelf.prompts[place])}/second")
    for kind in ("prompts", "fills"):
        assert await shelf.numbers("min_seconds=1", kind) == [3, 1]
        assert await shelf.numbers("max_seconds=1", kind) == [3, 2]
        assert await shelf.numbers("max_seconds=0", kind) == [2]
        assert await shelf.numbers("sort=most_seconded", kind) == [1, 3, 2]


async def test_claims_are_none_active_or_expired(shelf: Shelf, clock: Clock) -> None:
    await shelf.town.claim(shelf.prompts[0])
    clock.move(days=10)
    again = shelf.town.somebody()
    await shelf.town.claim(shelf.prompts[1], again)
    for kind in ("prompts", "fills"):
        assert await shelf.numbers("claim=none", kind) == [3]
        assert await shelf.numbers("claim=active", kind) == [2, 1]
    clock.move(days=10)
    assert await shelf.numbers("claim=active") == [2]
    assert await shelf.numbers("claim=expired", "fills") == [1]


async def test_recently_filled_leaves_out_what_never_was(shelf: Shelf) -> None:
    empty = await shelf.town.prompt()
    assert await shelf.numbers("sort=recently_filled") == [3, 2, 1]
    assert await shelf.numbers("sort=recently_filled", "fills") == [3, 2, 1]
    response = await shelf.town.somebody().get(
        f"/boards/{shelf.town.slug}/prompts/random?sort=recently_filled&id={empty['id']}"
    )
    assert response.status_code == 404


async def test_relevant_is_first_what_has_it_in_the_title(shelf: Shelf) -> None:
    town = shelf.town
    await town.prompt(title="A lantern", body="Nothing else.")
    await town.prompt(title="A light", tags=["lantern"])
    await town.prompt(title="A spark", body="Was it a lantern?")
    path = f"/boards/{town.slug}/prompts?q=lantern"
    titles = [each["title"] for each in await town.somebody().every_page(f"{path}&sort=relevance")]
    assert titles == ["A lantern", "A light", "A spark"]
    newest = [each["title"] for each in await town.somebody().every_page(path)]
    assert newest == titles[::-1]


async def test_works_are_fetched_by_id(shelf: Shelf) -> None:
    ids = "&".join(f"id={shelf.prompts[place]['id']}" for place in (0, 2))
    assert await shelf.numbers(ids) == [3, 1]
    assert await shelf.numbers(ids, "fills") == []
    many = "&".join(["id=0123456789abcdef"] * 99)
    assert await shelf.numbers(f"{many}&id={shelf.fills[0]['id']}", "fills") == [1]


REFUSED = [
    ("sort=shiniest", "/sort"),
    ("sort=relevance", "/sort"),
    ("rating=spicy", "/rating/0"),
    ("rating=general&rating=spicy", "/rating/1"),
    ("medium=opera", "/medium/0"),
    ("language=english", "/language/0"),
    ("language=en%25", "/language/0"),
    ("claim=some", "/claim"),
    ("claim=none&claim=active", "/claim"),
    ("author=a+b", "/author"),
    ("author=kit&author=kat", "/author"),
    ("id=17", "/id/0"),
    ("id=" + "&id=".join(["0123456789abcdef"] * 101), "/id"),
    ("tag=" + "&tag=".join(map(str, range(21))), "/tag"),
    ("not_fandom=" + "&not_fandom=".join(map(str, range(21))), "/not_fandom"),
    ("tag=", "/tag/0"),
    ("tag=" + "a" * 151, "/tag/0"),
    ("tag=%00", "/tag"),
    ("q=" + "a" * 501, "/q"),
    ("q=a&q=b", "/q"),
    ("min_seconds=-1", "/min_seconds"),
    ("min_seconds=01", "/min_seconds"),
    ("max_seconds=2147483648", "/max_seconds"),
    ("created_after=yesterday", "/created_after"),
    ("created_after=2026-12-01", "/created_after"),
    ("created_after=2026-12-01T12:00:00", "/created_after"),
    ("created_before=2026-12-01T12:00:00+02:00", "/created_before"),
    ("active_after=2026-13-01T12:00:00Z", "/active_after"),
    ("active_after=0000-01-01T12:00:00Z", "/active_after"),
    ("adult=yes", "/adult"),
    ("limit=0", "/limit"),
    ("limit=101", "/limit"),
    ("colour=teal", "/colour"),
    ("not_status=open", "/not_status"),
    ("tag=+", "/tag/0"),
    ("not_tag=%00", "/not_tag"),
]


@pytest.mark.parametrize("place", ["prompts", "fills", "prompts/random", "facets"])
async def test_what_can_not_be_asked_is_refused(town: Town, stranger: Person, place: str) -> None:
    for query, pointer in REFUSED:
        response = await stranger.get(f"/boards/{town.slug}/{place}?{query}")
        assert {each for each, _ in faults_of(response)} == {pointer}, query


@pytest.mark.parametrize("place", ["prompts", "fills", "prompts/random", "facets"])
@pytest.mark.parametrize(
    "query", ["min_seconds=0", "max_seconds=3", "sort=most_seconded", "claim=active"]
)
async def test_a_board_that_shows_no_counts_tells_none(
    town: Town, stranger: Person, place: str, query: str
) -> None:
    await town.found_board(f"{town.slug}-2", show_counts=False)
    response = await stranger.get(f"/boards/{town.slug}-2/{place}?{query}")
    pointer = "/" + query.split("=", maxsplit=1)[0]
    assert faults_of(response) == {(pointer, "counts_not_shown")}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("type=prompt&status=wip", "/status"),
        ("type=fill&status=open", "/status"),
        ("status=complete", "/status"),
        ("type=comment", "/type"),
        ("of=colour", "/of/0"),
    ],
)
async def test_facets_know_the_values_of_their_list(
    town: Town, stranger: Person, query: str, pointer: str
) -> None:
    response = await stranger.get(f"/boards/{town.slug}/facets?{query}")
    assert {each for each, _ in faults_of(response)} == {pointer}


async def test_facets_are_those_that_were_asked_for_the_most_frequent_first(shelf: Shelf) -> None:
    reader = shelf.town.somebody()
    path = f"/boards/{shelf.town.slug}/facets"
    counted = await reader.read(f"{path}?of=tag&of=round")
    assert counted["facets"] == {
        "round": [
            {"value": 2, "count": 2, "more": False},
            {"value": 1, "count": 1, "more": False},
        ],
        "tag": [
            {"value": "found family", "count": 2, "more": False},
            {"value": "banter", "count": 1, "more": False},
            {"value": "rescue", "count": 1, "more": False},
        ],
    }
    counted = await reader.read(f"{path}?of=tag&limit=2")
    assert [each["value"] for each in counted["facets"]["tag"]] == ["found family", "banter"]
    everything = await reader.read(path)
    assert everything["facets"]["language"] == [
        {"value": "en", "count": 2, "more": False},
        {"value": "en-GB", "count": 1, "more": False},
        {"value": "pt-BR", "count": 1, "more": False},
    ]
    assert everything["facets"]["medium"][0] == {"value": "art", "count": 2, "more": False}


async def test_equal_rounds_stand_in_the_order_of_their_numbers(town: Town) -> None:
    for number in range(1, 12):
        if number > 1:
            await town.round()
        await town.prompt()
    counted = await town.somebody().read(f"/boards/{town.slug}/facets?of=round")
    assert [each["value"] for each in counted["facets"]["round"]] == list(range(1, 12))


@pytest.mark.parametrize(
    "other",
    ["tag=rescue", "", "tag=banter&adult=true", "tag=banter&sort=oldest", "not_tag=banter"],
)
async def test_a_cursor_leads_on_only_under_its_own_filters(
    town: Town, stranger: Person, other: str
) -> None:
    for _ in range(2):
        await town.prompt(tags=["banter"])
    path = f"/boards/{town.slug}/prompts"
    page = await stranger.read(f"{path}?tag=banter&limit=1")
    cursor = page["next"].split("cursor=")[1]
    response = await stranger.get(f"{path}?{other}&cursor={cursor}".replace("?&", "?"))
    assert (response.status_code, code_of(response)) == (400, "bad-cursor")


async def test_a_tag_as_long_as_tags_may_be_is_found_however_it_is_composed(
    town: Town, stranger: Person
) -> None:
    name = "e\u0301" * 150
    await town.prompt(tags=[name])
    for spelling in (name, "é" * 150, "É" * 150):
        page = await stranger.read(f"/boards/{town.slug}/prompts?tag={quote(spelling)}")
        assert len(page["items"]) == 1
        found = await stranger.read(f"/boards/{town.slug}/tags?q={quote(spelling)}")
        assert [each["name"] for each in found["items"]] == [name]
    page = await stranger.read(f"/boards/{town.slug}/prompts?not_tag={quote(name)}")
    assert page["items"] == []
    response = await stranger.get(f"/boards/{town.slug}/prompts?tag={quote('é' * 151)}")
    assert {each for each, _ in faults_of(response)} == {"/tag/0"}
