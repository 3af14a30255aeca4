"""nginx in front of the service, with its cache switched on.

Whatever it is told to cache, a reader behind it sees a change at once, gets the service's own
answers to conditions, and never another reader's view. nginx stores nothing that says ``no-cache``:
it asks each time, and has to be told to pass the reader's condition on.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

_UNPACKED = Path(__file__).parents[2] / ".tools" / "nginx" / "usr" / "sbin" / "nginx"

_CONFIGURATION = """
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
    proxy_cache_path {folder}/cache keys_zone=pages:1m;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass {service};
            proxy_cache pages;
            proxy_set_header If-None-Match $http_if_none_match;
            add_header X-Cache-Status $upstream_cache_status always;
        }}
    }}
}}
"""


@pytest.fixture(scope="module")
def proxied(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the service that talks to nginx."""
    nginx = shutil.which("nginx") or str(_UNPACKED)
    folder = tmp_path_factory.mktemp("nginx")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    configuration = folder / "nginx.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder, port=port, service=site))
    with subprocess.Popen([nginx, "-p", str(folder), "-c", str(configuration)]) as process:
        try:
            _wait_for(port)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
                yield client
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as knocking:
            if knocking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx did not start")


def test_a_change_is_seen_at_once_behind_a_proxy(proxied: httpx.Client) -> None:
    receipt = proxied.post("/v1/boards/found-family/prompts", json={"body": "Tea for two."}).json()
    path = f"/v1/prompts/{receipt['id']}"
    first = proxied.get(path)
    assert proxied.get(path).content == first.content
    unchanged = proxied.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert proxied.head(path).headers["etag"] == first.headers["etag"]

    token = {"Authorization": f"Bearer {receipt['edit_token']}"}
    assert proxied.patch(path, json={"body": "Tea for three."}, headers=token).status_code == 200
    assert proxied.get(path).json()["body"] == "Tea for three."

    assert proxied.delete(path, headers=token).status_code == 204
    gone = proxied.get(path)
    assert gone.status_code == 410
    assert "Tea" not in gone.text


def test_no_receipt_and_no_refusal_is_kept_by_a_proxy(proxied: httpx.Client) -> None:
    seen = set()
    for _ in range(2):
        receipt = proxied.post("/v1/boards/found-family/prompts", json={"body": "A secret knock."})
        assert receipt.status_code == 201
        assert receipt.headers["cache-control"] == "private, no-store"
        seen.add(receipt.json()["edit_token"])
        missing = proxied.get("/v1/prompts/0000000000000000")
        assert (missing.status_code, missing.headers["x-cache-status"]) == (404, "MISS")
    assert len(seen) == 2
