"""Collections of requests in the ``.http`` format of editors, read and sent.

What REST Client for Visual Studio Code and its kin understand: requests between lines of ``###``,
variables of the file (``@base = ...``), and what was answered to a request that has a name
(``# @name prompt``), as ``{{prompt.response.body.$.id}}`` and ``{{prompt.response.headers.ETag}}``.
Each request says in a comment which status it expects.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

EVENING = Path(__file__).parents[2] / "openapi" / "evening.http"

_VARIABLE = re.compile(r"^@(\w+)\s*=\s*(.*)$", re.MULTILINE)
_NAME = re.compile(r"^# @name (\w+)$", re.MULTILINE)
_EXPECTED = re.compile(r"^# Expected: (\d{3})$", re.MULTILINE)
_REFERENCE = re.compile(r"\{\{([^{}]+)\}\}")
_ANSWERED = re.compile(r"(\w+)\.response\.(body|headers)\.(.+)")


@dataclass(frozen=True)
class Request:
    """A request as it is written, with references in it."""

    title: str
    name: str
    expected: int
    method: str
    url: str
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Collection:
    """A file of requests."""

    variables: dict[str, str]
    requests: list[Request]

    @classmethod
    def read(cls, text: str) -> "Collection":
        head, *requests = re.split(r"^###", text, flags=re.MULTILINE)
        return cls(dict(_VARIABLE.findall(head)), list(map(_request, requests)))


@dataclass(frozen=True)
class Exchange:
    """A request as it was sent, and what was answered."""

    request: Request
    response: httpx.Response


@dataclass
class Evening:
    """Sends a collection, one request after the other."""

    client: httpx.Client
    variables: dict[str, str]
    answers: dict[str, httpx.Response] = field(default_factory=dict)

    def live(self, collection: Collection) -> Iterator[Exchange]:
        """Send each request. Whatever is answered otherwise than expected ends the evening."""
        for written in collection.requests:
            sent = self._filled_in(written)
            response = self.client.request(
                sent.method, sent.url, headers=sent.headers, content=sent.body.encode() or None
            )
            assert response.status_code == sent.expected, (sent.name, response.text)
            self.answers[sent.name] = response
            yield Exchange(sent, response)

    def _filled_in(self, request: Request) -> Request:
        return Request(
            request.title,
            request.name,
            request.expected,
            request.method,
            self._text(request.url),
            {name: self._text(value) for name, value in request.headers.items()},
            self._text(request.body),
        )

    def _text(self, text: str) -> str:
        return _REFERENCE.sub(lambda found: self._value(found[1].strip()), text)

    def _value(self, reference: str) -> str:
        answered = _ANSWERED.fullmatch(reference)
        if answered is None:
            return self.variables[reference]
        name, part, place = answered.groups()
        if part == "headers":
            return self.answers[name].headers[place]
        value: Any = self.answers[name].json()
        for step in place.removeprefix("$.").split("."):
            value = value[step]
        assert isinstance(value, str), reference
        return value


def _request(text: str) -> Request:
    head, _, body = text.partition("\n\n")
    title, *lines = head.splitlines()
    method, _, url = next(each for each in lines if not each.startswith("#")).partition(" ")
    fields = [each for each in lines if not each.startswith("#")][1:]
    name, expected = _NAME.search(head), _EXPECTED.search(head)
    assert name, f"{title} has no name"
    assert expected, f"{title} does not say what it expects"
    headers = dict(each.split(": ", maxsplit=1) for each in fields)
    return Request(title.strip(), name[1], int(expected[1]), method, url, headers, body.strip())
