"""What the outside tests stand on. ``make test-all`` brings it and runs them.

They are collected only where somebody asks for them by name (``pytest tests/outside``): every
other run does without a browser and without Node.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.outside.tools import running_service

HERE = Path(__file__).parent


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    asked_for = (config.invocation_params.dir / argument.split("::")[0] for argument in config.args)
    if any(path.resolve().is_relative_to(HERE) for path in asked_for):
        return None
    return collection_path.is_relative_to(HERE)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a running service with the demo board, as ``fillboard serve --demo`` starts it."""
    with running_service(tmp_path_factory.mktemp("service")) as url:
        yield url
