"""Everybody who may come to a board, and one of everything that an operation can be about."""

import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI

from app.accounts.service import register_administrator
from app.identity.service import enrol
from tests.backstage import new_account
from tests.moderation.keeping import act, target
from tests.people import JSON, Person, Town, path_of

#: From whoever may do least to whoever may do most; the author comes last, or what they take away
#: would be gone for the others.
ROLES = (
    *("stranger", "other", "member", "key", "keeper of another", "former keeper"),
    *("moderator", "owner", "administrator", "author"),
)
#: What a role met with, in one character.
VERDICTS = {401: "1", 403: "3", 404: "4", 409: "9", 410: "0"}

#: A body that each operation takes, where it needs one.
BODIES: dict[str, Any] = {
    "comment_on_prompt": {"body": "Hello."},
    "comment_on_fill": {"body": "Hello."},
    "comment_in_discussion": {"body": "Hello."},
    "edit_comment": {"body": "Hello again."},
    "post_prompt": {"body": "A rescue."},
    "edit_prompt": {"title": "A rescue"},
    "post_fill": {"body": "They came."},
    "edit_fill": {"title": "They came"},
    "add_part": {"body": "And then."},
    "edit_part": {"title": "And then"},
    "begin_discussion": {"body": "Who else?"},
    "change_discussion": {"title": "Who else"},
    "change_board": {"name": "Lanterns"},
    "add_round": {"title": "Another", "phase": "upcoming"},
    "change_round": {"title": "The first"},
    "appoint_moderator": {"role": "moderator"},
    "add_tag_alias": {"kind": "tag", "alias": "{word}", "canonical": "{word} two"},
    "add_tag_parent": {"kind": "character", "name": "{word}", "fandom": "{word} two"},
    "make_account": {"name": "{word}", "password": "nine lanterns on the pier"},
    "begin_session": {"name": "{word}", "password": "nine lanterns on the pier"},
    "change_password": {"new_password": "ten lanterns on the pier"},
    "make_token": {},
    "make_feed_token": {},
    "make_api_key": {"name": "a bot", "scopes": ["prompts:write"]},
    "save_filters": {"hide": [], "warn": []},
    "found_board": {
        "slug": "{word}",
        "name": "Another",
        "settings": {"default_rating": "general"},
    },
    "act_as_moderator": {
        "action": "freeze",
        "reason": "rules",
        "target": {"type": "prompt", "id": "{prompt}"},
    },
    "report_something": {"target": {"type": "prompt", "id": "{prompt}"}, "category": "spam"},
    "decide_report": {"status": "upheld"},
    "appeal_against_decision": {},
    "decide_appeal": {"status": "upheld"},
    "make_webhook": {"url": "https://bot.example/fillboard"},
    "change_webhook": {"adult": True},
    "replay_deliveries": {"deliveries": ["{delivery}"]},
    "sign_prompt": {"anonymous": True},
    "sign_fill": {"anonymous": True},
    "sign_discussion": {"anonymous": True},
    "sign_comment": {"anonymous": True},
}
QUERIES = {"search_works": "q=umbrella", "read_facets": "of=status", "list_tags": "q=lamp"}


@dataclass
class Cast:
    """Everybody, and the ids of one of everything, by the names of path parameters."""

    town: Town
    people: dict[str, Person]
    ids: dict[str, str]
    things: dict[str, JSON] = field(default_factory=dict)

    async def ask(self, operation: str, method: str, template: str, role: str) -> str:
        """Have a role do something; say what it met with."""
        path, body = self.request(operation, template)
        answer = await self.people[role].send(method, path, body)
        assert answer.status_code < 500, (operation, role, answer.text)
        return VERDICTS.get(answer.status_code, ".")

    def request(self, operation: str, template: str) -> tuple[str, Any]:
        """The path below ``/v1`` and the body of a request that an operation takes."""
        path = re.sub(r"\{(\w+)\}", lambda found: self.ids[found[1]], template)
        path = path.removeprefix("/v1")
        if operation in QUERIES:
            path += f"?{QUERIES[operation]}"
        return path, self._body(BODIES.get(operation))

    def _body(self, body: Any) -> Any:
        if isinstance(body, dict):
            return {name: self._body(each) for name, each in body.items()}
        if isinstance(body, list):
            return [self._body(each) for each in body]
        if isinstance(body, str):
            return body.format(word=f"w{uuid.uuid4().hex[:10]}", **self.ids)
        return body


async def gather(town: Town, service: FastAPI) -> dict[str, Person]:
    """Everybody."""
    elsewhere = (await town.found_board(f"board-{uuid.uuid4().hex[:12]}"))["slug"]
    people = {"stranger": town.somebody(), "other": town.somebody(), "author": town.somebody()}
    people["other"].token = (await town.somebody().post("/masks")).json()["edit_token"]
    people["author"].token = (await town.somebody().post("/masks")).json()["edit_token"]
    people["member"], _ = await new_account(service, town.client)
    # What its owner may do is nothing that a key may do without the scope for it.
    owner_of_key, _ = await new_account(service, town.client, moderates=town.slug)
    receipt = await owner_of_key.make("/me/api-keys", {"name": "a bot", "scopes": ["webhooks"]})
    people["key"] = Person(town.client, receipt["key"])
    people["keeper of another"], _ = await new_account(service, town.client, moderates=elsewhere)
    people["former keeper"], former = await new_account(service, town.client, moderates=town.slug)
    await town.administrator.take_away(f"/boards/{town.slug}/moderators/{former}")
    people["moderator"], _ = await new_account(service, town.client, moderates=town.slug)
    people["owner"], name = await new_account(service, town.client)
    await town.administrator.put(f"/boards/{town.slug}/moderators/{name}", {"role": "owner"})
    async with service.state.site.database.writing() as session:
        account = await register_administrator(session, f"keeper-{uuid.uuid4().hex[:8]}")
        people["administrator"] = Person(town.client, await enrol(session, account))
    return people


async def stage(town: Town, service: FastAPI, people: dict[str, Person]) -> Cast:
    """One of everything, by the author."""
    author, keeper = people["author"], town.administrator
    prompt = await town.prompt(author)
    fill = await town.fill(prompt, author, parts_expected=None)
    part = f"{path_of(fill)}/parts/1"
    tag = await author.tag_of(part)
    await author.change(part, {"body": "Once more."}, If_Match=tag)
    versions = (await author.read(f"{part}/versions"))["items"]
    comment = await town.comment(fill, author)
    discussion = await town.discussion(author)
    claim = await author.make(f"{path_of(prompt)}/claims", {})
    word = f"w{uuid.uuid4().hex[:10]}"
    alias = await keeper.make(
        f"/boards/{town.slug}/tag-aliases",
        {"kind": "tag", "alias": word, "canonical": f"{word} two"},
    )
    parent = await keeper.make(
        f"/boards/{town.slug}/tag-parents",
        {"kind": "character", "name": f"{word} three", "fandom": f"{word} four"},
    )
    banned = town.somebody()
    await act(town, "ban", await town.prompt(banned), reach="mask")
    ban = (await keeper.read(f"/boards/{town.slug}/bans"))["items"][0]
    entry = await act(town, "freeze", discussion)
    await act(town, "unfreeze", discussion)
    appealed = await act(town, "freeze", comment)
    await act(town, "unfreeze", comment)
    appeal = await author.make(f"/mod-log/{appealed['id']}/appeals", {})
    about = {"target": target(prompt), "category": "spam"}
    report = await town.somebody().make("/reports", about)
    token = (await author.read("/me/tokens"))["items"][0]
    feed = await author.make("/me/feed-tokens", {})
    member = people["member"]
    key = await member.make("/me/api-keys", {"name": "another bot", "scopes": ["webhooks"]})
    _, name = await new_account(service, town.client, moderates=town.slug)
    webhook = await some_webhook(town)
    hooks = f"/boards/{town.slug}/webhooks/{webhook['id']}"
    delivery = (await keeper.post(f"{hooks}/pings")).json()
    ids = {
        "board": town.slug,
        "prompt": prompt["id"],
        "fill": fill["id"],
        "number": "1",
        "version": versions[0]["id"],
        "comment": comment["id"],
        "discussion": discussion["id"],
        "claim": claim["id"],
        "alias": alias["id"],
        "parent": parent["id"],
        "ban": ban["id"],
        "entry": entry["id"],
        "appeal": appeal["id"],
        "report": report["id"],
        "token": token["id"],
        "feed": feed["id"],
        "feed_token": feed["url"].rpartition("/")[2].removesuffix(".atom"),
        "key": key["id"],
        "name": name,
        "webhook": webhook["id"],
        "delivery": delivery["id"],
    }
    things = {"prompt": prompt, "fill": fill, "comment": comment, "discussion": discussion}
    cast = Cast(town, people, ids, things)
    cast.ids["appealed"] = appealed["id"]
    return cast


async def some_webhook(town: Town) -> JSON:
    """A webhook of a moderator's. The first that is asked for is given to nobody else; there can't
    be one for each.
    """
    path, purpose = f"/boards/{town.slug}/webhooks", "to be looked at"
    every = (await town.administrator.read(f"{path}?limit=100"))["items"]
    known: list[JSON] = [each for each in every if each["description"] == purpose]
    if len(known) > 1:
        return known[0]
    body = {"url": "https://bot.example/fillboard", "description": purpose}
    return await town.administrator.make(path, body)
