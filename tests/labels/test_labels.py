"""What prompts and fills say of themselves, and the adult gate, over HTTP."""

import uuid

import pytest

from tests.people import JSON, Person, Town, code_of, faults_of, path_of
from tests.texts import TWO_AS_ONE

pytestmark = pytest.mark.anyio

KINDS = ("fandoms", "characters", "relationships", "tags", "content_notes")
ADULT = ("mature", "explicit", "not_rated")


def names(count: int, kind: str = "tag") -> list[str]:
    return [f"{kind} {number}" for number in range(count)]


def full(**counts: int) -> JSON:
    """Labels with so many of each kind; relationships need two members."""
    return {kind: [f"{name} & Bo" for name in names(count, kind)] for kind, count in counts.items()}


@pytest.mark.parametrize("label", KINDS)
async def test_there_are_at_most_20_of_a_kind(town: Town, label: str) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, **full(**{label: 20}))
    assert len(prompt[label]) == 20
    fill = await town.fill(prompt, author)
    assert fill[label] == prompt[label]
    too_many = full(**{label: 21})
    for response in (
        await author.post(f"/boards/{town.slug}/prompts", {"body": "Banter.", **too_many}),
        await author.patch(path_of(prompt), too_many),
        await author.post(f"{path_of(prompt)}/fills", {"body": "Banter.", **too_many}),
        await author.patch(path_of(fill), too_many),
    ):
        assert faults_of(response) == {(f"/{label}", "too_long")}
    assert (await author.read(path_of(prompt)))[label] == prompt[label]


async def test_there_are_at_most_75_together(town: Town) -> None:
    author = town.somebody()
    most = full(fandoms=15, characters=20, relationships=20, tags=20)
    prompt = await town.prompt(author, **most)
    assert sum(len(prompt[kind]) for kind in KINDS) == 75
    response = await author.post(
        f"/boards/{town.slug}/prompts", {"body": "Banter.", **most, "content_notes": ["rain"]}
    )
    assert faults_of(response) == {("", "too_many_tags")}


async def test_a_change_does_not_get_around_the_75_together(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, **full(fandoms=15, characters=20, relationships=20, tags=20))
    fill = await town.fill(prompt, author)
    for response in (
        await author.patch(path_of(prompt), {"content_notes": ["rain"]}),
        await author.patch(path_of(fill), {"content_notes": ["rain"]}),
        await author.post(f"{path_of(prompt)}/fills", {"body": "It.", "content_notes": ["rain"]}),
    ):
        assert response.status_code == 422
    swapped = {"fandoms": [], "content_notes": ["rain"]}
    assert (await author.change(path_of(prompt), swapped))["content_notes"] == ["rain"]


@pytest.mark.parametrize("label", ["fandoms", "characters", "tags", "content_notes"])
async def test_a_tag_has_at_most_150_characters_in_one_line(town: Town, label: str) -> None:
    author = town.somebody()
    longest = [TWO_AS_ONE * 150, "🦦" * 150, "t" * 150]
    assert (await town.prompt(author, **{label: longest}))[label] == longest
    for tag, code in (
        ("t" * 151, "text_too_long"),
        (TWO_AS_ONE * 151, "text_too_long"),
        ("", "text_too_short"),
        (" ", "text_unacceptable"),
        ("two\nlines", "text_unacceptable"),
        (7, "string_type"),
        (None, "string_type"),
    ):
        body = {"body": "Banter.", label: ["rain", tag]}
        response = await author.post(f"/boards/{town.slug}/prompts", body)
        assert faults_of(response) == {(f"/{label}/1", code)}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Bo/Ana", "Ana/Bo"),
        ("Bo / Ana", "Ana/Bo"),
        ("Bo & Ana", "Ana & Bo"),
        ("Bo&Ana", "Ana & Bo"),
        ("  Bo   the Brave&Ana ", "Ana & Bo the Brave"),
        ("ana/Bo", "ana/Bo"),
        ("Émile/Zoë/Ana", "Ana/Zoë/Émile"),
        ("Otter & Sons/Ana", "Ana/Otter & Sons"),
    ],
)
async def test_members_of_a_relationship_are_put_in_one_order(
    town: Town, sent: str, kept: str
) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, relationships=[sent])
    assert prompt["relationships"] == [kept]
    again = await author.change(path_of(prompt), {"relationships": [kept]})
    assert again["relationships"] == [kept]


@pytest.mark.parametrize("sent", ["Ana", "Ana/", "/Bo", "Ana & ", "&", "Ana//Bo"])
async def test_a_relationship_has_two_members(town: Town, sent: str) -> None:
    body = {"body": "Banter.", "relationships": [sent]}
    response = await town.somebody().post(f"/boards/{town.slug}/prompts", body)
    assert faults_of(response) == {("/relationships/0", "relationship_members")}


async def test_a_relationship_is_measured_in_the_form_in_which_it_is_kept(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, relationships=["a" * 73 + "&" + "b" * 74])
    (kept,) = prompt["relationships"]
    assert len(kept) == 150
    changed = await author.change(path_of(prompt), {"relationships": [kept]})
    assert changed["relationships"] == [kept]
    too_long = {"relationships": ["a" * 74 + "&" + "b" * 74]}
    response = await author.patch(path_of(prompt), too_long)
    assert faults_of(response) == {("/relationships/0", "text_too_long")}


async def test_a_tag_that_stands_twice_is_kept_once_as_it_was_first_spelt(town: Town) -> None:
    # Words that no other test uses: boards share a vocabulary, and the first spelling stays there.
    sent = ["Found Choir", "bicker", "found  choir", "BICKER", "caf" + TWO_AS_ONE, "café"]
    prompt = await town.prompt(tags=sent, relationships=["Ana/Bo", "bo/ana", "Bo & Ana"])
    assert prompt["tags"] == ["Found Choir", "bicker", "caf" + TWO_AS_ONE]
    assert prompt["relationships"] == ["Ana/Bo", "Ana & Bo"]


async def test_a_fill_takes_its_labels_from_its_prompt_unless_it_says_otherwise(
    town: Town,
) -> None:
    labels: JSON = {**full(**dict.fromkeys(KINDS, 2)), "language": "en", "rating": "teen"}
    prompt = await town.prompt(**labels)
    taken = await town.fill(prompt)
    assert {name: taken[name] for name in labels} == {name: prompt[name] for name in labels}
    assert taken["notes_choice"] == prompt["notes_choice"] == "listed"
    own = await town.fill(prompt, tags=[], fandoms=["Another"], rating="general", language="cy")
    assert (own["tags"], own["fandoms"]) == ([], ["Another"])
    assert (own["rating"], own["language"]) == ("general", "cy")
    assert own["characters"] == prompt["characters"]


async def test_notes_that_are_given_are_listed(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, content_notes=["rain"])
    assert prompt["notes_choice"] == "listed"
    body = {"body": "Banter.", "content_notes": ["rain"], "notes_choice": "none_apply"}
    response = await author.post(f"/boards/{town.slug}/prompts", body)
    assert faults_of(response) == {("/notes_choice", "notes_contradict")}


async def test_notes_do_not_come_to_contradict_the_choice_by_a_change(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, content_notes=["rain"])
    response = await author.patch(path_of(prompt), {"notes_choice": "none_apply"})
    assert faults_of(response) == {("/notes_choice", "notes_contradict")}
    changes = {"notes_choice": "none_apply", "content_notes": []}
    assert (await author.change(path_of(prompt), changes))["notes_choice"] == "none_apply"
    changed = await author.change(path_of(prompt), {"content_notes": ["thunder"]})
    assert changed["notes_choice"] == "listed"


async def test_a_fill_may_list_notes_where_its_prompt_had_none(town: Town) -> None:
    prompt = await town.prompt(notes_choice="none_apply")
    fill = await town.fill(prompt, content_notes=["thunder"])
    assert (fill["content_notes"], fill["notes_choice"]) == (["thunder"], "listed")


@pytest.mark.parametrize(
    ("highest", "taken", "refused"),
    [
        ("general", ("general",), ("teen", "mature", "explicit", "not_rated")),
        ("teen", ("general", "teen"), ("mature", "explicit", "not_rated")),
        ("mature", ("teen", "mature"), ("explicit", "not_rated")),
        ("explicit", ("general", "explicit", "not_rated"), ()),
    ],
)
async def test_a_board_takes_nothing_above_its_highest_rating(
    town: Town, highest: str, taken: tuple[str, ...], refused: tuple[str, ...]
) -> None:
    author = town.somebody()
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"max_rating": highest}})
    prompt = await town.prompt(author)
    fill = await town.fill(prompt, author)
    posting = ((f"/boards/{town.slug}/prompts"), f"{path_of(prompt)}/fills")
    for rating in refused:
        for response in (
            *[await author.post(path, {"body": "Rain.", "rating": rating}) for path in posting],
            *[await author.patch(path_of(it), {"rating": rating}) for it in (prompt, fill)],
        ):
            assert faults_of(response) == {("/rating", "rating_above_max")}
    for rating in taken:
        for path in posting:
            assert (await author.make(path, {"body": "Rain.", "rating": rating}))[
                "rating"
            ] == rating
        for thing in (prompt, fill):
            assert (await author.change(path_of(thing), {"rating": rating}))["rating"] == rating


async def test_a_rating_can_be_changed_but_never_taken_away(town: Town) -> None:
    """A client that sends null for what it has not set must not open the adult gate by it."""
    author = town.somebody()
    prompt = await town.prompt(author, rating="explicit")
    fill = await town.fill(prompt, author)
    for work in (prompt, fill):
        assert code_of(await author.patch(path_of(work), {"rating": None})) == "invalid"
        assert (await author.read(f"{path_of(work)}?adult=true"))["rating"] == "explicit"


@pytest.mark.parametrize("rating", ADULT)
async def test_adult_material_is_shown_only_to_who_asks(
    town: Town, stranger: Person, rating: str
) -> None:
    canary = uuid.uuid4().hex
    said: JSON = {"body": canary, "title": canary, "rating": rating, "content_notes": ["thunder"]}
    prompt = await town.prompt(**said, fandoms=[canary], do_not_want=canary)
    fill = await town.fill(prompt, **said, summary=canary)
    await town.comment(prompt, body=canary)
    comment = await town.comment(fill, body=canary)
    number = f"/boards/{town.slug}/prompts/1"
    for path in (
        *(path_of(prompt), number, f"{path_of(prompt)}?embed=fills"),
        *(f"{path_of(prompt)}/fills", f"{path_of(prompt)}/comments"),
        *(path_of(fill), f"{path_of(fill)}/parts", f"{path_of(fill)}/parts/1"),
        *(f"{path_of(fill)}/comments", path_of(comment), f"{path_of(comment)}/thread"),
    ):
        response = await stranger.get(path)
        assert (response.status_code, code_of(response)) == (403, "adult-content"), path
        assert canary not in response.text
        told = ("rating", "content_notes", "board", "number")
        assert [response.json()[name] for name in told] == [rating, ["thunder"], town.slug, 1]
        joint = "&" if "?" in path else "?"
        assert canary in str(await stranger.read(f"{path}{joint}adult=true")) or "parts" in path


async def test_lists_leave_adult_material_out_and_say_how_much(
    town: Town, stranger: Person
) -> None:
    mild = await town.prompt(rating="teen")
    adult = [await town.prompt(rating=rating) for rating in ADULT]
    await town.fill(mild, rating="general")
    await town.fill(mild, rating="explicit")
    for path, shown, kept in (
        (f"/boards/{town.slug}/prompts", 1, 3),
        (f"/boards/{town.slug}/prompts?rating=mature&rating=teen", 1, 1),
        (f"/boards/{town.slug}/prompts?status=filled", 1, 0),
        (f"/boards/{town.slug}/fills", 1, 1),
        (f"{path_of(mild)}/fills", 1, 1),
    ):
        page = await stranger.read(path)
        assert len(page["items"]) == shown
        assert page["omitted"] == {"adult": kept, "filtered": 0}
        joint = "&" if "?" in path else "?"
        page = await stranger.read(f"{path}{joint}adult=true")
        assert len(page["items"]) == shown + kept
        assert page["omitted"] == {"adult": 0, "filtered": 0}
        assert [
            each["id"] for each in await stranger.every_page(f"{path}{joint}adult=true&limit=1")
        ]
    embedded = await stranger.read(f"{path_of(mild)}?embed=fills")
    assert embedded["fills"] == await stranger.read(f"{path_of(mild)}/fills")
    embedded = await stranger.read(f"{path_of(mild)}?embed=fills&adult=true")
    assert len(embedded["fills"]["items"]) == 2
    assert (await stranger.read(f"/boards/{town.slug}"))["prompts_count"] == 1 + len(adult)


async def test_an_adult_prompt_is_named_elsewhere_without_its_title(
    town: Town, stranger: Person
) -> None:
    prompt = await town.prompt(title="Shh", rating="explicit")
    fill = await town.fill(prompt, rating="general", body="Rain.")
    for path in (path_of(fill), f"/boards/{town.slug}/fills"):
        assert "Shh" not in (await stranger.get(path)).text
        assert "Shh" in (await stranger.get(f"{path}?adult=true")).text
    assert (await stranger.read(path_of(fill)))["prompt"] == fill["prompt"]


async def test_posting_below_adult_work_tells_no_word_of_it(town: Town) -> None:
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"claims": True}})
    prompt = await town.prompt(title="Shh", body="Hushed rain.", rating="mature")
    writer, reader = town.somebody(), town.somebody()
    fill = await town.fill(prompt, writer, title="Hush")
    written = [
        {**fill, "title": None},
        await town.claim(prompt, reader),
        await town.comment(prompt, reader),
        below := await town.comment(fill, reader),
        await reader.change(path_of(below), {"body": "Lovelier still!"}),
        {**await writer.change(path_of(fill), {"summary": "Rain."}), "title": None},
    ]
    for answer in written:
        assert "Shh" not in str(answer)
        assert "Hush" not in str(answer)


async def test_writing_adult_material_needs_no_flag(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, rating="explicit")
    fill = await town.fill(prompt, author)
    assert fill["rating"] == "explicit"
    for receipt in (prompt, fill):
        assert [notice["code"] for notice in receipt["notices"]] == ["shown-as-adult"]
    assert (await town.prompt())["notices"] == []
    for thing in (prompt, fill):
        assert (await author.change(path_of(thing), {"title": "Hush"}))["title"] == "Hush"
    await town.comment(fill)
    await town.part(fill, author)
    for thing in (fill, prompt):
        await author.take_away(path_of(thing))


async def test_what_was_deleted_is_gone_whatever_it_was_rated(town: Town, stranger: Person) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, rating="explicit")
    fill = await town.fill(prompt, author)
    for thing in (fill, prompt):
        await author.take_away(path_of(thing))
        for path in (path_of(thing), f"{path_of(thing)}?adult=true"):
            response = await stranger.get(path)
            assert (response.status_code, code_of(response)) == (410, "gone")
