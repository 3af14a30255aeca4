"""What a search leaves out, refuses, and says of itself."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.accounts.models import ACCOUNT
from app.filters.schemas import FiltersSent
from app.filters.service import save_filters
from tests import backstage
from tests.people import Person, Town, code_of, faults_of
from tests.search.looking import (
    found,
    list_path,
    new_word,
    search_path,
    titles,
    work_of,
)

pytestmark = pytest.mark.anyio


async def test_a_search_says_what_it_left_out(town: Town, stranger: Person) -> None:
    word = new_word()
    await town.prompt(title="Tame", body=word)
    prompt = await town.prompt(title="Stormy", body=word, rating="mature")
    await town.fill(prompt, title="Wild", body=word)
    await town.prompt(title="Sad", body=word, tags=["sadness"])
    page = await stranger.read(search_path(word))
    assert titles(page) == ["Sad", "Tame"]
    assert page["omitted"] == {"adult": 2, "filtered": 0}
    page = await stranger.read(search_path(word, type="fill"))
    assert (titles(page), page["omitted"]["adult"]) == ([], 1)
    page = await stranger.read(search_path(word, adult="true"))
    assert titles(page) == ["Sad", "Wild", "Stormy", "Tame"]
    assert page["omitted"] == {"adult": 0, "filtered": 0}


async def test_own_filters_are_applied_and_warn(
    town: Town, stranger: Person, client: httpx.AsyncClient, service: FastAPI
) -> None:
    word = new_word()
    reader, name = await backstage.new_account(service, client)
    await town.prompt(reader, title="Mine", body=word)
    await town.prompt(title="Sad", body=word, tags=["Sadness"])
    await town.prompt(title="Cliff", body=word, tags=["cliffhanger"])
    wishes = {
        "hide": [{"kind": "tag", "name": "sadness"}],
        "warn": [{"kind": "tag", "name": "Cliffhanger"}],
    }
    async with service.state.site.database.writing() as session:
        account = await session.scalar(select(ACCOUNT.id).where(ACCOUNT.name == name))
        await save_filters(session, account, FiltersSent.model_validate(wishes))
    response = await reader.get(search_path(word))
    page = response.json()
    assert titles(page) == ["Cliff", "Mine"]
    assert page["omitted"] == {"adult": 0, "filtered": 1}
    assert work_of(page["items"][0])["warned_about"] == wishes["warn"]
    assert response.headers["cache-control"] == "private, no-store"
    assert await found(stranger, word) == ["Cliff", "Sad", "Mine"]


async def test_what_a_search_can_not_be_asked_is_refused(town: Town, stranger: Person) -> None:
    expected = {
        "/search": {"/q"},
        "/search?board=x": {"/q"},
        "/search?q=a&q=b": {"/q"},
        f"/search?q={'a' * 501}": {"/q"},
        "/search?q=a&sort=oldest": {"/sort"},
        "/search?q=a&type=comment": {"/type/0"},
        "/search?q=a&round=1": {"/round"},
        "/search?q=a&status=open": {"/status"},
        f"/boards/{town.slug}/prompts?sort=relevance": {"/sort"},
        f"/boards/{town.slug}/fills?q={'a' * 501}": {"/q"},
    }
    for path, pointers in expected.items():
        response = await stranger.get(path)
        assert {pointer for pointer, _ in faults_of(response)} == pointers, path
    for board in ("no-such-board", "No%20Board", "%00", "%ED%A0%80", "a" * 300):
        response = await stranger.get(f"/search?q=a&board={board}")
        assert response.status_code in (404, 422), board
    response = await stranger.get("/search?q=a&board=no-such-board")
    assert (response.status_code, code_of(response)) == (404, "not-found")


async def test_a_cursor_belongs_to_its_search(town: Town, stranger: Person) -> None:
    word = new_word()
    for _ in range(3):
        await town.prompt(body=word)
    page = await stranger.read(search_path(word, limit=1))
    cursor = parse_qs(urlsplit(page["next"]).query)["cursor"][0]
    assert len((await stranger.read(search_path(word, cursor=cursor)))["items"]) == 2
    for wrong in (
        search_path(f"{word} ", cursor=cursor),
        search_path(word, cursor=cursor, sort="newest"),
        search_path(word, cursor=cursor, type="prompt"),
        search_path(word, cursor=cursor, adult="true"),
        search_path(word, cursor=f"{cursor}A"),
        search_path(word, cursor="x"),
        list_path(town, "prompts", word, cursor=cursor, sort="relevance"),
    ):
        response = await stranger.get(wrong)
        assert (response.status_code, code_of(response)) == (400, "bad-cursor"), wrong


async def test_a_reader_is_told_when_nothing_changed(town: Town, stranger: Person) -> None:
    word = new_word()
    await town.prompt(body=word)
    path = search_path(word)
    tag = await stranger.tag_of(path)
    assert (await stranger.get(path, If_None_Match=tag)).status_code == 304
    await town.prompt(body=word)
    assert (await stranger.get(path, If_None_Match=tag)).status_code == 200
    head, get = await stranger.send("HEAD", path), await stranger.get(path)
    assert (head.status_code, head.headers["etag"]) == (200, get.headers["etag"])
