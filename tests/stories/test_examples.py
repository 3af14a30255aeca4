"""What the description shows as an example is taken by a service, and answered as it says.

Each operation is sent the body of its own example, to one of everything that a board holds
(``roles.py``), by somebody who may do it. What an example can't know is fitted into it: which
comment, which board, whose token, which day it is. Whatever is answered is checked against
the description, as every answer that a test gets.
"""

import json
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.kit.clock import now
from tests.events.following import brief_streams
from tests.people import Person, Town
from tests.stories.roles import Cast, gather, stage
from tests.stories.test_matrix import VISIBLE

pytestmark = [pytest.mark.anyio, pytest.mark.thorough, pytest.mark.only_on("sqlite")]

PATHS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "openapi" / "openapi.json").read_text()
)["paths"]
PASSWORD = "nine lanterns on the pier"
#: Who does what, where it is not the author or, of what keeps a board, a moderator.
DOERS = {
    **dict.fromkeys(
        [
            *("list_api_keys", "make_api_key", "read_api_key", "revoke_api_key", "read_filters"),
            *("save_filters", "end_session"),
            *("sign_prompt", "sign_fill", "sign_discussion", "sign_comment"),
        ],
        "member",
    ),
    **dict.fromkeys(["appoint_moderator", "dismiss_moderator"], "owner"),
    **dict.fromkeys(["found_board", "list_escalated_reports"], "administrator"),
    # Whose claim it is has it already, and whoever wrote something reports it to nobody.
    **dict.fromkeys(["claim_prompt", "report_something"], "other"),
    # Of two moderators, the one who has not decided about it before.
    "decide_appeal": "moderator",
}


def operations() -> list[tuple[str, str, str]]:
    """Name, method and path of each operation."""
    return [
        (operation["operationId"], method.upper(), template)
        for template, methods in PATHS.items()
        for method, operation in methods.items()
    ]


def described(method: str, template: str) -> dict[str, Any]:
    operation: dict[str, Any] = PATHS[template][method.lower()]
    return operation


def success(method: str, template: str) -> int:
    """The status that is documented for what goes well: that of something new, where there is."""
    statuses = [int(each) for each in described(method, template)["responses"] if each[0] == "2"]
    return 201 if 201 in statuses else min(statuses)


def example(method: str, template: str) -> Any:
    content = described(method, template).get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("example")


def doer(name: str) -> str:
    """Somebody who may do it, as the matrix says: the author, or else a moderator."""
    row = VISIBLE[name]
    return DOERS.get(name) or ("author" if row.endswith(".") else "moderator")


def fitted(content: Any, cast: Cast, name: str = "") -> Any:
    """An example whose ids, boards and tokens are of this town."""
    if isinstance(content, dict):
        fitting = {key: fitted(value, cast, key) for key, value in content.items()}
        return {**fitting, "id": cast.ids[str(content["type"])]} if "id" in content else fitting
    own = {
        "board": cast.town.slug,
        "edit_token": cast.people["author"].token,
        "since": (now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if name == "slug":
        return f"board-{uuid.uuid4().hex[:12]}"
    return own.get(name, content)


async def with_account(town: Town, name: str, body: Any) -> tuple[Person, Any]:
    """Somebody whose account has the password of the example, and the example with their name."""
    body = {**body, "name": f"w{uuid.uuid4().hex[:10]}"} if "name" in body else body
    if name == "make_account":
        return town.somebody(), body
    account = {"name": body.get("name", f"w{uuid.uuid4().hex[:10]}"), "password": PASSWORD}
    made = await town.somebody().make("/accounts", account)
    return Person(town.client, made["token"]), body


async def condition(cast: Cast, person: Person, method: str, template: str) -> dict[str, str]:
    """The version of what is changed, where it has to be named."""
    if "428" not in described(method, template)["responses"]:
        return {}
    return {"If_Match": await person.tag_of(cast.request("", template)[0])}


async def sent(cast: Cast, name: str, method: str, template: str) -> httpx.Response:
    """The answer to an operation's example."""
    person, body = cast.people[doer(name)], fitted(example(method, template), cast)
    if name in ("make_account", "begin_session", "change_password"):
        person, body = await with_account(cast.town, name, body)
    if name in ("read_appeal", "decide_appeal"):
        cast.ids["entry"] = cast.ids["appealed"]
    if name == "delete_part":
        await person.make(f"/fills/{cast.ids['fill']}/parts", {"body": "And then?"})
    path, _ = cast.request(name, template)
    headers = await condition(cast, person, method, template)
    return await person.send(method, path, body, **headers)


async def staged(town: Town, service: FastAPI) -> Cast:
    """Everybody, and one of everything, on a board of its own: what one example does changes
    nothing for the next.
    """
    own = Town(town.client, town.administrator)
    await own.found_board(claims=True)
    return await stage(own, service, await gather(own, service))


async def refused(cast: Cast, name: str, method: str, template: str) -> tuple[str, int, str] | None:
    """What was answered to an example that was not answered as documented."""
    answer = await sent(cast, name, method, template)
    if answer.status_code == success(method, template):
        return None
    return name, answer.status_code, answer.text


async def test_whatever_is_read_is_answered_as_described(town: Town, service: FastAPI) -> None:
    cast = await staged(town, service)
    reads = [each for each in operations() if each[1] == "GET"]
    with brief_streams(service):
        assert list(filter(None, [await refused(cast, *each) for each in reads])) == []


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_every_example_is_taken_and_answered_as_described(
    town: Town, service: FastAPI, method: str
) -> None:
    writes = [each for each in operations() if each[1] == method]
    answers = [await refused(await staged(town, service), *each) for each in writes]
    assert list(filter(None, answers)) == []


@pytest.mark.parametrize("name", ["post_prompt", "begin_discussion"])
async def test_an_anonymous_example_is_answered_with_a_token(town: Town, name: str) -> None:
    method, template = next(each[1:] for each in operations() if each[0] == name)
    path = template.removeprefix("/v1").replace("{board}", town.slug)
    made = await town.somebody().make(path, example(method, template))
    assert made["edit_token"].startswith("fbe_")
