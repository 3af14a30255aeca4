"""Putting load on a server: by ``wrk`` where it is installed, else by a small loader of our own.

Either is a process of its own, keeps some connections open, and has one request at a time under way
on each of them.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlsplit

_WRK = """
local requests = {}
local turn = 0
local body = os.getenv("BENCH_BODY")
function init()
  for line in io.lines(os.getenv("BENCH_REQUESTS")) do
    local method, path = line:match("(%u+) (.+)")
    local said = method == "POST" and body or nil
    requests[#requests + 1] = wrk.format(method, path, nil, said)
  end
end
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("\\n[%d, %f, %f, %f, %d]\\n", summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


#: A mixed load reads nine times of ten.
READS_OF_A_WRITE = 9


@dataclass(frozen=True)
class Load:
    """What is sent: a GET by turns to each of ``read``, and a POST with ``body`` to each of
    ``written``. Of both, so many reads as :data:`READS_OF_A_WRITE` come before each write.
    """

    read: Sequence[str] = ()
    written: Sequence[str] = ()
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def requests(self) -> list[tuple[str, str]]:
        """Methods and paths, in their order; after the last one the first follows again."""
        reads = [("GET", path) for path in self.read]
        writes = [("POST", path) for path in self.written]
        if not (reads and writes):
            return reads + writes
        turns = len(writes) * len(reads)
        by_turns = cycle(reads)
        return [
            each
            for place in range(turns)
            for each in (*islice(by_turns, READS_OF_A_WRITE), writes[place % len(writes)])
        ]


@dataclass(frozen=True)
class Borne:
    """How a server bore a load: requests answered, within how many seconds, and after how many
    milliseconds half and 99 of 100 of them. ``errors`` counts refusals and broken connections.
    """

    requests: int
    seconds: float
    p50: float
    p99: float
    errors: int


def put(load: Load, url: str, seconds: float, connections: int) -> Borne:
    """Put a load on the server at a URL for some seconds."""
    through = _by_wrk if shutil.which("wrk") else _by_own_loader
    return through(load, url, seconds, connections)


def _by_wrk(load: Load, url: str, seconds: float, connections: int) -> Borne:
    with tempfile.TemporaryDirectory() as folder:
        script, requests = Path(folder, "load.lua"), Path(folder, "requests")
        script.write_text(_WRK)
        requests.write_text("".join(f"{method} {path}\n" for method, path in load.requests))
        headers = [
            each for name, value in load.headers.items() for each in ("-H", f"{name}: {value}")
        ]
        # wrk knows whole seconds only.
        command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s"]
        said = subprocess.run(
            [*command, *headers, "-s", script, url],
            env={**os.environ, "BENCH_REQUESTS": str(requests), "BENCH_BODY": load.body},
            capture_output=True,
            check=True,
            text=True,
            timeout=seconds + 30,
        ).stdout
    return Borne(*json.loads(said.splitlines()[-1]))


def _by_own_loader(load: Load, url: str, seconds: float, connections: int) -> Borne:
    asked = {"load": asdict(load), "url": url, "seconds": seconds, "connections": connections}
    said = subprocess.run(
        [sys.executable, "-m", "tests.bench.loads"],
        input=json.dumps(asked),
        capture_output=True,
        check=True,
        text=True,
        timeout=seconds + 30,
    ).stdout
    return Borne(**json.loads(said))


class _Connection(asyncio.Protocol):
    """One connection: sends the next request as soon as the last was answered."""

    def __init__(self, requests: Iterator[bytes], until: float) -> None:
        self.done = asyncio.get_running_loop().create_future()
        self.took: list[float] = []
        self.errors = 0
        self._requests = requests
        self._until = until
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, ended, body = self._received.partition(b"\r\n\r\n")
        if not ended or len(body) < _length(head):
            return
        now = time.perf_counter()
        self.took.append(now - self._sent_at)
        self.errors += not head.startswith((b"HTTP/1.1 2", b"HTTP/1.1 304"))
        self._received = b""
        if now < self._until:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.errors += error is not None or time.perf_counter() < self._until
        self.done.set_result(None)

    def _send(self) -> None:
        self._sent_at = time.perf_counter()
        self._transport.write(next(self._requests))


def _length(head: bytes) -> int:
    """How long a body is, by what stands before it."""
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _requests(load: Load, host: str) -> Iterator[bytes]:
    return cycle([_request(load, host, method, path) for method, path in load.requests])


def _request(load: Load, host: str, method: str, path: str) -> bytes:
    headers = {"Host": host, **load.headers}
    body = load.body.encode() if method == "POST" else b""
    if body:
        headers["Content-Length"] = str(len(body))
    tail = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\n{tail}\r\n".encode() + body


async def _load(load: Load, url: str, seconds: float, connections: int) -> Borne:
    at = urlsplit(url)
    requests = _requests(load, at.netloc)
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    until = began + seconds
    opened = [
        await loop.create_connection(
            lambda: _Connection(requests, until), at.hostname or "", at.port or 80
        )
        for _ in range(connections)
    ]
    await asyncio.wait_for(asyncio.gather(*(each.done for _, each in opened)), seconds + 20)
    spent = time.perf_counter() - began
    took = sorted(1000 * each for _, connection in opened for each in connection.took)
    errors = sum(each.errors for _, each in opened)
    p50, p99 = (took[min(int(len(took) * part), len(took) - 1)] for part in (0.5, 0.99))
    return Borne(len(took), spent, p50, p99, errors)


def _main() -> None:
    asked = json.load(sys.stdin)
    asked["load"] = Load(**asked["load"])
    json.dump(asdict(asyncio.run(_load(**asked))), sys.stdout)


if __name__ == "__main__":
    _main()
