"""Each way of saying no has a name, an explanation, and a place where it is documented."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.core.errors import REFUSALS, Refusal
from app.main import create_app
from tests.conftest import settings_for

#: What the framework or the middleware says where there is no operation to document it.
OUTSIDE_OPERATIONS = {"method-not-allowed"}


def every_refusal(above: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """All classes of the tree of refusals."""
    for each in above.__subclasses__():
        if each.__module__.startswith("app."):
            yield each
            yield from every_refusal(each)


def test_the_tree_and_the_register_hold_the_same() -> None:
    create_app(settings_for("sqlite:///never-opened.db"))
    tree = list(every_refusal())
    assert len(tree) > 15
    assert {each.__name__ for each in tree} == {each.__name__ for each in REFUSALS.values()}
    assert len({each.code for each in tree}) == len(tree), "two refusals share a code"


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_a_refusal_is_named_and_explained(code: str) -> None:
    refusal = REFUSALS[code]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    assert refusal.code == code
    assert 400 <= refusal.status < 600
    assert 5 <= len(refusal.title) <= 80
    assert not refusal.title.endswith(".")
    assert len(refusal.explanation) > len(refusal.title)
    assert refusal.explanation.rstrip().endswith((".", ":", "!"))


@pytest.mark.parametrize("code", sorted(set(REFUSALS) - OUTSIDE_OPERATIONS))
def test_a_refusal_is_documented_where_it_can_be_met(
    description: dict[str, Any], code: str
) -> None:
    paths = json.dumps(description["paths"])
    shared = f"#/components/responses/{code}"
    example = f"#/components/examples/{code}"
    assert f'"{shared}"' in paths or f'"{example}"' in paths
    assert description["components"]["examples"][code]["value"]["code"] == code


def test_what_is_said_outside_operations_is_said_by_none(description: dict[str, Any]) -> None:
    assert set(REFUSALS) >= OUTSIDE_OPERATIONS
    assert not OUTSIDE_OPERATIONS & set(description["components"]["examples"])
