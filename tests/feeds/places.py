"""What there is to be followed."""

from typing import Any

from tests.people import JSON, Person, Town, path_of

TOKENS = "/me/feed-tokens"


def board(town: Town) -> str:
    return f"/boards/{town.slug}"


async def one_of_each(town: Town, author: Person) -> tuple[JSON, JSON, JSON, JSON]:
    """A prompt, a fill, a comment on each, and a discussion with one."""
    prompt = await town.prompt(author)
    fill = await town.fill(prompt, author, parts_expected=None)
    comment = await town.comment(fill, author)
    await town.comment(prompt, author)
    discussion = await town.discussion(author)
    await town.comment(discussion, author)
    return prompt, fill, comment, discussion


async def feeds_of(town: Town, author: Person) -> list[str]:
    """Every public feed there is, with something in it."""
    prompt, fill, _, discussion = await one_of_each(town, author)
    return [
        *(f"{board(town)}/prompts.atom", f"{board(town)}/fills.atom"),
        *(f"{path_of(fill)}/parts.atom", f"{path_of(prompt)}/comments.atom"),
        *(f"{path_of(fill)}/comments.atom", f"{path_of(discussion)}/comments.atom"),
    ]


async def feed_of(person: Person, **asked: Any) -> str:
    """The address of a new private feed of somebody."""
    made = await person.make(TOKENS, asked)
    return str(made["url"])


def token_in(url: str) -> str:
    return url.rpartition("/")[2].removesuffix(".atom")


async def is_there(reader: Person, url: str) -> bool:
    answer = await reader.get(url)
    assert answer.status_code in (200, 404), answer.text
    return answer.status_code == 200
