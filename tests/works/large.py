"""A board as large as boards get, put into the database in bulk."""

import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy
from fastapi import FastAPI
from sqlalchemy import Connection, insert, text
from sqlmodel import SQLModel

from app.accounts.models import Account
from app.boards.models import Board, Round
from app.core.tables import table_of
from app.fills.models import Fill
from app.identity.models import Mask
from app.kit.ids import new_id
from app.prompts.models import Prompt
from app.tags.models import Tag, TagCount, Tagging
from app.threads.models import Thread
from tests.conftest import migrated_database, new_app, settings_for
from tests.tables import parsed

PROMPTS, FILLS, ROUNDS, FANDOMS, WORDS = 20_000, 4000, 10, 40, 20_000
#: Who has signed one work of so many.
AUTHOR, OF_SO_MANY = "lamplighter", 40


def _one(model: type[SQLModel]) -> dict[str, Any]:
    """A row with what its table gives by default. Rows are made from one of each kind: to make
    48,000 objects would take longer than all the rest.
    """
    return model.model_construct(board_id=1).model_dump(exclude={"id", "shelf"})


_PROMPT, _FILL, _THREAD = _one(Prompt), _one(Fill), _one(Thread)
_BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
async def large_board(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[FastAPI]:
    """A service with a board, ``large``, of 20,000 prompts and 4,000 fills; every tenth is adult,
    each belongs to one of 40 fandoms, ``fandom 0`` and so on, and every fortieth is signed by
    :data:`AUTHOR`. It has 20,000 tags besides, ``word 00000`` and so on.
    """
    with migrated_database(kind, request, tmp_path_factory.mktemp("large")) as url:
        engine = sqlalchemy.create_engine(parsed(url))
        with engine.begin() as connection:
            _fill_board(connection)
            if kind == "postgresql":
                connection.execute(text("ANALYZE"))
        engine.dispose()
        app = new_app(settings_for(url))
        async with app.router.lifespan_context(app):
            yield app


def _fill_board(connection: Connection) -> None:
    """Put the board and all that is on it into the database, the oldest thread first."""

    def put(model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
        connection.execute(insert(table_of(model)), rows)

    chance = random.Random(7)
    settings = {"default_rating": "general"}
    board = Board(slug="large", name="Large", settings=settings, last_number=PROMPTS)
    board.prompts_count, board.fills_count = PROMPTS, FILLS
    put(Board, [{**board.model_dump(), "id": 1}])
    closed = Round(board_id=1, number=1, title="", phase="closed").model_dump()
    put(Round, [{**closed, "id": number + 1, "number": number + 1} for number in range(ROUNDS)])
    names = [f"fandom {number}" for number in range(FANDOMS)]
    put(
        Tag,
        [{"id": at, "kind": "fandom", "key": name, "name": name} for at, name in enumerate(names)],
    )
    words = [
        {"kind": "tag", "key": f"word {at:05}", "name": f"word {at:05}", "id": FANDOMS + at}
        for at in range(WORDS)
    ]
    put(Tag, words)
    prompts = [_prompt(number, chance) for number in range(PROMPTS)]
    fills = [_fill(number, chance) for number in range(FILLS)]
    both = [("prompt", each) for each in prompts] + [("fill", each) for each in fills]
    put(Account, [{**Account(name=AUTHOR, name_key=AUTHOR).model_dump(), "id": 1}])
    put(Mask, [{**Mask(account_id=1).model_dump(), "id": 1}])
    put(Thread, [_thread(kind, work) for kind, work in both])
    put(Prompt, prompts)
    put(Fill, fills)
    taggings = [_tagging(kind, work) for kind, work in both]
    put(Tagging, taggings)
    uses = Counter((each["tag_id"], each["is_adult"]) for each in taggings)
    put(
        TagCount,
        [
            {
                "tag_id": tag_id,
                "board_id": 1,
                "kind": "fandom",
                "key": name,
                "count": uses[tag_id, False],
                "adult_count": uses[tag_id, True],
            }
            for tag_id, name in enumerate(names)
        ],
    )
    # As many tags as there are prompts, though no work need be looked at to list them.
    used = {"board_id": 1, "count": 1, "adult_count": 0}
    kept = ("kind", "key")
    put(
        TagCount,
        [{"tag_id": tag["id"], **used, **{name: tag[name] for name in kept}} for tag in words],
    )


def _work(model: type[Prompt] | type[Fill], at: int, number: int, chance: random.Random) -> Any:
    moment = _BEGUN + timedelta(minutes=at)
    fields: dict[str, Any] = {
        "board_id": 1,
        "round_id": 1 + at * ROUNDS // (PROMPTS + FILLS),
        "thread_id": at + 1,
        "title": f"{model.__name__} {number}",
        "rating": "mature" if chance.random() < 0.1 else "general",
        "fandoms": [f"fandom {chance.randrange(FANDOMS)}"],
        "language": "pt-BR" if number < PROMPTS // 100 else "en",
        "mask_id": 1 if number % OF_SO_MANY == 0 else None,
        "account_id": 1 if number % OF_SO_MANY == 0 else None,
        "created_at": moment,
        "last_activity_at": moment + timedelta(minutes=chance.randrange(100_000)),
    }
    return fields


def _prompt(number: int, chance: random.Random) -> dict[str, Any]:
    fields = _work(Prompt, number, number, chance)
    fields["status"] = chance.choice(["open", "open", "in_progress", "filled"])
    if fields["status"] != "open":
        fields["last_filled_at"] = fields["last_activity_at"]
    fields |= {"body": "Otters and a raft.", "body_html": "<p>Otters and a raft.</p>"}
    fields["seconds_count"] = max(0, chance.randrange(-20, 40))
    fields |= {"number": number + 1, "board_id": 1}
    return {**_PROMPT, "id": number + 1, "public_id": new_id(), **fields}


def _fill(number: int, chance: random.Random) -> dict[str, Any]:
    fields = _work(Fill, PROMPTS + number, number, chance)
    fields["filled_at"] = fields["last_activity_at"]
    fields |= {"prompt_id": 1 + chance.randrange(PROMPTS), "medium": "fic"}
    fields["status"] = chance.choice(["wip", "complete"])
    return {**_FILL, "id": number + 1, "public_id": new_id(), **fields}


def _thread(kind: str, work: dict[str, Any]) -> dict[str, Any]:
    return {**_THREAD, "kind": kind, "conversation": new_id(), "id": work["thread_id"]}


def _tagging(kind: str, work: dict[str, Any]) -> dict[str, Any]:
    tag_id = int(work["fandoms"][0].split()[1])
    return {
        "typed_id": tag_id,
        "tag_id": tag_id,
        "thread_id": work["thread_id"],
        "board_id": 1,
        "kind": kind,
        "is_adult": work["rating"] == "mature",
        "is_shown": True,
    }
