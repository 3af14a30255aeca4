"""Comments about a part of a fill."""

import pytest

from tests.people import JSON, Person, Town, path_of

pytestmark = pytest.mark.anyio


async def part_numbers(reader: Person, fill: JSON) -> dict[str, int | None]:
    """The part that each comment on a fill is about, by the comment's words."""
    page = await reader.read(f"{path_of(fill)}/comments")
    return {item["body"]: item["part_number"] for item in page["items"]}


async def test_a_comment_stays_with_its_part_wherever_the_part_moves(town: Town) -> None:
    author = town.somebody()
    fill = await town.fill(await town.prompt(), author, parts_expected=None)
    parts = f"{path_of(fill)}/parts"
    await author.make(parts, {"body": "Second."})
    await town.comment(fill, body="on the first", part_number=1)
    await town.comment(fill, body="on the second", part_number=2)
    await town.comment(fill, body="on the whole")

    await author.make(parts, {"body": "A prologue.", "number": 1})
    expected: dict[str, int | None] = {"on the first": 2, "on the second": 3, "on the whole": None}
    assert await part_numbers(author, fill) == expected

    tag = (await author.get(f"{parts}/3")).headers["etag"]
    assert (await author.patch(f"{parts}/3", {"number": 1}, If_Match=tag)).status_code == 200
    expected = {"on the first": 3, "on the second": 1, "on the whole": None}
    assert await part_numbers(author, fill) == expected

    tag = (await author.get(f"{parts}/1")).headers["etag"]
    assert (await author.delete(f"{parts}/1", If_Match=tag)).status_code == 204
    expected = {"on the first": 2, "on the second": None, "on the whole": None}
    assert await part_numbers(author, fill) == expected
