"""Who is recognised in a thread, by whom, and as what."""

import pytest

from tests.people import Person, Town, code_of, path_of

pytestmark = pytest.mark.anyio


async def test_the_author_of_the_prompt_is_recognised_in_all_of_its_conversation(
    town: Town,
) -> None:
    op, passer_by = town.somebody(), town.somebody()
    prompt = await town.prompt(op)
    fill = await town.fill(prompt)
    for about in (prompt, fill):
        own = await town.comment(about, op)
        assert own["author"]["is_op"]
        assert not own["author"]["is_filler"]
        assert own["author"]["face"] == prompt["author"]["face"]
        assert "edit_token" not in own
        other = await town.comment(about, passer_by)
        assert not other["author"]["is_op"]
        assert other["author"]["face"] != prompt["author"]["face"]


async def test_who_wrote_a_fill_is_recognised_on_the_prompt_and_on_other_fills(
    town: Town,
) -> None:
    filler = town.somebody()
    prompt = await town.prompt()
    fill = await town.fill(prompt, filler)
    other_fill = await town.fill(prompt)
    for about in (prompt, fill, other_fill):
        comment = await town.comment(about, filler)
        assert comment["author"]["is_filler"]
        assert not comment["author"]["is_op"]
        assert comment["author"]["face"] == fill["author"]["face"]


async def test_whoever_fills_later_is_shown_as_filler_in_what_they_said_before(
    town: Town, stranger: Person
) -> None:
    author = town.somebody()
    prompt = await town.prompt()
    comment = await town.comment(prompt, author, body="I might try this.")
    assert not comment["author"]["is_filler"]
    fill = await town.fill(prompt, author)
    assert (await stranger.read(path_of(comment)))["author"]["is_filler"]
    assert (await author.delete(path_of(fill))).status_code == 204
    assert not (await stranger.read(path_of(comment)))["author"]["is_filler"]


async def test_nobody_is_recognised_in_another_conversation(town: Town) -> None:
    author = town.somebody()
    prompt, other_prompt = await town.prompt(author), await town.prompt()
    await town.fill(prompt, author)
    here, there = await town.comment(prompt, author), await town.comment(other_prompt, author)
    assert here["author"]["face"] != there["author"]["face"]
    assert not there["author"]["is_op"]
    assert not there["author"]["is_filler"]


async def test_a_face_shows_nothing_but_itself(town: Town) -> None:
    comment = await town.comment(await town.prompt())
    assert comment["author"] == {
        "kind": "anonymous",
        "name": None,
        "face": comment["author"]["face"],
        "is_op": False,
        "is_filler": False,
        "is_moderator": False,
    }
    assert comment["author"]["face"]


async def test_a_board_without_faces_shows_none(town: Town) -> None:
    slug = f"{town.slug}-plain"
    await town.found_board(slug, show_faces=False)
    op = town.somebody()
    prompt = await op.make(f"/boards/{slug}/prompts", {"body": "A quiet rescue."})
    comment = await town.comment(prompt, op)
    assert comment["author"]["face"] is None
    assert comment["author"]["is_op"]


async def test_a_named_author_may_hide_the_name_and_is_then_not_tied_to_it(town: Town) -> None:
    keeper = town.administrator
    named_prompt = await town.prompt(keeper)
    named = await town.comment(named_prompt, keeper)
    masked = await town.comment(named_prompt, keeper, anonymous=True)
    assert named["author"]["kind"] == "named"
    assert named["author"]["name"] == named_prompt["author"]["name"]
    assert named["author"]["face"] is None
    assert named["author"]["is_op"]
    assert masked["author"]["kind"] == "anonymous"
    assert masked["author"]["name"] is None
    assert masked["author"]["face"]
    assert not masked["author"]["is_op"]
    masked_prompt = await town.prompt(keeper, anonymous=True)
    assert not (await town.comment(masked_prompt, keeper))["author"]["is_op"]
    assert (await town.comment(masked_prompt, keeper, anonymous=True))["author"]["is_op"]


async def test_the_badge_is_for_moderators_alone(town: Town, stranger: Person) -> None:
    prompt = await town.prompt()
    badged = await town.comment(prompt, town.administrator, as_moderator=True)
    assert badged["author"]["is_moderator"]
    assert not (await town.comment(prompt, town.administrator))["author"]["is_moderator"]
    author = town.somebody()
    await town.comment(prompt, author)
    for who in (stranger, author):
        refused = await who.post(
            f"{path_of(prompt)}/comments", {"body": "Order!", "as_moderator": True}
        )
        assert (refused.status_code, code_of(refused)) == (403, "not-moderator")
    assert (await stranger.read(path_of(prompt)))["comments_count"] == 3
