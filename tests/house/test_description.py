"""The description is what is served, valid, and complete."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from app.kit.tokens import kind_of

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "openapi" / "openapi.json"

Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module")
def operations(description: dict[str, Any]) -> list[Operation]:
    """Every operation with its path and method."""
    return [
        (path, method, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def resolved(description: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """What stands behind a reference, or the node itself."""
    while "$ref" in node:
        reference, node = node["$ref"], description
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]
    return node


def contents(
    description: dict[str, Any], operation: dict[str, Any]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every body of an operation: ``request`` or status, media type, and its content."""
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        yield "request", media_type, content
    for status, answer in operation["responses"].items():
        for media_type, content in resolved(description, answer).get("content", {}).items():
            yield status, media_type, content


def test_the_committed_description_is_what_is_served(description: dict[str, Any]) -> None:
    committed = json.loads(COMMITTED.read_text())
    assert committed == json.loads(json.dumps(description)), (
        "`fillboard openapi --output openapi/openapi.json` writes it anew"
    )


def test_the_description_is_valid_openapi(description: dict[str, Any]) -> None:
    validate(description)
    assert description["openapi"].startswith("3.1")


def test_every_operation_says_what_it_is(operations: list[Operation]) -> None:
    assert len(operations) > 20
    for path, method, operation in operations:
        where = f"{method} {path}"
        assert operation.get("summary"), where
        assert len(operation.get("description", "")) > len(operation["summary"]), where
        assert len(operation.get("tags", [])) == 1, where
        # For somebody who never saw a board like these: at least what it is about.
        assert len(operation["description"].split()) >= 15, where
        assert operation["description"].strip().endswith((".", ")", ":", "```")), where


def test_every_heading_is_described_and_used(
    description: dict[str, Any], operations: list[Operation]
) -> None:
    used = {tag for _, _, operation in operations for tag in operation["tags"]}
    assert [each["name"] for each in description["tags"] if each["description"]] == [
        each["name"] for each in description["tags"]
    ]
    assert {each["name"] for each in description["tags"]} == used


def test_every_operation_has_a_name_of_its_own_that_makes_a_method(
    operations: list[Operation],
) -> None:
    names = [operation["operationId"] for _, _, operation in operations]
    assert len(set(names)) == len(names)
    for name in names:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", name), name


def test_every_body_has_an_example(
    description: dict[str, Any], operations: list[Operation]
) -> None:
    for path, method, operation in operations:
        for where, _media_type, content in contents(description, operation):
            # What is no text can't be shown in one.
            if content.get("schema", {}).get("format") != "binary":
                assert "example" in content or content.get("examples"), f"{method} {path} {where}"


def test_what_takes_a_body_and_what_answers_with_one_says_so(operations: list[Operation]) -> None:
    for path, method, operation in operations:
        where = f"{method} {path}"
        assert method in ("post", "put", "patch") or "requestBody" not in operation, where
        successes = [status for status in operation["responses"] if status[0] == "2"]
        assert successes, where
        for status in successes:
            assert ("content" in operation["responses"][status]) == (status != "204"), where


def test_every_example_is_what_its_schema_says(
    description: dict[str, Any], operations: list[Operation]
) -> None:
    registry: Registry[Any] = Registry().with_resource(
        "urn:description", DRAFT202012.create_resource(description)
    )

    wrong: list[str] = []

    def check(schema: dict[str, Any], value: Any, where: str) -> None:
        absolute = json.loads(json.dumps(schema).replace('"#/', '"urn:description#/'))
        validator = Draft202012Validator(
            absolute, registry=registry, format_checker=FormatChecker()
        )
        wrong.extend(f"{where}: {each.message}" for each in validator.iter_errors(value))

    checked = 0
    for path, method, operation in operations:
        for where, _media_type, content in contents(description, operation):
            values = [content["example"]] if "example" in content else []
            named = content.get("examples", {}).values()
            values += [resolved(description, each)["value"] for each in named]
            for value in values:
                check(content["schema"], value, f"{method} {path} {where}")
                checked += 1
    for name, schema in description["components"]["schemas"].items():
        for value in schema.get("examples", []):
            check(schema, value, name)
            checked += 1
    assert wrong == []
    assert checked > 100


def test_every_operation_documents_its_problems(
    description: dict[str, Any], operations: list[Operation]
) -> None:
    for path, method, operation in operations:
        where = f"{method} {path}"
        answers = {
            status: resolved(description, answer)
            for status, answer in operation["responses"].items()
        }
        assert {"500", "503"} <= set(answers), where
        assert all(status.isdigit() for status in answers), where
        if method != "get":
            assert {"400", "408", "413", "415", "422"} <= set(answers), where
        if operation.get("security"):
            assert "401" in answers, where
        if "{" in path:
            assert "404" in answers, where
        for status, answer in answers.items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], where
                content = answer["content"]["application/problem+json"]
                assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
                assert content["examples"], where
                for code, example in content["examples"].items():
                    value = resolved(description, example)["value"]
                    assert (value["code"], str(value["status"])) == (code, status), where


def test_what_is_made_says_where_it_is(
    description: dict[str, Any], operations: list[Operation]
) -> None:
    for path, method, operation in operations:
        for status, answer in operation["responses"].items():
            if status == "201":
                headers = resolved(description, answer).get("headers", {})
                has_place = path != "/v1/masks"
                assert ("Location" in headers) == has_place, f"{method} {path}"
                assert ("ETag" in headers) == has_place, f"{method} {path}"


def test_headers_that_clients_need_are_described(
    description: dict[str, Any], operations: list[Operation]
) -> None:
    for path, method, operation in operations:
        answers = {
            status: resolved(description, answer)
            for status, answer in operation["responses"].items()
        }
        where = f"{method} {path}"
        for status, name in (("503", "Retry-After"), ("401", "WWW-Authenticate"), ("412", "ETag")):
            if status in answers:
                assert name in answers[status]["headers"], where
        if "application/json" in answers.get("200", {}).get("content", {}):
            has_next = '"next"' in json.dumps(schema_of(description, answers["200"]))
            assert ("Link" in answers["200"].get("headers", {})) == has_next, where


def schema_of(description: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The names of the members of an answer's top level."""
    schema = resolved(description, answer["content"]["application/json"]["schema"])
    return dict.fromkeys(schema["properties"])


def test_paths_are_plural_nouns_in_snake_or_kebab_case(description: dict[str, Any]) -> None:
    for path in description["paths"]:
        # A file's name ends in what it is.
        assert re.fullmatch(r"/v1(/[a-z][a-z-]*|/\{[a-z_]+\})+(\.[a-z]+)?", path), path


def test_no_example_holds_a_token_that_could_be_one(description: dict[str, Any]) -> None:
    written = json.dumps(description)
    shaped = re.findall(r"fb[a-z]_[0-9A-Za-z]{20,}", written)
    assert shaped
    assert [each for each in shaped if kind_of(each) is not None] == []


def test_how_an_idempotency_key_is_written_is_described(operations: list[Operation]) -> None:
    patterns = {
        parameter["schema"]["pattern"]
        for _, _, operation in operations
        for parameter in operation.get("parameters", ())
        if parameter["name"] == "Idempotency-Key"
    }
    assert len(patterns) == 1
    written = re.compile(patterns.pop())
    for key in ("k" * 16, "k" * 255, "lamp lamp lamp #7 ~!", '"' + "k" * 255 + '"'):
        assert written.search(key), key
    for key in ("k" * 15, "k" * 256, '"' + "k" * 16, "k" * 16 + '"', "kkkkkkkk\tkkkkkkkk"):
        assert not written.search(key), key
