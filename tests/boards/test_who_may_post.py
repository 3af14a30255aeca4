"""Who may post on a board, and under what: `anonymity_…` and `posting`."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.kit.clock import rfc3339
from tests.backstage import new_account, set_state
from tests.clocks import Clock
from tests.people import JSON, Person, Town, code_of, faults_of, path_of

pytestmark = pytest.mark.anyio

KINDS = ("prompts", "fills", "comments")
#: Posts that have no setting of their own: a board's wishes for comments are theirs.
TALK = ("comments on a fill", "discussions")


@dataclass
class Place:
    """A board with a prompt and a fill on it, each by somebody anonymous."""

    town: Town
    prompt: JSON
    fill: JSON
    op: Person
    filler: Person
    service: FastAPI

    async def set(self, **settings: Any) -> None:
        path = f"/boards/{self.town.slug}"
        await self.town.administrator.change(path, {"settings": settings})

    async def named(self) -> Person:
        """Somebody with an account who moderates nothing."""
        return (await new_account(self.service, self.town.client))[0]

    async def moderator(self) -> Person:
        return (await new_account(self.service, self.town.client, moderates=self.town.slug))[0]

    async def post(self, kind: str, who: Person, **fields: Any) -> httpx.Response:
        """Have somebody post one of a kind."""
        path = {
            "prompts": f"/boards/{self.town.slug}/prompts",
            "fills": f"{path_of(self.prompt)}/fills",
            "comments": f"{path_of(self.prompt)}/comments",
            "comments on a fill": f"{path_of(self.fill)}/comments",
            "discussions": f"/boards/{self.town.slug}/discussions",
        }[kind]
        return await who.post(path, {"body": "A kettle for two.", **fields})


def refused(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, code_of(response)


@pytest.fixture
async def place(town: Town, service: FastAPI) -> Place:
    op, filler = town.somebody(), town.somebody()
    prompt = await town.prompt(op)
    fill = await town.fill(prompt, filler, status="wip")
    return Place(town, prompt, fill, op, filler, service)


@pytest.mark.parametrize("posts", KINDS)
async def test_where_anonymity_is_required_nobody_shows_a_name(place: Place, posts: str) -> None:
    await place.set(**{f"anonymity_{posts}": "required"})
    named = await place.named()
    refusal = await place.post(posts, named)
    assert refused(refusal) == (403, "anonymity-required")
    page = await place.town.client.get("/problems/anonymity-required")
    assert "anonymous: true" in page.text
    masked = await place.post(posts, named, anonymous=True)
    assert masked.status_code == 201
    assert masked.json()["author"]["kind"] == "anonymous"
    assert (await place.post(posts, place.town.somebody())).status_code == 201


@pytest.mark.parametrize("posts", KINDS)
async def test_a_moderator_speaks_as_one_where_anonymity_is_required(
    place: Place, posts: str
) -> None:
    await place.set(**{f"anonymity_{posts}": "required"})
    moderator = await place.moderator()
    posted = await place.post(posts, moderator, as_moderator=True)
    assert posted.status_code == 201
    assert posted.json()["author"]["kind"] == "named"
    assert refused(await place.post(posts, moderator)) == (403, "anonymity-required")


@pytest.mark.parametrize("posts", KINDS)
async def test_where_anonymity_is_off_everybody_shows_a_name(place: Place, posts: str) -> None:
    await place.set(**{f"anonymity_{posts}": "off"})
    named = await place.named()
    assert refused(await place.post(posts, place.town.somebody())) == (403, "name-required")
    assert refused(await place.post(posts, place.op)) == (403, "name-required")
    assert refused(await place.post(posts, named, anonymous=True)) == (403, "name-required")
    posted = await place.post(posts, named)
    assert posted.status_code == 201
    assert posted.json()["author"]["kind"] == "named"


@pytest.mark.parametrize("posts", KINDS)
@pytest.mark.parametrize("wish", ["required", "off"])
async def test_each_kind_of_post_has_an_anonymity_of_its_own(
    place: Place, posts: str, wish: str
) -> None:
    await place.set(**{f"anonymity_{posts}": wish})
    named = await place.named()
    for other in set(KINDS) - {posts}:
        for who in (named, place.town.somebody()):
            assert (await place.post(other, who)).status_code == 201


@pytest.mark.parametrize("talk", TALK)
async def test_comments_on_fills_and_discussions_are_comments(place: Place, talk: str) -> None:
    await place.set(anonymity_comments="off")
    response = await place.post(talk, place.town.somebody())
    assert refused(response) == (403, "name-required")
    await place.set(anonymity_comments="required")
    response = await place.post(talk, await place.named())
    assert refused(response) == (403, "anonymity-required")


async def test_a_setting_of_anonymity_changes_nothing_that_stands(place: Place) -> None:
    named = await place.named()
    own = (await place.post("fills", named, status="wip")).json()
    for wish in ("off", "required"):
        await place.set(**{f"anonymity_{kind}": wish for kind in KINDS})
        for who, fill in ((place.filler, place.fill), (named, own)):
            before = (await who.read(path_of(fill)))["author"]
            assert (await who.post(f"{path_of(fill)}/parts", {"body": "More."})).status_code == 201
            after = await who.change(path_of(fill), {"summary": f"It is {wish}."})
            assert after["author"] == before
        assert (await place.op.change(path_of(place.prompt), {"title": wish}))["title"] == wish


async def test_while_posting_is_named_only_names_post(place: Place) -> None:
    await place.set(posting="named")
    named = await place.named()
    for kind in (*KINDS, *TALK):
        for who in (place.town.somebody(), place.op):
            assert refused(await place.post(kind, who)) == (403, "name-required")
        assert refused(await place.post(kind, named, anonymous=True)) == (403, "name-required")
        assert (await place.post(kind, named)).status_code == 201


async def test_while_posting_is_named_a_part_needs_a_fill_under_a_name(place: Place) -> None:
    named = await place.named()
    own = (await place.post("fills", named, status="wip")).json()
    masked = (await place.post("fills", named, status="wip", anonymous=True)).json()
    await place.set(posting="named")
    part = {"body": "And then?"}
    for who, fill in ((place.filler, place.fill), (named, masked)):
        response = await who.post(f"{path_of(fill)}/parts", part)
        assert refused(response) == (403, "name-required")
    assert (await named.post(f"{path_of(own)}/parts", part)).status_code == 201


async def test_while_posting_is_named_what_stands_is_edited_and_deleted(place: Place) -> None:
    comment = await place.town.comment(place.prompt, place.op)
    await place.set(posting="named")
    await place.op.change(path_of(place.prompt), {"title": "Two cups"})
    await place.op.change(path_of(comment), {"body": "Thank you!"})
    await place.filler.change(path_of(place.fill), {"title": "Three cups"})
    part = f"{path_of(place.fill)}/parts/1"
    tag = await place.filler.tag_of(part)
    await place.filler.change(part, {"title": "One"}, If_Match=tag)
    await place.op.take_away(path_of(comment))
    await place.filler.take_away(path_of(place.fill))
    await place.op.take_away(path_of(place.prompt))


async def test_while_posting_is_paused_only_moderators_post(place: Place) -> None:
    await place.set(posting="paused")
    named = await place.named()
    for kind in (*KINDS, *TALK):
        for who in (place.town.somebody(), place.op, named):
            response = await place.post(kind, who)
            assert refused(response) == (409, "posting-paused")
            assert response.json()["until"] is None
        for who in (await place.moderator(), place.town.administrator):
            assert (await place.post(kind, who)).status_code == 201
            assert (await place.post(kind, who, anonymous=True)).status_code == 201
    response = await place.filler.post(f"{path_of(place.fill)}/parts", {"body": "And then?"})
    assert refused(response) == (409, "posting-paused")


async def test_the_moderator_of_another_board_is_nobody_here(place: Place) -> None:
    other = f"{place.town.slug}-2"
    await place.town.found_board(other)
    elsewhere, _ = await new_account(place.service, place.town.client, moderates=other)
    await place.set(posting="paused")
    assert refused(await place.post("prompts", elsewhere)) == (409, "posting-paused")


async def test_while_posting_is_paused_nothing_is_edited_and_all_can_be_deleted(
    place: Place,
) -> None:
    comment = await place.town.comment(place.prompt, place.op)
    await place.town.part(place.fill, place.filler)
    part = f"{path_of(place.fill)}/parts/2"
    tag = await place.filler.tag_of(part)
    await place.set(posting="paused")
    for who, path, changes in (
        (place.op, path_of(place.prompt), {"title": "Two cups"}),
        (place.op, path_of(comment), {"body": "Flood!"}),
        (place.filler, path_of(place.fill), {"title": "Three cups"}),
        (place.filler, part, {"title": "Two"}),
    ):
        before = await who.read(path)
        response = await who.patch(path, changes, If_Match=await who.tag_of(path))
        assert refused(response) == (409, "posting-paused")
        assert await who.read(path) == before
    await place.filler.take_away(part, If_Match=tag)
    await place.op.take_away(path_of(comment))
    await place.filler.take_away(path_of(place.fill))
    await place.op.take_away(path_of(place.prompt))


async def test_moderators_edit_their_own_while_posting_is_paused(place: Place) -> None:
    moderator = await place.moderator()
    comment = (await place.post("comments", moderator)).json()
    await place.set(posting="paused")
    await moderator.change(path_of(comment), {"body": "Back in an hour."})


async def test_who_may_not_edit_is_told_that_and_no_more(place: Place) -> None:
    await place.set(posting="paused")
    response = await place.filler.patch(path_of(place.prompt), {"title": "Mine"})
    assert refused(response) == (403, "not-allowed")
    response = await place.op.post(f"{path_of(place.fill)}/parts", {"body": "Mine"})
    assert refused(response) == (403, "not-allowed")


@pytest.mark.parametrize("posting", ["named", "paused"])
async def test_posting_opens_again_by_itself(place: Place, posting: str, clock: Clock) -> None:
    until = rfc3339(clock.now() + timedelta(hours=3))
    await place.set(posting=posting, posting_until=until)
    path = f"/boards/{place.town.slug}"
    settings = (await place.op.read(path))["settings"]
    assert (settings["posting"], settings["posting_until"]) == (posting, until)
    clock.move(hours=2.9)
    for kind in KINDS:
        response = await place.post(kind, place.town.somebody())
        assert response.status_code in (403, 409)
        if posting == "paused":
            assert response.json()["until"] == until
            assert until in response.json()["detail"]
    clock.move(hours=0.2)
    for kind in KINDS:
        assert (await place.post(kind, place.town.somebody())).status_code == 201
    settings = (await place.op.read(path))["settings"]
    assert (settings["posting"], settings["posting_until"]) == ("open", None)
    # What was over does not come back with another change.
    await place.set(show_faces=False)
    assert (await place.post("prompts", place.town.somebody())).status_code == 201


async def test_what_is_not_there_is_not_found_while_posting_is_paused(place: Place) -> None:
    await place.set(posting="paused")
    await set_state(place.service, place.prompt, "hidden")
    assert refused(await place.post("comments", place.op)) == (404, "not-found")


async def test_settings_under_which_nobody_could_post_are_refused(town: Town) -> None:
    path = f"/boards/{town.slug}"
    for kind in KINDS:
        both = {"posting": "named", f"anonymity_{kind}": "required"}
        response = await town.administrator.patch(path, {"settings": both})
        assert faults_of(response) == {("/settings", "named_and_anonymous")}
        settings = {"default_rating": "general", **both}
        body = {"slug": f"{town.slug}-2", "name": "Lanterns", "settings": settings}
        response = await town.administrator.post("/boards", body)
        assert faults_of(response) == {("/settings", "named_and_anonymous")}
