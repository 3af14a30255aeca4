"""The house stands: rooms have the same stairs, and everything says what it is."""

import ast
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
MODULES = sorted(APP.rglob("*.py"))
ROUTES = [path for path in MODULES if path.stem.endswith("routes")]
SERVICES = [
    path for path in MODULES if path.stem in ("service", "parts", "versions", "marks", "quotas")
]


def shown(path: Path) -> str:
    """A module's path for the name of a test."""
    return str(path.relative_to(APP))


def imported(tree: ast.Module) -> set[str]:
    """Full names of all that a module imports."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


def called(tree: ast.Module) -> set[str]:
    """The names of all attributes that a module calls: ``execute`` of ``session.execute(...)``."""
    return {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


def test_there_are_rooms() -> None:
    rooms = {
        "boards",
        "claims",
        "comments",
        "discussions",
        "fills",
        "identity",
        "prompts",
        "seconds",
    }
    assert rooms <= {path.parent.name for path in ROUTES}
    assert len(SERVICES) > 4


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_a_module_says_what_lives_in_it(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text()))
    assert docstring
    assert docstring.splitlines()[0].endswith((".", "?", "!", ":", ","))


@pytest.mark.parametrize("path", [*MODULES, *(each for each in APP.rglob("*") if each.is_dir())])
def test_nothing_has_a_name_that_says_nothing(path: Path) -> None:
    assert path.stem.rstrip("s") not in {"util", "utilitie", "helper", "common", "manager", "misc"}


@pytest.mark.parametrize("path", ROUTES, ids=shown)
def test_routes_ask_no_database_themselves(path: Path) -> None:
    tree = ast.parse(path.read_text())
    # Names of types, to say what a function takes.
    types = {"sqlalchemy.Select", "sqlalchemy.Row", "sqlalchemy.ColumnElement"}
    assert {name for name in imported(tree) if name.startswith("sqlalchemy")} <= types
    assert not called(tree) & {"execute", "run", "add", "commit", "flush", "exec_driver_sql"}


@pytest.mark.parametrize("path", SERVICES, ids=shown)
def test_services_never_commit(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert not called(tree) & {"commit", "rollback"}


@pytest.mark.parametrize("path", [*MODULES, *Path(__file__).parents[1].rglob("*.py")])
def test_no_file_is_a_hall(path: Path) -> None:
    lines = len(path.read_text().splitlines())
    # Faces are made of two long lists of words.
    assert lines <= (600 if path.name == "faces.py" else 420)


def test_rooms_are_tied_by_keys_and_never_by_orm_relations() -> None:
    for path in MODULES:
        assert "Relationship" not in {
            name.rpartition(".")[2] for name in imported(ast.parse(path.read_text()))
        }, path
