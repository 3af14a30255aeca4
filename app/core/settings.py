"""Settings, all from the environment, all with the prefix ``FILLBOARD_``.

The README lists each one; a test fails when it doesn't.
"""

import secrets
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.core.files import write_once

#: The least length of a secret key, in characters.
SECRET_LENGTH = 32


class UnusableKeyError(Exception):
    """The secret key that was kept can't be used. Its message is for the operator."""


class Settings(BaseSettings):
    """What an operator may set. Every field is ``FILLBOARD_`` plus its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="FILLBOARD_", frozen=True, hide_input_in_errors=True
    )

    data_dir: Path = Field(
        default=Path("fillboard-data"),
        description="Folder of what the service keeps: the SQLite file and the secret key, unless "
        "they are set, and in `day-keys` the keys of the last seven days, under which network "
        "addresses are hashed. Made when absent.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="`sqlite:///path/to/file.db` or `postgresql://user:password@host/name`.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Any string of 32 characters or more. Faces, page cursors and the key that "
        "seals the secrets of webhooks are derived from it, so keep it: with another key every "
        "face changes, and every webhook needs a new secret.",
    )
    public_url: str | None = Field(
        default=None,
        description="What absolute URLs begin with, for example `https://board.example`.",
    )
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(),
        description="Addresses and networks (CIDR), separated by commas, of the proxies in front: "
        "who connects from there is taken at its word about whom it speaks for "
        "(`X-Forwarded-For`).",
    )
    redis_url: SecretStr | None = Field(
        default=None,
        description="`redis://host:6379/0`: where several processes count together what clients "
        "ask for. Without it each process counts by itself.",
    )
    rate_limits: Literal["on", "off"] = Field(
        default="on", description="Whether clients are limited in how much they may ask for."
    )
    reads_per_minute: int = Field(
        default=1200,
        ge=1,
        description="So many GETs in a minute for each token, or for each network without one.",
    )
    writes_per_minute: int = Field(
        default=60,
        ge=1,
        description="So many of all other requests in a minute, likewise.",
    )
    body_timeout: float = Field(
        default=30.0,
        gt=0,
        le=600,
        description="Seconds within which a request's body must have arrived.",
    )
    kept_pages_mb: int = Field(
        default=16,
        ge=0,
        le=10_000,
        description="Megabytes of memory for pages that are kept ready until something on them "
        "changes; 0 keeps none.",
    )
    streams: int = Field(
        default=500,
        ge=0,
        description="So many streams of events may be open in each process at once.",
    )
    streams_per_network: int = Field(
        default=20,
        ge=1,
        description="So many of them from one network.",
    )
    worker: Literal["within", "apart"] = Field(
        default="within",
        description="`within`: who serves also sends webhooks. `apart`: `fillboard worker` does, "
        "in a process of its own, on PostgreSQL.",
    )
    webhook_allow_local: bool = Field(
        default=False,
        description="For development: webhooks may lead to this machine (`localhost`, 127.0.0.1), "
        "also by `http://`.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least level that is logged."
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="`json`: one object a line. `console`: for reading by eye."
    )

    @field_validator("database_url")
    @classmethod
    def _knows_the_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            _parse_database_url(value.get_secret_value())
        return value

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, value: SecretStr | None) -> SecretStr | None:
        schemes = ("redis://", "rediss://", "redis+unix://")
        if value is not None and not value.get_secret_value().startswith(schemes):
            raise ValueError("must be a redis://, rediss:// or redis+unix:// URL")
        return value

    @field_validator("secret_key")
    @classmethod
    def _is_long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < SECRET_LENGTH:
            raise ValueError(f"must have {SECRET_LENGTH} characters or more")
        return value

    @field_validator("public_url")
    @classmethod
    def _has_scheme_and_no_tail(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _are_networks(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        written = [each.strip() for each in value.split(",")]
        try:
            return tuple(ip_network(each) for each in written if each)
        except ValueError as error:
            raise ValueError(
                "must be addresses or networks such as 10.0.0.0/8 (no bits set behind the prefix), "
                "separated by commas"
            ) from error

    def database(self) -> URL:
        """The database to use: the one that is set, or an SQLite file in the data folder."""
        if self.database_url is not None:
            return _parse_database_url(self.database_url.get_secret_value())
        return URL.create("sqlite", database=str(self.data_dir / "fillboard.db"))

    def secret(self) -> str:
        """The secret key that is set, or the one kept in the data folder, made there when absent.

        It is kept in a file of its own, readable by its owner alone: whoever copies the database
        must not get the key with it.

        :raises UnusableKeyError: the file can't be read, or holds no key.
        """
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        path = self.data_dir / "secret.key"
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not path.exists():
                write_once(path, secrets.token_urlsafe(SECRET_LENGTH))
            key = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UnusableKeyError(f"can't read the secret key in {path}: {error}") from error
        if len(key) < SECRET_LENGTH:
            raise UnusableKeyError(
                f"{path} is empty or cut off: put the key back from a backup, or delete the file "
                "for a new key, with which every face changes"
            )
        return key


def _parse_database_url(text: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise ValueError("must be an sqlite:/// or postgresql:// URL") from error
    backend = url.get_backend_name()
    if backend in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite")
    raise ValueError("must be a postgresql:// URL or an sqlite:/// URL that names a file")
