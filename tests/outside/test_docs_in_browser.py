"""The documentation page works in a real browser, and asks nothing of any other host."""

import json
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.outside.tools import DESCRIPTION

pytestmark = pytest.mark.timeout(180)

#: What Chromium does by itself beside showing pages is switched off, and it is told to find no
#: host but this one: whatever a page asks for elsewhere is counted, and fails.
FLAGS = (
    "--no-sandbox",  # It refuses to run as root with one; the page is our own.
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


class Watched:
    """A page, what it asked for, and what it complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("websocket", lambda socket: self.asked.append(socket.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, message) -> None:  # type: ignore[no-untyped-def]
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def operation(self, operation_id: str) -> Locator:
        """Open an operation, as a click on its line does."""
        block = self.page.locator(f".opblock[id$='-{operation_id}']")
        block.locator(".opblock-summary-control").click()
        return block

    def tried(self, operation_id: str, body: str, **path: str) -> Locator:
        """Send an operation with what stands in its path, and a body; return where its answer is
        shown.
        """
        block = self.page.locator(f".opblock[id$='-{operation_id}']")
        if "is-open" not in (block.get_attribute("class") or ""):
            self.operation(operation_id)
        for name, value in path.items():
            block.locator(f"[data-param-name='{name}'] input").fill(value)
        block.locator("textarea.body-param__text").fill(body)
        block.locator(".btn.execute").click()
        return block.locator(".live-responses-table")

    def authorise(self, token: str) -> None:
        """Put a token into the dialog, in the place of the one that was there."""
        self.page.locator(".btn.authorize").first.click()
        dialog = self.page.locator(".modal-ux")
        logout = dialog.get_by_role("button", name="Logout")
        if logout.is_visible():
            logout.click()
        dialog.locator("input[type='text']").fill(token)
        dialog.get_by_role("button", name="Apply credentials").click()
        dialog.get_by_role("button", name="Close", exact=True).click()

    def elsewhere(self, site: str) -> list[str]:
        """The requests to any host but the site's own."""
        own = ("", urlsplit(site).netloc)
        return [url for url in self.asked if urlsplit(url).netloc not in own]


@pytest.fixture
def docs(site: str) -> Iterator[Watched]:
    """The documentation, open in a browser with an empty profile."""
    chromium = shutil.which("chromium")
    assert chromium is not None, "Chromium is missing: `make test-all` installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        watched = Watched(browser.new_page(viewport={"width": 1200, "height": 900}))
        watched.page.goto(f"{site}/docs")
        expect(watched.page.locator(".opblock").first).to_be_visible(timeout=30_000)
        yield watched
        browser.close()


def test_every_operation_is_shown_and_no_other_host_is_asked(docs: Watched, site: str) -> None:
    description = json.loads(DESCRIPTION.read_text())
    paths = description["paths"].values()
    operations = {operation["operationId"] for path in paths for operation in path.values()}
    # What is sent to others is shown below what they may ask.
    shown = len(operations) + len(description["webhooks"])
    expect(docs.page.locator(".opblock")).to_have_count(shown)
    docs.page.wait_for_load_state("networkidle")
    assert f"{site}/openapi.json" in docs.asked
    assert docs.elsewhere(site) == []
    assert docs.complaints == []


def test_a_get_is_tried_out(docs: Watched, site: str) -> None:
    block = docs.operation("read_board")
    block.locator("[data-param-name='board'] input").fill("found-family")
    block.locator(".btn.execute").click()
    answer = block.locator(".live-responses-table")
    expect(answer.locator("tbody .response-col_status")).to_have_text("200")
    expect(answer).to_contain_text("The Found Family Meme")
    assert docs.elsewhere(site) == []
    assert docs.complaints == []


def test_a_prompt_is_posted_and_its_receipt_shown(docs: Watched, site: str) -> None:
    block = docs.operation("post_prompt")
    block.locator("[data-param-name='board'] input").fill("found-family")
    block.locator("textarea.body-param__text").fill('{"body": "A browser asks for a story."}')
    block.locator(".btn.execute").click()
    answer = block.locator(".live-responses-table")
    expect(answer.locator("tbody .response-col_status")).to_contain_text("201")
    receipt = json.loads(answer.locator(".response-col_description pre").first.inner_text())
    assert receipt["body"] == "A browser asks for a story."
    assert receipt["edit_token"].startswith("fbe_")
    assert docs.elsewhere(site) == []
    assert docs.complaints == []


def test_somebody_reads_what_it_is_posts_and_edits_with_the_token_of_their_receipt(
    docs: Watched, site: str
) -> None:
    expect(docs.page.locator(".info")).to_contain_text("ask for a fan work")
    posted = docs.tried("post_prompt", '{"body": "An otter asks."}', board="found-family")
    expect(posted.locator("tbody .response-col_status")).to_contain_text("201")
    receipt = json.loads(posted.locator(".response-col_description pre").first.inner_text())

    words = '{"body": "Two otters ask."}'
    edited = docs.tried("edit_prompt", words, prompt=receipt["id"])
    expect(edited.locator("tbody .response-col_status")).to_contain_text("401")
    expect(edited).to_contain_text("/problems/token-required")

    docs.authorise(receipt["edit_token"])
    edited = docs.tried("edit_prompt", words, prompt=receipt["id"])
    expect(edited.locator("tbody .response-col_status")).to_have_text("200")
    expect(edited).to_contain_text("Two otters ask.")
    assert docs.elsewhere(site) == []


def test_a_bot_posts_with_its_key(docs: Watched, site: str) -> None:
    with httpx.Client(base_url=f"{site}/v1") as client:
        account = {"name": "browsing_bot", "password": "a kettle and three lanterns"}
        assert client.post("/accounts", json=account).is_success
        token = client.post("/sessions", json=account).json()["token"]
        wanted = {"name": "bot", "scopes": ["prompts:write"]}
        bearer = {"Authorization": f"Bearer {token}"}
        key = client.post("/me/api-keys", json=wanted, headers=bearer).json()["key"]
    docs.authorise(key)
    posted = docs.tried("post_prompt", '{"body": "A bot asks."}', board="found-family")
    expect(posted.locator("tbody .response-col_status")).to_contain_text("201")
    refused = docs.tried("make_webhook", '{"url": "https://example.com/"}', board="found-family")
    expect(refused.locator("tbody .response-col_status")).to_contain_text("403")
    assert docs.elsewhere(site) == []


def test_the_guides_are_a_click_away(docs: Watched, site: str) -> None:
    with docs.page.expect_popup() as opened:
        docs.page.locator(".info").get_by_role("link", name="Errors").click()
    guide = Watched(opened.value)
    expect(guide.page.locator("h1")).to_have_text("Errors")
    guide.page.get_by_role("link", name="All guides").click()
    expect(guide.page.get_by_role("link", name="Limits", exact=True)).to_be_visible()
    guide.page.get_by_role("link", name="Documentation").click()
    expect(guide.page.locator(".opblock").first).to_be_visible(timeout=30_000)
    assert guide.elsewhere(site) == []
    assert guide.complaints == []
    assert docs.elsewhere(site) == []
    assert docs.complaints == []
