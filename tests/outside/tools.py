"""The programs that the outside tests run, each in a process of its own."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
#: The description that is committed, which another test holds equal to what is served.
DESCRIPTION = ROOT / "openapi" / "openapi.json"
NODE_MODULES = HERE / "node_modules"

#: Seconds that the service gets to answer, and to stop.
_PATIENCE = 30


@contextmanager
def running_service(folder: Path) -> Iterator[str]:
    """Run the command that the README names, on a free port, and give the URL that it prints."""
    said = folder / "output.txt"
    fillboard = Path(sys.executable).with_name("fillboard")
    kept = {name: text for name, text in os.environ.items() if not name.startswith("FILLBOARD_")}
    with said.open("w") as output:
        process = subprocess.Popen(
            [fillboard, "serve", "--demo", "--port", "0"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=kept,
        )
        try:
            yield _announced(process, said)
        finally:
            process.terminate()
            process.wait(_PATIENCE)


def _announced(process: subprocess.Popen[bytes], said: Path) -> str:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if found := re.search(r"^Fillboard is at (\S+)$", said.read_text(), re.MULTILINE):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"the service did not start:\n{said.read_text()}")


def run(
    *command: str | Path,
    cwd: Path,
    status: int | None = 0,
    more: Mapping[str, str] | None = None,
) -> str:
    """Run a program and give what it printed.

    :param status: what it must exit with; None where the test judges by what was printed.
    :param more: environment variables that are added.
    """
    done = subprocess.run(
        command,
        check=False,
        cwd=cwd,
        env={**os.environ, **(more or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert status is None or done.returncode == status, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def from_npm(tool: str) -> Path:
    """The program that an npm package brought."""
    return NODE_MODULES / ".bin" / tool


def uv() -> str:
    """Where uv is: beside the environment, where the Makefile puts it, or on the path."""
    beside = ROOT / ".uv" / "bin" / "uv"
    found = str(beside) if beside.exists() else shutil.which("uv")
    assert found is not None, "uv is missing: `make test-all` brings it"
    return found
