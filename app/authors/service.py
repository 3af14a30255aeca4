"""Signing a post otherwise, and cutting the tie to its author."""

from typing import Any

from app.authors import queries
from app.authors.things import NewSignature, SignedPost
from app.core.database import Session
from app.identity.people import Byline


async def sign(session: Session, new: NewSignature) -> None:
    """Have a post show the name of an account, or none. Its mask stays: the edit token goes on
    working, and whoever hides their name again has the face that they had.
    """
    post = new.post
    if post.row.account_id != new.account_id:
        await post.kind.sign(session, post.row, mask_id=post.row.mask_id, account_id=new.account_id)


async def orphan(session: Session, post: SignedPost) -> None:
    """Cut the tie between a post and its author, for good. The text stays, and nobody owns it."""
    await post.kind.sign(session, post.row, mask_id=None, account_id=None)


async def given_away(session: Session, new: NewSignature) -> list[dict[str, Any]]:
    """What else readers know to be by the author of a post that is to show a name: what stands
    behind the same mask in its conversation, with the reasons. Nothing where it shows one already,
    or where neither face nor badge ties anything together.
    """
    post, mask_id = new.post, new.post.row.mask_id
    if new.account_id is None or post.row.account_id is not None or mask_id is None:
        return []
    rows = await session.all(queries.behind_mask(post.conversation, mask_id))
    kinds = {row.type for row in rows} | {post.type}
    because = ["face"] if post.settings["show_faces"] else []
    because += ["is_op"] if kinds & {"prompt", "discussion"} else []
    because += ["is_filler"] if "fill" in kinds else []
    if not because:
        return []
    return [
        {"type": row.type, "id": row.public_id, "because": because}
        for row in rows
        if (row.type, row.public_id) != (post.type, post.row.public_id)
    ]


async def badges(session: Session, post: SignedPost, signed: Byline) -> tuple[bool, bool]:
    """Whether a post that is signed so is shown to be by the OP, and by a filler."""
    is_op = post.type in ("prompt", "discussion") or signed.is_seen_as(post.op)
    if post.type == "fill":
        return is_op, True
    found = await session.first(queries.fill_seen_as(post.conversation, signed))
    return is_op, found is not None
