"""A second device, a token that has leaked, and the end of one."""

import pytest
from fastapi import FastAPI

from app.identity.people import Caller
from app.identity.queries import owner_of_token
from app.identity.service import is_alive
from app.kit.tokens import TokenKind, hash_of, new_token
from tests.backstage import new_account
from tests.people import JSON, Person, Town, path_of


async def another(person: Person, **sent: object) -> tuple[Person, JSON]:
    """A second device of somebody."""
    receipt = await person.make("/me/tokens", {"label": "the old laptop", **sent})
    return Person(person.client, receipt["token"]), receipt


@pytest.fixture(params=["edit", "session"])
async def owner(request: pytest.FixtureRequest, town: Town, service: FastAPI) -> Person:
    """Somebody with a mask, or with an account."""
    if request.param == "session":
        return (await new_account(service, town.client))[0]
    person = town.somebody()
    await town.prompt(person)
    return person


async def test_a_second_device_is_worth_the_same(owner: Person, town: Town) -> None:
    prompt = await owner.make(f"/boards/{town.slug}/prompts", {"body": "A lantern"})
    second, receipt = await another(owner)
    assert second.token != owner.token
    assert (receipt["label"], receipt["is_current"]) == ("the old laptop", False)
    edited = await second.change(path_of(prompt), {"title": "From the laptop"})
    assert edited["author"] == prompt["author"]
    listed = (await second.read("/me/tokens"))["items"]
    assert [each["is_current"] for each in listed] == [True, False]
    assert not {"token", "hash"} & set(listed[0])
    assert owner.token is not None
    assert owner.token not in str(listed)


async def test_a_leaked_token_is_exchanged_and_the_face_stays(town: Town) -> None:
    person = town.somebody()
    prompt = await town.prompt(person)
    thief = Person(person.client, person.token)
    fresh, _ = await another(person, revoke_others=True)
    for dead in (person, thief):
        answer = await dead.patch(path_of(prompt), {"title": "Stolen"})
        assert answer.status_code == 401
    comment = await town.comment(prompt, fresh)
    assert comment["author"]["face"] == prompt["author"]["face"]
    assert comment["author"]["is_op"]
    assert len((await fresh.read("/me/tokens"))["items"]) == 1


async def test_a_revoked_token_stops_at_once(owner: Person, service: FastAPI) -> None:
    second, receipt = await another(owner)
    await owner.take_away(f"/me/tokens/{receipt['id']}")
    assert (await second.get("/me")).status_code == 401
    assert (await owner.get("/me")).status_code == 200
    assert (await owner.delete(f"/me/tokens/{receipt['id']}")).status_code == 404
    mine = (await owner.read("/me/tokens"))["items"][0]
    await owner.take_away(f"/me/tokens/{mine['id']}")
    assert (await owner.get("/me/tokens")).status_code == 401
    assert service


async def test_nobody_sees_or_revokes_the_tokens_of_others(owner: Person, town: Town) -> None:
    other = town.somebody()
    await town.prompt(other)
    (mine,) = (await owner.read("/me/tokens"))["items"]
    path = f"/me/tokens/{mine['id']}"
    assert (await other.get(path)).status_code == 404
    assert (await other.delete(path)).status_code == 404
    assert (await town.somebody().delete(path)).status_code == 401
    assert (await owner.get("/me")).status_code == 200


@pytest.mark.parametrize("token_kind", list(TokenKind), ids=lambda each: each.name.lower())
async def test_a_token_that_was_never_given_out_opens_nothing(
    town: Town, token_kind: TokenKind
) -> None:
    stranger = Person(town.client, new_token(token_kind))
    for path in ("/me", "/me/tokens", "/me/posts"):
        assert (await stranger.get(path)).status_code == 401


async def test_whatever_outlives_its_request_may_ask_whether_the_token_still_is_one(
    owner: Person, service: FastAPI
) -> None:
    second, receipt = await another(owner)
    async with service.state.site.database.reading() as session:
        row = await session.first(owner_of_token(hash_of(second.token or "")))
        assert row is not None
        caller = Caller(row.mask_id, None, None, is_administrator=False, token_id=row.id)
        assert await is_alive(session, caller)
    await owner.take_away(f"/me/tokens/{receipt['id']}")
    async with service.state.site.database.reading() as session:
        assert not await is_alive(session, caller)
