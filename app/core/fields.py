"""Kinds of fields that requests are made of, each with its limits in one place."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Self

from fastapi import Path, Query
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.kit import text
from app.kit.clock import rfc3339

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,17}")


class RequestModel(BaseModel):
    """A body as clients send it: unknown keys and values of another type are refused."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)


class UpdateModel(RequestModel):
    """What to change of something. A field that is left out stays as it is, so the defaults that
    the declaration needs mean nothing; the description doesn't show them. Ask
    ``model_fields_set`` what was sent.
    """

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core_schema)
        resolved = handler.resolve_ref_schema(schema)
        resolved["minProperties"] = 1
        for field in resolved["properties"].values():
            field.pop("default", None)
        return schema

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("nothing_sent", "Send what is to change.")
        return self


class AnswerModel(BaseModel):
    """A body as the service sends it. It describes; what is sent is built from rows directly."""


@dataclass(frozen=True)
class Text:
    """Makes a ``str`` field a text of ``at_least`` to ``limit`` characters (code points after NFC),
    in any number of lines; see :func:`app.kit.text.objection` for what is refused in it.
    """

    limit: int
    at_least: int = 1
    one_line: ClassVar[bool] = False

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        bounds = {"minLength": self.at_least} if self.at_least else {}
        return {**handler(schema), **bounds, "maxLength": self.limit}

    def _check(self, value: str) -> str:
        if not value and self.at_least == 0:
            return value
        if not value:
            raise PydanticCustomError("text_too_short", "The text is empty.")
        # Composition makes a text a few times shorter at most; a far longer one needs no closer
        # look.
        is_hopeless = len(value) > 4 * self.limit
        objection = None if is_hopeless else text.objection(value, one_line=self.one_line)
        if objection is not None:
            raise PydanticCustomError("text_unacceptable", f"The text {objection}.")
        if is_hopeless or text.length(value) > self.limit:
            raise PydanticCustomError(
                "text_too_long", "The text has more than {limit} characters.", {"limit": self.limit}
            )
        return value


class Line(Text):
    """As :class:`Text`, in one line."""

    one_line: ClassVar[bool] = True


def _canonical_integer(value: Any) -> Any:
    """Numbers in addresses are written one way: ``5``, not ``05``, ``+5`` or ``5.0``."""
    if isinstance(value, str) and not _DECIMAL.fullmatch(value):
        raise PydanticCustomError("int_parsing", "Must be a whole number in plain digits.")
    return value


def _plain_boolean(value: Any) -> Any:
    if isinstance(value, str) and value not in ("true", "false"):
        raise PydanticCustomError("bool_parsing", "Must be true or false.")
    return value


def _instant(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    try:
        if _RFC3339.fullmatch(value):
            return datetime.fromisoformat(value.upper()).astimezone(UTC).replace(microsecond=0)
    except (TypeError, ValueError, OverflowError):
        pass
    raise PydanticCustomError(
        "instant", "Must be an instant as RFC 3339 writes it, such as 2026-12-01T18:00:00Z."
    )


#: The most that a column of 32 bits holds.
MAX_INTEGER = 2**31 - 1
# Bounds stand before the check of the spelling, or the description would not know them.
_Canonical = BeforeValidator(_canonical_integer)

#: Characters of a cursor. An address of this length still passes through the usual proxies.
MAX_CURSOR = 7000
#: ``true`` or ``false`` in a query.
Flag = Annotated[bool, BeforeValidator(_plain_boolean)]
#: A whole number in a query.
SmallNumber = Annotated[int, Field(ge=0, le=MAX_INTEGER), _Canonical]
#: A whole number in a query, of things that one answer has room for.
UpToHundred = Annotated[int, Field(ge=0, le=100), _Canonical]
#: The number of something on a board, or the place of a part, in a path.
NumberInPath = Annotated[int, Field(ge=1, le=MAX_INTEGER), _Canonical, Path()]
Limit = Annotated[
    int,
    Field(ge=1, le=100),
    _Canonical,
    Query(description="How many items a page has at most."),
]
Cursor = Annotated[
    str | None,
    # A cursor into a story of 1,000 parts in no order at all holds that order, sealed.
    Query(
        max_length=MAX_CURSOR,
        description="Where to go on: the `cursor` parameter of `next`. `limit` may change from "
        "page to page; filters and `sort` may not.",
    ),
]
#: An instant in a request: RFC 3339 with an offset or ``Z``; what is finer than a second is let go.
InstantSent = Annotated[
    datetime,
    BeforeValidator(_instant),
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
    # The same for what is sent and what is answered: of two schemas clients would make two models.
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-12-01T18:00:00Z"]}),
]
#: An instant in an answer: RFC 3339 in UTC.
Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
