"""Links (OpenAPI's Link Objects): from an answer to what can be done with the thing in it.

They follow from the paths alone, so that a new operation has them by itself: what is made by
``POST …/prompts``, and listed by ``GET …/prompts``, is a member of ``prompts``, and its place is
whatever path ends in ``/prompts/{…}``. A thing that is made or read leads to all that can be done
at its place and below. An item of a list leads to where it is read, or, if it is read nowhere, to
what else can be done with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

#: What stands for a thing in an address, by the name of the parameter. All others stand for its id.
_FIELDS = {"board": "slug", "name": "name", "number": "number"}


@dataclass(frozen=True)
class _Operation:
    path: str
    method: str
    content: dict[str, Any]

    @property
    def parameters(self) -> list[str]:
        """The names of the parameters of its path, in their order."""
        return [step[1:-1] for step in self.path.split("/") if step.startswith("{")]

    @property
    def collection(self) -> str:
        """The plural noun at the end of its path."""
        return self.path.rpartition("/")[2]

    @property
    def answers(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Each answer that holds what was asked for, and its schema."""
        for status, answer in self.content["responses"].items():
            body = answer.get("content", {}).get("application/json")
            if status[0] == "2" and body is not None:
                yield answer, body["schema"]


def add_links(description: dict[str, Any]) -> None:
    """Add to every answer the links that lead on from it."""
    operations = [
        _Operation(path, method, content)
        for path, methods in description["paths"].items()
        for method, content in methods.items()
    ]
    schemas = description["components"]["schemas"]
    for source in operations:
        for answer, schema in source.answers:
            links = _links(source, schema, operations, schemas)
            if links:
                answer["links"] = links


def _links(
    source: _Operation,
    schema: dict[str, Any],
    operations: list[_Operation],
    schemas: dict[str, Any],
) -> dict[str, Any]:
    known = {name: f"$request.path.{name}" for name in source.parameters}
    if source.method == "get" and source.path.endswith("}"):
        return _links_to(_below(source.path, operations), known, source)
    items = _behind(schema, schemas).get("properties", {}).get("items")
    if source.method == "post":
        held, where = schema, "$response.body#"
    elif source.method == "get" and items is not None:
        held, where = items["items"], "$response.body#/items/0"
    else:
        return {}
    links: dict[str, Any] = {}
    for place in _places(source, held, operations):
        name = place.rpartition("{")[2][:-1]
        field = _FIELDS.get(name, "id")
        if field in _behind(held, schemas).get("properties", {}):
            targets = _below(place, operations)
            if source.method == "get":
                at = [each for each in targets if each.path == place]
                targets = [each for each in at if each.method == "get"] or at
            links |= _links_to(targets, {**known, name: f"{where}/{field}"}, source)
    return links


def _behind(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
    return found


def _places(
    source: _Operation, held: dict[str, Any], operations: list[_Operation]
) -> dict[str, None]:
    """The paths at which there may be what an operation makes or lists: those of its collection,
    and those where the same shape is read, for a thing that is made by what is called otherwise.
    """
    return dict.fromkeys(
        each.path
        for each in operations
        if each.path.endswith("}")
        and (
            each.path.split("/")[-2] == source.collection
            or (each.method == "get" and held in [schema for _, schema in each.answers])
        )
    )


def _below(place: str, operations: list[_Operation]) -> list[_Operation]:
    at = [each for each in operations if each.path == place]
    return at + [each for each in operations if each.path.startswith(f"{place}/")]


def _links_to(
    targets: list[_Operation], known: dict[str, str], source: _Operation
) -> dict[str, Any]:
    """The links from one operation to those others whose whole path is known."""
    return {
        each.content["operationId"]: {
            "operationId": each.content["operationId"],
            "parameters": {name: known[name] for name in each.parameters},
            "description": f"{each.content['summary']}.",
        }
        for each in targets
        if each is not source and known.keys() >= set(each.parameters)
    }
