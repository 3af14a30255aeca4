"""What changes the version of a thing, and what doesn't."""

import pytest

from tests.people import Town, path_of

pytestmark = pytest.mark.anyio


async def test_an_edit_that_changes_nothing_leaves_everything_as_it_was(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, title="Harbour lights", tags=["banter"])
    fill = await town.fill(prompt, author, title="Low tide")
    comment = await town.comment(prompt, author, body="Thank you!")
    part = f"{path_of(fill)}/parts/1"
    same: tuple[tuple[str, dict[str, object]], ...] = (
        (path_of(prompt), {"title": "Harbour lights", "tags": ["banter"]}),
        (path_of(fill), {"title": "Low tide"}),
        (path_of(comment), {"body": "Thank you!"}),
        (part, {"body": "It rained, and nobody minded."}),
        (f"/boards/{town.slug}", {"name": "Lanterns", "settings": {"show_faces": True}}),
    )
    for path, body in same:
        before = await author.get(path)
        who = town.administrator if path.startswith("/boards") else author
        answer = await who.patch(path, body, If_Match=before.headers["etag"])
        assert answer.status_code == 200
        assert answer.headers["etag"] == before.headers["etag"], path
        after = await author.get(path, If_None_Match=before.headers["etag"])
        assert after.status_code == 304, path
