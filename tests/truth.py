"""Every answer that a test gets is what the description says it is."""

import json
import re
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012


def _pointer(*steps: str) -> str:
    return "#/" + "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)


def checked_against_description(app: FastAPI) -> Callable[[httpx.Response], Awaitable[None]]:
    """A hook that fails the test whose answer the description does not know."""
    description = app.openapi()
    resource = DRAFT202012.create_resource(description)
    registry: Registry[Any] = Registry().with_resource("urn:description", resource)
    shapes = [
        (re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))), template)
        for template in description["paths"]
    ]

    @cache
    def validator(template: str, method: str, status: str, media_type: str) -> Any:
        answers = description["paths"][template][method]["responses"]
        assert status in answers, f"{method} {template} does not say that it can answer {status}"
        at = ("paths", template, method, "responses", status)
        if "$ref" in answers[status]:
            at = tuple(answers[status]["$ref"].removeprefix("#/").split("/"))
        content = registry.resolver("urn:description").lookup(_pointer(*at)).contents["content"]
        assert media_type in content, f"{method} {template} {status} does not say {media_type}"
        schema = _pointer(*at, "content", media_type, "schema")
        return Draft202012Validator(
            {"$ref": f"urn:description{schema}"},
            registry=registry,
            format_checker=FormatChecker(),
        )

    async def check(response: httpx.Response) -> None:
        request = response.request
        method = {"HEAD": "get"}.get(request.method, request.method.lower())
        template = next((name for shape, name in shapes if shape.fullmatch(request.url.path)), None)
        if template is None or method not in description["paths"][template]:
            return
        body = await response.aread()
        status = str(response.status_code)
        if not body:
            assert status in description["paths"][template][method]["responses"] or status == "304"
            return
        media_type = response.headers["content-type"].split(";")[0]
        validator(template, method, status, media_type).validate(json.loads(body))

    return check
