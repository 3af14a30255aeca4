"""Exchanges as they were: what was asked of a live service, and what it answered.

``python -m tests.exchanges.recording`` (``make exchanges``) starts one with the demo board, has it
live through the evening of the collection, and writes each request with its answer into
``openapi/exchanges``. What is different each time stands there as something that is always the
same: ids, tokens, times, versions, faces and cursors. JSON is laid out, and headers that every
answer has are left out; all else is as it was.
"""

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.exchanges.collection import EVENING, Collection, Evening, Exchange
from tests.servers import serving

EXCHANGES = EVENING.parent / "exchanges"
#: Where the service is said to be, whichever port it got.
HOME = "http://127.0.0.1:8000"

#: What every answer has alike, and lengths, which are others once JSON is laid out.
_LEFT_OUT = {
    *("date", "server", "content-length", "access-control-allow-origin"),
    *("access-control-expose-headers", "x-content-type-options", "x-accel-expires"),
}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
_TOKEN = re.compile(r"\bfb[a-z]_[0-9A-Za-z]{49}\b")
_TAG = re.compile(r"\b(?:[0-9a-f]{12}-)?[0-9a-f]{20}\b|(?<=\")[0-9a-f]{12}(?=\")")
#: Where one is in a list, or in a story that is being read.
_CURSOR = re.compile(r"[?&](?:cursor|since|reading)=([^&]+)")
_RESET = re.compile(r"(?<=;)t=\d+")
_FACES = ("gentle amber otter", "patient copper heron", "quiet violet lantern")


class Mask:
    """Puts what is always the same in place of what is different each time. The same thing is
    masked in the same way wherever it stands, and in the order in which things appear.
    """

    def __init__(self, site: str) -> None:
        self._masks = {site: HOME}
        self._counts: dict[str, int] = {}

    def learn(self, content: Any) -> None:
        """Note what an answer names that will stand elsewhere, too."""
        for name, value in _texts(content):
            if name == "id" or name.endswith("_id") or name == "instance":
                self._note("id", value, lambda n: _made_of(n, "id", 16))
            elif name == "face":
                self._note("face", value, lambda n: _FACES[n - 1])
            elif name == "cursor":
                self._note("cursor", value, lambda n: _made_of(n, "cursor", 24))
            elif name.startswith(("next", "prev")):
                for cursor in _CURSOR.findall(value):
                    self._note("cursor", cursor, lambda n: _made_of(n, "cursor", 24))

    def text(self, text: str) -> str:
        """A text in which nothing is different each time."""
        text = _TIME.sub("2031-03-01T20:15:00Z", text)
        text = _RESET.sub("t=60", text)
        text = _TOKEN.sub(self._token, text)
        text = _TAG.sub(self._tag, text)
        for real, mask in self._masks.items():
            text = text.replace(real, mask)
        return text

    def _token(self, token: re.Match[str]) -> str:
        # Nobody shall take it for one that could be used.
        return self._note("token", token[0], lambda n: f"{token[0][:4]}{_made_of(n, 'token', 6)}…")

    def _tag(self, tag: re.Match[str]) -> str:
        parts = tag[0].split("-")
        return "-".join(self._note("tag", each, partial(_hex, len(each))) for each in parts)

    def _note(self, kind: str, real: str, make: Callable[[int], str]) -> str:
        if real not in self._masks:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._masks[real] = make(self._counts[kind])
        return self._masks[real]


def record() -> Iterator[tuple[str, str]]:
    """Name and text of each exchange of an evening on a service of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), "--demo", rate_limits="on") as service,
        httpx.Client(timeout=30) as client,
    ):
        collection, mask = Collection.read(EVENING.read_text()), Mask(service.url)
        evening = Evening(client, {**collection.variables, "base": f"{service.url}/v1"})
        for exchange in evening.live(collection):
            yield exchange.request.name, _written(exchange, mask)


def _written(exchange: Exchange, mask: Mask) -> str:
    request, response = exchange.request, exchange.response
    mask.learn(response.json())
    mask.learn({"instance": response.headers["x-request-id"]})
    place = urlsplit(request.url)
    path = f"{place.path}?{place.query}" if place.query else place.path
    asked = [f"{request.method} {path} HTTP/1.1", f"Host: {urlsplit(HOME).netloc}"]
    asked += [f"{name}: {value}" for name, value in request.headers.items()]
    answered = [f"HTTP/1.1 {response.status_code} {HTTPStatus(response.status_code).phrase}"]
    answered += [
        f"{name}: {value}"
        for name, value in response.headers.multi_items()
        if name not in _LEFT_OUT
    ]
    return mask.text(
        f"### {request.title}\n\n"
        + "\n".join(asked)
        + (f"\n\n{_laid_out(json.loads(request.body))}" if request.body else "")
        + "\n\n"
        + "\n".join(answered)
        + f"\n\n{_laid_out(response.json())}\n"
    )


def _laid_out(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False)


def _texts(content: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in an answer, with the name that it stands under."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _texts(value, key)
    elif isinstance(content, list):
        for value in content:
            yield from _texts(value, name)
    elif isinstance(content, str):
        yield name, content


def _hex(length: int, number: int) -> str:
    return hashlib.sha256(f"tag {number}".encode()).hexdigest()[:length]


def _made_of(number: int, kind: str, length: int) -> str:
    """Letters and digits that look as if they were random, of those that ids have."""
    digits = "0123456789abcdefghjkmnpqrstvwxyz"
    digest = hashlib.sha256(f"{kind} {number}".encode()).digest()
    return "".join(digits[each % 32] for each in digest[:length])


def main() -> None:
    """Write the exchanges anew."""
    EXCHANGES.mkdir(exist_ok=True)
    for old in EXCHANGES.glob("*.http"):
        old.unlink()
    for name, text in record():
        (EXCHANGES / f"{name}.http").write_text(text)


if __name__ == "__main__":
    main()
