"""Who wrote a post is revealed by its author alone, hidden again, or forgotten for good."""

import asyncio
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from app.core.tables import table_of
from app.fills.models import FILL, PART, PART_VERSION, Fill, Part, PartVersion
from tests.backstage import new_account, set_state
from tests.moderation.keeping import act
from tests.people import JSON, Person, Town, code_of, path_of
from tests.stories.drift import drifted_counters

KINDS = ("prompt", "fill", "discussion", "comment")


@dataclass
class Evening:
    """A prompt by one mask; a fill and comments by another, whose owner has an account, too."""

    town: Town
    op: Person
    mask: Person
    account: Person
    name: str
    posts: dict[str, JSON]
    remark: JSON

    def at(self, kind: str) -> str:
        return f"{path_of(self.posts[kind])}/author"

    def proof(self, **more: object) -> JSON:
        return {"edit_token": self.mask.token, **more}

    async def author(self, kind: str) -> JSON:
        shown: JSON = (await self.town.somebody().read(path_of(self.posts[kind])))["author"]
        return shown


@pytest.fixture
async def evening(service: FastAPI, town: Town) -> Evening:
    op, mask = town.somebody(), town.somebody()
    account, name = await new_account(service, town.client)
    asked = await op.make(f"/boards/{town.slug}/prompts", {"body": "Two lighthouse keepers"})
    fill = await mask.make(f"{path_of(asked)}/fills", {"body": "They kept the light."})
    comment = await mask.make(f"{path_of(fill)}/comments", {"body": "More to come."})
    remark = await mask.make(f"{path_of(asked)}/comments", {"body": "What a prompt!"})
    own = await mask.make(f"/boards/{town.slug}/prompts", {"body": "A rescue at sea"})
    talk = await mask.make(f"/boards/{town.slug}/discussions", {"body": "Who else writes?"})
    posts = {"prompt": own, "fill": fill, "discussion": talk, "comment": comment}
    return Evening(town, op, mask, account, name, posts, remark)


@pytest.mark.parametrize("what", KINDS)
async def test_an_author_puts_their_name_under_a_post_and_takes_it_off(
    evening: Evening, what: str
) -> None:
    before = await evening.author(what)
    assert before["kind"] == "anonymous"
    answer = await evening.account.put(evening.at(what), evening.proof())
    assert answer.status_code == 200, answer.text
    assert answer.json()["author"] == await evening.author(what)
    shown = await evening.author(what)
    assert (shown["kind"], shown["name"], shown["face"]) == ("named", evening.name, None)
    again = await evening.account.put(evening.at(what), evening.proof())
    assert again.json()["author"] == shown
    for hider in (evening.account, evening.mask):
        hidden = await hider.put(evening.at(what), {"anonymous": True})
        assert hidden.status_code == 200, hidden.text
        assert await evening.author(what) == before == hidden.json()["author"]
        await evening.account.put(evening.at(what), evening.proof())


async def test_every_surface_follows(evening: Evening) -> None:
    board, fill = f"/boards/{evening.town.slug}", evening.posts["fill"]
    reader = evening.town.somebody()

    async def named() -> list[bool]:
        lists = [
            await reader.read(f"{board}/fills?author={evening.name}"),
            await reader.read(f"/search?q=light&board={evening.town.slug}"),
        ]
        prompt = f"/prompts/{fill['prompt']['id']}"
        pages = [
            *(await reader.read(f"{prompt}/fills"))["items"],
            (await reader.read(f"{prompt}?embed=fills"))["fills"]["items"][0],
        ]
        comments = (await reader.read(f"{path_of(fill)}/comments"))["items"]
        book = await reader.get(f"{path_of(fill)}/download.txt")
        return [
            len(lists[0]["items"]) == 1,
            any(evening.name in str(each) for each in lists[1]["items"]),
            all(each["author"]["name"] == evening.name for each in pages),
            # What shows no name is not told to be by the same person.
            not any(each["author"]["is_filler"] for each in comments),
            evening.name in book.text,
        ]

    assert await named() == [False] * 5
    await evening.account.put(evening.at("fill"), evening.proof())
    assert await named() == [True] * 5
    await evening.account.put(evening.at("fill"), {"anonymous": True})
    assert await named() == [False] * 5


async def test_whoever_may_edit_a_post_goes_on_doing_so(evening: Evening) -> None:
    path = path_of(evening.posts["fill"])
    await evening.account.put(evening.at("fill"), evening.proof())
    await evening.mask.change(path, {"title": "By the mask"})
    await evening.account.change(path, {"title": "By the account"})
    await evening.account.put(evening.at("fill"), {"anonymous": True})
    assert (await evening.account.patch(path, {"title": "No more"})).status_code == 403
    await evening.mask.change(path, {"title": "By the mask again"})


async def test_a_dry_run_names_what_the_face_would_give_away(evening: Evening) -> None:
    asked = await evening.account.put(f"{evening.at('fill')}?dry_run=true", evening.proof())
    told = asked.json()
    assert told["is_dry_run"]
    assert {each["id"] for each in told["gives_away"]} == {
        evening.posts["comment"]["id"],
        evening.remark["id"],
    }
    assert {tuple(each["because"]) for each in told["gives_away"]} == {("face", "is_filler")}
    assert (await evening.author("fill"))["kind"] == "anonymous"
    real = (await evening.account.put(evening.at("fill"), evening.proof())).json()
    assert real == {**told, "is_dry_run": False}
    again = (await evening.account.put(evening.at("fill"), evening.proof())).json()
    assert again["gives_away"] == []


async def test_without_faces_only_badges_give_something_away(evening: Evening) -> None:
    await evening.town.administrator.change(
        f"/boards/{evening.town.slug}", {"settings": {"show_faces": False}}
    )
    for what, because in (("fill", {("is_filler",)}), ("discussion", set())):
        asked = await evening.account.put(f"{evening.at(what)}?dry_run=true", evening.proof())
        assert {tuple(each["because"]) for each in asked.json()["gives_away"]} == because


async def test_what_nobody_may_see_is_not_given_away(service: FastAPI, evening: Evening) -> None:
    await set_state(service, evening.remark, "hidden")
    await evening.mask.take_away(path_of(evening.posts["comment"]))
    asked = await evening.account.put(f"{evening.at('fill')}?dry_run=true", evening.proof())
    assert asked.json()["gives_away"] == []


@pytest.mark.parametrize("what", KINDS)
async def test_whose_something_is_that_the_law_withholds_stays_on_record(
    evening: Evening, what: str
) -> None:
    await act(evening.town, "hold", evening.posts[what])
    for answer in (
        await evening.mask.delete(evening.at(what)),
        await evening.account.put(evening.at(what), evening.proof()),
    ):
        assert (answer.status_code, code_of(answer)) == (404, "not-found")


@pytest.mark.parametrize("what", KINDS)
async def test_nobody_else_reveals_a_post(evening: Evening, what: str) -> None:
    other = {"edit_token": evening.op.token}
    proofs = [{}, other, {"edit_token": evening.account.token}, {"edit_token": "fbe_nothing"}]
    for proof in proofs:
        for query in ("", "?dry_run=true"):
            answer = await evening.account.put(f"{evening.at(what)}{query}", proof)
            assert (answer.status_code, answer.json()["code"]) == (403, "not-proven")
    assert (await evening.op.put(evening.at(what), {"anonymous": True})).status_code == 403
    assert (await evening.op.delete(evening.at(what))).status_code == 403
    assert (await evening.mask.put(evening.at(what), {})).status_code == 403
    assert (await evening.town.somebody().put(evening.at(what), {})).status_code == 401
    assert (await evening.author(what))["kind"] == "anonymous"


@pytest.mark.parametrize("what", KINDS)
async def test_what_is_out_of_sight_is_there_for_its_author_alone(
    service: FastAPI, evening: Evening, what: str
) -> None:
    await set_state(service, evening.posts[what], "hidden")
    assert (await evening.account.put(evening.at(what), {})).status_code == 404
    assert (await evening.op.delete(evening.at(what))).status_code == 404
    answer = await evening.account.put(evening.at(what), evening.proof())
    assert answer.status_code == 200
    await set_state(service, evening.posts[what], "visible")
    assert (await evening.author(what))["name"] == evening.name


async def test_an_account_reveals_what_it_posted_anonymously(evening: Evening) -> None:
    path = f"/boards/{evening.town.slug}/prompts"
    prompt = await evening.account.make(path, {"body": "A lantern", "anonymous": True})
    answer = await evening.account.put(f"{path_of(prompt)}/author", {})
    assert answer.json()["author"]["name"] == evening.name
    answer = await evening.account.put(f"{path_of(prompt)}/author", {"anonymous": True})
    assert answer.json()["author"] == prompt["author"]


@pytest.mark.parametrize(("setting", "what"), [("prompts", "prompt"), ("fills", "fill")])
async def test_what_the_board_wants_of_names_counts(
    evening: Evening, setting: str, what: str
) -> None:
    board = f"/boards/{evening.town.slug}"
    keeper = evening.town.administrator
    await keeper.change(board, {"settings": {f"anonymity_{setting}": "required"}})
    refused = await evening.account.put(evening.at(what), evening.proof())
    assert refused.json()["code"] == "anonymity-required"
    await keeper.change(board, {"settings": {f"anonymity_{setting}": "off"}})
    await evening.account.put(evening.at(what), evening.proof())
    refused = await evening.account.put(evening.at(what), {"anonymous": True})
    assert refused.json()["code"] == "name-required"
    assert (await evening.author(what))["name"] == evening.name


@pytest.mark.parametrize("what", KINDS)
async def test_an_orphan_keeps_its_words_and_nobody_owns_it(evening: Evening, what: str) -> None:
    path = path_of(evening.posts[what])
    before = await evening.town.somebody().read(path)
    await evening.mask.take_away(evening.at(what))
    after = await evening.town.somebody().read(path)
    nobody = {"kind": "anonymous", "name": None, "face": None}
    assert after["author"] == {**before["author"], **nobody, "is_filler": what == "fill"}
    assert {**after, "author": 0} == {**before, "author": 0}
    for former in (evening.mask, evening.account):
        assert (await former.delete(path)).status_code in (403, 428)
        assert (await former.put(evening.at(what), evening.proof())).status_code == 403
        assert (await former.delete(evening.at(what))).status_code == 403


async def test_an_orphans_earlier_words_are_gone(evening: Evening, service: FastAPI) -> None:
    part = f"{path_of(evening.posts['fill'])}/parts/1"
    tag = await evening.mask.tag_of(part)
    await evening.mask.change(part, {"body": "They kept it all night."}, If_Match=tag)
    assert len((await evening.mask.read(f"{part}/versions"))["items"]) == 1
    await evening.mask.take_away(evening.at("fill"))
    async with service.state.site.database.reading() as session:
        left = await session.scalar(
            select(func.count())
            .select_from(table_of(PartVersion))
            .join(table_of(Part), PART.id == PART_VERSION.part_id)
            .join(table_of(Fill), FILL.id == PART.fill_id)
            .where(FILL.public_id == evening.posts["fill"]["id"])
        )
    assert left == 0


async def test_op_and_filler_are_told_as_long_as_both_are_seen_as_the_same(
    service: FastAPI, town: Town
) -> None:
    op = town.somebody()
    account, name = await new_account(service, town.client)
    prompt = await op.make(f"/boards/{town.slug}/prompts", {"body": "A rescue"})
    fill = await op.make(f"{path_of(prompt)}/fills", {"body": "And it was."})

    async def seen() -> tuple[bool, bool]:
        reader = town.somebody()
        asked = await reader.read(path_of(prompt))
        answered = await reader.read(path_of(fill))
        return asked["author"]["is_filler"], answered["author"]["is_op"]

    proof = {"edit_token": op.token}
    assert await seen() == (True, True)
    await account.put(f"{path_of(prompt)}/author", proof)
    assert await seen() == (False, False)
    await account.put(f"{path_of(fill)}/author", proof)
    assert await seen() == (True, True)
    assert name
    await account.put(f"{path_of(prompt)}/author", {"anonymous": True})
    assert await seen() == (False, False)
    await account.put(f"{path_of(fill)}/author", {"anonymous": True})
    assert await seen() == (True, True)
    await op.take_away(f"{path_of(fill)}/author")
    assert await seen() == (False, False)


async def test_a_deleted_post_is_gone(evening: Evening) -> None:
    await evening.mask.take_away(path_of(evening.posts["prompt"]))
    answer = await evening.account.put(evening.at("prompt"), evening.proof())
    assert answer.status_code == 410
    assert (await evening.mask.delete(evening.at("prompt"))).status_code == 410


async def test_a_comment_that_was_moved_gives_nobody_away(evening: Evening) -> None:
    elsewhere = await evening.town.somebody().make(
        f"/boards/{evening.town.slug}/prompts", {"body": "Another lantern"}
    )
    move = {
        "action": "move",
        "reason": "misfire",
        "target": {"type": "comment", "id": evening.remark["id"]},
        "to": {"type": "prompt", "id": elsewhere["id"]},
    }
    keeper = evening.town.administrator
    assert (await keeper.post(f"/boards/{evening.town.slug}/mod-actions", move)).status_code == 201
    asked = await evening.account.put(f"{evening.at('fill')}?dry_run=true", evening.proof())
    told = {each["id"] for each in asked.json()["gives_away"]}
    assert evening.posts["comment"]["id"] in told


async def test_counters_stay_right_while_names_come_and_go(
    service: FastAPI, town: Town, database_url: str
) -> None:
    op = town.somebody()
    account, _ = await new_account(service, town.client)
    prompt = await op.make(f"/boards/{town.slug}/prompts", {"body": "A rescue"})
    fills = [await op.make(f"{path_of(prompt)}/fills", {"body": "It was."}) for _ in range(3)]
    proof: JSON = {"edit_token": op.token}

    async def toggle(thing: JSON, sent: JSON) -> None:
        answer = await account.put(f"{path_of(thing)}/author", sent)
        assert answer.status_code == 200, answer.text

    async def come_and_go() -> None:
        fill = await op.make(f"{path_of(prompt)}/fills", {"body": "Once more."})
        await op.take_away(path_of(fill))

    for number in range(4):
        sent = proof if number % 2 else {**proof, "anonymous": True}
        await asyncio.gather(
            toggle(prompt, sent),
            *(toggle(fill, sent) for fill in fills[:2]),
            come_and_go(),
            come_and_go(),
        )
    await op.take_away(f"{path_of(fills[2])}/author")
    assert drifted_counters(database_url) == {}
