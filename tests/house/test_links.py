"""The links of the description lead from every thing to what can be done with it."""

import re
from typing import Any

import pytest
from fastapi import FastAPI

from app.core.description.links import add_links
from tests.people import Person, Town
from tests.stories.roles import gather, stage

#: What is made, and is at no place of its own.
NOWHERE = {"mint_mask", "make_account", "begin_session", "rotate_secret"}

Operation = tuple[str, dict[str, Any]]


@pytest.fixture(scope="module")
def operations(description: dict[str, Any]) -> dict[str, Operation]:
    """Every operation with its path, by its name."""
    return {
        operation["operationId"]: (path, operation)
        for path, methods in description["paths"].items()
        for operation in methods.values()
    }


def parameters(path: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", path))


def links(operation: dict[str, Any]) -> dict[str, Any]:
    """The links of all answers of an operation."""
    return {
        name: link
        for answer in operation["responses"].values()
        for name, link in answer.get("links", {}).items()
    }


def test_every_link_names_an_operation_and_fills_its_path(
    operations: dict[str, Operation],
) -> None:
    followed = 0
    for source_path, source in operations.values():
        for name, link in links(source).items():
            path, target = operations[link["operationId"]]
            where = f"{source['operationId']} to {name}"
            assert name == link["operationId"] != source["operationId"], where
            assert set(link["parameters"]) == parameters(path), where
            assert link["description"] == f"{target['summary']}."
            for expression in link["parameters"].values():
                known = re.fullmatch(r"\$request\.path\.(\w+)", expression)
                assert known is None or known[1] in parameters(source_path), where
            followed += 1
    assert followed > 150


def test_what_is_made_leads_to_everything_that_is_done_with_it(
    description: dict[str, Any], operations: dict[str, Operation]
) -> None:
    made = {
        methods["post"]["operationId"]
        for methods in description["paths"].values()
        if "201" in methods.get("post", {}).get("responses", ())
    }
    assert {each for each in made if not links(operations[each][1])} == NOWHERE
    for name, place in (
        ("post_prompt", "/v1/prompts/{prompt}"),
        ("post_fill", "/v1/fills/{fill}"),
        ("comment_on_fill", "/v1/comments/{comment}"),
        ("make_token", "/v1/me/tokens/{token}"),
        ("act_as_moderator", "/v1/mod-log/{entry}"),
    ):
        about = {
            other
            for other, (path, _) in operations.items()
            if (path == place or path.startswith(f"{place}/"))
            and len(parameters(path)) == len(parameters(place))
        }
        assert about
        assert about <= links(operations[name][1]).keys(), name


def test_an_item_of_a_list_leads_to_where_it_is_read(operations: dict[str, Operation]) -> None:
    for name, targets in (
        ("list_prompts", {"read_prompt", "read_numbered_prompt"}),
        ("list_parts", {"read_part"}),
        ("list_bans", {"lift_ban"}),
        ("search_works", set()),
    ):
        assert links(operations[name][1]).keys() == targets


async def test_a_link_leads_to_the_thing_that_was_made(
    town: Town, service: FastAPI, operations: dict[str, Operation]
) -> None:
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"claims": True}})
    people = await gather(town, service)
    cast = await stage(town, service, people)
    author = people["author"]
    for name in ("post_prompt", "post_fill", "add_part", "comment_on_fill", "begin_discussion"):
        path, operation = operations[name]
        asked, body = cast.request(name, path)
        made = await author.post(asked, body)
        assert made.status_code == 201, made.text
        read = await follow(
            author, operations, operation, made.json(), cast.ids, made.headers["location"]
        )
        assert read, name


async def follow(
    person: Person,
    operations: dict[str, Operation],
    operation: dict[str, Any],
    content: Any,
    ids: dict[str, str],
    location: str,
) -> bool:
    """Follow the links that read; say whether one of them is what ``Location`` names."""
    found = False
    for name, link in operation["responses"]["201"]["links"].items():
        if name.startswith("read_"):
            values = {
                each: ids[each] if text.startswith("$request") else content[text.rpartition("/")[2]]
                for each, text in link["parameters"].items()
            }
            path = operations[name][0].format(**values)
            found |= location.endswith(path)
            answer = await person.get(path.removeprefix("/v1"))
            assert answer.status_code == 200, (name, answer.text)
    return found


def test_a_new_operation_is_linked_by_itself() -> None:
    thing = {"$ref": "#/components/schemas/Lamp"}
    answers = {"200": {"content": {"application/json": {"schema": thing}}}}
    description: dict[str, Any] = {
        "paths": {
            "/v1/lamps": {"post": {"operationId": "make", "summary": "Make", "responses": answers}},
            "/v1/lamps/{lamp}/wicks": {
                "get": {"operationId": "list_wicks", "summary": "List", "responses": {}}
            },
            "/v1/lamps/{lamp}": {
                "get": {"operationId": "read", "summary": "Read", "responses": {}}
            },
        },
        "components": {"schemas": {"Lamp": {"properties": {"id": {"type": "string"}}}}},
    }
    add_links(description)
    found = description["paths"]["/v1/lamps"]["post"]["responses"]["200"]["links"]
    assert list(found) == ["read", "list_wicks"]
    assert found["read"]["parameters"] == {"lamp": "$response.body#/id"}
