"""A request that is sent again gets what the first one made, as it is by now."""

import pytest
from fastapi import FastAPI

from app.core.replays.models import Replay
from tests.backstage import new_account
from tests.core.replays.sending import is_replayed, new_key, sizes, twice
from tests.moderation.keeping import act
from tests.people import Person, Town, code_of, path_of
from tests.statements import statements
from tests.tables import stored_bytes

pytestmark = pytest.mark.anyio


async def test_what_was_refused_is_not_remembered(town: Town, path: str, service: FastAPI) -> None:
    author, key = town.somebody(), new_key()
    before = await sizes(service)
    for mistake in ({"body": ""}, {"body": "A lamp.", "as_moderator": True}, {"title": "A lamp"}):
        refused = await author.post(path, mistake, Idempotency_Key=key)
        assert refused.status_code in (403, 422)
        assert not is_replayed(refused)
    nobody = Person(town.client, "fbe_nobody")
    assert (await nobody.post(path, {"body": "A."}, Idempotency_Key=key)).status_code == 401
    assert await sizes(service) == before
    mended = await author.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    assert (mended.status_code, is_replayed(mended)) == (201, False)


async def test_what_the_board_refuses_now_may_be_sent_again_later(town: Town, path: str) -> None:
    author, key, board = town.somebody(), new_key(), f"/boards/{town.slug}"
    await town.administrator.change(board, {"settings": {"posting": "paused"}})
    refused = await author.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    assert code_of(refused) == "posting-paused"
    await town.administrator.change(board, {"settings": {"posting": "open"}})
    made = await author.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    assert (made.status_code, is_replayed(made)) == (201, False)
    # What was done is told, whatever the board takes by now.
    await town.administrator.change(board, {"settings": {"posting": "paused"}})
    again = await author.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    assert (again.json(), is_replayed(again)) == (made.json(), True)


async def test_what_was_edited_since_is_answered_as_it_is_now(town: Town, path: str) -> None:
    nobody, key = town.somebody(), new_key()
    first = await nobody.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    author = Person(town.client, first.json()["edit_token"])
    where = path_of(first.json())
    await author.change(where, {"body": "Two lamps.", "rating": "explicit"})
    again = await nobody.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    assert (again.status_code, is_replayed(again)) == (201, True)
    assert again.headers["location"] == first.headers["location"]
    told = again.json()
    assert (told["body"], told["rating"]) == ("Two lamps.", "explicit")
    assert told["edit_token"] == author.token
    assert told["notices"] == first.json()["notices"]
    read = await author.get(f"{where}?adult=true")
    assert {name: told[name] for name in read.json()} == read.json()
    assert again.headers["etag"] == read.headers["etag"]
    await author.change(where, {"title": "Lamps"}, If_Match=again.headers["etag"])


async def test_what_was_deleted_since_is_gone(town: Town, path: str) -> None:
    nobody, key = town.somebody(), new_key()
    first = (await nobody.post(path, {"body": "A lamp."}, Idempotency_Key=key)).json()
    author = Person(town.client, first["edit_token"])
    await author.take_away(path_of(first))
    again = await nobody.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    assert (again.status_code, code_of(again), is_replayed(again)) == (410, "gone", True)
    assert "lamp" not in again.text
    assert author.token is not None
    assert author.token not in again.text


async def test_what_a_moderator_hid_is_told_to_its_author_alone(town: Town, path: str) -> None:
    nobody, key = town.somebody(), new_key()
    first = (await nobody.post(path, {"body": "A lamp."}, Idempotency_Key=key)).json()
    author = Person(town.client, first["edit_token"])
    await act(town, "hide", first)
    again = await nobody.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    read = await author.read(path_of(first))
    assert read["state"] == "hidden"
    assert (again.status_code, is_replayed(again)) == (201, True)
    assert again.json() == {**read, "edit_token": author.token, "notices": first["notices"]}


async def test_what_stands_below_something_hidden_is_not_told_either(town: Town) -> None:
    prompt = await town.prompt()
    commenter = town.somebody()
    await commenter.make(f"{path_of(prompt)}/comments", {"body": "First."})
    key, where = new_key(), f"{path_of(prompt)}/comments"
    first = await commenter.post(where, {"body": "A lamp."}, Idempotency_Key=key)
    await act(town, "hide", prompt)
    again = await commenter.post(where, {"body": "A lamp."}, Idempotency_Key=key)
    read = await commenter.get(path_of(first.json()))
    assert (again.status_code, code_of(again)) == (read.status_code, code_of(read))
    assert (again.status_code, is_replayed(again)) == (404, True)
    assert "lamp" not in again.text


async def test_what_waits_for_a_moderator_is_answered_with_its_state(town: Town, path: str) -> None:
    prompt, discussion = await town.prompt(), await town.discussion()
    fill = await town.fill(prompt)
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"screening": "all"}})
    places = [path, path.replace("prompts", "discussions"), f"{path_of(prompt)}/fills"]
    places += [f"{path_of(each)}/comments" for each in (prompt, fill, discussion)]
    for where in places:
        first, second = await twice(town.somebody(), where, {"body": "A lamp."})
        assert (first.status_code, second.status_code) == (202, 202)
        assert is_replayed(second)
        assert second.json() == first.json(), where
        assert second.json()["state"] == "screened"


async def test_what_was_released_since_keeps_the_first_status(town: Town, path: str) -> None:
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"screening": "all"}})
    nobody, key = town.somebody(), new_key()
    first = await nobody.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    await act(town, "unscreen", first.json())
    again = await nobody.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    assert (again.status_code, again.json()["state"]) == (202, "visible")


async def test_a_bots_post_for_somebody_else_is_told_to_the_bot(
    town: Town, path: str, service: FastAPI
) -> None:
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"screening": "all"}})
    owner, _ = await new_account(service, town.client)
    made = await owner.make("/me/api-keys", {"name": "a bot", "scopes": ["prompts:write"]})
    bot = Person(town.client, made["key"])
    first, second = await twice(bot, path, {"body": "A lamp.", "new_mask": True})
    assert (first.status_code, second.status_code) == (202, 202)
    assert second.json() == first.json()
    assert second.json()["edit_token"]


async def test_a_key_that_was_revoked_gets_no_answer(
    town: Town, path: str, service: FastAPI
) -> None:
    owner, _ = await new_account(service, town.client)
    made = await owner.make("/me/api-keys", {"name": "a bot", "scopes": ["prompts:write"]})
    bot, key = Person(town.client, made["key"]), new_key()
    first = await bot.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    assert first.status_code == 201
    await owner.take_away(f"/me/api-keys/{made['id']}")
    refused = await bot.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    assert (refused.status_code, code_of(refused)) == (401, "unknown-token")


async def test_whoever_was_banned_since_reads_what_they_posted(town: Town, path: str) -> None:
    author, key = town.somebody(), new_key()
    author.token = (await town.somebody().post("/masks")).json()["edit_token"]
    first = await author.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    await act(town, "ban", first.json(), reach="mask")
    again = await author.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    assert (again.status_code, is_replayed(again)) == (201, True)
    another = await author.post(path, {"body": "A lamp."}, Idempotency_Key=new_key())
    assert code_of(another) == "banned"


async def test_an_adult_prompt_is_not_named_to_whoever_did_not_ask(town: Town) -> None:
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"claims": True}})
    prompt = await town.prompt(title="A title to keep", rating="explicit")
    for what, body in (("claims", {}), ("fills", {"body": "A."}), ("comments", {"body": "A."})):
        first, second = await twice(town.somebody(), f"{path_of(prompt)}/{what}", body)
        assert (first.status_code, is_replayed(second)) == (201, True)
        assert second.json() == first.json()
        assert "A title to keep" not in second.text


async def test_a_part_is_found_again_where_it_is_now(town: Town) -> None:
    author = town.somebody()
    fill = await town.fill(await town.prompt(), author, parts_expected=None)
    where, key = f"{path_of(fill)}/parts", new_key()
    first = await author.post(where, {"body": "The end."}, Idempotency_Key=key)
    assert first.headers["location"].endswith("/parts/2")
    await town.part(fill, author, number=1)
    again = await author.post(where, {"body": "The end."}, Idempotency_Key=key)
    assert (again.status_code, is_replayed(again)) == (201, True)
    assert again.headers["location"].endswith("/parts/3")
    assert (again.json()["id"], again.json()["number"]) == (first.json()["id"], 3)
    await author.take_away(f"{where}/3", If_Match="*")
    await town.part(fill, author)
    gone = await author.post(where, {"body": "The end."}, Idempotency_Key=key)
    assert (gone.status_code, code_of(gone), is_replayed(gone)) == (410, "gone", True)


async def test_an_alias_is_found_again_in_its_list(town: Town) -> None:
    keeper, where, key = town.administrator, f"/boards/{town.slug}/tag-aliases", new_key()
    sent = {"kind": "tag", "alias": "lamp", "canonical": "lantern"}
    first = await keeper.post(where, sent, Idempotency_Key=key)
    for number in range(101):
        more = {"kind": "tag", "alias": f"lamp {number}", "canonical": "lantern"}
        await keeper.make(where, more)
    again = await keeper.post(where, sent, Idempotency_Key=key)
    assert (again.json(), is_replayed(again)) == (first.json(), True)
    await keeper.take_away(f"{where}/{first.json()['id']}")
    gone = await keeper.post(where, sent, Idempotency_Key=key)
    assert (gone.status_code, is_replayed(gone)) == (410, True)


async def test_a_token_is_told_again(town: Town) -> None:
    author = town.somebody()
    await town.prompt(author)
    key = new_key()
    first = (await author.post("/me/tokens", {"label": "phone"}, Idempotency_Key=key)).json()
    assert (
        await author.post("/me/tokens", {"label": "phone"}, Idempotency_Key=key)
    ).json() == first
    await author.take_away(f"/me/tokens/{first['id']}")
    revoked = await author.post("/me/tokens", {"label": "phone"}, Idempotency_Key=key)
    assert (revoked.status_code, is_replayed(revoked)) == (404, True)


async def test_the_database_holds_neither_the_key_nor_the_token(
    database_url: str, town: Town, path: str
) -> None:
    key = f"canary-{new_key()}"
    first, _ = await twice(town.somebody(), path, {"body": f"A lamp, {key[-6:]}."}, key)
    stolen = stored_bytes(database_url)
    assert f"A lamp, {key[-6:]}.".encode() in stolen
    for secret in (key, first.json()["edit_token"]):
        for spelling in (secret.encode(), secret.encode().hex().encode()):
            assert spelling not in stolen
    assert set(Replay.model_fields) == {"name", "sealed", "created_at"}


async def test_a_key_costs_three_statements_and_an_answer_that_is_told_again_writes_nothing(
    town: Town, path: str, service: FastAPI
) -> None:
    nobody, key = town.somebody(), new_key()
    await nobody.post(path, {"body": "A lamp."})
    with statements(service) as plain:
        await nobody.post(path, {"body": "A lamp."})
    assert not [each for each in plain if "replay" in each]
    with statements(service) as keyed:
        await nobody.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    about_replays = [each.split()[0] for each in keyed if "replay" in each]
    assert about_replays == ["SELECT", "INSERT", "UPDATE"]
    assert len(keyed) == len(plain) + 3
    with statements(service) as again:
        assert is_replayed(await nobody.post(path, {"body": "A lamp."}, Idempotency_Key=key))
    assert {each.split()[0] for each in again} == {"SELECT"}
