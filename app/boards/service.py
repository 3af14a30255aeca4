"""What can be done with boards."""

from typing import Any

from pydantic import ValidationError
from sqlalchemy import Row, Update, and_, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from app.boards import queries
from app.boards.errors import SlugTaken
from app.boards.keeping import record
from app.boards.models import BOARD, ROUND, Board, Moderator, Round
from app.boards.rounds import close_round, follow_setting
from app.boards.schemas import BoardCreate, BoardSettings, BoardUpdate
from app.boards.settings import settings_of
from app.core.database import Prepared, Session, parameter
from app.core.errors import Invalid, fault, invalid
from app.core.tables import is_unchanged, table_of
from app.identity.people import Caller
from app.outbox.models import EventType
from app.outbox.service import tell


async def found_board(session: Session, sent: BoardCreate, founder: Caller | None) -> None:
    """Make a board with its first round; its founder, if there is one, owns it.

    :raises SlugTaken: another board has the slug.
    :raises Invalid: nobody has the name of an account that is trusted.
    """
    if await session.scalar(select(BOARD.id).where(BOARD.slug == sent.slug)):
        raise SlugTaken
    await _check_accounts(session, sent.settings.trusted_accounts)
    fields = sent.model_dump(mode="json")
    board = Board(**fields)
    try:
        await session.add(board)
    except IntegrityError as error:
        # Somebody else took it in the same moment.
        raise SlugTaken from error
    closes_at_comments = sent.settings.close_round_at_comments
    await session.add(
        Round(board_id=board.id, number=1, title="Round 1", closes_at_comments=closes_at_comments)
    )
    if founder is not None and founder.account_id is not None:
        await session.add(Moderator(board_id=board.id, account_id=founder.account_id, role="owner"))


async def change_board(
    session: Session, board: Row[Any], sent: BoardUpdate, keeper: Caller
) -> None:
    """Change what was sent of a board. That posting is paused, or open again, stands in its log.

    :raises Invalid: the settings don't go together with those that stay, or nobody has the name of
        an account that is trusted.
    """
    await _check_accounts(session, sent.settings.trusted_accounts)
    changes = sent.model_dump(mode="json", exclude_unset=True)
    if "settings" in changes:
        changes["settings"] = _merged(settings_of(board), changes["settings"])
    if is_unchanged(board, changes):
        return
    await session.run(
        update(table_of(Board)).where(BOARD.id == board.id).values(**changes, edits=BOARD.edits + 1)
    )
    tell(session, board.id, EventType.BOARD_UPDATED, "")
    if "settings" in changes:
        old, new = (
            each["close_round_at_comments"] for each in (settings_of(board), changes["settings"])
        )
        if old != new:
            await follow_setting(session, board.id, old, new)
        was_paused, is_paused = (
            each["posting"] == "paused" for each in (settings_of(board), changes["settings"])
        )
        if was_paused != is_paused:
            await record(session, board.id, keeper, "pause" if is_paused else "resume")


async def hold_board(session: Session, board_id: int) -> None:
    """Hold a board's row until the commit, so that what depends on the board's whole state follows
    one another.
    """
    await session.execute(
        select(BOARD.id).where(BOARD.id == board_id).with_for_update(key_share=True)
    )


async def next_number(session: Session, board_id: int, how_many: int = 1) -> int:
    """Hand out the number of a new prompt, or the last of those of many. It holds the board's row
    until the commit, so numbers are committed in their order.
    """
    number = await session.scalar(
        update(table_of(Board))
        .where(BOARD.id == board_id)
        .values(last_number=BOARD.last_number + how_many)
        .returning(BOARD.last_number)
    )
    assert isinstance(number, int)
    return number


async def count(
    session: Session,
    board_id: int,
    round_id: int,
    *,
    prompts: int = 0,
    fills: int = 0,
    comments: int = 0,
) -> None:
    """Move the counters of a round and its board by what came (or, below 0, went). The comment that
    fills a prompting round up closes it.
    """
    posts = {"prompts_count": prompts, "fills_count": fills}
    if prompts or fills:
        await session.run(_moving(Board, posts).where(BOARD.id == board_id))
    if not (prompts or fills or comments):
        return
    if comments == 1 and not (prompts or fills):
        is_full = bool((await session.fetch(_COUNT_COMMENT, round_id=round_id))[0][0])
    else:
        moved = {**posts, "comments_count": comments}
        is_full = bool(await session.scalar(_counting(moved, round_id)))
    if is_full and comments > 0:
        await close_round(session, board_id, round_id)


def _counting(moved: dict[str, int], round_id: Any) -> Any:
    """The statement that moves the counters of a round, and says whether it is full then and still
    takes prompts.
    """
    is_full = ROUND.comments_count >= ROUND.closes_at_comments
    in_round = _moving(Round, moved).where(ROUND.id == round_id)
    return in_round.returning(and_(ROUND.phase == "prompting", is_full))


def _moving(table: type[SQLModel], moved: dict[str, int]) -> Update:
    values = {name: getattr(table, name) + by for name, by in moved.items() if by}
    return update(table_of(table)).values(**values)


#: What is counted most.
_COUNT_COMMENT = Prepared(_counting({"comments_count": 1}, parameter("round_id")))


async def _check_accounts(session: Session, names: list[str]) -> None:
    """Names in settings are those of accounts, in whatever case: trust in a name that nobody has
    would go to whoever takes it.
    """
    if not names:
        return
    known = {row.name_key for row in await session.all(queries.accounts_named(names))}
    faults = [
        fault("body", f"/settings/trusted_accounts/{at}", "no_such_account", "No such account.")
        for at, name in enumerate(names)
        if name.lower() not in known
    ]
    if faults:
        raise Invalid("No such account.", errors=faults)


def _merged(old: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    try:
        return BoardSettings.model_validate({**old, **changes}).model_dump(mode="json")
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        raise invalid("body", "/settings", wrong["type"], wrong["msg"]) from error
