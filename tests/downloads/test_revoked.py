"""A token that is revoked stops at once, also for a file that is being sent."""

import pytest
from fastapi import FastAPI

from app.core.answers import AnswerCut
from app.downloads.formats.text import TextWriter
from app.downloads.sending import Reading
from app.fills.queries import seen_fill
from app.identity.people import Caller
from app.identity.queries import owner_of_token
from app.kit.tokens import hash_of
from tests.moderation.keeping import act
from tests.people import Town


async def test_a_file_is_cut_off_when_the_token_of_its_reader_is_revoked(
    town: Town, service: FastAPI
) -> None:
    author, site = town.somebody(), service.state.site
    fill = await town.fill(await town.prompt(), author, parts_expected=None)
    for number in range(3):
        await author.make(f"/fills/{fill['id']}/parts", {"body": f"Part {number}"})
    await act(town, "hide", fill)
    (token,) = (await author.read("/me/tokens"))["items"]
    async with site.database.reading() as session:
        owner = await session.first(owner_of_token(hash_of(author.token or "")))
        assert owner is not None
        caller = Caller(owner.mask_id, None, None, is_administrator=False, token_id=owner.id)
        row = await session.first(seen_fill(fill["id"], caller))
        reading = await Reading.begin(session, site, caller, row, adult=False)
    sent = []

    async def read_and_revoke() -> None:
        async for chunk in reading.send(TextWriter(reading.work)):
            sent.append(chunk)
            if len(sent) == 2:
                await author.take_away(f"/me/tokens/{token['id']}")

    with pytest.raises(AnswerCut):
        await read_and_revoke()
    assert len(sent) == 2
