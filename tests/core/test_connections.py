"""Over a real connection, which is kept from one request to the next."""

import http.client
import json
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.servers import serving


@pytest.mark.thorough
def test_a_connection_outlives_a_head(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=10)
        for path in ("/v1/boards", "/healthz", "/nowhere", "/docs/assets/swagger-ui.css"):
            connection.request("HEAD", path)
            head = connection.getresponse()
            assert head.read() == b""
            socket = connection.sock
            connection.request("GET", path)
            get = connection.getresponse()
            body = get.read()
            assert head.status == get.status
            if path != "/nowhere":
                assert int(head.headers["content-length"]) == len(body) > 0
            assert connection.sock is socket is not None
        connection.close()
        service.stop()
        assert '"level": "error"' not in service.log
        assert "Traceback" not in service.log


@pytest.mark.thorough
def test_what_is_no_http_is_refused_as_all_else_is(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        too_long = "/v1/boards?cursor=" + "%F0%9F%8F%AE" * 7000
        for address in (too_long, "boards"):
            connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=10)
            connection.request("GET", address)
            answer = connection.getresponse()
            content = json.loads(answer.read())
            connection.close()
            assert (answer.status, content["code"]) == (400, "malformed-request")
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["x-request-id"] == content["instance"]
            assert answer.headers["connection"] == "close"
            assert content["type"] == f"{service.url}/problems/malformed-request"
        assert httpx.get(f"{service.url}/v1/boards").status_code == 200
