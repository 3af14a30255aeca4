"""What is shown never comes from a table, and what is taken is taken strictly."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel, ValidationError
from sqlmodel import SQLModel

import app
from app.core.fields import AnswerModel, RequestModel, UpdateModel

#: Whoever reads one of these in an answer could tell who wrote what.
_TELLING = re.compile(r"(^|_)(mask|account|token|hash|network|address|email)(_|$)")
#: The places in which somebody gets their own token, once.
_RECEIPTS = {"edit_token", "token", "receipt_token"}


#: A part is moved by its number, a key is bound to a board by its owner, what is reported is named
#: by its id, and where a webhook sends to is the point of it.
_CHOSEN = {
    "Part": {"number"},
    "ApiKey": {"board"},
    "Report": {"id"},
    "Reported": {"id"},
    "Webhook": {"url"},
}


def every(above: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """All models below one."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    waiting = list(above.__subclasses__())
    while waiting:
        each = waiting.pop()
        if each.__module__.startswith("app."):
            yield each
        waiting += each.__subclasses__()


ANSWERS = sorted(set(every(AnswerModel)), key=lambda each: each.__qualname__)
REQUESTS = sorted(set(every(RequestModel)), key=lambda each: each.__qualname__)
TABLES = [each for each in every(SQLModel) if getattr(each, "__table__", None) is not None]


def named(model: type[BaseModel]) -> str:
    return model.__name__


def test_there_are_models_to_look_at() -> None:
    assert len(ANSWERS) > 15
    assert len(REQUESTS) > 8
    assert len(TABLES) > 8


@pytest.mark.parametrize("model", ANSWERS, ids=named)
def test_an_answer_tells_nothing_of_whoever_is_behind_it(model: type[BaseModel]) -> None:
    telling = {name for name in model.model_fields if _TELLING.search(name)}
    allowed = _RECEIPTS if "Receipt" in model.__name__ else set()
    assert telling <= allowed


@pytest.mark.parametrize("model", ANSWERS, ids=named)
def test_an_answer_inherits_from_no_table_and_no_base_of_one(model: type[BaseModel]) -> None:
    shared = {base for table in TABLES for base in table.__mro__} - {BaseModel, object}
    assert not shared & {base for base in model.__mro__ if base.__module__.startswith("app.")}
    assert not issubclass(model, SQLModel)


def test_everything_called_public_is_an_answer() -> None:
    public = {
        each.__name__
        for each in every(BaseModel)
        if re.search(r"(Public|Brief|Receipt|Listed)$", each.__name__)
    }
    assert public <= {each.__name__ for each in ANSWERS}
    assert {"PromptPublic", "FillPublic", "CommentPublic", "BoardPublic"} <= public


@pytest.mark.parametrize("model", REQUESTS, ids=named)
def test_a_request_takes_no_key_that_it_does_not_know(model: type[BaseModel]) -> None:
    assert model.model_config.get("strict") is True
    assert model.model_config.get("extra") == "forbid"
    assert model.model_config.get("hide_input_in_errors") is True
    with pytest.raises(ValidationError) as refused:
        model.model_validate({"nobody_knows_this": 1})
    assert "extra_forbidden" in {each["type"] for each in refused.value.errors()}


@pytest.mark.parametrize("model", REQUESTS, ids=named)
def test_a_request_coerces_nothing(model: type[BaseModel]) -> None:
    for name in model.model_fields:
        with pytest.raises(ValidationError) as refused:
            model.model_validate({name: 3.5})
        assert name in {each["loc"][0] for each in refused.value.errors() if each["loc"]}


@pytest.mark.parametrize(
    "name", sorted({each.__name__ for each in ANSWERS if each.__name__.endswith("Public")})
)
def test_nothing_that_only_the_service_says_can_be_sent(name: str) -> None:
    """Of what an answer shows, a request takes what its author may say, and nothing else."""
    owned = {
        *("id", "seq", "number", "state", "is_frozen", "author", "created_at", "edited_at", "url"),
        *("updated_at", "posted_at", "body_html", "words_count", "depth", "replies_count"),
        *("comments_count", "fills_count", "seconds_count", "claims_count", "latest_seq"),
        *("last_activity_at", "last_filled_at", "parts_count", "round", "board", "thread"),
    }
    answer = next(each for each in ANSWERS if each.__name__ == name)
    thing = name.removesuffix("Public")
    for request in REQUESTS:
        if thing in request.__name__:
            taken = set(request.model_fields) & set(answer.model_fields) & owned
            assert taken <= _CHOSEN.get(thing, set()), request.__name__


def test_an_update_shows_no_default_that_means_nothing() -> None:
    updates = sorted(set(every(UpdateModel)), key=lambda each: each.__qualname__)
    assert len(updates) >= 4
    for model in updates:
        for field in model.model_json_schema()["properties"].values():
            assert "default" not in field
