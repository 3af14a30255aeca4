"""Clients that others' generators make from the description compile strictly, and work.

The same evening is lived through in TypeScript and in Python: ``clients/evening.ts``, ``.py``.
"""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.outside.tools import DESCRIPTION, HERE, NODE_MODULES, from_npm, run, uv

CLIENTS = HERE / "clients"

# Setting up, compiling and running take their time on a busy machine.
pytestmark = pytest.mark.timeout(400)


def test_a_typescript_client_lives_through_an_evening(site: str, tmp_path: Path) -> None:
    for name in ("evening.ts", "tsconfig.json"):
        shutil.copy(CLIENTS / name, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    run(
        from_npm("openapi-typescript"),
        DESCRIPTION,
        "--output=schema.d.ts",
        # A field of a request that has a default may be left out.
        "--default-non-nullable=false",
        cwd=tmp_path,
    )
    run(from_npm("tsc"), "--project", ".", cwd=tmp_path)
    check_evening(run("node", "built/evening.js", site, cwd=tmp_path))


def test_a_python_client_lives_through_an_evening(site: str, tmp_path: Path) -> None:
    shutil.copy(CLIENTS / "evening.py", tmp_path)
    # Never in the environment of the service: the generator brings other versions of its own.
    beside = (uv(), "tool", "run", f"--python={sys.executable}")
    wanted = f"--with-requirements={CLIENTS / 'requirements.txt'}"
    at_hand = (*beside, wanted, "--from=openapi-python-client")
    # As in the Makefile: the system's certificates count.
    certificates = {"UV_SYSTEM_CERTS": os.environ.get("UV_SYSTEM_CERTS", "1")}
    run(
        *at_hand,
        "openapi-python-client",
        "generate",
        f"--path={DESCRIPTION}",
        f"--config={CLIENTS / 'generator.yaml'}",
        "--meta=none",
        "--output-path=fillboard_client",
        "--fail-on-warning",
        cwd=tmp_path,
        more=certificates,
    )
    run(
        *at_hand,
        "mypy",
        f"--config-file={CLIENTS / 'mypy.ini'}",
        "evening.py",
        "fillboard_client",
        cwd=tmp_path,
        more=certificates,
    )
    check_evening(run(*at_hand, "python", "evening.py", site, cwd=tmp_path, more=certificates))


def check_evening(printed: str) -> None:
    evening: dict[str, Any] = json.loads(printed.splitlines()[-1])
    assert evening["prompt_status"] == "filled"
    assert evening["pages"] == 3
    comments = evening["comments"]
    assert len({comment["id"] for comment in comments}) == 7
    assert [comment["depth"] for comment in comments] == [0, 1, 1, 1, 1, 1, 1]
    assert [comment["is_op"] for comment in comments] == [
        True,
        False,
        True,
        False,
        True,
        False,
        True,
    ]
    assert all(comment["is_op"] != comment["is_filler"] for comment in comments)
    assert evening["problems"] == ["not-found", "invalid", "not-allowed"]
    assert evening["pointer"] == "/body"
