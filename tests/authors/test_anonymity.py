"""A board's wishes for names are met on every way that brings one onto it, or none."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.backstage import new_account
from tests.moderation.keeping import act, ask
from tests.people import JSON, Person, Town, code_of, path_of

pytestmark = pytest.mark.anyio

#: What can be posted, and which of the settings it goes by.
POSTS = {
    "prompt": "prompts",
    "fill": "fills",
    "discussion": "comments",
    "comment on a prompt": "comments",
    "comment on a fill": "comments",
    "comment in a discussion": "comments",
}
#: How each kind of author may sign, and what readers see of it.
SIGNATURES: dict[tuple[str, str], str] = {
    ("stranger", ""): "anonymous",
    ("mask", ""): "anonymous",
    ("mask", "anonymous"): "anonymous",
    ("account", ""): "named",
    ("account", "anonymous"): "anonymous",
    ("bot", ""): "bot",
    ("bot", "anonymous"): "anonymous",
    ("bot", "new_mask"): "anonymous",
    ("moderator", ""): "named",
    ("moderator", "anonymous"): "anonymous",
    ("moderator", "as_moderator"): "named",
    ("moderator", "anonymous as_moderator"): "anonymous",
}
ANON = "anonymous"
#: What a board answers to whoever shows a name, who shows none, and who speaks as a moderator.
ANSWERS = {
    "allowed": ("", "", ""),
    "required": ("anonymity-required", "", ""),
    "off": ("", "name-required", ""),
}


@dataclass
class Square:
    """A board with something of each kind to answer to, and all kinds of authors."""

    town: Town
    people: dict[str, Person]
    paths: dict[str, str]
    prompt: JSON

    async def wish(self, setting: str, wish: str) -> None:
        settings = {f"anonymity_{setting}": wish}
        await self.town.administrator.change(f"/boards/{self.town.slug}", {"settings": settings})

    async def post(self, what: str, who: str, flags: str = "") -> httpx.Response:
        person = self.town.somebody() if who == "stranger" else self.people[who]
        signed = dict.fromkeys(flags.split(), True)
        return await person.post(self.paths[what], {"body": "A kettle for two.", **signed})

    async def made(self, what: str, who: str, flags: str = "") -> JSON:
        answer = await self.post(what, who, flags)
        assert answer.status_code == 201, answer.text
        made: JSON = answer.json()
        return made


@pytest.fixture
async def square(service: FastAPI, town: Town) -> Square:
    account, _ = await new_account(service, town.client)
    moderator, _ = await new_account(service, town.client, moderates=town.slug)
    scopes = ["prompts:write", "fills:write", "comments:write"]
    key = await account.make("/me/api-keys", {"name": "prompt of the day", "scopes": scopes})
    mask = town.somebody()
    prompt = await town.prompt(mask)
    fill, discussion = await town.fill(prompt), await town.discussion()
    return Square(
        town,
        {
            "mask": mask,
            "account": account,
            "moderator": moderator,
            "bot": Person(town.client, key["key"]),
        },
        {
            "prompt": f"/boards/{town.slug}/prompts",
            "fill": f"{path_of(prompt)}/fills",
            "discussion": f"/boards/{town.slug}/discussions",
            "comment on a prompt": f"{path_of(prompt)}/comments",
            "comment on a fill": f"{path_of(fill)}/comments",
            "comment in a discussion": f"{path_of(discussion)}/comments",
        },
        prompt,
    )


def expected(wish: str, signature: tuple[str, str]) -> str:
    named, unnamed, badged = ANSWERS[wish]
    if SIGNATURES[signature] == "anonymous":
        return unnamed
    return badged if "as_moderator" in signature[1] else named


def answered(response: httpx.Response) -> str:
    """The code of a refusal; nothing for what was taken."""
    if response.is_success:
        return ""
    assert response.status_code == 403
    return code_of(response)


@pytest.mark.parametrize("wish", ANSWERS)
@pytest.mark.parametrize("what", POSTS)
async def test_each_way_to_sign_is_taken_or_refused_as_the_board_wishes(
    square: Square, what: str, wish: str
) -> None:
    await square.wish(POSTS[what], wish)
    told: dict[tuple[str, str], str] = {}
    for signature, kind in SIGNATURES.items():
        response = await square.post(what, *signature)
        told[signature] = answered(response)
        if response.is_success:
            # It is taken or refused at once: nothing waits for a moderator to judge its signature.
            assert response.status_code == 201
            assert response.json()["author"]["kind"] == kind
    assert told == {signature: expected(wish, signature) for signature in SIGNATURES}


@pytest.mark.parametrize("wish", ANSWERS)
@pytest.mark.parametrize("what", POSTS)
async def test_names_are_revealed_and_hidden_as_the_board_wishes(
    square: Square, what: str, wish: str
) -> None:
    shown, hidden = await square.made(what, "account"), await square.made(what, "account", ANON)
    badged = await square.made(what, "moderator", "as_moderator")
    account, moderator = square.people["account"], square.people["moderator"]
    await square.wish(POSTS[what], wish)
    no_name, no_mask, _ = ANSWERS[wish]
    for who, post, sent, refusal in (
        (account, hidden, {}, no_name),
        (account, shown, {"anonymous": True}, no_mask),
        (moderator, badged, {"anonymous": True}, no_mask),
    ):
        path, reader = path_of(post), square.town.somebody()
        before = (await reader.read(path))["author"]
        for query in ("?dry_run=true", ""):
            answer = await who.put(f"{path}/author{query}", sent)
            assert answered(answer) == refusal
            if query or refusal:
                assert (await reader.read(path))["author"] == before
        after = (await reader.read(path))["author"]
        assert (after["kind"] == before["kind"]) is bool(refusal)


@pytest.mark.parametrize("what", POSTS)
async def test_a_wish_for_names_holds_nobody_who_wants_to_be_forgotten(
    square: Square, what: str
) -> None:
    post = await square.made(what, "account")
    await square.wish(POSTS[what], "off")
    await square.people["account"].take_away(f"{path_of(post)}/author")
    author = (await square.town.somebody().read(path_of(post)))["author"]
    assert (author["kind"], author["name"], author["face"]) == ("anonymous", None, None)


@pytest.mark.parametrize("wish", ANSWERS)
async def test_no_comment_becomes_a_fill_that_the_board_would_not_have_taken(
    square: Square, wish: str
) -> None:
    town, to = square.town, {"type": "prompt", "id": square.prompt["id"]}
    comments = [
        await square.made("comment on a prompt", *signature)
        for signature in (("account", ""), ("account", ANON), ("moderator", "as_moderator"))
    ]
    await square.wish("fills", wish)
    for comment, refusal in zip(comments, ANSWERS[wish], strict=True):
        assert answered(await ask(town, "convert", comment, to=to, reason="misfire")) == refusal
        stands = await town.somebody().read(path_of(comment))
        assert stands["state"] == ("visible" if refusal else "moved")
    fills = (await town.somebody().read(f"{path_of(square.prompt)}/fills"))["items"]
    assert len(fills) == 1 + ANSWERS[wish].count("")


async def test_a_comment_becomes_a_part_whatever_the_board_wishes_of_new_fills(
    square: Square,
) -> None:
    fill = await square.made("fill", "account")
    comment = await square.made("comment on a prompt", "account")
    await square.wish("fills", "required")
    to = {"type": "fill", "id": fill["id"]}
    await act(square.town, "convert", comment, to=to, reason="misfire")
    assert (await square.town.somebody().read(path_of(fill)))["parts_count"] == 2


@pytest.mark.parametrize("wish", ["required", "off"])
async def test_what_is_moved_is_signed_as_it_was(square: Square, wish: str) -> None:
    signatures: Any = (("account", ""), ("account", ANON))
    comments = [await square.made("comment on a prompt", *each) for each in signatures]
    await square.wish("comments", wish)
    to = {"type": "prompt", "id": (await square.town.prompt())["id"]}
    for comment in comments:
        await act(square.town, "move", comment, to=to, reason="misfire")
        after = await square.town.somebody().read(path_of(comment))
        assert after["author"]["kind"] == comment["author"]["kind"]
