"""An upgrade never bricks a board: whatever interrupts it leaves the database as it was."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.core.migrations import migrate
from app.models import METADATA
from tests.conftest import fresh_database
from tests.migrations import interruptions
from tests.migrations.interruptions import before_each_change
from tests.tables import REVISIONS, parsed, table_names

pytestmark = pytest.mark.thorough

EVERYTHING = set(METADATA.tables) | {"alembic_version"}


class Migrator:
    """A process that migrates the databases it is told to."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, interruptions.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def tell(self, url: str, stall_before: int | None = None) -> None:
        """Have it migrate a database; return when it begins."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"url": url, "stall_before": stall_before}) + "\n")
        assert self.hear() == {"begun": True}

    def hear(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())


@contextmanager
def migrator() -> Iterator[Migrator]:
    started = Migrator()
    with started.process as process:
        try:
            yield started
        finally:
            process.kill()


@pytest.fixture(scope="session")
def changes(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> int:
    """How many statements a migration from nothing consists of."""
    seen: list[int] = []
    folder = tmp_path_factory.mktemp("counted")
    with fresh_database(kind, request, folder) as url, before_each_change(seen.append):
        migrate(parsed(url))
    return len(seen)


#: A change in the middle, and the last: the note of what was applied.
PLACES = (lambda changes: changes // 2, lambda changes: changes)
places = pytest.mark.parametrize("place", PLACES, ids=["middle", "last"])


@places
def test_a_killed_migration_leaves_nothing_and_runs_again(
    empty_database_url: str, changes: int, place: Callable[[int], int]
) -> None:
    with migrator() as doomed:
        doomed.tell(empty_database_url, stall_before=place(changes))
        assert doomed.hear() == {"stalled": place(changes)}
        doomed.process.kill()
        doomed.process.wait()
    assert table_names(empty_database_url) == set()
    assert migrate(parsed(empty_database_url)) == REVISIONS
    assert table_names(empty_database_url) == EVERYTHING


@places
def test_a_failed_migration_leaves_nothing_and_runs_again(
    empty_database_url: str, changes: int, place: Callable[[int], int]
) -> None:
    def fail(count: int) -> None:
        if count == place(changes):
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="the disk is full"), before_each_change(fail):
        migrate(parsed(empty_database_url))
    assert table_names(empty_database_url) == set()
    assert migrate(parsed(empty_database_url)) == REVISIONS
    assert table_names(empty_database_url) == EVERYTHING


def test_two_processes_that_migrate_at_once_follow_each_other(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        both = [stack.enter_context(migrator()) for _ in range(2)]
        # One of them is still starting in the first round; from then on they begin together.
        for number in range(4):
            folder = tmp_path / str(number)
            folder.mkdir()
            url = stack.enter_context(fresh_database(kind, request, folder))
            for each in both:
                each.tell(url)
            answers = sorted((each.hear()["applied"] for each in both), key=len)
            assert answers == [[], REVISIONS]
            assert table_names(url) == EVERYTHING


def test_whoever_migrates_beside_one_that_is_killed_does_all_of_it(
    empty_database_url: str, changes: int
) -> None:
    with migrator() as first, migrator() as second:
        first.tell(empty_database_url, stall_before=changes)
        assert first.hear() == {"stalled": changes}
        second.tell(empty_database_url)
        first.process.kill()
        assert second.hear() == {"applied": REVISIONS}
    assert table_names(empty_database_url) == EVERYTHING
