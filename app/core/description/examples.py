"""Examples: each stands with its schema in a room, and is shown wherever the schema is used."""

import copy
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from app.core.fields import AnswerModel, RequestModel


def restore_examples(schemas: dict[str, Any]) -> None:
    """Put the examples of models back as they stand in the code: FastAPI leaves every null out."""
    for model in _models(RequestModel, AnswerModel):
        extra = model.model_config.get("json_schema_extra")
        if model.__name__ in schemas and isinstance(extra, dict) and "examples" in extra:
            schemas[model.__name__]["examples"] = copy.deepcopy(extra["examples"])


def _models(*bases: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for base in bases:
        yield base
        yield from _models(*base.__subclasses__())


def show_examples(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Put the examples of schemas where documentation and mock servers look for them."""
    for content in _json_contents(operation):
        reference = content["schema"].get("$ref", "")
        example = _example(schemas.get(reference.rpartition("/")[2], {}), schemas)
        if example is not None:
            content["example"] = example


def _json_contents(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for holder in (operation.get("requestBody", {}), *operation["responses"].values()):
        content = holder.get("content", {}).get("application/json")
        if content is not None:
            yield content


def _example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """The schema's own example; a page has one item of its kind."""
    if schema.get("examples"):
        return copy.deepcopy(schema["examples"][0])
    items = schema.get("properties", {}).get("items", {}).get("items", {})
    item = schemas.get(items.get("$ref", "").rpartition("/")[2], {})
    if not item.get("examples"):
        return None
    page: dict[str, Any] = {"items": [copy.deepcopy(item["examples"][0])], "next": None}
    if "omitted" in schema["properties"]:
        page["omitted"] = {"adult": 0, "filtered": 0}
    if "ancestors" in schema["properties"]:
        page["ancestors"] = []
    return page
