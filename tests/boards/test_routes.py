"""Boards and rounds over HTTP."""

import asyncio
from typing import Any

import pytest

from app.boards.schemas import BoardCreate, BoardUpdate
from tests.people import JSON, Person, Town, code_of, faults_of

pytestmark = pytest.mark.anyio


def founding(slug: str, **fields: Any) -> JSON:
    return {"slug": slug, "name": "Lanterns", "settings": {"default_rating": "teen"}, **fields}


async def test_an_administrator_founds_a_board(town: Town, stranger: Person) -> None:
    slug = f"{town.slug}-2"
    sent = founding(slug, description="Rescues *only*.", rules=["Be kind.", "Be brave."])
    response = await town.administrator.post("/boards", sent)
    assert response.status_code == 201
    board = response.json()
    assert response.headers["location"] == board["url"] == f"http://board.test/v1/boards/{slug}"
    assert {name: board[name] for name in sent if name != "settings"} == {
        name: value for name, value in sent.items() if name != "settings"
    }
    assert board["settings"]["default_rating"] == "teen"
    assert board["settings"]["max_rating"] == "explicit"
    assert board["current_round"] == {"number": 1, "title": "Round 1", "phase": "prompting"}
    assert (board["prompts_count"], board["fills_count"]) == (0, 0)
    (keeper,) = board["moderators"]
    assert keeper["role"] == "owner"
    assert await stranger.read(f"/boards/{slug}") == board


async def test_nobody_else_founds_a_board(town: Town, stranger: Person) -> None:
    author = town.somebody()
    await town.prompt(author)
    slug = f"{town.slug}-2"
    response = await author.post("/boards", founding(slug))
    assert (response.status_code, code_of(response)) == (403, "not-administrator")
    response = await stranger.post("/boards", founding(slug))
    assert (response.status_code, code_of(response)) == (401, "token-required")
    assert code_of(await stranger.get(f"/boards/{slug}")) == "not-found"


async def test_a_slug_belongs_to_one_board(town: Town) -> None:
    response = await town.administrator.post("/boards", founding(town.slug))
    assert (response.status_code, code_of(response)) == (409, "slug-taken")


async def test_of_two_boards_founded_at_once_under_one_slug_one_stands(town: Town) -> None:
    body = founding(f"{town.slug}-2")
    responses = await asyncio.gather(
        *(town.administrator.post("/boards", body) for _ in range(4)), return_exceptions=False
    )
    assert sorted(response.status_code for response in responses) == [201, 409, 409, 409]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"slug": "Lanterns"}, ("/slug", "string_pattern_mismatch")),
        ({"slug": ""}, ("/slug", "string_pattern_mismatch")),
        ({"slug": "-lanterns"}, ("/slug", "string_pattern_mismatch")),
        ({"slug": "lan/terns"}, ("/slug", "string_pattern_mismatch")),
        ({"slug": "lanterns\n"}, ("/slug", "string_pattern_mismatch")),
        ({"slug": "l" * 41}, ("/slug", "string_pattern_mismatch")),
        ({"slug": 7}, ("/slug", "string_type")),
        ({"name": ""}, ("/name", "text_too_short")),
        ({"name": "two\nlines"}, ("/name", "text_unacceptable")),
        ({"name": "l" * 256}, ("/name", "text_too_long")),
        ({"rules": ["Be kind."] * 101}, ("/rules", "too_long")),
        ({"rules": "Be kind."}, ("/rules", "list_type")),
        ({"settings": {}}, ("/settings/default_rating", "missing")),
        ({"settings": {"default_rating": "mild"}}, ("/settings/default_rating", "literal_error")),
        (
            {"settings": {"default_rating": "general", "show_faces": "yes"}},
            ("/settings/show_faces", "bool_type"),
        ),
        (
            {"settings": {"default_rating": "general", "colour": "teal"}},
            ("/settings/colour", "extra_forbidden"),
        ),
        (
            {"settings": {"default_rating": "explicit", "max_rating": "teen"}},
            ("/settings", "rating_above_max"),
        ),
    ],
)
async def test_a_board_that_makes_no_sense_is_not_founded(
    town: Town, fields: JSON, fault: tuple[str, str]
) -> None:
    response = await town.administrator.post("/boards", {**founding(f"{town.slug}-2"), **fields})
    assert faults_of(response) == {fault}


async def test_a_board_needs_a_slug_a_name_and_a_rating(town: Town) -> None:
    assert faults_of(await town.administrator.post("/boards", {})) == {
        ("/slug", "missing"),
        ("/name", "missing"),
        ("/settings", "missing"),
    }


async def test_its_moderators_change_a_board(town: Town, stranger: Person) -> None:
    before = await stranger.read(f"/boards/{town.slug}")
    changes = {"name": "Tide Pools", "description": "", "rules": ["Be kind."]}
    after = await town.administrator.change(f"/boards/{town.slug}", changes)
    assert after == {**before, **changes}
    assert await stranger.read(f"/boards/{town.slug}") == after


async def test_of_the_settings_only_what_is_sent_changes(town: Town) -> None:
    path = f"/boards/{town.slug}"
    founded = (await town.administrator.read(path))["settings"]
    board = await town.administrator.change(path, {"settings": {"max_rating": "teen"}})
    expected = {**founded, "max_rating": "teen"}
    assert board["settings"] == expected
    assert faults_of(await town.administrator.patch(path, {"settings": {}})) == {
        ("/settings", "nothing_sent")
    }
    response = await town.administrator.patch(path, {"settings": {"default_rating": "mature"}})
    assert faults_of(response) == {("/settings", "rating_above_max")}
    assert (await town.administrator.read(path))["settings"] == expected


async def test_nobody_else_changes_a_board(town: Town, stranger: Person) -> None:
    path = f"/boards/{town.slug}"
    author = town.somebody()
    await town.prompt(author)
    before = await stranger.read(path)
    response = await author.patch(path, {"name": "Mine"})
    assert (response.status_code, code_of(response)) == (403, "not-moderator")
    response = await stranger.patch(path, {"name": "Mine"})
    assert (response.status_code, code_of(response)) == (401, "token-required")
    assert await stranger.read(path) == before


async def test_a_keeper_can_not_set_what_the_service_owns(town: Town) -> None:
    path = f"/boards/{town.slug}"
    board = await town.administrator.read(path)
    for name in board.keys() - BoardUpdate.model_fields.keys():
        response = await town.administrator.patch(path, {"name": "Mine", name: board[name]})
        assert faults_of(response) == {(f"/{name}", "extra_forbidden")}
    assert await town.administrator.read(path) == board
    for name in board.keys() - BoardCreate.model_fields.keys():
        body = {**founding(f"{town.slug}-2"), name: board[name]}
        response = await town.administrator.post("/boards", body)
        assert faults_of(response) == {(f"/{name}", "extra_forbidden")}


async def test_a_change_can_be_made_to_depend_on_the_version(town: Town) -> None:
    path = f"/boards/{town.slug}"
    tag = await town.administrator.tag_of(path)
    await town.prompt()
    changed = await town.administrator.patch(path, {"name": "Tide Pools"}, If_Match=tag)
    assert changed.status_code == 200
    stale = await town.administrator.patch(path, {"name": "Mine"}, If_Match=tag)
    assert (stale.status_code, code_of(stale)) == (412, "precondition-failed")
    again = await town.administrator.patch(
        path, {"name": "Lanterns"}, If_Match=changed.headers["etag"]
    )
    assert again.status_code == 200


async def test_a_reader_is_told_when_nothing_changed(town: Town, stranger: Person) -> None:
    for path in ("/boards?limit=1", f"/boards/{town.slug}", f"/boards/{town.slug}/rounds"):
        tag = await stranger.tag_of(path)
        response = await stranger.get(path, If_None_Match=tag)
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["etag"] == tag
    await town.prompt()
    assert (await stranger.get(f"/boards/{town.slug}", If_None_Match=tag)).status_code == 200


@pytest.mark.thorough
async def test_the_list_of_boards_shows_every_one_once(town: Town, stranger: Person) -> None:
    slugs = [town.slug, *(f"{town.slug}-{number}" for number in range(2, 5))]
    for slug in slugs[1:]:
        await town.found_board(slug)
    boards = await stranger.every_page("/boards?limit=2")
    listed = [board["slug"] for board in boards]
    assert len(set(listed)) == len(listed)
    assert [slug for slug in listed if slug in slugs] == slugs
    assert boards[-1] == await stranger.read(f"/boards/{boards[-1]['slug']}")


async def test_a_board_has_its_first_round(town: Town, stranger: Person) -> None:
    prompt = await town.prompt()
    await town.comment(await town.fill(prompt))
    page = await stranger.read(f"/boards/{town.slug}/rounds")
    assert page["next"] is None
    (round_,) = page["items"]
    assert round_ == await stranger.read(f"/boards/{town.slug}/rounds/1")
    assert (round_["number"], round_["phase"]) == (1, "prompting")
    counts = [round_[f"{name}_count"] for name in ("prompts", "fills", "comments")]
    assert counts == [1, 1, 1]


@pytest.mark.parametrize(
    "path",
    [
        "/boards/no-such-board",
        "/boards/No%20Board",
        "/boards/-",
        "/boards/{slug}/",
        "/boards/no-such-board/rounds",
        "/boards/no-such-board/prompts",
        "/boards/no-such-board/fills",
        "/boards/{slug}/rounds/2",
        "/boards/{slug}/rounds/0",
        "/boards/{slug}/rounds/01",
        "/boards/{slug}/rounds/1.0",
        "/boards/{slug}/rounds/99999999999999999999",
    ],
)
async def test_what_is_not_there_is_not_found(town: Town, stranger: Person, path: str) -> None:
    response = await stranger.get(path.format(slug=town.slug))
    assert (response.status_code, code_of(response)) == (404, "not-found")


async def test_adult_may_be_said_on_every_list_and_nothing_unknown(
    town: Town, stranger: Person
) -> None:
    for path in ("/boards", f"/boards/{town.slug}", f"/boards/{town.slug}/rounds"):
        await stranger.read(f"{path}?adult=true")
        response = await stranger.get(f"{path}?colour=teal")
        assert faults_of(response) == {("/colour", "unknown")}


@pytest.mark.parametrize("limit", ["0", "101", "-1", "01", "1_0", "1.0", "+5", "", "ten"])
async def test_a_limit_is_a_plain_number_up_to_100(stranger: Person, limit: str) -> None:
    response = await stranger.get(f"/boards?limit={limit}")
    assert {pointer for pointer, _ in faults_of(response)} == {"/limit"}
