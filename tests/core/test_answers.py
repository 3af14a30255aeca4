"""Versions: what an ETag promises, and who may keep an answer."""

import re

import pytest

from tests.people import Person, Town, path_of

pytestmark = pytest.mark.anyio


async def test_the_same_bytes_have_the_same_tag_whoever_asks(town: Town, stranger: Person) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    await town.comment(prompt)
    for path in (
        path_of(prompt),
        f"{path_of(prompt)}/comments",
        f"/boards/{town.slug}",
        f"/boards/{town.slug}/prompts",
    ):
        answers = [await who.get(path) for who in (stranger, author, town.administrator, stranger)]
        assert len({each.content for each in answers}) == 1
        assert len({each.headers["etag"] for each in answers}) == 1
        for each in answers:
            assert re.fullmatch(r'"[!-~]+"', each.headers["etag"])
            assert each.headers["cache-control"] == "public, no-cache"


async def test_a_tag_changes_with_the_content_and_comes_back_with_it(
    town: Town, stranger: Person
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    before = (await stranger.get(f"{path_of(prompt)}/comments")).headers["etag"]
    comment = await town.comment(prompt, author)
    during = (await stranger.get(f"{path_of(prompt)}/comments")).headers["etag"]
    await author.delete(path_of(comment))
    after = (await stranger.get(f"{path_of(prompt)}/comments")).headers["etag"]
    assert before != during
    assert before == after


async def test_whoever_has_it_already_is_told_so_without_a_body(
    town: Town, stranger: Person
) -> None:
    prompt = await town.prompt()
    for path in (path_of(prompt), f"/boards/{town.slug}/prompts"):
        tag = (await stranger.get(path)).headers["etag"]
        for known in (tag, f"W/{tag}", f'"other", {tag}', f'W/"a","b",W/{tag}', "*", f" {tag} "):
            response = await stranger.get(path, If_None_Match=known)
            assert (response.status_code, response.content) == (304, b"")
            assert response.headers["etag"] == tag
            assert response.headers["cache-control"] == "public, no-cache"
            head = await stranger.send("HEAD", path, If_None_Match=known)
            assert head.status_code == 304
        for unknown in ('"other"', tag.strip('"'), "", f'"{tag}', '"*"', "garbage, ,\t"):
            assert (await stranger.get(path, If_None_Match=unknown)).status_code == 200


async def test_a_condition_on_what_is_gone_or_missing_changes_nothing(
    town: Town, stranger: Person
) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    await author.delete(path_of(prompt))
    assert (await stranger.get(path_of(prompt), If_None_Match="*")).status_code == 410
    missing = await stranger.get("/prompts/0000000000000000", If_None_Match="*")
    assert missing.status_code == 404


async def test_what_a_write_answers_is_kept_by_nobody(town: Town) -> None:
    author = town.somebody()
    posted = await author.post(f"/boards/{town.slug}/prompts", {"body": "A found family."})
    author.token = posted.json()["edit_token"]
    path = path_of(posted.json())
    patched = await author.patch(path, {"title": "Found"})
    deleted = await author.delete(path)
    minted = await town.somebody().post("/masks")
    for response in (posted, patched, deleted, minted):
        assert response.is_success
        assert response.headers["cache-control"] == "private, no-store"


async def test_the_tag_of_a_write_serves_the_next_edit(town: Town) -> None:
    author = town.somebody()
    posted = await author.post(f"/boards/{town.slug}/prompts", {"body": "A rescue."})
    author.token = posted.json()["edit_token"]
    path = path_of(posted.json())
    tag = posted.headers["etag"]
    for title in ("One", "Two", "Three"):
        response = await author.patch(path, {"title": title}, If_Match=tag)
        assert response.status_code == 200
        tag = response.headers["etag"]
    assert (await author.get(path, If_None_Match=tag)).status_code == 304


@pytest.mark.parametrize("spelling", ["{}", "W/{}", '"other", {}', "*", " * ", "bare"])
async def test_an_edit_goes_through_when_the_version_is_named(town: Town, spelling: str) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    tag = (await author.get(path_of(prompt))).headers["etag"]
    condition = tag.strip('"') if spelling == "bare" else spelling.format(tag)
    response = await author.patch(path_of(prompt), {"title": "Again"}, If_Match=condition)
    assert response.status_code == 200


@pytest.mark.parametrize("condition", ['"other"', '"', "", "nonsense", '""', '"-"'])
async def test_an_edit_of_any_other_version_is_refused(town: Town, condition: str) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, title="First")
    for method, body in (("PATCH", {"title": "Second"}), ("DELETE", None)):
        refused = await author.send(method, path_of(prompt), body, If_Match=condition)
        assert refused.status_code == 412
    assert (await author.read(path_of(prompt)))["title"] == "First"


async def test_two_things_share_no_version(town: Town) -> None:
    author = town.somebody()
    one, other = await town.prompt(author), await town.prompt(author)
    tag = (await author.get(path_of(one))).headers["etag"]
    assert (await author.patch(path_of(other), {"title": "x"}, If_Match=tag)).status_code == 412


async def test_whoever_has_the_same_bytes_has_it_already_whatever_was_edited(
    town: Town, stranger: Person
) -> None:
    prompt = await town.prompt()
    tag = (await stranger.get(path_of(prompt))).headers["etag"]
    content = tag.strip('"').partition("-")[2]
    same = await stranger.get(path_of(prompt), If_None_Match=f'"000000000000-{content}"')
    assert (same.status_code, same.headers["etag"]) == (304, tag)
    edit = tag.strip('"').partition("-")[0]
    assert (await stranger.get(path_of(prompt), If_None_Match=f'"{edit}"')).status_code == 200
