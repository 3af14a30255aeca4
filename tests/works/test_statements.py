"""How many statements each list costs, so that nobody makes one slower without saying so."""

import pytest
from fastapi import FastAPI

from tests.backstage import new_account
from tests.people import JSON, Person, Town, path_of
from tests.statements import statements

pytestmark = pytest.mark.anyio

#: What is read below a board (``{b}``), a prompt (``{p}``) or a fill (``{f}``), and the statements
#: that a stranger's request takes, and one with the token of an account that has saved filters.
BUDGET = {
    "{b}/prompts": (3, 8),
    "{b}/prompts?adult=true": (3, 9),
    "{b}/prompts?tag=banter&not_tag=rescue&fandom=lighthouses&sort=active": (4, 8),
    "{b}/prompts?q=kettle&sort=relevance": (3, 8),
    "{b}/prompts?tag=never+used": (2, 4),
    "{b}/fills": (4, 9),
    "{b}/fills?tag=banter&min_seconds=0&claim=none": (5, 9),
    "{p}/fills": (4, 9),
    "{b}/prompts/random": (3, 7),
    "{b}/prompts/random?tag=banter&adult=true": (4, 7),
    "{p}": (1, 2),
    "{p}?embed=fills": (4, 9),
    "{b}/facets": (3, 7),
    "{b}/facets?type=fill&tag=banter&adult=true": (3, 7),
    "{b}/tags": (4, 4),
    "{b}/tags?q=b&kind=tag&fandom=lighthouses": (4, 4),
    "/tags?q=b": (4, 4),
    "/boards": (2, 2),
    "{b}/rounds": (2, 2),
    "{p}/claims": (2, 3),
    "{p}/second": (3, 4),
    "{f}/parts": (2, 3),
    "{b}/tag-aliases": (2, 2),
    "{b}/tag-parents": (2, 2),
    "/search?q=kettle&board={slug}": (8, 12),
}


async def test_each_list_takes_as_many_statements_as_it_says(
    town: Town, service: FastAPI, stranger: Person
) -> None:
    reader, _ = await new_account(service, town.client)
    labels: JSON = {"tags": ["banter"], "fandoms": ["Lighthouses"], "title": "A kettle"}
    prompts = [await town.prompt(**labels) for _ in range(4)]
    # A tag that nobody has ever used would cost nothing to leave out.
    await town.prompt(tags=["rescue"])
    fills = [await town.fill(prompt, **labels) for prompt in prompts]
    filters = {
        "hide": [{"kind": "tag", "name": "rescue"}],
        "warn": [{"kind": "tag", "name": "banter"}],
    }
    assert (await reader.send("PUT", "/me/filters", filters)).status_code == 200
    taken = {}
    for path in BUDGET:
        below = {"p": path_of(prompts[0]), "f": path_of(fills[0])}
        url = path.format(b=f"/boards/{town.slug}", slug=town.slug, **below)
        counts = []
        for person in (stranger, reader):
            with statements(service) as seen:
                assert (await person.get(url)).status_code == 200
            counts.append(len(seen))
        taken[path] = tuple(counts)
    assert taken == BUDGET


async def test_keeping_a_vocabulary_takes_few_statements(town: Town, service: FastAPI) -> None:
    for _ in range(5):
        await town.prompt(tags=["kin"])
    path = f"/boards/{town.slug}/tag-aliases"
    sent = {"kind": "tag", "alias": "kin", "canonical": f"family of {town.slug}"}
    taken = []
    for _ in range(2):
        with statements(service) as seen:
            made = await town.administrator.post(path, sent)
        assert made.status_code in (200, 201)
        taken.append(len(seen))
    with statements(service) as seen:
        await town.administrator.take_away(f"{path}/{made.json()['id']}")
    assert [*taken, len(seen)] == [18, 6, 14]
