"""The differ sees what breaks clients, and lets additions pass."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.differ import breaks

Description = dict[str, Any]
Change = Callable[[Description], object]

LANTERN = {
    "type": "object",
    "required": ["id", "color"],
    "properties": {
        "id": {"type": "string", "pattern": "^[a-z]+$"},
        "color": {"type": "string", "enum": ["amber", "blue"]},
        "keeper": {"anyOf": [{"$ref": "#/components/schemas/Keeper"}, {"type": "null"}]},
        "lit_at": {"type": "string", "format": "date-time"},
        "notes": {"type": "array", "items": {"type": "string"}},
    },
}
NEW_LANTERN = {
    "type": "object",
    "additionalProperties": False,
    "required": ["color"],
    "properties": {
        "color": {"type": "string", "enum": ["amber", "blue"]},
        "wish": {"anyOf": [{"type": "string", "maxLength": 100}, {"type": "null"}]},
        "height": {"type": "integer", "minimum": 1},
    },
}
BASE: Description = {
    "openapi": "3.1.0",
    "security": [{}, {"token": []}],
    "paths": {
        "/lanterns": {
            "get": {
                "operationId": "list_lanterns",
                "parameters": [
                    {"in": "query", "name": "color", "schema": {"enum": ["amber", "blue"]}},
                    {"in": "query", "name": "limit", "schema": {"type": "integer", "maximum": 100}},
                ],
                "responses": {
                    "200": {
                        "headers": {"ETag": {"required": True}},
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "array",
                                    "items": {"$ref": "#/components/schemas/Lantern"},
                                }
                            }
                        },
                    },
                    "304": {"description": "You have it already."},
                },
            },
            "post": {
                "operationId": "hang_lantern",
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/NewLantern"}}
                    }
                },
                "responses": {
                    "201": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Lantern"}}
                        }
                    },
                    "422": {"$ref": "#/components/responses/invalid"},
                },
            },
        },
    },
    "components": {
        "responses": {"invalid": {"content": {"application/problem+json": {"schema": {}}}}},
        "schemas": {
            "Keeper": {"type": "object", "properties": {"name": {"type": "string"}}},
            "Lantern": LANTERN,
            "NewLantern": NEW_LANTERN,
        },
    },
}


def of(description: Description, *steps: str) -> Any:
    """What stands at a place of the description."""
    found: Any = description
    for step in steps:
        found = found[step]
    return found


def lantern(description: Description) -> Any:
    return of(description, "components", "schemas", "Lantern", "properties")


def sent(description: Description) -> Any:
    return of(description, "components", "schemas", "NewLantern", "properties")


def listing(description: Description) -> Any:
    return of(description, "paths", "/lanterns", "get")


def hanging(description: Description) -> Any:
    return of(description, "paths", "/lanterns", "post")


def rename(things: dict[str, Any], old: str, new: str) -> None:
    things[new] = things.pop(old)


def rename_keeper(description: Description) -> None:
    rename(description["components"]["schemas"], "Keeper", "Owner")
    lantern(description)["keeper"]["anyOf"][0]["$ref"] = "#/components/schemas/Owner"


BREAKING: dict[str, tuple[Change, str]] = {
    "a path is gone": (lambda d: d["paths"].pop("/lanterns"), "/lanterns: is gone"),
    "a path is renamed": (
        lambda d: rename(d["paths"], "/lanterns", "/lamps"),
        "/lanterns: is gone",
    ),
    "an operation is gone": (
        lambda d: d["paths"]["/lanterns"].pop("post"),
        "POST /lanterns: is gone",
    ),
    "an operation has another name": (
        lambda d: listing(d).update(operationId="all_lanterns"),
        "GET /lanterns: is called all_lanterns, was list_lanterns",
    ),
    "a status is gone": (
        lambda d: listing(d)["responses"].pop("304"),
        "GET /lanterns 304: is gone",
    ),
    "a media type is gone": (
        lambda d: d["components"]["responses"]["invalid"]["content"].clear(),
        "POST /lanterns 422 application/problem+json: is gone",
    ),
    "a header of an answer is gone": (
        lambda d: listing(d)["responses"]["200"].pop("headers"),
        "GET /lanterns 200 ETag: is gone",
    ),
    "a header may be missing": (
        lambda d: listing(d)["responses"]["200"]["headers"]["ETag"].pop("required"),
        "GET /lanterns 200 ETag: may be missing now",
    ),
    "a parameter is gone": (
        lambda d: listing(d)["parameters"].pop(1),
        "GET /lanterns query limit: is gone",
    ),
    "a parameter is renamed": (
        lambda d: listing(d)["parameters"][1].update(name="size"),
        "GET /lanterns query limit: is gone",
    ),
    "a parameter has to be sent": (
        lambda d: listing(d)["parameters"][1].update(required=True),
        "GET /lanterns query limit: must be sent now",
    ),
    "a new parameter has to be sent": (
        lambda d: listing(d)["parameters"].append(
            {"in": "query", "name": "street", "required": True, "schema": {"type": "string"}}
        ),
        "GET /lanterns query street: must be sent now",
    ),
    "a parameter is of another type": (
        lambda d: listing(d)["parameters"][1].update(schema={"type": "string"}),
        "GET /lanterns query limit: is no longer integer",
    ),
    "a parameter takes less": (
        lambda d: listing(d)["parameters"][1]["schema"].update(maximum=50),
        "GET /lanterns query limit: has a maximum of 50, was 100",
    ),
    "a parameter has a new value": (
        lambda d: listing(d)["parameters"][0]["schema"]["enum"].append("red"),
        "GET /lanterns query color: has a new value 'red'",
    ),
    "a body has to be sent": (
        lambda d: hanging(d)["requestBody"].update(required=True),
        "POST /lanterns body: must be sent now",
    ),
    "an operation takes no body any more": (
        lambda d: hanging(d).pop("requestBody"),
        "POST /lanterns body: is gone",
    ),
    "a field that is sent is gone": (
        lambda d: sent(d).pop("wish"),
        "POST /lanterns body application/json/wish: is gone",
    ),
    "a field that is sent is renamed": (
        lambda d: rename(sent(d), "wish", "hope"),
        "POST /lanterns body application/json/wish: is gone",
    ),
    "a field has to be sent": (
        lambda d: d["components"]["schemas"]["NewLantern"]["required"].append("height"),
        "POST /lanterns body application/json/height: must be sent now",
    ),
    "a field may not be null": (
        lambda d: sent(d)["wish"]["anyOf"].pop(),
        "POST /lanterns body application/json/wish: is no longer null",
    ),
    "a text has to be shorter": (
        lambda d: sent(d)["wish"]["anyOf"][0].update(maxLength=50),
        "POST /lanterns body application/json/wish: has a maxLength of 50, was 100",
    ),
    "a number has to be higher": (
        lambda d: sent(d)["height"].update(minimum=2),
        "POST /lanterns body application/json/height: has a minimum of 2, was 1",
    ),
    "a text is bound to a pattern": (
        lambda d: sent(d)["wish"]["anyOf"][0].update(pattern="^I"),
        "POST /lanterns body application/json/wish: has the pattern '^I', was None",
    ),
    "a field takes some values alone": (
        lambda d: sent(d)["height"].update(enum=[1, 2]),
        "POST /lanterns body application/json/height: takes the values [1, 2] alone",
    ),
    "a value that was taken is refused": (
        lambda d: sent(d)["color"]["enum"].remove("blue"),
        "POST /lanterns body application/json/color: has no value 'blue' any more",
    ),
    "there is a new value to be sent": (
        lambda d: sent(d)["color"]["enum"].append("red"),
        "POST /lanterns body application/json/color: has a new value 'red'",
    ),
    "a field of answers is gone": (
        lambda d: lantern(d).pop("lit_at"),
        "GET /lanterns 200 application/json/items/lit_at: is gone",
    ),
    "a field of answers is renamed": (
        lambda d: rename(lantern(d), "lit_at", "since"),
        "GET /lanterns 200 application/json/items/lit_at: is gone",
    ),
    "a field of answers may be missing": (
        lambda d: d["components"]["schemas"]["Lantern"]["required"].remove("id"),
        "GET /lanterns 200 application/json/items/id: may be missing now",
    ),
    "a field of answers may be null": (
        lambda d: lantern(d)["lit_at"].update(type=["string", "null"]),
        "GET /lanterns 200 application/json/items/lit_at: may now be null",
    ),
    "a field of answers is of another type": (
        lambda d: lantern(d)["id"].update(type="integer"),
        "GET /lanterns 200 application/json/items/id: is no longer string",
    ),
    "what a list holds is of another type": (
        lambda d: lantern(d)["notes"]["items"].update(type="integer"),
        "GET /lanterns 200 application/json/items/notes/items: is no longer string",
    ),
    "a field of answers is written otherwise": (
        lambda d: lantern(d)["lit_at"].update(format="date"),
        "GET /lanterns 200 application/json/items/lit_at: has the format date, was date-time",
    ),
    "a schema has another name": (
        rename_keeper,
        "schema Keeper: is gone",
    ),
    "an operation needs a token": (
        lambda d: hanging(d).update(security=[{"token": []}]),
        "POST /lanterns: needs a token now",
    ),
}
ADDITIONS: dict[str, Change] = {
    "a path": lambda d: d["paths"].update({"/moths": {"get": copy.deepcopy(listing(d))}}),
    "an operation": lambda d: d["paths"]["/lanterns"].update(
        {"delete": {"operationId": "put_out", "responses": {"204": {}}}}
    ),
    "a parameter that may be left out": lambda d: listing(d)["parameters"].append(
        {"in": "query", "name": "street", "schema": {"type": "string"}}
    ),
    "a parameter that need not be sent any more": lambda d: listing(d)["parameters"][0].update(
        required=False
    ),
    "a status": lambda d: listing(d)["responses"].update({"429": {}}),
    "a header": lambda d: listing(d)["responses"]["200"]["headers"].update({"Link": {}}),
    "a field of answers": lambda d: lantern(d).update({"moths": {"type": "integer"}}),
    "a field to be sent": lambda d: sent(d).update({"moths": {"type": "integer"}}),
    "that a field may be null": lambda d: sent(d)["height"].update(type=["integer", "null"]),
    "room in a text": lambda d: sent(d)["wish"]["anyOf"][0].update(maxLength=200),
    "that an answer is never missing": lambda d: d["components"]["schemas"]["Lantern"][
        "required"
    ].append("lit_at"),
    "a schema": lambda d: d["components"]["schemas"].update({"Moth": {"type": "object"}}),
    "words": lambda d: listing(d).update(description="All of them."),
    "that no token is needed": lambda d: hanging(d).update(security=[{}]),
}


def changed(change: Change) -> Description:
    description: Description = json.loads(json.dumps(BASE))
    change(description)
    assert description != BASE
    return description


@pytest.mark.parametrize("kind", BREAKING)
def test_what_breaks_clients_is_seen(kind: str) -> None:
    change, expected = BREAKING[kind]
    assert expected in map(str, breaks(BASE, changed(change)))


@pytest.mark.parametrize("kind", ADDITIONS)
def test_additions_pass(kind: str) -> None:
    assert breaks(BASE, changed(ADDITIONS[kind])) == []


def test_schemas_may_hold_themselves() -> None:
    def grow(description: Description) -> None:
        lantern(description)["beside"] = {"$ref": "#/components/schemas/Lantern"}

    grown = changed(grow)
    assert breaks(grown, grown) == []
    assert [str(each) for each in breaks(grown, BASE)] == [
        "GET /lanterns 200 application/json/items/beside: is gone"
    ]
