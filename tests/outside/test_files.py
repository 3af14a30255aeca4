"""Whole works as files have nothing that the validators of others complain about."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import sync_playwright

from app.downloads.formats.epub import EpubWriter
from app.downloads.formats.page import PageWriter
from tests.odd_works import ODD_WORKS, written
from tests.outside.test_docs_in_browser import FLAGS
from tests.outside.tools import NODE_MODULES, run

#: Java takes its time to start.
pytestmark = pytest.mark.timeout(400)

#: What the validator says of every page that is XHTML too, of texts that stay as they were sent,
#: of a language that it guesses from a few names, and of every style within a page: it doesn't look
#: whether the policy names its hash.
_KNOWN = re.compile(
    "Trailing slash on void elements has no effect|is not in Unicode Normalization Form C|"
    "Inline style violates Content Security Policy|This document appears to be written in"
)
#: Validators run for a moment, and their schemas are deep.
_JAVA = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss8m", "-jar")
#: Debian puts the archive itself there, and makes it a command where the kernel lets it.
_EPUBCHECK = "/usr/bin/epubcheck"


@pytest.fixture(scope="module")
def saved(site: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the books and pages of all odd works, and of one in a thousand parts."""
    folder = tmp_path_factory.mktemp("saved")
    with httpx.Client(base_url=f"{site}/v1", timeout=60) as client:
        prompt = _post(client, "/boards/found-family/prompts", {"body": "Tea & <two>"})
        for place, odd in enumerate(ODD_WORKS):
            fill = _post(client, f"/prompts/{prompt['id']}/fills", odd.fill)
            owner = {"Authorization": f"Bearer {fill['edit_token']}"}
            for part in odd.parts:
                _post(client, f"/fills/{fill['id']}/parts", part, owner)
            for ending in ("epub", "html"):
                file = client.get(fill["downloads"][ending])
                assert file.status_code == 200
                (folder / f"{place}.{ending}").write_bytes(file.content)
    parts = [f"Lantern {number}." for number in range(1000)]
    (folder / "many.epub").write_bytes(written(EpubWriter, parts))
    (folder / "many.html").write_bytes(written(PageWriter, parts))
    return folder


def _post(
    client: httpx.Client, path: str, body: dict[str, Any], headers: dict[str, str] | None = None
) -> dict[str, Any]:
    response = client.post(path, json=body, headers=headers)
    assert response.status_code == 201, response.text
    content: dict[str, Any] = response.json()
    return content


def test_epubcheck_finds_no_error_and_no_warning_in_any_book(saved: Path) -> None:
    books = sorted(saved.glob("*.epub"))
    assert len(books) == len(ODD_WORKS) + 1
    for book in books:
        report = book.with_suffix(".json")
        # It exits with 1 where it finds anything, and tells what in the report.
        run(*_JAVA, _EPUBCHECK, "--quiet", "--json", report, book, cwd=saved, status=None)
        found = json.loads(report.read_text())
        assert found["messages"] == [], book
        assert found["publication"]["title"], book


def test_the_validator_finds_nothing_in_any_page(saved: Path) -> None:
    pages = sorted(saved.glob("*.html"))
    assert len(pages) == len(ODD_WORKS) + 1
    vnu = NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    run(*_JAVA, vnu, "--errors-only", *pages, cwd=saved)
    said = run(*_JAVA, vnu, "--stdout", "--format", "json", *pages, cwd=saved)
    messages = [each["message"] for each in json.loads(said)["messages"]]
    assert [each for each in messages if not _KNOWN.search(each)] == []


def test_pages_are_accessible_and_ask_nobody_for_anything(saved: Path) -> None:
    chromium = shutil.which("chromium")
    assert chromium is not None, "Chromium is missing: `make test-all` installs it"
    axe = (NODE_MODULES / "axe-core" / "axe.min.js").read_text()
    complaints: list[str] = []
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for file in sorted(saved.glob("*.html")):
            for scheme in ("light", "dark"):
                page = browser.new_page(color_scheme=scheme)
                page.on("console", lambda message: complaints.append(message.text))
                page.on("request", lambda request: asked.append(request.url))
                page.goto(file.as_uri())
                # The style is the page's own: its policy names it.
                assert (
                    page.evaluate("getComputedStyle(document.querySelector('dl')).display")
                    == "grid"
                )
                # What is evaluated so is not of the page, so its policy lets it be.
                found = page.evaluate(f"{axe};axe.run().then(found => found.violations)")
                assert found == [], file
                page.close()
        browser.close()
    assert complaints == []
    assert {url.partition(":")[0] for url in asked} == {"file"}
