"""Making of a misposted comment the fill, or the part of a fill, that it was meant to be."""

from app.comments.service import leave_stub
from app.core.database import Session
from app.core.rendering import draft_at_once
from app.fills.parts import add_part
from app.fills.schemas import FillCreate, PartCreate
from app.fills.service import post_fill
from app.identity.people import Byline
from app.moderation.things import Conversion
from app.threads.states import State


async def convert_comment(session: Session, conversion: Conversion) -> None:
    """Post what a comment says as a fill or as a part, signed as the comment was and owned by
    whoever wrote it. Where it stood a stub says where it is, and the replies to it stay below that.

    :raises Invalid: the board does not take such a fill.
    """
    comment, into = conversion.comment, conversion.into
    if conversion.type == "fill":
        part = draft_at_once(PartCreate(body=comment.body), comment.body)
        await add_part(session, into, part)
        made = into.public_id
    else:
        signed = Byline(comment.mask_id, comment.account_id, bool(comment.is_moderator))
        draft = draft_at_once(FillCreate(body=comment.body), comment.body)
        made = (await post_fill(session, into, signed, draft, State.VISIBLE)).public_id
    await leave_stub(session, conversion.source, comment, "fill", made)
