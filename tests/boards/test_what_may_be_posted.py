"""What a board takes (words, languages, content notes), whom it trusts, which counts it shows.

Ratings stand in `tests/labels`, faces in `tests/identity`.
"""

from typing import Any

import pytest
from fastapi import FastAPI

from tests.backstage import new_account
from tests.people import JSON, Person, Town, faults_of, path_of

pytestmark = pytest.mark.anyio


def words(number: int) -> str:
    return " ".join(["kettle"] * number)


async def set_board(town: Town, **settings: Any) -> None:
    await town.administrator.change(f"/boards/{town.slug}", {"settings": settings})


async def test_a_prompt_has_no_more_words_than_the_board_wants(town: Town) -> None:
    await set_board(town, prompt_max_words=5)
    author = town.somebody()
    path = f"/boards/{town.slug}/prompts"
    assert faults_of(await author.post(path, {"body": words(6)})) == {("/body", "too_many_words")}
    prompt = await author.make(path, {"body": words(5), "title": words(9)})
    response = await author.patch(path_of(prompt), {"body": words(6)})
    assert faults_of(response) == {("/body", "too_many_words")}
    assert (await author.change(path_of(prompt), {"body": words(4)}))["body"] == words(4)
    # Only prompts are meant.
    await town.fill(prompt, body=words(6))
    await town.comment(prompt, body=words(6))


async def test_a_prompt_that_was_longer_may_stay_as_long(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, body=words(8))
    await set_board(town, prompt_max_words=5)
    path = path_of(prompt)
    await author.change(path, {"title": "A tale of kettles"})
    await author.change(path, {"body": words(7) + " tea"})
    response = await author.patch(path, {"body": words(9)})
    assert faults_of(response) == {("/body", "too_many_words")}
    await author.change(path, {"body": words(3)})
    response = await author.patch(path, {"body": words(6)})
    assert faults_of(response) == {("/body", "too_many_words")}


async def test_a_complete_fill_has_the_words_that_the_board_wants(town: Town) -> None:
    await set_board(town, fill_min_words=5)
    prompt = await town.prompt(body="Short.")
    author = town.somebody()
    path = f"{path_of(prompt)}/fills"
    for status in ({}, {"status": "complete"}, {"parts_expected": 1}):
        response = await author.post(path, {"body": words(4), **status})
        assert faults_of(response) == {("/body", "too_few_words")}
    await author.make(path, {"body": words(5)})
    await town.comment(prompt, body="Oh!")


async def test_a_link_needs_no_words(town: Town) -> None:
    await set_board(town, fill_min_words=5)
    prompt = await town.prompt()
    author = town.somebody()
    link = "https://example.org/works/1"
    fill = await author.make(f"{path_of(prompt)}/fills", {"external_url": link, "medium": "art"})
    both = await author.make(f"{path_of(prompt)}/fills", {"external_url": link, "body": words(1)})
    assert (fill["words_count"], both["words_count"]) == (0, 1)
    response = await author.patch(path_of(both), {"external_url": None})
    assert faults_of(response) == {("/external_url", "too_few_words")}
    part = f"{path_of(both)}/parts/1"
    await author.take_away(part, If_Match=await author.tag_of(part))


async def test_a_story_grows_as_it_likes_until_it_is_complete(town: Town) -> None:
    await set_board(town, fill_min_words=5)
    author = town.somebody()
    fill = await town.fill(await town.prompt(), author, body=words(2), parts_expected=None)
    path = path_of(fill)
    await author.change(path, {"status": "abandoned"})
    await town.part(fill, author, body=words(2))
    response = await author.patch(path, {"status": "complete"})
    assert faults_of(response) == {("/status", "too_few_words")}
    await town.part(fill, author, body=words(1))
    assert (await author.change(path, {"status": "complete"}))["words_count"] == 5


async def test_parts_of_a_complete_fill_do_not_shrink_below_what_the_board_wants(
    town: Town,
) -> None:
    await set_board(town, fill_min_words=5)
    author = town.somebody()
    fill = await town.fill(await town.prompt(), author, body=words(3), status="wip")
    await town.part(fill, author, body=words(3))
    await author.change(path_of(fill), {"status": "complete"})
    part = f"{path_of(fill)}/parts/2"
    tag = await author.tag_of(part)
    response = await author.patch(part, {"body": words(1)}, If_Match=tag)
    assert faults_of(response) == {("/body", "too_few_words")}
    response = await author.delete(part, If_Match=tag)
    assert faults_of(response) == {("", "too_few_words")}
    assert (await author.read(path_of(fill)))["words_count"] == 6
    await author.change(part, {"body": words(2)}, If_Match=tag)
    await author.change(path_of(fill), {"status": "wip"})
    await author.take_away(part, If_Match=await author.tag_of(part))
    assert (await author.read(path_of(fill)))["words_count"] == 3


async def test_a_complete_fill_that_was_shorter_stays_and_is_edited(town: Town) -> None:
    author = town.somebody()
    fill = await town.fill(await town.prompt(), author, body=words(3))
    await set_board(town, fill_min_words=5)
    path = path_of(fill)
    await author.change(path, {"title": "Short and sweet", "status": "complete"})
    part = f"{path}/parts/1"
    await author.change(part, {"body": words(2)}, If_Match=await author.tag_of(part))
    await author.take_away(path)


@pytest.mark.parametrize("language", ["en", "en-GB", "EN-gb", "pt-BR", "pt-br", None])
async def test_a_board_takes_works_in_its_languages(town: Town, language: str | None) -> None:
    await set_board(town, languages=["en", "pt-BR"])
    author = town.somebody()
    prompt = await town.prompt(author, language=language)
    fill = await town.fill(prompt, author, language=language)
    assert (prompt["language"], fill["language"]) == (language, language)
    for work in (prompt, fill):
        await author.change(path_of(work), {"language": None})
        await author.change(path_of(work), {"language": language})


@pytest.mark.parametrize("language", ["fr", "pt", "pt-PT", "enm"])
async def test_a_board_takes_works_in_no_other_language(town: Town, language: str) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    fill = await town.fill(prompt, author)
    await set_board(town, languages=["en", "pt-BR"])
    sent = {"body": "Rain.", "language": language}
    for response in (
        await author.post(f"/boards/{town.slug}/prompts", sent),
        await author.post(f"{path_of(prompt)}/fills", sent),
        await author.patch(path_of(prompt), {"language": language}),
        await author.patch(path_of(fill), {"language": language}),
    ):
        assert faults_of(response) == {("/language", "language_not_taken")}


async def test_a_language_that_stands_may_be_sent_again(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, language="fr")
    await set_board(town, languages=["en"])
    after = await author.change(path_of(prompt), {"language": "fr", "title": "Encore"})
    assert (after["language"], after["title"]) == ("fr", "Encore")
    # A fill without a language would be in its prompt's.
    response = await author.post(f"{path_of(prompt)}/fills", {"body": "Rain."})
    assert faults_of(response) == {("/language", "language_not_taken")}
    await town.fill(prompt, author, language="en")


async def test_where_notes_are_required_a_work_says_what_they_mean(town: Town) -> None:
    unsaid = await town.prompt(body="From before.")
    await set_board(town, content_notes_policy="required")
    author = town.somebody()
    refusal = {("/notes_choice", "notes_required")}
    for path in (f"/boards/{town.slug}/prompts", f"{path_of(unsaid)}/fills"):
        for labels in ({}, {"notes_choice": "unset"}, {"notes_choice": None}):
            assert faults_of(await author.post(path, {"body": "Rain.", **labels})) == refusal
        said: tuple[JSON, ...] = (
            {"notes_choice": "none_apply"},
            {"notes_choice": "not_warned"},
            {"notes_choice": "listed"},
            {"content_notes": ["storms at sea"]},
        )
        for labels in said:
            await author.make(path, {"body": "Rain.", **labels})


async def test_a_fill_that_says_nothing_of_notes_says_what_its_prompt_says(town: Town) -> None:
    await set_board(town, content_notes_policy="required")
    prompt = await town.prompt(notes_choice="none_apply")
    assert (await town.fill(prompt))["notes_choice"] == "none_apply"


async def test_where_notes_are_required_they_are_not_taken_away_again(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    fill = await town.fill(prompt, author)
    await set_board(town, content_notes_policy="required")
    for work in (prompt, fill):
        path = path_of(work)
        # What is not about notes can be edited as before.
        await author.change(path, {"title": "Storm in a teacup"})
        unsaid: tuple[JSON, ...] = (
            {"notes_choice": "unset"},
            {"notes_choice": None},
            {"content_notes": []},
        )
        for notes in unsaid:
            response = await author.patch(path, notes)
            assert faults_of(response) == {("/notes_choice", "notes_required")}
        await author.change(path, {"content_notes": ["storms at sea"]})
        response = await author.patch(path, {"notes_choice": "unset", "content_notes": []})
        assert faults_of(response) == {("/notes_choice", "notes_required")}
        await author.change(path, {"notes_choice": "none_apply", "content_notes": []})


@pytest.mark.parametrize("policy", ["encouraged", "choose_not_to_warn"])
async def test_other_policies_of_notes_ask_for_nothing(town: Town, policy: str) -> None:
    await set_board(town, content_notes_policy=policy)
    prompt = await town.prompt()
    reminded = ["content-notes-encouraged"] if policy == "encouraged" else []
    for work in (prompt, await town.fill(prompt)):
        assert work["notes_choice"] == "unset"
        assert [notice["code"] for notice in work["notices"]] == reminded
    for said in ({"content_notes": ["storms at sea"]}, {"notes_choice": "none_apply"}):
        assert (await town.prompt(**said))["notices"] == []
        assert (await town.fill(prompt, **said))["notices"] == []


async def test_all_that_is_wrong_with_labels_is_said_at_once(town: Town) -> None:
    await set_board(town, content_notes_policy="required", languages=["en"], max_rating="general")
    sent = {"body": "Rain.", "language": "fr", "rating": "teen"}
    response = await town.somebody().post(f"/boards/{town.slug}/prompts", sent)
    assert faults_of(response) == {
        ("/rating", "rating_above_max"),
        ("/language", "language_not_taken"),
        ("/notes_choice", "notes_required"),
    }


async def test_counts_are_shown_or_null_everywhere(town: Town, stranger: Person) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    for _ in range(3):
        seconder = town.somebody()
        await seconder.make("/masks", {})
        assert (await seconder.put(f"{path_of(prompt)}/second")).status_code == 200
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"claims": True}})
    for _ in range(2):
        await town.claim(prompt)

    async def shown() -> list[tuple[int | None, int | None]]:
        answers: list[JSON] = [
            await stranger.read(path_of(prompt)),
            await stranger.read(f"/boards/{town.slug}/prompts/{prompt['number']}"),
            (await stranger.read(f"/boards/{town.slug}/prompts"))["items"][0],
            await author.change(path_of(prompt), {"title": "Tea"}),
        ]
        return [(each["seconds_count"], each["claims_count"]) for each in answers]

    assert await shown() == [(3, 2)] * 4
    await set_board(town, show_counts=False)
    assert await shown() == [(None, None)] * 4
    posted = await town.prompt()
    assert (posted["seconds_count"], posted["claims_count"]) == (None, None)


async def test_only_accounts_that_there_are_can_be_trusted(town: Town, service: FastAPI) -> None:
    _, name = await new_account(service, town.client)
    path = f"/boards/{town.slug}"
    names = [name.upper(), "nobody-by-this-name"]
    response = await town.administrator.patch(path, {"settings": {"trusted_accounts": names}})
    assert faults_of(response) == {("/settings/trusted_accounts/1", "no_such_account")}
    settings = {"default_rating": "general", "trusted_accounts": names}
    body = {"slug": f"{town.slug}-2", "name": "Lanterns", "settings": settings}
    response = await town.administrator.post("/boards", body)
    assert faults_of(response) == {("/settings/trusted_accounts/1", "no_such_account")}
    await set_board(town, trusted_accounts=names[:1])
    board = await town.administrator.read(path)
    assert board["settings"]["trusted_accounts"] == names[:1]
