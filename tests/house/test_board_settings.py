"""Every setting of a board does something, and a test says what."""

from pathlib import Path

import pytest

from app.boards.schemas import BoardSettings

TESTS = Path(__file__).parents[1]
PROMISES = [
    path.read_text()
    for path in TESTS.rglob("test_*.py")
    if path.parent.name not in ("house", "cli")
]
CODE = [
    path.read_text()
    for path in (TESTS.parent / "app").rglob("*.py")
    # Where a setting is declared, it does nothing yet.
    if path.name not in ("schemas.py", "demo.py")
]


@pytest.mark.parametrize("setting", BoardSettings.model_fields)
def test_a_setting_is_enforced_and_tested(setting: str) -> None:
    # The three of `anonymity_…` are one parametrised test, and one line of code.
    word = "anonymity_{" if setting.startswith("anonymity_") else setting
    assert any(word in text for text in PROMISES)
    assert any(word in text for text in CODE)
