"""Boards with more works than one request looks at: a small board, and an even smaller request."""

import pytest

from app.kit.clock import rfc3339
from app.search import counting
from app.works import lists, questions
from tests.people import JSON, Person, Town, path_of
from tests.works.library import Library
from tests.works.oracle import Question, facets

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

#: What a request looks at here.
FEW = 7


@pytest.fixture(autouse=True)
def _looks_at_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request looks at a few works only."""
    for module in (questions, counting):
        monkeypatch.setattr(module, "MAX_EXAMINED", FEW)


async def pages(reader: Person, path: str) -> list[JSON]:
    """All pages of a list."""
    found: list[JSON] = []
    following: str | None = path
    while following is not None:
        found.append(await reader.read(following))
        following = found[-1]["next"]
        assert len(found) < 100
    return found


QUESTIONS = [
    Question("prompt", {"status": ["filled"]}),
    Question("prompt", {"status": ["filled"]}, adult=True),
    Question("prompt", {"status": ["filled"]}, "oldest", adult=True),
    Question("prompt", {"language": ["en"]}, "active", adult=True),
    Question("prompt", {"language": ["en"]}, "most_seconded", adult=True),
    Question("prompt", {}, "recently_filled", adult=True),
    Question("prompt", {}, "recently_filled"),
    Question("prompt", {"medium": ["art"]}, "recently_filled", adult=True),
    Question("prompt", {"tag": ["found family"]}, adult=True),
    Question("prompt", {"tag": ["found family"], "rating": ["explicit"]}, "oldest", adult=True),
    Question("prompt", {"tag": ["found family"]}, "active", adult=True),
    Question("prompt", {"tag": ["found family"]}, "most_seconded", adult=True),
    Question("prompt", {"tag": ["found family"]}, "recently_filled", adult=True),
    Question("prompt", {"tag": ["banter"], "fandom": ["Original Work"]}, adult=True),
    Question("prompt", {"not_tag": ["banter"]}, adult=True),
    Question("prompt", {"claim": ["active"]}, adult=True),
    Question("prompt", {"rating": ["not_rated"]}),
    Question("fill", {"status": ["complete"]}, "active", adult=True),
    Question("fill", {"medium": ["art"]}, "recently_filled", adult=True),
    Question("fill", {"min_seconds": ["4"]}, adult=True),
    Question("fill", {"tag": ["found family"]}, "recently_filled", adult=True),
    Question("fill", {"content_note": ["storms at sea"]}, "oldest", adult=True),
    Question("fill", {}, "most_seconded", adult=True),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: f"{each.kind}s {each.query()}")
@pytest.mark.parametrize("limit", [2, 25])
async def test_all_is_found_by_following_next(
    library: Library, question: Question, limit: int
) -> None:
    expected = question.listed(library.works, library.clock.now())
    where = f"/boards/{library.town.slug}/{question.kind}s?{question.query(limit=limit)}"
    found = await pages(library.town.somebody(), where)
    items = [item["id"] for page in found for item in page["items"]]
    assert items == [work.id for work in expected]
    assert all(len(page["items"]) <= limit for page in found)


async def test_a_page_of_what_is_rare_may_be_empty_and_leads_on(library: Library) -> None:
    now = library.clock.now()
    everything = Question("prompt", {}, adult=True).listed(library.works, now)
    # The oldest are so far down that more than one request passes over all the others.
    rare = Question("prompt", {"created_before": [rfc3339(everything[-3].created_at)]}, adult=True)
    expected = [work.id for work in rare.listed(library.works, now)]
    path = f"/boards/{library.town.slug}/prompts?{rare.query(limit=100)}"
    found = await pages(library.town.somebody(), path)
    assert [len(page["items"]) for page in found[:4]] == [0, 0, 0, 0]
    assert [item["id"] for page in found for item in page["items"]] == expected


@pytest.mark.parametrize("few", [2, FEW])
async def test_what_an_author_has_signed_is_found_be_it_much_or_little(
    library: Library, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(questions, "MAX_EXAMINED", few)
    name = library.names[0]
    for question in (
        Question("prompt", {"author": [name]}, adult=True),
        Question("prompt", {"author": [name]}, "active", adult=True),
        Question("prompt", {"author": [name], "tag": ["found family"]}, "oldest", adult=True),
        Question("fill", {"author": [name.upper()]}, "most_seconded"),
    ):
        expected = question.listed(library.works, library.clock.now())
        where = f"/boards/{library.town.slug}/{question.kind}s?{question.query(limit=2)}"
        found = await library.town.somebody().every_page(where)
        known = {work.id for work in expected}
        if few == FEW or question.sort != "most_seconded":
            assert [item["id"] for item in found] == [work.id for work in expected], question
        assert {item["id"] for item in found} <= known


async def test_a_few_fills_of_a_prompt_are_one_page_however_common_their_tag_is(town: Town) -> None:
    reader = town.somebody()
    prompt = await town.prompt()
    await town.fill(prompt, tags=["banter"])
    busy = await town.prompt()
    for _ in range(2 * FEW):
        await town.fill(busy, tags=["banter"])
    page = await reader.read(f"{path_of(prompt)}/fills?tag=banter")
    assert (len(page["items"]), page["next"]) == (1, None)


async def test_what_was_left_out_is_counted_no_further_than_a_request_looks(town: Town) -> None:
    for _ in range(3 * FEW):
        await town.prompt(rating="mature", tags=["banter"], language="en")
    reader = town.somebody()
    for query in ("tag=banter", "language=en", "language=en&tag=banter&sort=active"):
        page = await reader.read(f"/boards/{town.slug}/prompts?{query}")
        assert page["omitted"]["adult"] == FEW, query


async def test_facets_say_that_there_may_be_more(town: Town) -> None:
    for place in range(2 * FEW):
        await town.prompt(tags=["old" if place < FEW else "new"])
    reader = town.somebody()
    for query in ("", "?status=open", "?tag=new", "?tag=new&status=open&sort=active"):
        counted = await reader.read(f"/boards/{town.slug}/facets{query}")
        assert counted["facets"]["tag"] == [{"value": "new", "count": FEW, "more": True}], query


async def test_facets_of_works_that_are_given_are_whole(library: Library) -> None:
    now = library.clock.now()
    oldest = Question("prompt", {}, "oldest").listed(library.works, now)[:5]
    question = Question("prompt", {"id": [work.id for work in oldest]})
    expected = question.listed(library.works, now)
    path = f"/boards/{library.town.slug}/facets?{question.query(of='status')}"
    counted = await library.town.somebody().read(path)
    shown = {each["value"]: each["count"] for each in counted["facets"]["status"]}
    assert shown == facets(expected)["status"]
    assert not any(each["more"] for each in counted["facets"]["status"])


async def test_counts_stop_at_a_bound(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (lists, counting):
        monkeypatch.setattr(module, "MAX_COUNTED", 3)
    for rating in ("general", "mature"):
        for _ in range(5):
            await town.prompt(rating=rating)
    reader = town.somebody()
    page = await reader.read(f"/boards/{town.slug}/prompts")
    assert page["omitted"]["adult"] == 3
    counted = await reader.read(f"/boards/{town.slug}/facets?of=status")
    assert counted["facets"] == {"status": [{"value": "open", "count": 3, "more": True}]}


async def test_a_list_without_filters_needs_no_bound(library: Library) -> None:
    path = f"/boards/{library.town.slug}/prompts?adult=true&limit=100"
    (page,) = await pages(library.town.somebody(), path)
    assert len(page["items"]) > 2 * FEW
