"""A work of two million words, as a file, from a service in a process of its own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, insert, select, update

from app.core.tables import row_of, table_of
from app.fills.models import FILL, Fill, Part
from tests.conftest import fresh_database
from tests.people import JSON
from tests.servers import Service, serving
from tests.tables import parsed

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(300)]

PARTS, WORDS = 100, 20_000
_PARAGRAPH = "The lamp burned on & nobody slept. " * 10
_REPEATS = WORDS // len(_PARAGRAPH.split())
_BODY = f"{_PARAGRAPH}\n\n" * _REPEATS
_HTML = f"<p>{_PARAGRAPH.replace('&', '&amp;')}</p>\n" * _REPEATS
#: Bytes of the whole text, as it was sent and as it is shown.
_WHOLE = PARTS * (len(_BODY) + len(_HTML))
#: How many a service may need for it: those of a few parts.
_ENOUGH = _WHOLE // 2


@pytest.fixture(scope="module")
def running(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Service, JSON, JSON]]:
    """A service, a fill of many long parts, and one that is short."""
    folder = tmp_path_factory.mktemp("large")
    with (
        fresh_database(kind, request, folder) as url,
        serving(folder, "--demo", database_url=url) as service,
    ):
        base = f"{service.url}/v1"
        sent = {"body": "Who keeps the lamp?"}
        prompt = httpx.post(f"{base}/boards/found-family/prompts", json=sent).json()
        long, short = (
            httpx.post(f"{base}/prompts/{prompt['id']}/fills", json={"body": "I do."}).json()
            for _ in range(2)
        )
        _lengthen(url, long["id"])
        yield service, long, short


def _lengthen(url: str, fill: str) -> None:
    """Add the parts beside the service, as many posts would have left them."""
    engine = create_engine(parsed(url))
    text: dict[str, Any] = {"body": _BODY, "body_html": _HTML, "words_count": WORDS}
    with engine.begin() as connection:
        row = connection.scalar(select(FILL.id).where(FILL.public_id == fill))
        connection.execute(
            insert(table_of(Part)),
            [
                row_of(Part, fill_id=row, number=number, title=None, content_notes=[], **text)
                for number in range(2, PARTS + 1)
            ],
        )
        connection.execute(update(table_of(Fill)).where(FILL.id == row).values(parts_count=PARTS))
    engine.dispose()


def memory_of(service: Service) -> int:
    """Bytes of its own that the process holds; not the pages of its files."""
    status = Path(f"/proc/{service.process.pid}/status").read_text()
    found = re.search(r"^RssAnon:\s+(\d+) kB", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024


@contextmanager
def begun(link: str) -> Iterator[tuple[httpx.Response, Iterator[bytes]]]:
    """A download of which the first bytes are there."""
    with httpx.stream("GET", link, timeout=60) as response:
        assert response.status_code == 200
        chunks = response.iter_raw(65_536)
        next(chunks)
        yield response, chunks


@pytest.mark.parametrize("ending", ["epub", "html"])
def test_it_is_sent_without_being_held(running: tuple[Service, JSON, JSON], ending: str) -> None:
    service, long, short = running
    # What any download needs is there before, and what the service makes soon after it has begun.
    assert httpx.get(short["downloads"][ending]).status_code == 200
    assert httpx.get(f"{service.url}/openapi.json").status_code == 200
    before = most = memory_of(service)
    size = 0
    with begun(long["downloads"][ending]) as (_, chunks):
        for chunk in chunks:
            size += len(chunk)
            most = max(most, memory_of(service))
    # Packed, what is said so often is short.
    assert size > (0 if ending == "epub" else PARTS * len(_BODY) * 0.9)
    assert most - before < _ENOUGH


def test_a_file_is_never_of_two_versions(running: tuple[Service, JSON, JSON]) -> None:
    service, long, _ = running
    owner = {"Authorization": f"Bearer {long['edit_token']}", "If-Match": "*"}
    with begun(long["downloads"]["md"]) as (_, chunks):
        edited = httpx.patch(
            f"{long['url']}/parts/{PARTS}", json={"title": "The end"}, headers=owner
        )
        assert edited.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            list(chunks)
    assert '"error":"the work was changed"' in service.log
    again = httpx.get(long["downloads"]["md"], timeout=60)
    assert f"## Part {PARTS}: The end" in again.text


def test_readers_who_go_away_leave_nothing_behind(running: tuple[Service, JSON, JSON]) -> None:
    service, long, short = running
    # More than there are connections to the database.
    for _ in range(22):
        with begun(long["downloads"]["txt"]):
            pass
    for _ in range(22):
        assert httpx.get(short["downloads"]["txt"], timeout=60).status_code == 200
    assert "request_failed" not in service.log
    assert "Traceback" not in service.log
