"""Every setting is in the README, and nothing there is made up."""

import re
from pathlib import Path

import pytest

from app.core.settings import Settings

README = (Path(__file__).parents[2] / "README.md").read_text()
#: Said in the README, but to the tests and not to the service.
_OF_THE_TESTS = "FILLBOARD_TEST_"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_a_setting_is_documented(name: str) -> None:
    assert re.search(rf"\bFILLBOARD_{name.upper()}\b", README)


def test_nothing_is_documented_that_is_no_setting() -> None:
    documented = set(re.findall(r"\bFILLBOARD_[A-Z_]*[A-Z]\b", README))
    made_up = documented - {f"FILLBOARD_{name.upper()}" for name in Settings.model_fields}
    assert {each for each in made_up if not each.startswith(_OF_THE_TESTS)} == set()


def test_every_setting_describes_itself() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
