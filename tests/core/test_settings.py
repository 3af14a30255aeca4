"""Settings: what is refused and how, and the secret key that is made once and kept."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.core.settings import Settings


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FILLBOARD_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_settings_everything_is_in_one_folder() -> None:
    settings = Settings()
    assert settings.database().render_as_string() == "sqlite:///fillboard-data/fillboard.db"
    settings.secret()
    assert [str(path) for path in Path().rglob("*")] == [
        "fillboard-data",
        "fillboard-data/secret.key",
    ]


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILLBOARD_PUBLIC_URL", "https://board.example/")
    monkeypatch.setenv("FILLBOARD_DATABASE_URL", "postgresql://keeper:lantern@db/board")
    monkeypatch.setenv("FILLBOARD_LOG_LEVEL", "warning")
    monkeypatch.setenv("FILLBOARD_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.1,2001:db8::/32")
    settings = Settings()
    proxies = ["10.0.0.0/8", "192.0.2.1/32", "2001:db8::/32"]
    assert [str(each) for each in settings.trusted_proxies] == proxies
    assert settings.public_url == "https://board.example"
    assert settings.database().drivername == "postgresql+psycopg"
    assert settings.log_level == "warning"


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///board.db", "sqlite"),
        ("sqlite:////var/lib/board.db", "sqlite"),
        ("postgresql://u:p@host/name", "postgresql+psycopg"),
        ("postgresql+psycopg://u:p@host/name", "postgresql+psycopg"),
    ],
)
def test_a_database_is_named_by_its_usual_url(url: str, driver: str) -> None:
    assert Settings(database_url=url).database().drivername == driver


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("database_url", "mysql://keeper:lantern@host/name", "postgresql://"),
        ("database_url", "lantern", "postgresql://"),
        ("database_url", "", "postgresql://"),
        ("database_url", "sqlite://", "file"),
        ("database_url", "sqlite:///:memory:", "file"),
        ("database_url", "postgresql://keeper:lantern@host:port/name", "postgresql://"),
        ("secret_key", "lantern" * 4, "32"),
        ("secret_key", "", "32"),
        ("public_url", "board.example", "http://"),
        ("public_url", "ftp://board.example", "http://"),
        ("trusted_proxies", "lantern", "10.0.0.0/8"),
        ("trusted_proxies", "10.0.0.1/8", "10.0.0.0/8"),
        ("trusted_proxies", "10.0.0.1;lantern", "10.0.0.0/8"),
        ("trusted_proxies", "*", "10.0.0.0/8"),
        ("body_timeout", "0", "greater than 0"),
        ("body_timeout", "601", "600"),
        ("body_timeout", "nan", "less than"),
        ("body_timeout", "soon", "number"),
        ("log_level", "loud", "'debug'"),
        ("log_format", "xml", "'json'"),
    ],
)
def test_a_bad_setting_is_refused_by_name_and_without_its_secret(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(f"FILLBOARD_{name.upper()}", value)
    with pytest.raises(ValidationError) as refused:
        Settings()
    (error,) = refused.value.errors(include_input=False, include_context=False)
    assert error["loc"] == (name,)
    assert says in error["msg"]
    assert "lantern" not in str(refused.value)


def test_settings_show_no_secret_when_they_are_printed() -> None:
    settings = Settings(secret_key="lantern" * 6, database_url="postgresql://u:lantern@h/n")
    assert "lantern" not in f"{settings!r} {settings} {settings.database()!r}"


def test_the_secret_key_is_made_once_for_its_owner_alone_and_kept() -> None:
    first = Settings().secret()
    path = Path("fillboard-data/secret.key")
    assert len(first) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    made = path.stat().st_mtime_ns
    assert Settings().secret() == first
    assert path.stat().st_mtime_ns == made
    assert Settings(data_dir=Path("elsewhere")).secret() != first


@pytest.mark.thorough
def test_processes_that_start_at_once_get_the_same_key() -> None:
    command = [sys.executable, "-c", "from app.core.settings import *; print(Settings().secret())"]
    starting = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    keys = {each.communicate()[0].strip() for each in starting}
    assert [each.returncode for each in starting] == [0] * 6
    assert keys == {Settings().secret()}
    assert [path.name for path in Path("fillboard-data").iterdir()] == ["secret.key"]


def test_a_key_that_is_set_is_used_and_none_is_made() -> None:
    assert Settings(secret_key="s" * 32).secret() == "s" * 32
    assert not Path("fillboard-data").exists()
