"""nginx in front of the service, with its cache switched on.

An anonymous reader's pages come out of the cache, each asked after first, so that a change is seen
at once; and nobody ever gets what another reader sees, whether tokens pass by the cache, as in the
configuration that the README shows, or not.
"""

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.outside.tools import ROOT
from tests.servers import serving
from tests.stories.conftest import keeper_of

_UNPACKED = Path(__file__).parents[2] / ".tools" / "nginx" / "usr" / "sbin" / "nginx"

_AROUND = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    add_header X-Cache-Status $upstream_cache_status always;
    add_header X-Service-Status $upstream_status always;
{server}
}}
"""


@dataclass(frozen=True)
class Proxied:
    """A client of a service that talks to nginx, and the token of a moderator."""

    client: httpx.Client
    keeper: str

    def send(
        self, method: str, path: str, body: object = None, token: str | None = None, **headers: str
    ) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        return self.client.request(method, f"/v1{path}", json=body, headers=sent)

    def get(self, path: str, token: str | None = None, **headers: str) -> httpx.Response:
        return self.send("GET", path, token=token, **headers)


@pytest.fixture(scope="module", params=["as the README says", "tokens, too"])
def proxied(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxied]:
    """A service behind nginx."""
    folder = tmp_path_factory.mktemp("nginx")
    database_url = f"sqlite:///{folder / 'board.db'}"
    with serving(folder, "--demo", database_url=database_url) as service:
        keeper = asyncio.run(keeper_of(database_url))
        server = _server(folder, service.url)
        if request.param == "tokens, too":
            server = "\n".join(
                line for line in server.splitlines() if "$http_authorization" not in line
            )
        with (
            _nginx(folder, server) as port,
            httpx.Client(base_url=f"http://127.0.0.1:{port}") as client,
        ):
            yield Proxied(client, keeper)


def _server(folder: Path, service: str) -> str:
    """The configuration that the README shows, for this machine."""
    readme = (ROOT / "README.md").read_text()
    _, _, shown = readme.partition("```nginx\n")
    shown = shown.partition("```")[0].replace("/var/cache/nginx/fillboard", f"{folder}/cache")
    return shown.replace("http://127.0.0.1:8000", service)


@contextmanager
def _nginx(folder: Path, server: str) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    server = server.replace("listen 80;", f"listen 127.0.0.1:{port};")
    configuration = folder / "nginx.conf"
    configuration.write_text(_AROUND.format(folder=folder, server=server))
    nginx = shutil.which("nginx") or str(_UNPACKED)
    with subprocess.Popen([nginx, "-p", str(folder), "-c", str(configuration)]) as process:
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as knocking:
            if knocking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx did not start")


def status(answer: httpx.Response) -> tuple[int, str, str]:
    """What the reader got, what the cache did, and what the service said to nginx."""
    cache = answer.headers.get("x-cache-status", "")
    return answer.status_code, cache, answer.headers["x-service-status"]


PATHS = ("", "/comments", "/fills")


def test_a_page_comes_from_the_cache_and_is_asked_after_each_time(proxied: Proxied) -> None:
    prompt = _prompt(proxied)
    for more in (*PATHS, "?embed=fills"):
        path = f"/prompts/{prompt['id']}{more}"
        first = proxied.get(path)
        assert status(first) == (200, "MISS", "200"), more
        assert "x-accel-expires" not in first.headers
        again = proxied.get(path)
        assert status(again) == (200, "REVALIDATED", "304"), more
        assert again.content == first.content
        assert again.headers["cache-control"] == "public, no-cache"
        unchanged = proxied.get(path, If_None_Match=first.headers["etag"])
        assert status(unchanged) == (304, "REVALIDATED", "304"), more
        assert unchanged.content == b""
        head = proxied.send("HEAD", path)
        assert head.headers["etag"] == first.headers["etag"]
    for path in ("/boards", "/boards/found-family/prompts", "/boards/found-family/events"):
        assert status(proxied.get(path))[0] == 200
        assert status(proxied.get(path)) == (200, "REVALIDATED", "304"), path


def test_a_change_is_seen_at_once(proxied: Proxied) -> None:
    prompt = _prompt(proxied, body="Tea for two.")
    path, token = f"/prompts/{prompt['id']}", prompt["edit_token"]
    assert proxied.get(path).json()["body"] == "Tea for two."
    edited = proxied.send("PATCH", path, {"body": "Tea for three."}, token)
    assert edited.status_code == 200
    changed = proxied.get(path)
    assert status(changed) == (200, "EXPIRED", "200")
    assert changed.json()["body"] == "Tea for three."
    said = proxied.send("POST", f"{path}/comments", {"body": "Oh, lovely!"})
    assert said.status_code == 201
    assert proxied.get(path).json()["comments_count"] == 1
    assert proxied.send("DELETE", path, token=token).status_code == 204
    gone = proxied.get(path)
    assert gone.status_code == 410
    assert "Tea" not in gone.text


def test_what_is_hidden_is_gone_from_the_cache_at_once(proxied: Proxied) -> None:
    prompt = _prompt(proxied, body="A secret knock.")
    path = f"/prompts/{prompt['id']}"
    listed = f"/boards/found-family/prompts?id={prompt['id']}"
    paths = (*(f"{path}{more}" for more in PATHS), listed, "/boards/found-family/events?limit=100")
    for each in paths:
        assert proxied.get(each).status_code == 200
    _act(proxied, "hide", prompt["id"])
    for each in paths:
        assert "secret knock" not in proxied.get(each).text, each
    assert proxied.get(path).status_code == 404


def test_nobody_gets_what_another_reader_sees(proxied: Proxied) -> None:
    prompt = _prompt(proxied, body="A whispered wish.")
    path, token = f"/prompts/{prompt['id']}", prompt["edit_token"]
    # Everybody's own view of one address, in every order, twice.
    for _ in range(2):
        assert proxied.get(path).status_code == 200
        _act(proxied, "hide", prompt["id"])
        for reader, expected in ((token, 200), (None, 404), (proxied.keeper, 200), (None, 404)):
            answer = proxied.get(path, reader)
            assert answer.status_code == expected
            if reader is not None:
                assert answer.headers["cache-control"] == "private, no-store"
        other = _prompt(proxied)["edit_token"]
        assert proxied.get(path, other).status_code == 404
        _act(proxied, "unhide", prompt["id"])
        own = proxied.get(path, token)
        assert own.json()["moderation"]["action"] == "unhide"
        assert "moderation" not in proxied.get(path).json()
        assert proxied.get(path).status_code == 200


def test_saved_filters_are_their_owners_alone(proxied: Proxied) -> None:
    prompt = _prompt(proxied, tags=["spiders"])
    path = f"/boards/found-family/prompts?id={prompt['id']}"
    account = {"name": f"Reader{time.time_ns()}", "password": "a long walk in the rain"}
    assert proxied.send("POST", "/accounts", account).status_code == 201
    owner = proxied.send("POST", "/sessions", account).json()["token"]
    hide = {"hide": [{"kind": "tag", "name": "spiders"}], "warn": []}
    assert proxied.send("PUT", "/me/filters", hide, owner).status_code == 200
    for _ in range(2):
        assert proxied.get(path, owner).json()["items"] == []
        assert [each["id"] for each in proxied.get(path).json()["items"]] == [prompt["id"]]


def test_no_receipt_and_no_refusal_is_kept(proxied: Proxied) -> None:
    seen = set()
    for _ in range(2):
        receipt = proxied.send("POST", "/boards/found-family/prompts", {"body": "A knock."})
        assert receipt.status_code == 201
        assert receipt.headers["cache-control"] == "private, no-store"
        seen.add(receipt.json()["edit_token"])
        missing = proxied.get("/prompts/0000000000000000")
        assert status(missing)[::2] == (404, "404")
    assert len(seen) == 2


def test_a_stream_passes_through(proxied: Proxied) -> None:
    path = "/v1/boards/found-family/events/stream"
    with proxied.client.stream("GET", path) as answer:
        lines = answer.iter_lines()
        assert next(lines) == "retry: 3000"
        prompt = _prompt(proxied)
        told = next(line for line in lines if line.startswith("data:"))
        assert prompt["id"] in told


def _prompt(proxied: Proxied, **fields: object) -> dict[str, str]:
    body = {"body": "Two rivals share one umbrella.", **fields}
    answer = proxied.send("POST", "/boards/found-family/prompts", body)
    assert answer.status_code == 201, answer.text
    receipt: dict[str, str] = answer.json()
    return receipt


def _act(proxied: Proxied, action: str, prompt_id: str) -> None:
    sent = {"action": action, "reason": "rules", "target": {"type": "prompt", "id": prompt_id}}
    answer = proxied.send("POST", "/boards/found-family/mod-actions", sent, proxied.keeper)
    assert answer.status_code == 201, answer.text
