"""Over a real connection, which is kept from one request to the next."""

import http.client
from pathlib import Path
from urllib.parse import urlsplit

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
