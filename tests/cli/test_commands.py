"""The command line, as people type it."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from app.cli import main
from tests.servers import fillboard, serving
from tests.tables import REVISIONS, connected, rows, table_names

Terminal = Callable[..., Result]


@pytest.fixture
def typed(tmp_path: Path) -> Terminal:
    """A command typed in an empty folder, run within this process. ``settings`` are named without
    their prefix.
    """

    def run(*arguments: str, **settings: str) -> Result:
        named = {f"FILLBOARD_{name.upper()}": value for name, value in settings.items()}
        data_dir = {"FILLBOARD_DATA_DIR": str(tmp_path / "data")}
        return CliRunner().invoke(main, arguments, env={**data_dir, **named})

    return run


COMMANDS = {
    ("serve",): ["Usage: ", "serve", "--host", "--port", "--demo"],
    ("migrate",): ["Usage: ", "migrate", "database"],
    ("reindex",): ["Usage: ", "reindex", "anew"],
    ("seed",): ["Usage: ", "--board", "--prompts", "--fills", "--comments", "--deep", "--rng"],
    ("openapi",): ["Usage: ", "openapi", "--output"],
    ("worker",): ["Usage: ", "worker", "webhooks", "FILLBOARD_WORKER"],
    ("board",): ["Usage: ", "create"],
    ("board", "create"): ["Usage: ", "slug", "--name", "--default-rating"],
    ("admin",): ["Usage: ", "create", "token"],
    ("admin", "token"): ["Usage: ", "name", "--revoke-others"],
    ("admin", "create"): ["Usage: ", "name", "token"],
}


def said(done: Result) -> str:
    """The one line that a refused command leaves on standard error."""
    assert isinstance(done.exception, SystemExit), done.exception
    assert (done.exit_code, done.stdout) == (1, "")
    return only_line(done.stderr)


def only_line(stderr: str) -> str:
    lines = stderr.splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("fillboard: ")
    return lines[0]


def test_the_command_is_there_and_explains_itself(tmp_path: Path) -> None:
    done = fillboard("--help", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for name in ("serve", "migrate", "reindex", "seed", "openapi", "board", "admin"):
        assert name in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(
    typed: Terminal, tmp_path: Path, command: tuple[str, ...]
) -> None:
    done = typed(*command, "--help")
    assert (done.exit_code, done.stderr) == (0, "")
    for word in COMMANDS[command]:
        assert word in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_migrating_twice_says_what_was_done_and_that_nothing_is_left(
    empty_database_url: str, typed: Terminal
) -> None:
    first = typed("migrate", database_url=empty_database_url)
    assert (first.exit_code, first.stderr) == (0, "")
    told, _, what = first.stdout.partition(" is up to date: ")
    assert told.endswith(f"/{empty_database_url.rpartition('/')[2]}")
    assert what == f"applied {', '.join(REVISIONS)}.\n"
    assert "board" in table_names(empty_database_url)
    second = typed("migrate", database_url=empty_database_url)
    assert (second.exit_code, second.stderr) == (0, "")
    assert second.stdout == f"{told} is up to date: nothing to do.\n"


def test_a_board_is_made_once(empty_database_url: str, typed: Terminal) -> None:
    def create(slug: str) -> Result:
        options = ("--name", "Lanterns [at sea]", "--default-rating", "teen")
        return typed("board", "create", slug, *options, database_url=empty_database_url)

    made = create("lanterns")
    assert (made.exit_code, made.stderr) == (0, "")
    last = made.stdout.splitlines()[-1]
    assert last.startswith("Made the board lanterns in ")
    assert last.endswith(f"/{empty_database_url.rpartition('/')[2]} (a new database).")
    (board,) = rows(empty_database_url)["board"]
    assert "'lanterns'" in board
    assert "'Lanterns [at sea]'" in board
    assert len(rows(empty_database_url)["round"]) == 1
    before = rows(empty_database_url)
    assert "slug" in said(create("lanterns"))
    assert rows(empty_database_url) == before
    assert "new" not in create("harbours").stdout


def test_commands_say_which_file_they_have_written_to(
    typed: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who is in another folder than the service makes a database there, and is told."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "fillboard-data" / "fillboard.db"

    def create(name: str) -> Result:
        return typed("admin", "create", name, data_dir="fillboard-data")

    assert "A-Z a-z 0-9" in said(create("no spaces!"))
    assert not file.exists()
    assert f" in {file} (a new database). " in create("lighthouse").stderr
    assert f" in {file}. " in create("harbour").stderr
    migrated = typed("migrate", data_dir="fillboard-data")
    assert migrated.stdout == f"The database {file} is up to date: nothing to do.\n"


@pytest.mark.parametrize(
    ("slug", "rating", "named"),
    [
        ("No Spaces!", "general", "slug"),
        ("", "general", "slug"),
        ("x" * 41, "general", "slug"),
        ("lanterns", "spicy", "default_rating"),
    ],
)
def test_a_board_that_cannot_be_is_refused_in_one_line(
    typed: Terminal, slug: str, rating: str, named: str
) -> None:
    arguments = ("board", "create", slug, "--name", "Lanterns", "--default-rating", rating)
    assert named in said(typed(*arguments))


def test_a_refusal_of_a_slug_says_which_slugs_there_are(typed: Terminal) -> None:
    arguments = ("board", "create", "No!", "--name", "Lanterns", "--default-rating", "teen")
    assert "a-z" in said(typed(*arguments))


@pytest.mark.parametrize("missing", ["--name", "--default-rating"])
def test_a_board_needs_a_name_and_a_rating(typed: Terminal, missing: str) -> None:
    options = {"--name": "Lanterns", "--default-rating": "teen"}
    del options[missing]
    given = [word for option in options.items() for word in option]
    done = typed("board", "create", "lanterns", *given)
    assert done.exit_code == 2
    assert missing in done.stderr


def test_an_administrator_gets_a_token_alone_on_the_last_line(
    empty_database_url: str, typed: Terminal
) -> None:
    def create(name: str) -> Result:
        return typed("admin", "create", name, database_url=empty_database_url)

    done = create("Lighthouse-Keeper")
    assert done.exit_code == 0, done.stderr
    assert re.fullmatch(r"fbs_[0-9A-Za-z]{49}", done.stdout.splitlines()[-1])
    assert "fbs_" not in done.stderr
    assert empty_database_url.rpartition("/")[2] in done.stderr
    assert "taken" in said(create("lighthouse-keeper"))
    assert "name" in said(create("x"))
    assert len(rows(empty_database_url)["account"]) == 1


def test_an_administrators_token_is_renewed(empty_database_url: str, typed: Terminal) -> None:
    def live() -> list[bool]:
        with connected(empty_database_url) as connection:
            ends = connection.execute(text("SELECT revoked_at FROM token ORDER BY id")).scalars()
            return [end is None for end in ends]

    def renew(name: str, *more: str) -> Result:
        return typed("admin", "token", name, *more, database_url=empty_database_url)

    created = typed("admin", "create", "Harbourmaster", database_url=empty_database_url)
    first = renew("harbourmaster")
    assert re.fullmatch(r"fbs_[0-9A-Za-z]{49}", first.stdout.splitlines()[-1])
    assert first.stdout != created.stdout
    assert live() == [True, True]
    assert renew("harbourmaster", "--revoke-others").exit_code == 0
    assert live() == [False, False, True]
    assert "nobody" in said(renew("nobody"))


FEW = ("--prompts", "6", "--fills", "4", "--comments", "20", "--deep", "9")


def test_a_board_is_filled_and_says_how_much_and_where(
    empty_database_url: str, typed: Terminal
) -> None:
    def seed(*more: str) -> Result:
        return typed("seed", *FEW, *more, database_url=empty_database_url)

    done = seed("--board", "lanterns")
    assert done.exit_code == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert line.startswith("Posted 6 prompts, 4 fills and 20 comments on the board lanterns in ")
    assert empty_database_url.rpartition("/")[2] in line
    assert re.search(r", in \d+\.\d seconds\.$", line)
    assert done.stderr.startswith("Filling the board lanterns: 30 to do.\n")
    before = rows(empty_database_url)
    assert len(before["prompt"]) == 6
    assert len(before["comment"]) == 20
    assert "--add" in said_at_last(seed("--board", "lanterns"))
    assert rows(empty_database_url) == before
    assert seed("--board", "lanterns", "--add").exit_code == 0
    assert len(rows(empty_database_url)["prompt"]) == 12


def said_at_last(done: Result) -> str:
    """The last line of a command that was refused when it had begun."""
    assert (done.exit_code, done.stdout) == (1, "")
    return only_line(done.stderr.splitlines()[-1])


def test_a_board_to_be_filled_needs_a_slug_that_can_be(typed: Terminal, tmp_path: Path) -> None:
    assert "slug" in said(typed("seed", "--board", "No spaces!"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.thorough
def test_no_file_is_filled_that_is_served(tmp_path: Path, typed: Terminal) -> None:
    with serving(tmp_path):
        assert "served by another process" in said(typed("seed", *FEW))
        assert "Filed 0 works anew" in typed("reindex").stdout


def test_works_are_filed_anew(empty_database_url: str, typed: Terminal) -> None:
    assert typed("seed", *FEW, database_url=empty_database_url).exit_code == 0
    before = rows(empty_database_url)["tagging"]
    done = typed("reindex", database_url=empty_database_url)
    assert done.exit_code == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert line.startswith("Filed 10 works anew in ")
    assert rows(empty_database_url)["tagging"] == before


SHORT = "nineteen-characters"


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("database_url", "not a url", "FILLBOARD_DATABASE_URL"),
        ("database_url", "mysql://keeper:hunter22@127.0.0.1/board", "FILLBOARD_DATABASE_URL"),
        ("database_url", "sqlite://", "FILLBOARD_DATABASE_URL"),
        ("secret_key", SHORT, "32 characters"),
        ("secret_key", SHORT, "FILLBOARD_SECRET_KEY"),
        ("public_url", "board.example", "FILLBOARD_PUBLIC_URL"),
        ("log_level", "loud", "FILLBOARD_LOG_LEVEL"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_one_line(
    typed: Terminal, setting: str, value: str, named: str
) -> None:
    line = said(typed("serve", **{setting: value}))
    assert named in line
    assert "hunter22" not in line
    assert SHORT not in line


UNREACHABLE = {
    "no server": "postgresql://keeper:hunter22@127.0.0.1:1/board",
    "no folder": "sqlite:////dev/null/board.db",
}


@pytest.mark.parametrize("url", UNREACHABLE.values(), ids=UNREACHABLE.keys())
def test_a_database_that_cannot_be_reached_is_said_in_one_line(typed: Terminal, url: str) -> None:
    line = said(typed("migrate", database_url=url))
    assert "database" in line.lower()
    assert "hunter22" not in line


@pytest.mark.thorough
def test_a_service_that_cannot_reach_its_database_says_so_in_one_line(tmp_path: Path) -> None:
    done = fillboard("serve", folder=tmp_path, database_url=UNREACHABLE["no server"])
    assert (done.returncode, done.stdout) == (1, "")
    assert "database" in only_line(done.stderr).lower()
    assert "hunter22" not in done.stderr


@pytest.mark.thorough
@pytest.mark.parametrize("kept", ["", "\n", "cut-off", "\xff" * 40])
def test_a_kept_key_that_is_none_is_refused_in_one_line(tmp_path: Path, kept: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "secret.key").write_text(kept, encoding="latin-1")
    done = fillboard("serve", "--port", "0", folder=tmp_path)
    assert done.returncode == 1
    assert "secret" in only_line(done.stderr)
    assert (data / "secret.key").read_text(encoding="latin-1") == kept


@pytest.mark.thorough
def test_the_description_needs_no_settings(typed: Terminal, tmp_path: Path) -> None:
    plain = typed("openapi")
    odd = typed("openapi", log_level="loud", secret_key=SHORT, public_url="board.example")
    assert (odd.exit_code, odd.stderr, odd.stdout) == (0, "", plain.stdout)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.thorough
def test_the_description_is_printed_as_json_or_written_to_a_file(
    typed: Terminal, tmp_path: Path
) -> None:
    printed = fillboard("openapi", folder=tmp_path)
    assert (printed.returncode, printed.stderr) == (0, "")
    description = json.loads(printed.stdout)
    assert description["openapi"].startswith("3.1")
    assert "/v1/boards/{board}/prompts" in description["paths"]
    file = tmp_path / "description.json"
    written = typed("openapi", "--output", str(file))
    assert (written.exit_code, written.stderr) == (0, "")
    assert file.read_text() == printed.stdout
    assert list(tmp_path.iterdir()) == [file]
