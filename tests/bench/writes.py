"""What is written, beside a bare application that writes the same rows, and between reads."""

import json
from typing import Any

import httpx

from tests.bench.boards import Hot
from tests.bench.loads import READS_OF_A_WRITE, Load
from tests.bench.table import Bench, Server

_OF_FLOOR = {"SQLite": 0.4, "PostgreSQL": 0.6}
#: What is left of the rate of reading where every tenth request writes.
_MIXED = 0.75
_JSON = {"Content-Type": "application/json"}
_SAID = json.dumps({"body": "The kettle is on, and the lantern is lit."})
#: What differs from one comment to the next.
_OWN = {"id", "url", "face", "edit_token", "created_at", "seq"}


def add_writes(bench: Bench, url: str, hot: Hot) -> None:
    """Add the lines of posting a comment, and of reading while others post."""
    load = Load(written=hot.talk, body=_SAID, headers=_JSON)
    floor = bench.floor("posting", bench.copy(url, "posting-floor"))
    service = bench.service(bench.copy(url, "posting"))
    _same_shape(floor, service, load)
    beside = bench.line("post a comment: floor", floor, load)
    bench.line("post a comment", service, load, beside, _OF_FLOOR[bench.kind])
    for title, kept_mb in (("anew", 0), ("kept", 64)):
        mixing = bench.service(bench.copy(url, f"mixing-{title}"), kept_mb=kept_mb)
        reading = bench.line(f"reading only, {title}", mixing, Load([hot.page]))
        mixed = Load([hot.page], hot.talk, _SAID, _JSON)
        share = READS_OF_A_WRITE / (READS_OF_A_WRITE + 1)
        name = f"reads between writes, {title}"
        bench.line(name, mixing, mixed, reading, _MIXED, counted=share)


def _same_shape(floor: Server, service: Server, load: Load) -> None:
    """Check that a comment that is posted is answered alike. Its ids, and what follows from them,
    differ.
    """
    answers = []
    for server in (floor, service):
        url = server.url + load.written[0]
        answer = httpx.post(url, content=load.body, headers=dict(load.headers))
        assert answer.status_code == 201, answer.text
        answers.append(_masked(answer.json()))
    assert answers[0] == answers[1], answers


def _masked(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return [(key, _masked(each, key)) for key, each in value.items()]
    return "..." if name in _OWN else value
