"""Every room has the same stairs, and nobody climbs them downwards."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "app"
ROOMS = [
    *("accounts", "identity", "labels", "boards", "threads", "tags", "filters", "index", "works"),
    *("prompts", "seconds", "claims", "fills", "discussions", "search", "downloads", "comments"),
    *("moderation", "authors", "reports", "appeals", "queue", "mine", "feeds", "webhooks"),
    *("outbox", "events"),
]

#: How high each file of a room stands. A file imports what stands as high or lower, in its own room
#: and in the rooms below.
HEIGHT = {
    **dict.fromkeys(["__init__", "models", "errors", "schemas", "round_schemas", "settings"], 0),
    **dict.fromkeys(["token_schemas", "scopes"], 0),
    **dict.fromkeys(["people", "states", "reading", "names", "asked", "wishes"], 0),
    **dict.fromkeys(["matches", "snippets", "reasons"], 0),
    **dict.fromkeys(["queries", "walks", "schedule", "passwords"], 1),
    **dict.fromkeys(
        ["bulk", "refiling", "filing", "service", "parts", "rounds", "plans", "views", "heads"], 2
    ),
    **dict.fromkeys(
        ["marks", "posting", "quotas", "readings", "versions", "token_views", "keepers"], 2
    ),
    **dict.fromkeys(["decisions", "moving", "things", "banning", "keeping", "sources"], 2),
    **dict.fromkeys(["acted", "bans", "converting", "log"], 2),
    "categories": 0,
    "gathering": 2,
    **dict.fromkeys(["sealing", "retries"], 0),
    **dict.fromkeys(["planning"], 2),
    "worker": 3,
    **dict.fromkeys(["exporting"], 2),
    "deleting": 3,
    **dict.fromkeys(["system", "deciding", "overturning"], 3),
    **dict.fromkeys(["filenames", "work", "writing", "formats", "forms", "sending"], 2),
    **dict.fromkeys(["access", "lists", "filters", "questions", "picking", "screening"], 3),
    **dict.fromkeys(["finding", "counting", "kinds", "pages", "account_access"], 3),
    **dict.fromkeys(["embeds", "routes", "part_routes", "round_routes", "version_routes"], 4),
    **dict.fromkeys(
        ["account_routes", "token_routes", "keeper_routes", "writing_routes", "described"], 4
    ),
    "atom": 0,
    **dict.fromkeys(["following", "streams", "watching"], 2),
    "feed_routes": 4,
}


def files() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).glob("*.py"))]


def imported(path: Path) -> list[tuple[str, str]]:
    """The rooms and files that a file imports."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("app."):
            _, room, *file = node.module.split(".")
            names = file or [alias.name for alias in node.names]
            found += [(room, name) for name in names if room in ROOMS]
    return found


@pytest.mark.parametrize("path", files(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_imports_only_what_stands_as_high_or_lower(path: Path) -> None:
    for room, name in imported(path):
        assert HEIGHT[name] <= HEIGHT[path.stem], f"{path.stem} imports {room}.{name}"


@pytest.mark.parametrize(
    "path", [path for path in files() if "routes" in path.stem], ids=lambda path: path.parent.name
)
def test_routes_know_no_tables(path: Path) -> None:
    assert not [each for each in imported(path) if each[1] == "models"]
    assert ".where(" not in path.read_text()
    assert ".order_by(" not in path.read_text()
