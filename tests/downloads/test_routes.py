"""Whole works as files over HTTP."""

import re

import pytest
from fastapi import FastAPI

from tests.backstage import new_account, set_state
from tests.downloads.reading import check_book, check_page, facts_in, texts_in
from tests.odd_works import ODD_WORKS, OddWork
from tests.people import JSON, Person, Town, code_of, path_of
from tests.statements import statements

pytestmark = pytest.mark.anyio

ENDINGS = ("epub", "html", "md", "txt")
MEDIA_TYPES = {
    "epub": "application/epub+zip",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8; variant=CommonMark",
    "txt": "text/plain; charset=utf-8",
}


async def written(town: Town, odd: OddWork, author: Person | None = None) -> JSON:
    """A fill that somebody posts, part by part."""
    author = author or town.somebody()
    fill = await town.fill(
        await town.prompt(title="A prompt & more"), author, **{"body": None, **odd.fill}
    )
    for part in odd.parts:
        await town.part(fill, author, **part)
    return fill


async def files(fill: JSON, reader: Person) -> dict[str, bytes]:
    """All files of a work, as they are linked from it."""
    links = (await reader.read(path_of(fill)))["downloads"]
    assert list(links) == list(ENDINGS)
    found = {}
    for ending, link in links.items():
        response = await reader.get(link)
        assert response.status_code == 200, response.text
        assert response.headers["content-type"] == MEDIA_TYPES[ending]
        found[ending] = response.content
    return found


async def test_every_form_tells_what_the_work_is(town: Town, stranger: Person) -> None:
    fill = await written(town, ODD_WORKS[0])
    shown = await stranger.read(path_of(fill))
    found = await files(fill, stranger)
    told = {
        "epub": check_book(found["epub"]),
        "html": check_page(found["html"]),
        "txt": found["txt"].decode(),
    }
    for text in told.values():
        for words in (
            shown["title"],
            shown["author"]["face"],
            f"#{shown['prompt']['number']}: A prompt & more",
            "thunder & lightning, rain",
            "Original <Work> & Co",
            "The Keeper & The Storm",
            "found family",
            "General",
            "In progress, 2/?",
            "<b>Tea & biscuits.</b>",
            "The storm knocked first.",
            "Part 2: Low tide",
            "mud <deep>",
            "Morning came.",
            shown["url"],
        ):
            assert words in text
        assert text.index("The storm knocked first.") < text.index("Morning came.")
        # What a part warns about is told before one reads, and again where that part begins.
        assert text.count("mud <deep>") == 2
        assert text.index("mud <deep>") < text.index("The storm knocked first.")
    for text in (found["html"].decode(), *told.values(), found["md"].decode()):
        if text != told["epub"] and text != told["html"]:
            assert shown["prompt"]["url"] in text
    facts = facts_in(found["md"])
    for name in ("title", "summary", "rating", "content_notes", "tags", "status", "language"):
        assert facts[name] == shown[name]
    assert facts["author"] == shown["author"]["face"]
    assert facts["prompt_url"] == shown["prompt"]["url"]
    assert texts_in(found["md"]) == [b"The storm knocked first.", b"Morning came."]


async def test_a_work_that_is_elsewhere_is_linked_and_has_no_number_of_words(
    town: Town, stranger: Person
) -> None:
    elsewhere = "https://example.org/works/1?a=_b_&c=*"
    fill = await town.fill(await town.prompt(), body=None, external_url=elsewhere)
    found = await files(fill, stranger)
    for text in (check_book(found["epub"]), check_page(found["html"]), found["txt"].decode()):
        assert elsewhere in text
        assert "Words" not in text
    lines = found["md"].decode().splitlines()
    assert {f"- Where it is: <{elsewhere}>", f"- From: <{fill['url']}>"} < set(lines)
    assert not [each for each in lines if each.startswith("- Words")]


async def test_plain_text_keeps_the_lines_of_code(town: Town, stranger: Person) -> None:
    code = "for cat in cats:\n    cat.nap()\n\n  # softly"
    body = f"So:\n\n```py\n{code}\n```\n\n- Or:\n\n      a\n        b\n"
    fill = await town.fill(await town.prompt(), body=body)
    text = (await stranger.get(fill["downloads"]["txt"])).text
    assert text.endswith(f"So:\n\n{code}\n\n- Or:\n\n  a\n    b\n")


@pytest.mark.parametrize("odd", ODD_WORKS[1:], ids=lambda odd: odd.name)
async def test_every_work_makes_files_that_hold_together(
    town: Town, stranger: Person, odd: OddWork
) -> None:
    fill = await written(town, odd)
    found = await files(fill, stranger)
    check_book(found["epub"])
    check_page(found["html"])
    bodies = [each["body"].encode() for each in (odd.fill, *odd.parts) if "body" in each]
    assert texts_in(found["md"]) == bodies
    assert facts_in(found["md"])["title"] == fill["title"]
    found["txt"].decode()
    # Whoever asks twice gets the same.
    assert await files(fill, stranger) == found


async def test_a_file_is_saved_under_the_title(town: Town, stranger: Person) -> None:
    fill = await town.fill(await town.prompt(), title="Café: 猫 & “co”")
    response = await stranger.get(fill["downloads"]["epub"])
    assert response.headers["content-disposition"] == (
        'attachment; filename="Cafe  & co.epub"; '
        "filename*=UTF-8''Caf%C3%A9%20%E7%8C%AB%20%26%20%E2%80%9Cco%E2%80%9D.epub"
    )
    # A page on another origin may read it, too.
    exposed = response.headers["access-control-expose-headers"].split(", ")
    assert "Content-Disposition" in exposed
    assert response.headers["x-content-type-options"] == "nosniff"
    page = await stranger.get(fill["downloads"]["html"])
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.partition("; frame-ancestors")[0] in page.text.replace("&#x27;", "'")


@pytest.mark.parametrize("ending", ENDINGS)
async def test_who_has_the_file_is_not_sent_it_again(
    town: Town, service: FastAPI, stranger: Person, ending: str
) -> None:
    author = town.somebody()
    fill = await town.fill(await town.prompt(), author, parts_expected=3)
    await town.part(fill, author, body="two")
    path = f"{path_of(fill)}/download.{ending}"
    first = await stranger.get(path)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, no-cache"
    assert first.headers["vary"] == "Authorization"

    with statements(service) as asked:
        unchanged = await stranger.get(path, If_None_Match=tag)
        head = await stranger.send("HEAD", path)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert (head.status_code, head.content) == (200, b"")
    assert "content-length" not in head.headers
    for name in ("etag", "content-type", "content-disposition", "cache-control"):
        assert head.headers[name] == first.headers[name]
    # Neither was made.
    assert not [each for each in asked if "body_html" in each]
    assert len(asked) == 4

    # What others say is not in the file.
    await town.comment(fill)
    await town.client.put(f"/v1/prompts/{fill['prompt']['id']}/second")
    assert await stranger.tag_of(path) == tag


async def test_whatever_changes_in_a_file_changes_its_tag(town: Town, stranger: Person) -> None:
    author, op = town.somebody(), town.somebody()
    prompt = await town.prompt(op)
    fill = await town.fill(prompt, author, parts_expected=3)
    path = f"{path_of(fill)}/download.md"
    seen = {await stranger.tag_of(path)}

    async def expect_another() -> None:
        tag = await stranger.tag_of(path)
        assert tag not in seen
        seen.add(tag)

    part = f"{path_of(fill)}/parts/1"
    await author.change(part, {"body": "Anew."}, If_Match="*")
    await expect_another()
    await town.part(fill, author, body="two")
    await expect_another()
    await author.change(part, {"number": 2}, If_Match="*")
    await expect_another()
    await author.take_away(part, If_Match="*")
    await expect_another()
    await author.change(path_of(fill), {"title": "Another"})
    await expect_another()
    await op.change(path_of(prompt), {"title": "Another prompt"})
    await expect_another()
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"show_faces": False}})
    await expect_another()
    assert "by Anonymous\n" in (await stranger.get(path)).text
    status = "wip" if fill["status"] == "complete" else "complete"
    await author.change(path_of(fill), {"status": status})
    await expect_another()
    assert await stranger.tag_of(path.replace(".md", ".txt")) not in seen


async def test_adult_works_are_had_on_request_alone(town: Town, stranger: Person) -> None:
    fill = await town.fill(
        await town.prompt(title="Embers"), title="Ashes", rating="mature", body="Smoke."
    )
    for ending in ENDINGS:
        refused = await stranger.get(f"{path_of(fill)}/download.{ending}")
        assert (refused.status_code, code_of(refused)) == (403, "adult-content")
        assert not re.search("Embers|Ashes|Smoke", refused.text)
    shown = await stranger.read(f"{path_of(fill)}?adult=true")
    for link in shown["downloads"].values():
        assert link.endswith("?adult=true")
        assert (await stranger.get(link)).status_code == 200
    text = (await stranger.get(shown["downloads"]["txt"])).text
    assert f"{fill['prompt']['url']}?adult=true" in text


async def test_an_adult_prompt_is_named_on_request_alone(town: Town, stranger: Person) -> None:
    prompt = await town.prompt(title="Embers", rating="explicit")
    fill = await town.fill(prompt, rating="general")
    for ending in ENDINGS:
        path = f"{path_of(fill)}/download.{ending}"
        shy, asked = await stranger.get(path), await stranger.get(f"{path}?adult=true")
        if ending == "epub":
            assert "Embers" not in check_book(shy.content)
            assert "Embers" in check_book(asked.content)
        else:
            assert "Embers" not in shy.text
            assert "Embers" in asked.text
        assert shy.headers["etag"] != asked.headers["etag"]


async def test_what_is_out_of_sight_is_had_by_nobody(
    town: Town, service: FastAPI, stranger: Person
) -> None:
    author = town.somebody()
    prompt = await town.prompt()
    fill = await town.fill(prompt, author)
    path = f"{path_of(fill)}/download.txt"
    tag = await stranger.tag_of(path)
    for thing in (fill, prompt):
        await set_state(service, thing, "hidden")
        gone = await stranger.get(path, If_None_Match=tag)
        assert (gone.status_code, code_of(gone)) == (404, "not-found")
        await set_state(service, thing, "visible")
    assert (await stranger.get(path)).status_code == 200
    await author.take_away(path_of(fill))
    gone = await stranger.get(path, If_None_Match=tag)
    assert (gone.status_code, code_of(gone)) == (410, "gone")
    assert code_of(await stranger.get("/fills/0000000000000000/download.epub")) == "not-found"
    assert code_of(await stranger.get(f"{path_of(fill)}/download.pdf")) == "not-found"


async def test_what_waits_for_a_moderator_is_had_by_its_author(
    town: Town, administrator: Person, stranger: Person
) -> None:
    await administrator.change(f"/boards/{town.slug}", {"settings": {"screening": "all"}})
    prompt = await administrator.make(f"/boards/{town.slug}/prompts", {"body": "A lamp."})
    author = town.somebody()
    fill = await author.hand_in(f"/prompts/{prompt['id']}/fills", {"body": "It *burns*."})
    for link in fill["downloads"].values():
        own = await author.get(link)
        assert own.status_code == 200
        assert own.headers["cache-control"] == "private, no-store"
        assert (await stranger.get(link)).status_code == 404


async def test_a_named_author_is_named(town: Town, service: FastAPI, stranger: Person) -> None:
    writer, name = await new_account(service, town.client)
    fill = await town.fill(await town.prompt(), writer)
    for ending, content in (await files(fill, stranger)).items():
        assert name in (check_book(content) if ending == "epub" else content.decode())


async def test_a_deleted_prompt_is_not_named(town: Town, stranger: Person) -> None:
    op = town.somebody()
    prompt = await town.prompt(op, title="Embers")
    fill = await town.fill(prompt)
    await op.take_away(path_of(prompt))
    text = (await stranger.get(fill["downloads"]["txt"])).text
    assert "Embers" not in text
    assert f"Answers the prompt: #{prompt['number']}, <{prompt['url']}>" in text
