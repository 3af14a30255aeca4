"""Faces: the same throughout one conversation, others everywhere else, and nothing but a look."""

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from app.core.site import Site
from app.core.tables import table_of
from app.identity.models import MASK, Mask
from app.identity.service import mask_behind
from app.kit.ids import new_id
from app.prompts.models import PROMPT, Prompt
from app.threads.models import THREAD
from tests.backstage import new_account
from tests.people import JSON, Person, Town, path_of

pytestmark = pytest.mark.anyio

#: Queries with which an address shows more than without.
MORE = {"/v1/prompts/{prompt}": "?embed=fills", "/v1/search": "?q=umbrella&board={board}"}


async def test_a_new_token_keeps_the_faces(town: Town) -> None:
    author = town.somebody()
    prompt, discussion = await town.prompt(author), await town.discussion(author)
    leaked = author.token
    receipt = await author.make("/me/tokens", {"revoke_others": True})
    author.token = receipt["token"]
    refused = await Person(town.client, leaked).patch(path_of(prompt), {"title": "Not mine"})
    assert refused.status_code == 401
    second_device = Person(town.client, (await author.make("/me/tokens", {}))["token"])
    for thing in (prompt, discussion):
        for who in (author, second_device):
            comment = await town.comment(thing, who)
            assert comment["author"]["face"] == thing["author"]["face"]
            assert comment["author"]["is_op"]


async def test_a_mask_wears_as_many_faces_as_there_are_conversations(town: Town) -> None:
    author, other_board = town.somebody(), f"{town.slug}-2"
    await town.found_board(other_board)
    heads = [
        *[await town.prompt(author) for _ in range(3)],
        await author.make(f"/boards/{other_board}/prompts", {"body": "One umbrella."}),
        *[await town.discussion(author) for _ in range(2)],
        await author.make(f"/boards/{other_board}/discussions", {"body": "Hello!"}),
    ]
    for head in heads[:4]:
        fill = await town.fill(head, author)
        talk = [await town.comment(each, author) for each in (head, fill)]
        faces = {each["author"]["face"] for each in (head, fill, *talk)}
        assert len(faces) == 1
    words = [head["author"]["face"] for head in heads]
    assert len(set(words)) == len(heads)
    assert all(re.fullmatch(r"[a-z]+ [a-z]+ [a-z]+", face) for face in words)


async def test_an_account_and_its_bot_wear_two_faces(town: Town) -> None:
    account = town.administrator
    key = {"name": "prompt of the day", "scopes": ["comments:write"]}
    bot = Person(town.client, (await account.make("/me/api-keys", key))["key"])
    prompt = await town.prompt(account, anonymous=True)
    said = await town.comment(prompt, bot, anonymous=True)
    for_somebody = [await town.comment(prompt, bot, new_mask=True) for _ in range(2)]
    faces = {each["author"]["face"] for each in (prompt, said, *for_somebody)}
    assert len(faces) == 4
    assert not said["author"]["is_op"]


async def test_who_wears_anothers_face_by_chance_is_not_taken_for_them(
    service: FastAPI, town: Town
) -> None:
    prompt = await town.prompt()
    one, two = town.somebody(), town.somebody()
    for who in (one, two):
        await who.make("/masks", {})
    ids = await two_with_one_face(service, prompt)
    for who, mask in zip((one, two), ids, strict=True):
        await rename_mask(service, who, mask)
    fill = await town.fill(prompt, one)
    said = [await town.comment(fill, who) for who in (one, two)]
    page = (await town.somebody().read(f"{path_of(fill)}/comments"))["items"]
    for comments in (said, page):
        assert {each["author"]["face"] for each in comments} == {fill["author"]["face"]}
        assert [each["author"]["is_filler"] for each in comments] == [True, False]
    assert (await two.patch(path_of(fill), {"title": "Mine"})).status_code == 403
    assert (await two.delete(path_of(said[0]))).status_code == 403


async def test_a_board_without_faces_shows_them_nowhere(service: FastAPI, town: Town) -> None:
    author, reader = town.somebody(), town.somebody()
    moderator, _ = await new_account(service, town.client, moderates=town.slug)
    prompt = await town.prompt(author)
    fill = await town.fill(prompt)
    discussion = await town.discussion()
    comments = [await town.comment(each) for each in (prompt, fill, discussion)]
    await town.comment(fill, reply_to=comments[1])
    known = {
        "board": town.slug,
        "prompt": prompt["id"],
        "fill": fill["id"],
        "discussion": discussion["id"],
        "comment": comments[1]["id"],
        "number": "1",
    }
    shown = await shown_at(service, reader, known)
    faces = set().union(*map(faces_in, shown.values()))
    assert len(faces) == 7
    assert {address for address, content in shown.items() if faces_in(content)} >= {
        "/v1/boards/{board}/discussions",
        "/v1/boards/{board}/fills",
        "/v1/boards/{board}/prompts",
        "/v1/boards/{board}/prompts/random",
        "/v1/boards/{board}/prompts/{number}",
        "/v1/comments/{comment}",
        "/v1/comments/{comment}/thread",
        "/v1/discussions/{discussion}",
        "/v1/discussions/{discussion}/comments",
        "/v1/fills/{fill}",
        "/v1/fills/{fill}/comments",
        "/v1/prompts/{prompt}",
        "/v1/prompts/{prompt}/comments",
        "/v1/prompts/{prompt}/fills",
        "/v1/search",
    }
    own = await shown_at(service, author, known)
    for address in ("posts", "replies", "export"):
        assert any(face in str(own[f"/v1/me/{address}"]) for face in faces), address
    for kind in ("epub", "html", "md", "txt"):
        assert fill["author"]["face"] in str(own[f"/v1/fills/{{fill}}/download.{kind}"])
    board = f"/boards/{town.slug}"
    await town.administrator.change(board, {"settings": {"show_faces": False}})
    for who in (reader, author, moderator):
        for address, content in (await shown_at(service, who, known)).items():
            assert not faces_in(content), address
            assert not any(face in str(content) for face in faces), address
    receipts = [
        await author.change(path_of(prompt), {"title": "Rain"}),
        await town.fill(prompt, author),
        await town.comment(discussion, author),
    ]
    assert not any(faces_in(receipt) for receipt in receipts)
    await town.administrator.change(board, {"settings": {"show_faces": True}})
    again = await shown_at(service, reader, known)
    assert faces <= set().union(*map(faces_in, again.values()))


async def shown_at(service: FastAPI, who: Person, known: dict[str, str]) -> dict[str, Any]:
    """What somebody reads at each address of the description that takes nothing but what is known,
    by its template; files as text.
    """
    shown: dict[str, Any] = {}
    for template, operations in service.openapi()["paths"].items():
        address = template + MORE.get(template, "")
        if template.endswith("/stream"):
            # It has no end, and says what pages of events do.
            continue
        if "get" not in operations or set(re.findall(r"{(\w+)}", address)) - known.keys():
            continue
        answer = await who.get(f"http://board.test{address.format(**known)}")
        if answer.status_code == 200:
            shown[template] = content_of(answer)
    return shown


def content_of(answer: httpx.Response) -> Any:
    """What an answer says; of an archive, all that is packed into it."""
    media_type = answer.headers["content-type"]
    if media_type.startswith("application/json"):
        return answer.json()
    if not media_type.endswith("zip"):
        return answer.text
    with ZipFile(BytesIO(answer.content)) as packed:
        return [packed.read(name).decode() for name in packed.namelist()]


def faces_in(content: Any) -> set[str]:
    """All faces in an answer."""
    if isinstance(content, list):
        return set().union(*map(faces_in, content))
    if not isinstance(content, dict):
        return set()
    face = content.get("face")
    return set().union(*map(faces_in, content.values())) | ({face} if face else set())


async def two_with_one_face(service: FastAPI, prompt: JSON) -> tuple[str, str]:
    """Ids of two masks that wear the same face below a prompt. Some thousand are looked at, as many
    as hardly any conversation has people.
    """
    site: Site = service.state.site
    async with site.database.reading() as session:
        conversation = await session.scalar(
            select(THREAD.conversation)
            .join(table_of(Prompt), PROMPT.thread_id == THREAD.id)
            .where(PROMPT.public_id == prompt["id"])
        )
    assert isinstance(conversation, str)
    worn: dict[str, str] = {}
    while True:
        mask = new_id()
        other = worn.setdefault(site.face(conversation, mask), mask)
        if other != mask:
            return other, mask


async def rename_mask(service: FastAPI, who: Person, public_id: str) -> None:
    """Give somebody's mask another id, before it has posted anything."""
    assert who.token is not None
    async with service.state.site.database.writing() as session:
        mask_id = await mask_behind(session, who.token)
        chosen = update(Mask).where(MASK.id == mask_id)
        assert await session.run(chosen.values(public_id=public_id)) == 1
