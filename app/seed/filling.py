"""Filling a board.

A few works, or a few threads, are posted in each transaction, and after each of them the board is
as consistent as if people had posted.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any, TypeVar

from app.boards.bulk import found_long_ago, round_ids
from app.boards.queries import board as board_query
from app.boards.schemas import BoardCreate, BoardSettings
from app.boards.service import found_board, next_number
from app.boards.settings import settings_of
from app.claims.service import put_claims
from app.comments.bulk import Said, Talk, put_talks
from app.core.database import Database, Session
from app.core.errors import Refusal
from app.fills.bulk import BroughtFill, put_fills
from app.identity.service import mint_masks
from app.kit.clock import now
from app.kit.ids import new_id
from app.prompts.bulk import FillNews, put_prompts, tell_of_fills
from app.seconds.service import put_seconds
from app.seed import tags
from app.seed.crowd import NAMED, gather, masks_of
from app.seed.talk import AUTHOR, Head, Remark, conversation, shares
from app.seed.works import AGE, PlannedFill, PlannedPrompt, Timeline, fill_row, prompt_row
from app.tags.schemas import AliasCreate, ParentCreate
from app.tags.service import add_alias, add_parent
from app.threads.models import ThreadKind
from app.threads.service import open_threads

Item = TypeVar("Item")
Work = PlannedPrompt | PlannedFill
#: By the identity of a work: its mask, and whether it shows its name.
Authors = dict[int, tuple[int, int | None]]
#: Told how much has been posted since it was told last.
Advance = Callable[[int], None]

#: Works, and comments, that one transaction posts.
_WORKS_AT_ONCE, _COMMENTS_AT_ONCE = 1000, 2000
_ROUNDS = 6


class BoardIsFilledError(RuntimeError):
    """The board has prompts already. The message is for the operator."""


@dataclass(frozen=True)
class Plan:
    """How much is to be posted, and where. ``deep`` of the comments are in one long thread."""

    slug: str
    prompts: int
    fills: int
    comments: int
    deep: int
    seed: int
    is_added: bool = False

    @property
    def total(self) -> int:
        """How much that is in all."""
        return self.prompts + self.fills + self.comments


@dataclass(frozen=True)
class _Known:
    """What later fills need to know of a prompt."""

    prompt_id: int
    number: int
    conversation: str
    round_id: int
    mask_id: int
    account_id: int | None


async def fill_board(database: Database, plan: Plan, advance: Advance) -> None:
    """Post what was planned.

    :raises BoardIsFilledError: the board has prompts already, and nobody asked for more of them.
    """
    until = now().replace(hour=0, minute=0, second=0, microsecond=0)
    async with database.writing() as session:
        board = await _board(session, plan, until)
        rounds = await round_ids(session, board.id)
        crowd, accounts = await gather(session, until - AGE)
    await _say_what_tags_mean(database, board.id)
    filling = _Filling(database, board, rounds, crowd, accounts, until)
    timeline = Timeline(plan.seed, plan.prompts, plan.fills, until, filling.settings)
    for works in _few(timeline.works(), _WORKS_AT_ONCE):
        await filling.post(works)
        advance(len(works))
    rng = Random(f"{plan.seed}:talk")  # noqa: S311 - it is to be the same again
    counts = shares(rng, len(filling.heads), plan.comments, plan.deep)
    for talks in _together(counts):
        await filling.talk(rng, talks)
        advance(sum(many for _, many in talks))


async def _board(session: Session, plan: Plan, until: datetime) -> Any:
    """The board, which is made unless it is there."""
    board = await session.first(board_query(plan.slug))
    if board is not None and board.last_number and not plan.is_added:
        raise BoardIsFilledError(
            f"the board {plan.slug} has prompts already: choose another, or say --add"
        )
    if board is None:
        sent = BoardCreate(
            slug=plan.slug,
            name=f"Benchmark {plan.slug}",
            description="Made by a program, to be measured.",
            settings=BoardSettings(default_rating="general", claims=True),
        )
        await found_board(session, sent, None)
        board = await session.first(board_query(plan.slug))
        assert board is not None
        began = [until - AGE + AGE * number / _ROUNDS for number in range(_ROUNDS)]
        await found_long_ago(session, board.id, began)
    return board


async def _say_what_tags_mean(database: Database, board_id: int) -> None:
    async with database.writing() as session:
        for kind, alias, canonical in tags.ALIASES:
            sent = AliasCreate.model_validate(
                {"kind": kind, "alias": alias, "canonical": canonical}
            )
            try:
                await add_alias(session, board_id, sent)
            except Refusal:
                # The moderators of the board have said already what it means.
                continue
        for name, fandom in tags.parents():
            await add_parent(
                session, board_id, ParentCreate(kind="character", name=name, fandom=fandom)
            )


class _Filling:
    """A board that is being filled."""

    def __init__(
        self,
        database: Database,
        board: Any,
        rounds: list[int],
        crowd: list[int],
        accounts: dict[int, int],
        until: datetime,
    ) -> None:
        self.settings = settings_of(board)
        #: What stands by now, the oldest first.
        self.heads: list[Head] = []
        self._database = database
        self._board_id: int = board.id
        self._rounds = rounds
        self._crowd = crowd
        self._accounts = accounts
        self._until = until
        self._known: dict[int, _Known] = {}

    async def post(self, works: Sequence[Work]) -> None:
        """Post a few works in one transaction."""
        prompts = [work for work in works if isinstance(work, PlannedPrompt)]
        fills = [work for work in works if isinstance(work, PlannedFill)]
        known_before = {
            work.place: self._known[work.place] for work in fills if work.place in self._known
        }
        async with self._database.writing() as session:
            authors = await self._authors(session, works)
            # Prompts of before are held before the board is.
            await tell_of_fills(session, self._news(fills, authors, known_before))
            threads = await self._threads(session, works)
            heads = await self._post_prompts(session, prompts, authors, threads)
            new = {work.place: self._known[work.place] for work in prompts}
            await tell_of_fills(session, self._news(fills, authors, new))
            heads |= await self._post_fills(session, fills, authors, threads)
        self.heads += [heads[id(work)] for work in works]

    async def talk(self, rng: Random, talks: Sequence[tuple[int, int]]) -> None:
        """Have some works (by their places) talked about, each so many times."""
        is_named = self.settings["anonymity_comments"] != "required"
        planned = [
            (
                self.heads[place],
                list(conversation(rng, self.heads[place], many, self._until, is_named=is_named)),
            )
            for place, many in talks
        ]
        async with self._database.writing() as session:
            said = [
                await self._talk(session, head, remarks, is_named=is_named)
                for head, remarks in planned
            ]
            await put_talks(session, said)

    async def _threads(self, session: Session, works: Sequence[Work]) -> dict[int, tuple[int, str]]:
        """A thread for each work, in their order, and its conversation."""
        conversations: dict[int, str] = {}
        heads = []
        for work in works:
            if isinstance(work, PlannedPrompt):
                conversations[work.place] = new_id()
                heads.append((ThreadKind.PROMPT, conversations[work.place]))
            else:
                standing = self._known.get(work.place)
                own = standing.conversation if standing else conversations[work.place]
                heads.append((ThreadKind.FILL, own))
        numbers = await open_threads(session, self._board_id, heads)
        return {
            id(work): (number, own)
            for work, number, (_, own) in zip(works, numbers, heads, strict=True)
        }

    async def _post_prompts(
        self,
        session: Session,
        prompts: Sequence[PlannedPrompt],
        authors: Authors,
        threads: dict[int, tuple[int, str]],
    ) -> dict[int, Head]:
        if not prompts:
            return {}
        last = await next_number(session, self._board_id, len(prompts))
        numbers = range(last - len(prompts) + 1, last + 1)
        rows = [
            prompt_row(
                work,
                board_id=self._board_id,
                round_id=self._round(work.at),
                thread_id=threads[id(work)][0],
                number=number,
                mask_id=authors[id(work)][0],
                account_id=authors[id(work)][1],
                claimed_until=max(map(self._expiry, work.claims), default=None),
            )
            for work, number in zip(prompts, numbers, strict=True)
        ]
        ids = await put_prompts(
            session, [(row, work.body) for row, work in zip(rows, prompts, strict=True)]
        )
        heads = {}
        for work, row, prompt_id in zip(prompts, rows, ids, strict=True):
            thread_id, own = threads[id(work)]
            place = (row["round_id"], row["mask_id"], row["account_id"])
            self._known[work.place] = _Known(prompt_id, row["number"], own, *place)
            heads[id(work)] = Head(thread_id, prompt_id, None, place[0], work.at, *place[1:])
        await self._second_and_claim(session, prompts)
        return heads

    async def _second_and_claim(self, session: Session, prompts: Sequence[PlannedPrompt]) -> None:
        seconds, claims = [], []
        for work in prompts:
            prompt_id = self._known[work.place].prompt_id
            who = [self._crowd[each] for each in work.seconders]
            whose = [*who, *(None for _ in work.seconds[len(who) :])]
            seconds += [(prompt_id, mask, at) for mask, at in zip(whose, work.seconds, strict=True)]
            claims += [
                (prompt_id, self._crowd[each], at, self._expiry(at))
                for each, at in zip(work.claimants, work.claims, strict=True)
            ]
        await put_seconds(session, seconds)
        await put_claims(session, claims)

    async def _post_fills(
        self,
        session: Session,
        fills: Sequence[PlannedFill],
        authors: Authors,
        threads: dict[int, tuple[int, str]],
    ) -> dict[int, Head]:
        if not fills:
            return {}
        brought = [
            BroughtFill(self._fill_row(work, threads[id(work)][0], *authors[id(work)]), work.parts)
            for work in fills
        ]
        ids, parts = await put_fills(session, brought)
        heads = {}
        for work, fill, fill_id, part_ids in zip(fills, brought, ids, parts, strict=True):
            known, row = self._known[work.place], fill.row
            heads[id(work)] = Head(
                row["thread_id"],
                known.prompt_id,
                fill_id,
                known.round_id,
                work.at,
                row["mask_id"],
                row["account_id"],
                tuple(part_ids),
            )
        return heads

    def _fill_row(
        self, work: PlannedFill, thread_id: int, mask_id: int, account_id: int | None
    ) -> dict[str, Any]:
        known = self._known[work.place]
        return fill_row(
            work,
            board_id=self._board_id,
            round_id=known.round_id,
            prompt_id=known.prompt_id,
            thread_id=thread_id,
            mask_id=mask_id,
            account_id=account_id,
        )

    def _news(
        self, fills: Sequence[PlannedFill], authors: Authors, prompts: dict[int, _Known]
    ) -> list[FillNews]:
        """What some prompts learn of fills."""
        news = []
        for work in fills:
            if (known := prompts.get(work.place)) is not None:
                status = work.row["status"]
                news.append(
                    FillNews(
                        known.prompt_id,
                        fills=1,
                        wip=int(status == "wip"),
                        complete=int(status == "complete"),
                        own=int(authors[id(work)] == (known.mask_id, known.account_id)),
                        filled_at=work.row["filled_at"],
                        active_at=work.row["last_activity_at"],
                    )
                )
        return news

    async def _authors(self, session: Session, works: Sequence[Work]) -> Authors:
        """The mask of each work, and the account whose name it shows."""
        asked, at = [work.author for work in works], [work.at for work in works]
        masks = await masks_of(session, self._crowd, asked, at)
        authors: Authors = {}
        places = {work.place for work in works} & self._known.keys()
        of_prompts = {
            place: (self._known[place].mask_id, self._known[place].account_id) for place in places
        }
        for work, mask_id in zip(works, masks, strict=True):
            author = (mask_id, self._accounts[mask_id] if work.author.is_named else None)
            if isinstance(work, PlannedPrompt):
                of_prompts[work.place] = author
            elif work.is_own:
                author = of_prompts[work.place]
            authors[id(work)] = author
        return authors

    async def _talk(
        self, session: Session, head: Head, remarks: Sequence[Remark], *, is_named: bool
    ) -> Talk:
        strangers = sorted({each.author for each in remarks if each.author < AUTHOR})
        masks = dict(
            zip(strangers, await mint_masks(session, [head.at] * len(strangers)), strict=True)
        )
        masks |= {AUTHOR: head.mask_id, **dict(enumerate(self._crowd))}
        said = [
            Said(
                each.body,
                each.body_html,
                each.at,
                masks[each.author],
                account_id=self._account(each.author, head) if is_named else None,
                reply_to=each.reply_to,
                part_id=None if each.part is None else head.part_ids[each.part],
            )
            for each in remarks
        ]
        place = (head.thread_id, self._board_id, head.round_id, head.prompt_id, head.fill_id)
        return Talk(*place, said)

    def _account(self, author: int, head: Head) -> int | None:
        """The account whose name somebody shows in a talk."""
        if author == AUTHOR:
            return head.account_id
        return self._accounts[self._crowd[author]] if 0 <= author < NAMED else None

    def _round(self, at: datetime) -> int:
        """The round of an instant: all of them were as long."""
        part = (at - (self._until - AGE)) / AGE
        return self._rounds[min(int(part * len(self._rounds)), len(self._rounds) - 1)]

    def _expiry(self, at: datetime) -> datetime:
        return at + timedelta(days=self.settings["claim_days"])


def _few(items: Iterable[Item], many: int) -> Iterator[list[Item]]:
    following = iter(items)
    while few := list(islice(following, many)):
        yield few


def _together(counts: dict[int, int]) -> Iterator[list[tuple[int, int]]]:
    """Threads that are filled together, with how much is said in each."""
    some: list[tuple[int, int]] = []
    for place, many in counts.items():
        some.append((place, many))
        if sum(each for _, each in some) >= _COMMENTS_AT_ONCE:
            yield some
            some = []
    if some:
        yield some
