"""Whatever text is taken, and wherever, is one that can be kept and shown."""

import typing
from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from typing_extensions import TypeAliasType

from tests.house.test_schemas import REQUESTS

#: Texts that are kept nowhere and shown to nobody: they are hashed, or compared with what is there.
_NOT_KEPT = {"password", "new_password", "Credentials.name", "edit_token"}

HOSTILE = {
    "NUL": "a\x00b",
    "a control character": "a\x1b[31mb",
    "half of a surrogate pair": "a\ud800b",
    "a pile of marks": "e" + "\u0301" * 21,
    "nothing to be seen": "\u200b\u200d",
    "endless": "x" * 600_000,
}
ONE_LINE = {
    "a line break": "a\nb",
    "a direction turned": "a\u202eb",
    "a direction turned back": "a\u2069b",
}
#: What may have several lines.
_LONG = {"body", "summary", "do_not_want", "description", "note", "answer"}

Place = tuple[type[BaseModel], str, FieldInfo]


def holds_text(annotation: Any) -> bool:
    """Whether a type takes any text, or a list of them."""
    if isinstance(annotation, TypeAliasType):
        return holds_text(annotation.__value__)
    if get_origin(annotation) is typing.Literal:
        return False
    if annotation is str:
        return True
    if get_origin(annotation) is Annotated:
        return holds_text(get_args(annotation)[0])
    return any(map(holds_text, get_args(annotation)))


def places() -> Iterator[Place]:
    for model in REQUESTS:
        for name, field in model.model_fields.items():
            if {name, f"{model.__name__}.{name}"} & _NOT_KEPT:
                continue
            if holds_text(field.annotation):
                yield model, name, field


def is_taken(field: FieldInfo, value: Any) -> bool:
    """Whether a field of a body takes a value, or a list of it."""
    kind: Any = field.annotation
    for each in field.metadata:
        kind = Annotated[kind, each]
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    return any(_passes(adapter, each) for each in (value, [value]))


def _passes(adapter: TypeAdapter[Any], value: Any) -> bool:
    try:
        adapter.validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def name_of(place: Place) -> str:
    return f"{place[0].__name__}.{place[1]}"


def test_there_are_texts_to_look_at() -> None:
    found = {name_of(each) for each in places()}
    assert {"PromptCreate.body", "PromptCreate.tags", "TokenCreate.label"} <= found
    assert {"ApiKeyCreate.name", "BoardCreate.rules", "ModActionCreate.note"} <= found


@pytest.mark.parametrize("place", list(places()), ids=name_of)
def test_a_text_that_can_not_be_kept_or_seen_is_taken_nowhere(place: Place) -> None:
    _, name, field = place
    refused = HOSTILE if name in _LONG else {**HOSTILE, **ONE_LINE}
    assert [what for what, text in refused.items() if is_taken(field, text)] == []
