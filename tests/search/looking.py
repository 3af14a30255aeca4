"""Looking for things, in words that a test can be read by."""

import uuid
from typing import Any
from urllib.parse import urlencode

from tests.people import JSON, Person, Town


def new_word() -> str:
    """A word that no other test uses: what is found by it is the test's own."""
    return f"w{uuid.uuid4().hex[:12]}"


def search_path(query: str, **more: Any) -> str:
    """The path of a search; ``not_tag`` and others may be lists."""
    return f"/search?{urlencode({'q': query, **more}, doseq=True)}"


def list_path(town: Town, works: str, query: str, **more: Any) -> str:
    """The path of a list of the town's board."""
    return f"/boards/{town.slug}/{works}?{urlencode({'q': query, **more}, doseq=True)}"


def work_of(item: JSON) -> JSON:
    """The prompt or the fill that was found."""
    work: JSON = item[item["type"]]
    return work


def titles(page: JSON) -> list[str]:
    """The titles of what a page of a search, or of a list, has."""
    return [(work_of(item) if "snippet" in item else item)["title"] for item in page["items"]]


async def found(reader: Person, query: str, **more: Any) -> list[str]:
    """The titles of what is found, in its order."""
    return titles(await reader.read(search_path(query, **more)))
