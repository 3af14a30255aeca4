"""The description, worked out once for all that inspects it."""

from typing import Any

import pytest

from app.main import create_app
from tests.conftest import settings_for


@pytest.fixture(scope="session")
def description() -> dict[str, Any]:
    """What the application says of itself."""
    return create_app(settings_for("sqlite:///never-opened.db")).openapi()
