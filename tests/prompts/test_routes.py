"""Posting, reading, changing and deleting prompts over HTTP."""

import asyncio
import uuid

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings

from app.prompts.schemas import PromptCreate, PromptUpdate
from tests.backstage import set_state
from tests.people import JSON, Person, Town, code_of, faults_of, path_of
from tests.recount import recount
from tests.safety import assert_safe
from tests.texts import TWO_AS_ONE, acceptable_texts

pytestmark = pytest.mark.anyio

WHOLE: JSON = {
    "body": "Two rivals *share* one umbrella.\n\nPlease let them bicker.",
    "title": "One umbrella",
    "fandoms": ["Original Work"],
    "characters": ["Ana", "Bo"],
    "relationships": ["Ana & Bo"],
    "tags": ["banter", "rain"],
    "content_notes": ["thunder"],
    "notes_choice": "listed",
    "rating": "teen",
    "language": "en-GB",
    "mediums": ["fic", "art"],
    "do_not_want": "Nobody catches a cold.",
}


async def test_anybody_may_post_a_prompt_without_an_account(town: Town, stranger: Person) -> None:
    response = await stranger.post(f"/boards/{town.slug}/prompts", {"body": "A rescue at sea."})
    assert response.status_code == 201
    prompt = response.json()
    assert response.headers["location"] == prompt["url"]
    assert prompt["edit_token"].startswith("fbe_")
    assert prompt["number"] == 1
    assert prompt["author"]["is_op"]
    assert (await stranger.read(path_of(prompt)))["body"] == "A rescue at sea."
    assert code_of(await stranger.patch(path_of(prompt), {"title": "Mine"})) == "token-required"


async def test_a_prompt_is_read_as_it_was_sent(town: Town, stranger: Person) -> None:
    receipt = await town.prompt(**WHOLE)
    prompt = await stranger.read(path_of(receipt))
    assert {name: prompt[name] for name in WHOLE} == WHOLE
    assert prompt["body_html"] == (
        "<p>Two rivals <em>share</em> one umbrella.</p>\n<p>Please let them bicker.</p>\n"
    )
    assert (prompt["board"], prompt["round"], prompt["status"]) == (town.slug, 1, "open")
    counters = ("seconds_count", "claims_count", "fills_count", "comments_count", "latest_seq")
    assert [prompt[name] for name in counters] == [0] * 5
    assert (prompt["edited_at"], prompt["last_filled_at"]) == (None, None)
    assert prompt["url"] == f"http://board.test/v1/prompts/{prompt['id']}"
    kept_from_others = {"edit_token", "notices"}
    assert prompt == {name: receipt[name] for name in receipt.keys() - kept_from_others}


async def test_what_is_left_out_has_its_default(town: Town) -> None:
    await town.found_board(f"{town.slug}-2", default_rating="teen")
    path = f"/boards/{town.slug}-2/prompts"
    prompt = await town.somebody().make(path, {"body": "A *rescue* at sea.\nPlease."})
    assert (prompt["title"], prompt["rating"]) == ("A rescue at sea.", "teen")
    assert (prompt["notes_choice"], prompt["language"]) == ("unset", None)
    assert (prompt["mediums"], prompt["do_not_want"], prompt["tags"]) == ([], None, [])


async def test_a_prompt_is_found_by_its_number_on_its_board(town: Town, stranger: Person) -> None:
    await town.found_board(f"{town.slug}-2")
    elsewhere = f"/boards/{town.slug}-2/prompts"
    first, second = await town.prompt(), await town.prompt()
    other = await town.somebody().make(elsewhere, {"body": "A rescue."})
    assert [first["number"], second["number"], other["number"]] == [1, 2, 1]
    for prompt in (first, second):
        numbered = f"/boards/{town.slug}/prompts/{prompt['number']}"
        assert await stranger.read(numbered) == await stranger.read(path_of(prompt))
    assert (await stranger.read(f"{elsewhere}/1"))["id"] == other["id"]
    assert code_of(await stranger.get(f"{elsewhere}/2")) == "not-found"


@pytest.mark.parametrize(
    "path",
    [
        "/prompts/0000000000000000",
        "/prompts/1",
        "/prompts/{id}/",
        "/prompts/{upper}",
        "/prompts/{id}0",
        "/prompts/{id}%0A",
        "/prompts/{id}%00",
        "/fills/{id}",
        "/comments/{id}",
        "/prompts/0000000000000000/fills",
        "/boards/{slug}/prompts/0",
        "/boards/{slug}/prompts/01",
        "/boards/{slug}/prompts/1.0",
        "/boards/{slug}/prompts/+1",
        "/boards/{slug}/prompts/1_0",
        "/boards/{slug}/prompts/%D9%A1",
        "/boards/{slug}/prompts/2147483648",
        "/boards/{slug}/prompts/99999999999999999999999",
    ],
)
async def test_what_is_not_there_is_not_found_and_not_repeated(
    town: Town, stranger: Person, path: str
) -> None:
    prompt = await town.prompt()
    identifier = prompt["id"]
    response = await stranger.get(
        path.format(id=identifier, upper=identifier.upper() + "A", slug=town.slug)
    )
    assert (response.status_code, code_of(response)) == (404, "not-found")
    assert identifier not in response.text


async def test_the_author_changes_what_they_send_and_nothing_else(
    town: Town, stranger: Person
) -> None:
    author = town.somebody()
    before = await town.prompt(author, **WHOLE)
    changed = await author.change(path_of(before), {"body": "One **tent**.", "tags": []})
    assert changed["body_html"] == "<p>One <strong>tent</strong>.</p>\n"
    assert changed["edited_at"] is not None
    moved = {"body", "body_html", "tags", "edited_at"}
    assert {name for name in changed if changed[name] != before[name]} == moved
    assert await stranger.read(path_of(before)) == changed


async def test_a_title_that_is_taken_away_is_made_from_the_text(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, **WHOLE)
    changed = await author.change(path_of(prompt), {"title": None})
    assert changed["title"] == "Two rivals share one umbrella."
    changed = await author.change(path_of(prompt), {"title": None, "body": "One tent"})
    assert changed["title"] == "One tent"


async def test_only_the_author_changes_or_deletes_a_prompt(town: Town, stranger: Person) -> None:
    prompt, other = await town.prompt(), town.somebody()
    await town.prompt(other)
    path = path_of(prompt)
    before = await stranger.read(path)
    for person, status, code in (
        (stranger, 401, "token-required"),
        (other, 403, "not-allowed"),
        (town.administrator, 403, "not-allowed"),
    ):
        for response in (await person.patch(path, {"title": "Mine"}), await person.delete(path)):
            assert (response.status_code, code_of(response)) == (status, code)
    assert await stranger.read(path) == before


async def test_a_deleted_prompt_is_gone_and_its_words_with_it(town: Town, stranger: Person) -> None:
    canary = f"{uuid.uuid4().hex} & otter"
    author = town.somebody()
    kinds = ("fandoms", "characters", "relationships", "tags", "content_notes")
    labels: JSON = {kind: [canary] for kind in kinds}
    no_labels: JSON = {kind: [] for kind in kinds}
    prompt = await town.prompt(author, body=canary, title=canary, do_not_want=canary, **labels)
    fill = await town.fill(prompt, **no_labels)
    comment = await town.comment(prompt)
    path, number = path_of(prompt), f"/boards/{town.slug}/prompts/1"
    before = await stranger.tag_of(path)
    await author.take_away(path)
    for address in (path, number, f"{path}?embed=fills"):
        response = await stranger.get(address, If_None_Match=before)
        assert (response.status_code, code_of(response)) == (410, "gone")
    places = (
        f"/boards/{town.slug}/prompts",
        f"{path}/fills",
        f"{path}/comments",
        path_of(fill),
        f"/boards/{town.slug}/fills",
        path_of(comment),
        f"{path_of(fill)}/comments",
    )
    texts = [(await stranger.get(place)).text for place in (*places, path, number)]
    assert not any(canary[:32] in text for text in texts)


async def test_what_others_posted_below_a_deleted_prompt_stays(
    town: Town, stranger: Person
) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    fill, comment = await town.fill(prompt), await town.comment(prompt)
    await author.take_away(path_of(prompt))
    read = await stranger.read(path_of(fill))
    assert read["prompt"] == {**fill["prompt"], "title": None}
    assert read["parts"] == fill["parts"]
    listed = await stranger.read(f"{path_of(prompt)}/fills")
    assert [each["id"] for each in listed["items"]] == [fill["id"]]
    comments = await stranger.read(f"{path_of(prompt)}/comments")
    assert [each["id"] for each in comments["items"]] == [comment["id"]]
    assert comments["items"][0]["thread"]["title"] is None
    await recount(town)


async def test_a_deleted_prompt_takes_nothing_more(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    await author.take_away(path_of(prompt))
    for response in (
        await author.patch(path_of(prompt), {"title": "Back"}),
        await author.delete(path_of(prompt)),
        await town.somebody().post(f"{path_of(prompt)}/fills", {"body": "Late."}),
        await town.somebody().post(f"{path_of(prompt)}/comments", {"body": "Late."}),
    ):
        assert (response.status_code, code_of(response)) == (410, "gone")
    assert (await town.prompt(author))["number"] == 2


async def test_nobody_sets_what_the_service_owns(town: Town, stranger: Person) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, **WHOLE)
    before = await stranger.read(path_of(prompt))
    posting = f"/boards/{town.slug}/prompts"
    for name in prompt.keys() - PromptUpdate.model_fields.keys():
        response = await author.patch(path_of(prompt), {"title": "Mine", name: prompt[name]})
        assert faults_of(response) == {(f"/{name}", "extra_forbidden")}
    for name in prompt.keys() - PromptCreate.model_fields.keys():
        response = await stranger.post(posting, {"body": "Banter.", name: prompt[name]})
        assert faults_of(response) == {(f"/{name}", "extra_forbidden")}
    assert await stranger.read(path_of(prompt)) == before
    assert (await stranger.read(f"/boards/{town.slug}"))["prompts_count"] == 1


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"body": ""}, ("/body", "text_too_short")),
        ({"body": None}, ("/body", "string_type")),
        ({"body": 7}, ("/body", "string_type")),
        ({"body": ["a"]}, ("/body", "string_type")),
        ({"body": " \n\u200b"}, ("/body", "text_unacceptable")),
        ({"body": "a\u0000b"}, ("/body", "text_unacceptable")),
        ({"body": "b" * 5001}, ("/body", "text_too_long")),
        ({"body": TWO_AS_ONE * 5001}, ("/body", "text_too_long")),
        ({"body": "é" * 30_000}, ("/body", "text_too_long")),
        ({"title": ""}, ("/title", "text_too_short")),
        ({"title": "two\nlines"}, ("/title", "text_unacceptable")),
        ({"title": "t" * 256}, ("/title", "text_too_long")),
        ({"title": TWO_AS_ONE * 256}, ("/title", "text_too_long")),
        ({"do_not_want": "d" * 1251}, ("/do_not_want", "text_too_long")),
        ({"mediums": ["novel"]}, ("/mediums/0", "literal_error")),
        ({"mediums": "fic"}, ("/mediums", "list_type")),
        ({"mediums": ["fic"] * 8}, ("/mediums", "too_long")),
        ({"rating": "mild"}, ("/rating", "literal_error")),
        ({"rating": True}, ("/rating", "literal_error")),
        ({"language": "english"}, ("/language", "string_pattern_mismatch")),
        ({"anonymous": 1}, ("/anonymous", "bool_type")),
        ({"Body": "b"}, ("/Body", "extra_forbidden")),
    ],
)
async def test_what_can_not_be_a_prompt_is_refused_whole(
    town: Town, fields: JSON, fault: tuple[str, str]
) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    response = await author.post(f"/boards/{town.slug}/prompts", {"body": "Banter.", **fields})
    assert faults_of(response) == {fault}
    if "anonymous" not in fields:
        changes = {"do_not_want": "Rain.", **fields}
        assert faults_of(await author.patch(path_of(prompt), changes)) == {fault}
    assert (await author.read(path_of(prompt)))["do_not_want"] is None
    assert (await author.read(f"/boards/{town.slug}"))["prompts_count"] == 1


@pytest.mark.parametrize("letter", ["b", "é", TWO_AS_ONE, "🦦"])
async def test_limits_count_characters_and_not_code_units(town: Town, letter: str) -> None:
    sent: JSON = {"body": letter * 5000, "title": letter * 255, "do_not_want": letter * 1250}
    prompt = await town.prompt(**sent)
    assert {name: prompt[name] for name in sent} == sent


@pytest.mark.thorough
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=acceptable_texts)
async def test_a_body_comes_back_exactly_as_sent_and_can_not_run(town: Town, text: str) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, body=text, do_not_want=text)
    read = await author.read(path_of(prompt))
    assert (read["body"], read["do_not_want"]) == (text, text)
    assert_safe(read["body_html"])
    edited = await author.change(path_of(prompt), {"body": f"{text}\n\n{text}"})
    assert edited["body"] == f"{text}\n\n{text}"
    assert_safe(edited["body_html"])


async def test_a_change_can_be_made_to_depend_on_the_version(town: Town) -> None:
    author = town.somebody()
    path = path_of(await town.prompt(author))
    tag = await author.tag_of(path)
    first = await author.patch(path, {"title": "One tent"}, If_Match=tag)
    assert first.status_code == 200
    for stale in (
        await author.patch(path, {"title": "One boat"}, If_Match=tag),
        await author.delete(path, If_Match=tag),
    ):
        assert (stale.status_code, code_of(stale)) == (412, "precondition-failed")
    assert (await author.read(path))["title"] == "One tent"
    current = stale.headers["etag"]
    assert (await author.patch(path, {"title": "x"}, If_Match=current)).status_code == 200
    assert (await author.patch(path, {"title": "y"}, If_Match="*")).status_code == 200
    await author.take_away(path, If_Match=f'"otter", {await author.tag_of(path)}')


async def test_what_others_post_never_stops_the_author(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    tag = await author.tag_of(path_of(prompt))
    await town.comment(prompt)
    await town.fill(prompt)
    assert await author.tag_of(path_of(prompt)) != tag
    await author.change(path_of(prompt), {"title": "One tent"}, If_Match=tag)


async def test_of_two_changes_to_one_version_exactly_one_wins(town: Town) -> None:
    author = town.somebody()
    path = path_of(await town.prompt(author))
    tag = await author.tag_of(path)
    titles = [f"Tent {number}" for number in range(6)]
    responses = await asyncio.gather(
        *(author.patch(path, {"title": title}, If_Match=tag) for title in titles)
    )
    won = [each.json()["title"] for each in responses if each.status_code == 200]
    assert [each.status_code for each in responses].count(412) == 5
    assert won == [(await author.read(path))["title"]]


async def test_prompts_posted_at_once_are_numbered_without_gaps(town: Town) -> None:
    prompts = await asyncio.gather(*(town.prompt() for _ in range(10)))
    assert sorted(prompt["number"] for prompt in prompts) == list(range(1, 11))
    await recount(town)


@pytest.mark.parametrize("phase", ["upcoming", "fill_only", "closed", "archived"])
async def test_a_round_takes_prompts_only_while_it_is_prompting(
    town: Town, stranger: Person, phase: str
) -> None:
    await town.change_round(1, phase=phase)
    response = await stranger.post(f"/boards/{town.slug}/prompts", {"body": "A rescue."})
    assert (response.status_code, code_of(response)) == (409, "round-closed")
    assert response.json()["phase"] == phase
    assert response.json()["opens_at"] is None
    assert (await stranger.read(f"/boards/{town.slug}"))["current_round"]["phase"] == phase


@pytest.mark.parametrize("state", ["hidden", "screened"])
async def test_a_prompt_out_of_sight_is_as_if_it_never_was(
    town: Town, service: FastAPI, stranger: Person, state: str
) -> None:
    prompt = await town.prompt()
    fill, comment = await town.fill(prompt), await town.comment(prompt)
    tag = await stranger.tag_of(path_of(prompt))
    await set_state(service, prompt, state)
    for path in (
        path_of(prompt),
        f"/boards/{town.slug}/prompts/1",
        f"{path_of(prompt)}/fills",
        f"{path_of(prompt)}/comments",
        path_of(fill),
        f"{path_of(fill)}/parts/1",
        path_of(comment),
    ):
        response = await stranger.get(path, If_None_Match=tag)
        assert (response.status_code, code_of(response)) == (404, "not-found")
    for things in ("prompts", "fills"):
        assert (await stranger.read(f"/boards/{town.slug}/{things}"))["items"] == []
