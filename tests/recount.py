"""Counters are what a recount says, on a whole board."""

from typing import Any

from tests.people import JSON, Person, Town, path_of


async def recount(town: Town) -> None:
    """Fail unless each counter and each status on the town's board equals a recount over HTTP."""
    reader = town.somebody()
    prompts = await reader.every_page(f"/boards/{town.slug}/prompts?adult=true&limit=100")
    fills = await reader.every_page(f"/boards/{town.slug}/fills?adult=true&limit=100")
    board = await reader.read(f"/boards/{town.slug}")
    rounds = await reader.every_page(f"/boards/{town.slug}/rounds")
    counted = {"prompts_count": len(prompts), "fills_count": len(fills)}
    assert {name: board[name] for name in counted} == counted
    assert {name: sum(each[name] for each in rounds) for name in counted} == counted
    for each in rounds:
        assert each["prompts_count"] == sum(prompt["round"] == each["number"] for prompt in prompts)
    for prompt in prompts:
        await _recount_prompt(reader, prompt, fills)
    for fill in fills:
        await _recount_fill(reader, fill)
    for discussion in await reader.every_page(f"/boards/{town.slug}/discussions?limit=100"):
        assert discussion["comments_count"] == await _comments_below(reader, discussion)


async def _recount_prompt(reader: Person, prompt: JSON, fills: list[JSON]) -> None:
    listed = await reader.every_page(f"{path_of(prompt)}/fills?adult=true&limit=100")
    assert [each["id"] for each in listed] == [
        fill["id"] for fill in fills if fill["prompt"]["id"] == prompt["id"]
    ]
    assert prompt["fills_count"] == len(listed)
    assert prompt["status"] == status_by({fill["status"] for fill in listed})
    assert prompt["comments_count"] == await _comments_below(reader, prompt)
    claims = await reader.every_page(f"{path_of(prompt)}/claims?adult=true&limit=100")
    assert prompt["claims_count"] == sum(claim["is_active"] for claim in claims)


async def _recount_fill(reader: Person, fill: JSON) -> None:
    parts = await reader.every_page(f"{path_of(fill)}/parts?adult=true&limit=100")
    assert fill["parts"] == parts
    assert [part["number"] for part in parts] == list(range(1, fill["parts_count"] + 1))
    assert fill["words_count"] == sum(part["words_count"] for part in parts)
    assert fill["comments_count"] == await _comments_below(reader, fill)


async def _comments_below(reader: Person, thing: dict[str, Any]) -> int:
    comments = await reader.every_page(f"{path_of(thing)}/comments?adult=true&limit=100")
    return sum(comment["state"] == "visible" for comment in comments)


def status_by(statuses: set[str]) -> str:
    """The status of a prompt, by those of its fills."""
    if "complete" in statuses:
        return "filled"
    return "in_progress" if "wip" in statuses else "open"
