"""JSON in and out: strict when it is read, fast when it is written."""

import json
import re
from typing import Any, NoReturn

import orjson

from app.core.errors import MalformedJson

_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def read_json(raw: bytes) -> Any:
    """Parse a body; raise :class:`MalformedJson` for what readers of JSON disagree about."""
    if _ESCAPED_SURROGATE.search(raw):
        _refuse_lone_surrogates(raw)
    try:
        return _STRICT.decode(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        where = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        raise MalformedJson(f"The body could not be read as JSON{where}.") from error


def write_json(content: Any) -> bytes:
    """Write what consists of dicts, lists, strings, numbers, booleans and ``None``."""
    return orjson.dumps(content)


def _refuse_lone_surrogates(raw: bytes) -> None:
    try:
        orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise MalformedJson from error


def _refuse_constant(_name: str) -> NoReturn:
    raise MalformedJson("NaN and Infinity are not JSON numbers.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        raise MalformedJson("A key stands twice in one object.")
    return unique


_STRICT = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant)
