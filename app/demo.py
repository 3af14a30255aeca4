"""A small board to look at: two prompts, a fill in three parts, a thread, a discussion."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, select

from app.boards.models import BOARD
from app.boards.queries import board as board_query
from app.boards.schemas import BoardCreate, BoardSettings
from app.boards.service import found_board
from app.comments.heads import Head, discussion_head, fill_head, prompt_head
from app.comments.service import CommentDraft, post_comment
from app.core.database import Database, Session
from app.core.rendering import draft
from app.core.site import Site
from app.discussions.queries import discussion as discussion_query
from app.discussions.schemas import DiscussionCreate
from app.discussions.service import begin_discussion
from app.fills.models import FILL
from app.fills.parts import add_part
from app.fills.queries import visible_fills
from app.fills.schemas import FillCreate, FillUpdate, PartCreate
from app.fills.service import edit_fill, post_fill
from app.identity.people import Byline
from app.identity.service import mint_mask
from app.kit.markup import render
from app.prompts.models import PROMPT
from app.prompts.queries import visible_prompts
from app.prompts.schemas import PromptCreate
from app.prompts.service import post_prompt

SLUG = "found-family"

_BOARD = BoardCreate(
    slug=SLUG,
    name="The Found Family Meme",
    description="Strangers who become kin. All fandoms, all media, general audiences.",
    rules=["One prompt a post.", "Be kind: somebody else's cup of tea is still tea."],
    settings=BoardSettings(default_rating="general", max_rating="teen"),
)
_LIGHTHOUSE = PromptCreate(
    title="The lighthouse keeper adopts a storm",
    body="A lonely lighthouse keeper befriends whatever the storm washed up.\n\n"
    "*Found family*, please, and a kettle that is always on.",
    fandoms=["Original Work"],
    characters=["The Keeper", "The Storm"],
    relationships=["The Keeper & The Storm"],
    tags=["found family", "fluff"],
    notes_choice="none_apply",
    language="en",
)
_HEIST = PromptCreate(
    title="Rival librarians, one missing book",
    body="Two librarians have bickered across the reference desk for years. Now the rarest book of "
    "the house is gone, and each suspects the other. **Banter**, a rescue, and a happy end.",
    fandoms=["Original Work"],
    tags=["banter", "rescue", "rivals to friends"],
    mediums=["fic", "art"],
    do_not_want="No real villains: it was a misunderstanding.",
    language="en",
)
_QUESTION = DiscussionCreate(
    kind="ask_a_mod",
    title="Are crossovers welcome?",
    body="Two lighthouses, *one* storm: which fandom do I name first?",
)
_PARTS = (
    """\
Author's note: this ran away from me. Three parts, OP, and the kettle is in all of them.

The storm knocked first, which the Keeper thought polite.

“Come in,” he said – to the weather, to the dark, to nobody at all. “The kettle is on.”

And something came in.
""",
    """\
By morning there were puddles on the stairs, and a small grey cloud asleep in the coal scuttle.

“Well,” said the Keeper… and fetched a second cup.
""",
    """\
Ships still talk about it: the light that never failed, and the laughter in the rain.

“You could leave, you know,” the Keeper said one evening.

The storm put the kettle on.
""",
)


async def put_demo_board(database: Database, site: Site) -> bool:
    """Make the demo board in an empty database; leave any other as it is, and say which it was."""
    async with database.writing() as session:
        if await session.first(select(BOARD.id).limit(1)):
            return False
        await found_board(session, _BOARD, None)
        board = await _one(session, board_query(SLUG))
        asker, writer, reader = [await _somebody(session) for _ in range(3)]
        await post_prompt(session, board, reader, await draft(_HEIST, _HEIST.body))
        prompt = await post_prompt(
            session, board, asker, await draft(_LIGHTHOUSE, _LIGHTHOUSE.body)
        )
        prompt_row = await _one(session, visible_prompts().where(PROMPT.id == prompt.id))
        fill = await _story(session, prompt_row, writer)
        talk = _Talk(session, fill_head(site, fill, adult=False))
        first = await talk.say(
            asker, "OP here: the *kettle*! Thank you, this made my week.", part=1
        )
        await talk.say(writer, "And thank you for the prompt: I could not put it down.", first)
        await talk.say(reader, "A cloud in the coal scuttle. I am undone.", part=2)
        below_prompt = _Talk(session, prompt_head(site, prompt_row, adult=False))
        await below_prompt.say(reader, "Oh, I want this too!")
        asked = await begin_discussion(
            session, board, reader, await draft(_QUESTION, _QUESTION.body, is_filed=False)
        )
        question = await _one(session, discussion_query(asked.public_id))
        on_board = _Talk(session, discussion_head(site, question, adult=False))
        await on_board.say(writer, "No mod, but I name both. Nobody has minded yet.")
        return True


async def _somebody(session: Session) -> Byline:
    minted = await mint_mask(session)
    return Byline(minted.mask_id)


async def _story(session: Session, prompt: Any, writer: Byline) -> Row[Any]:
    sent = FillCreate(title="Kettle Weather", body=_PARTS[0], parts_expected=3)
    fill = await post_fill(session, prompt, writer, await draft(sent, sent.body))
    query = visible_fills().where(FILL.id == fill.id)
    for text in _PARTS[1:]:
        part = PartCreate(body=text)
        await add_part(session, await _one(session, query), await draft(part, part.body))
    await edit_fill(session, await _one(session, query), FillUpdate(status="complete"))
    return await _one(session, query)


async def _one(session: Session, query: Select[Any]) -> Row[Any]:
    row = await session.first(query)
    assert row is not None
    return row


@dataclass
class _Talk:
    session: Session
    head: Head

    async def say(
        self, who: Byline, text: str, reply_to: str | None = None, part: int | None = None
    ) -> str:
        ready = CommentDraft(text, render(text), reply_to, part)
        posted = await post_comment(self.session, self.head, who, ready)
        return str(posted["public_id"])
