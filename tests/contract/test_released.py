"""Nobody who relies on the released description is let down."""

import json
from pathlib import Path

from tests.contract.differ import breaks

_OPENAPI = Path(__file__).parents[2] / "openapi"


def test_nothing_of_the_released_description_is_broken() -> None:
    released, committed = (
        json.loads((_OPENAPI / name).read_text()) for name in ("released.json", "openapi.json")
    )
    found = breaks(released, committed)
    assert found == [], "\n".join(map(str, found))
