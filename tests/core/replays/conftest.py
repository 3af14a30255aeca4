"""Where most of these tests post."""

import pytest

from tests.people import Town


@pytest.fixture
def path(town: Town) -> str:
    """Where prompts are posted on the town's board."""
    return f"/boards/{town.slug}/prompts"
