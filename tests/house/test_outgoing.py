"""One module alone reaches out."""

import ast
from pathlib import Path

APP = Path(__file__).parents[2] / "app"


def test_only_the_guard_makes_http_clients() -> None:
    """Whoever else did would have to know all that it knows."""
    clients = {"httpx", "httpcore", "requests", "urllib3", "aiohttp", "urllib.request"}
    clients |= {"http.client", "socket", "smtplib", "ftplib"}
    found = set()
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            if set(names) & clients:
                found.add(str(path.relative_to(APP)))
    # Who serves binds a socket.
    assert found == {"core/outgoing.py", "serving.py"}
