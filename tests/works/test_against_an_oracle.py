"""Lists, counts and picks under any filters, against the plainest way of working them out."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.feeds.reading import follow, urls
from tests.works.library import LANGUAGES, MEDIUMS, RATINGS, VOCABULARY, Library, filed
from tests.works.oracle import Question, between, facets

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

STATUSES = {"prompt": ("open", "in_progress", "filled"), "fill": ("wip", "complete", "abandoned")}
SORTS = ("newest", "oldest", "most_seconded", "recently_filled", "active")
QUERIES = ("lantern", "kettle", "lantern kettle", "harbour -lantern", "-kettle", "nothingness")


def _some(values: Any, most: int = 2) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(set(values))), min_size=1, max_size=most, unique=True)


@st.composite
def questions(draw: st.DrawFn) -> tuple[dict[str, Any], int]:
    """Filters without what only the board knows, and the size of a page."""
    kind: str = draw(st.sampled_from(("prompt", "fill")))
    offered: dict[str, st.SearchStrategy[Any]] = {
        "status": _some(STATUSES[kind]),
        "rating": _some(RATINGS, 3),
        "round": _some(("1", "2", "3", "4")),
        "medium": _some(MEDIUMS, 3),
        "language": _some([each for each in LANGUAGES if each]),
        "min_seconds": _some("0123", 1),
        "max_seconds": _some("0123", 1),
        "claim": _some(("none", "active", "expired"), 1),
        "q": _some(QUERIES, 1),
        # Which of the names, instants and works of the board.
        "author": st.lists(st.integers(0, 1), min_size=1, max_size=1),
        "created_after": st.lists(st.integers(0, 11), min_size=1, max_size=1),
        "created_before": st.lists(st.integers(0, 11), min_size=1, max_size=1),
        "active_after": st.lists(st.integers(0, 11), min_size=1, max_size=1),
        "id": st.lists(st.integers(0, 119), min_size=1, max_size=80, unique=True),
    }
    for tag_kind, known in VOCABULARY.items():
        offered[tag_kind] = _some([*known, "never used"])
        offered[f"not_{tag_kind}"] = _some([*known, "never used"])
    names: list[str] = draw(st.lists(st.sampled_from(sorted(offered)), max_size=3, unique=True))
    filters = {name: draw(offered[name]) for name in names}
    positive = "q" in filters and "-" not in filters["q"][0]
    sort = draw(st.sampled_from([*SORTS, *(["relevance"] if positive else [])]))
    asked = {"kind": kind, "filters": filters, "sort": sort, "adult": draw(st.booleans())}
    return asked, draw(st.sampled_from((2, 7, 25, 100)))


def _question(asked: dict[str, Any], library: Library) -> Question:
    """The question with names, instants and ids in the place of their numbers."""
    known = {
        "author": library.names,
        "id": [work.id for work in library.works],
        **dict.fromkeys(
            ("created_after", "created_before", "active_after"), between(library.works)
        ),
    }
    filters = {
        name: [known[name][each] for each in values] if name in known else values
        for name, values in asked["filters"].items()
    }
    return Question(**{**asked, "filters": filters})


def _folded(facet: str, value: Any) -> Any:
    if facet in VOCABULARY:
        return filed(facet, value)[1]
    return value.lower() if facet == "language" else value


@given(drawn=questions())
@settings(
    max_examples=40,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_whatever_is_asked_all_pages_hold_what_matches_and_counts_and_picks_agree(
    library: Library, drawn: tuple[dict[str, Any], int]
) -> None:
    asked, limit = drawn
    question, now = _question(asked, library), library.clock.now()
    expected = question.listed(library.works, now)
    left_out = len(question.matching(library.works, now)) - len(expected)
    reader = library.town.somebody()
    where = f"/boards/{library.town.slug}"

    path: str | None = f"{where}/{question.kind}s?{question.query(limit=limit)}"
    found: list[str] = []
    while path is not None:
        page = await reader.read(path)
        assert len(page["items"]) == limit or page["next"] is None
        assert page["omitted"] == {"adult": left_out, "filtered": 0}
        found += [item["id"] for item in page["items"]]
        path = page["next"]
    assert found == [work.id for work in expected]

    feed = await follow(reader, f"{where}/{question.kind}s.atom?{question.query()}")
    assert [url.rpartition("/")[2] for url in urls(feed)] == found[:25]

    counted = await reader.read(f"{where}/facets?{question.query(type=question.kind, limit=100)}")
    assert counted["omitted"] == {"adult": left_out, "filtered": 0}
    shown = {
        name: {_folded(name, value["value"]): value["count"] for value in values}
        for name, values in counted["facets"].items()
    }
    assert shown == facets(expected)
    assert all(not value["more"] for values in counted["facets"].values() for value in values)

    if question.kind == "prompt":
        response = await reader.get(f"{where}/prompts/random?{question.query()}")
        assert response.status_code == (200 if expected else 404)
        if expected:
            assert response.json()["id"] in found
