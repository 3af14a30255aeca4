"""What keepers do otherwise than by an action stands in the log, too."""

from fastapi import FastAPI

from tests.backstage import new_account
from tests.moderation.keeping import log_of
from tests.people import Town, path_of


async def test_the_emergency_switch_is_on_record(town: Town) -> None:
    board, keeper = f"/boards/{town.slug}", town.administrator
    await keeper.change(board, {"settings": {"posting": "paused"}})
    await keeper.change(board, {"settings": {"posting": "paused"}, "name": "Lanterns, closed"})
    assert (await town.somebody().post(f"{board}/prompts", {"body": "?"})).status_code == 409
    await keeper.change(board, {"settings": {"posting": "named"}})
    await keeper.change(board, {"settings": {"posting": "open"}})
    entries = await log_of(town)
    assert [each["action"] for each in entries] == ["resume", "pause"]
    assert {(each["target"], each["count"], each["by"]) for each in entries} == {
        (None, None, "moderator")
    }


async def test_closing_a_discussion_is_on_record_unless_its_author_does(
    town: Town, service: FastAPI
) -> None:
    moderator, _ = await new_account(service, town.client, moderates=town.slug)
    author = town.somebody()
    talk = await town.discussion(author)
    await author.change(path_of(talk), {"is_closed": True})
    await author.change(path_of(talk), {"is_closed": False})
    assert await log_of(town) == []
    await moderator.change(path_of(talk), {"is_closed": True, "is_pinned": True})
    await moderator.change(path_of(talk), {"is_pinned": False})
    await moderator.change(path_of(talk), {"is_closed": False})
    entries = await log_of(town)
    assert [(each["action"], each["target"]["id"]) for each in entries] == [
        *(("open", talk["id"]), ("close", talk["id"])),
    ]
