"""Every answer that a test gets is what the description says it is."""

import json
import re
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any
from urllib.parse import quote
from weakref import WeakKeyDictionary

import httpx
from fastapi import FastAPI
from jsonschema_rs import Draft202012, Draft202012Validator, Registry

#: Headers that an operation says it sends wherever it does.
_TELLING_HEADERS = frozenset({"etag", "link", "location", "retry-after", "www-authenticate"})


def _pointer(*steps: str) -> str:
    return "#/" + "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)


class _Truth:
    """A description, to hold answers against. What is read from it is read once."""

    def __init__(self, description: dict[str, Any]) -> None:
        self._description = description
        self._registry = Registry([("urn:description", description)], draft=Draft202012)
        self._paths: dict[str, dict[str, Any]] = description["paths"]
        self._shapes = [
            (re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))), template)
            for template in self._paths
        ]
        self._validator = cache(self._new_validator)
        self._headers = cache(self._described_headers)

    def operation_of(self, request: httpx.Request) -> tuple[str, str] | None:
        """Template and method of the operation that a request met, if it is described."""
        method = {"HEAD": "get"}.get(request.method, request.method.lower())
        for shape, template in self._shapes:
            if shape.fullmatch(request.url.path) and method in self._paths[template]:
                return template, method
        return None

    def check_body(self, template: str, method: str, response: httpx.Response) -> None:
        """Fail where the body is not of the shape that is described."""
        media_type = response.headers["content-type"].split(";")[0]
        # A file is a string to its schema, whatever its bytes are.
        is_json = media_type.endswith("json")
        content = json.loads(response.content) if is_json else response.content.decode("latin-1")
        self._validator(template, method, str(response.status_code), media_type).validate(content)

    def check_headers(self, template: str, method: str, response: httpx.Response) -> None:
        """Fail where a header is promised and not sent, or sent and not described."""
        described, promised = self._headers(template, method, str(response.status_code))
        where = f"{method} {template} {response.status_code}"
        sent = {name.lower() for name in response.headers}
        assert promised <= sent, f"{where} does not send {promised - sent}"
        unsaid = (sent & _TELLING_HEADERS) - described
        assert not unsaid, f"{where} does not say that it sends {unsaid}"
        # What comes without a body can't be compared with it.
        if "link" in described and response.content:
            assert _next_links(response) == _promised_links(response), where

    def _at(self, template: str, method: str, status: str) -> tuple[str, ...]:
        """Where in the description an answer stands."""
        answers = self._paths[template][method]["responses"]
        assert status in answers, f"{method} {template} does not say that it can answer {status}"
        if "$ref" in answers[status]:
            return tuple(answers[status]["$ref"].removeprefix("#/").split("/"))
        return ("paths", template, method, "responses", status)

    def _found(self, at: tuple[str, ...]) -> Any:
        found: Any = self._description
        for step in at:
            found = found[step]
        return found

    def _described_headers(
        self, template: str, method: str, status: str
    ) -> tuple[frozenset[str], frozenset[str]]:
        """The headers that an answer may have, and those of them that it always has."""
        headers = self._found(self._at(template, method, status)).get("headers", {})
        required = (name for name, header in headers.items() if header.get("required"))
        return frozenset(map(str.lower, headers)), frozenset(map(str.lower, required))

    def _new_validator(self, template: str, method: str, status: str, media_type: str) -> Any:
        at = self._at(template, method, status)
        content = self._found(at)["content"]
        assert media_type in content, f"{method} {template} {status} does not say {media_type}"
        schema = quote(_pointer(*at, "content", media_type, "schema"), safe="#/~")
        return Draft202012Validator(
            {"$ref": f"urn:description{schema}"},
            registry=self._registry,
            validate_formats=True,
            # As OpenAPI calls what is no text.
            formats={"binary": lambda _: True},
            ignore_unknown_formats=False,
        )


def _next_links(response: httpx.Response) -> list[str]:
    links = response.headers.get_list("link")
    return [each for each in links if each.endswith('rel="next"')]


def _promised_links(response: httpx.Response) -> list[str]:
    """Where a page says that it goes on. What is no page says nothing."""
    is_json = response.headers.get("content-type") == "application/json"
    following = response.json().get("next") if is_json and response.content else None
    return [f'<{following}>; rel="next"'] if following else []


#: What was read from the description of each application.
_TRUTHS: WeakKeyDictionary[FastAPI, _Truth] = WeakKeyDictionary()


def checked_against_description(app: FastAPI) -> Callable[[httpx.Response], Awaitable[None]]:
    """A hook that fails the test whose answer the description does not know."""
    truth = _TRUTHS.get(app) or _TRUTHS.setdefault(app, _Truth(app.openapi()))

    async def check(response: httpx.Response) -> None:
        operation = truth.operation_of(response.request)
        if operation is None:
            return
        if await response.aread():
            truth.check_body(*operation, response)
        truth.check_headers(*operation, response)

    return check
