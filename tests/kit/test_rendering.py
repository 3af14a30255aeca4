"""A body is rendered and counted before its transaction begins."""

import asyncio
import threading

import pytest

from app.core import rendering
from app.core.fields import RequestModel
from app.core.rendering import QUICK_LENGTH_FILED, Draft, draft
from app.kit.markup import QUICK_LENGTH, render
from app.kit.text import count_words

_LONG = "“Come in,” he said.\n\n" * (QUICK_LENGTH // 20)


class Sent(RequestModel):
    """What somebody sent."""


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """The threads in which bodies are rendered and counted."""
    seen: list[threading.Thread] = []

    def rendering_here(body: str) -> str:
        seen.append(threading.current_thread())
        return render(body)

    def counting_here(body: str) -> int:
        seen.append(threading.current_thread())
        return count_words(body)

    monkeypatch.setattr(rendering, "render", rendering_here)
    monkeypatch.setattr(rendering, "count_words", counting_here)
    return seen


@pytest.mark.parametrize(
    ("body", "words"),
    [("*Come* in,\n\nhe said.", 4), ("猫が好き", 4), (_LONG, _LONG.count(" ") * 4 // 3)],
)
def test_a_draft_knows_how_many_words_its_body_has(body: str, words: int) -> None:
    sent = Sent()
    made = asyncio.run(draft(sent, body))
    assert made.sent is sent
    assert made.words == words
    assert made.body_html == render(body)


def test_a_draft_without_a_body_has_no_words() -> None:
    sent = Sent()
    assert asyncio.run(draft(sent, None)) == Draft(sent, None, 0)


@pytest.mark.parametrize(
    ("is_filed", "length"), [(False, QUICK_LENGTH), (True, QUICK_LENGTH_FILED)]
)
def test_a_short_body_is_rendered_where_it_stands_and_no_longer_one(
    threads: list[threading.Thread], is_filed: bool, length: int
) -> None:
    asyncio.run(draft(Sent(), "x" * length, is_filed=is_filed))
    assert threads == [threading.current_thread()] * 2
    asyncio.run(draft(Sent(), "x" * (length + 1), is_filed=is_filed))
    assert threading.current_thread() not in threads[2:]


def test_long_bodies_wait_for_one_another_and_for_nothing_else(
    threads: list[threading.Thread],
) -> None:
    async def post_many() -> threading.Thread:
        posts = [asyncio.create_task(draft(Sent(), _LONG)) for _ in range(4)]
        other = await asyncio.to_thread(threading.current_thread)
        await asyncio.gather(*posts)
        return other

    other = asyncio.run(post_many())
    assert len(threads) == 8
    assert len(set(threads)) == 1
    assert not {other, threading.current_thread()} & set(threads)
