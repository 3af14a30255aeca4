"""A real browser's EventSource follows a board."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, sync_playwright

from tests.outside.test_docs_in_browser import FLAGS
from tests.servers import serving

pytestmark = pytest.mark.timeout(120)

#: What a reader's page does: it follows a board on another origin, and keeps what it hears.
_FOLLOW = """
url => {
    window.heard = [];
    window.opened = 0;
    window.source = new EventSource(url);
    window.source.onopen = () => { window.opened += 1; };
    for (const type of ["prompt.created", "fill.created", "comment.created"]) {
        window.source.addEventListener(type, event => {
            window.heard.push([event.lastEventId, JSON.parse(event.data)]);
        });
    }
}
"""


@pytest.fixture
def reader() -> Iterator[Page]:
    """An empty page of an origin of its own."""
    chromium = shutil.which("chromium")
    assert chromium is not None, "Chromium is missing: `make test-all` installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser.new_page()
        browser.close()


def _prompt(url: str, body: str, **fields: object) -> str:
    sent = {"body": body, "tags": ["storm"], **fields}
    answer = httpx.post(f"{url}/v1/boards/found-family/prompts", json=sent)
    assert answer.status_code == 201, answer.text
    number: str = answer.json()["id"]
    return number


def _wait_for(reader: Page, many: int) -> list[str]:
    """The things that so many events were about."""
    reader.wait_for_function("many => window.heard.length >= many", arg=many, timeout=30_000)
    heard = reader.evaluate("window.heard")
    return [next(iter(event["data"].values()))["id"] for _, event in heard]


def test_a_browser_hears_what_happens_and_goes_on_where_it_was(
    reader: Page, tmp_path: Path
) -> None:
    with serving(tmp_path, "--demo") as service:
        reader.evaluate(_FOLLOW, f"{service.url}/v1/boards/found-family/events/stream?tag=storm")
        reader.wait_for_function("window.opened === 1", timeout=30_000)
        posted = [_prompt(service.url, "A dragon who knits.")]
        assert _wait_for(reader, 1) == posted
        _prompt(service.url, "A quiet lake.", tags=["calm"])
        fill = httpx.post(
            f"{service.url}/v1/prompts/{posted[0]}/fills", json={"body": "It knitted a scarf."}
        )
        posted.append(fill.json()["id"])
        assert _wait_for(reader, 2) == posted
        port = service.url.rsplit(":", 1)[1]
        assert service.stop() == 0
    # While nobody serves, the browser tries again and again; what happens then is no loss.
    with serving(tmp_path, "--port", port) as service:
        posted.append(_prompt(service.url, "A lighthouse keeper's cat."))
        assert _wait_for(reader, 3) == posted
        reader.wait_for_function("window.opened === 2", timeout=30_000)
