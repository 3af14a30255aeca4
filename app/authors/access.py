"""How a request obtains a post whose author wants it signed otherwise."""

from typing import Annotated, Any

from fastapi import Depends, Path

from app.authors.errors import NotProven
from app.authors.kinds import SIGNED
from app.authors.schemas import AuthorSent, SignedType
from app.authors.things import NewSignature, SignedPost
from app.boards.posting import check_anonymity
from app.boards.settings import settings_of
from app.comments.access import head_of
from app.core.database import Session
from app.core.errors import Gone, NotAllowed, NotFound
from app.core.sessions import CurrentSession
from app.core.site import Site, TheSite
from app.fills.views import is_public
from app.identity.access import KnownCaller
from app.identity.people import Byline, Caller
from app.identity.service import mask_behind
from app.kit.ids import PATTERN
from app.threads.states import State, stands


async def _post(
    session: Session, site: Site, caller: Caller, kind: SignedType, public_id: str
) -> SignedPost:
    how = SIGNED[kind]
    row = await session.first(how.find(public_id))
    if row is None:
        raise NotFound
    await how.holds(session, row)
    row = await session.first(how.find(public_id))
    assert row is not None
    # Whose it is, is withheld with what the law wants withheld, and must not be destroyed.
    if row.state in (State.MOVED, State.HELD):
        raise NotFound
    if kind == "comment":
        head = await head_of(session, site, row, caller)
        in_sight = head.is_in_sight and row.state == State.VISIBLE
        conversation = row.said_in or head.conversation
        return SignedPost(kind, how, row, conversation, head.settings, head.op, in_sight)
    op = Byline(row.mask_id, row.account_id)
    in_sight = stands(row.state, was_visible=row.was_visible)
    if kind == "fill":
        op = Byline(row.prompt_mask_id, row.prompt_account_id)
        in_sight = is_public(row)
    return SignedPost(kind, how, row, row.conversation, settings_of(row), op, in_sight)


async def _signature(
    session: Session, site: Site, caller: Caller, sent: AuthorSent, place: tuple[SignedType, str]
) -> NewSignature:
    """:raises NotProven: it can be seen, and nothing shows that it is the caller's.
    :raises NotFound: it can't be seen, either.
    """
    post = await _post(session, site, caller, *place)
    mask_id = await mask_behind(session, sent.edit_token) if sent.edit_token else None
    is_proven = mask_id is not None and mask_id == post.row.mask_id
    if not is_proven and not caller.owns(post.row):
        raise NotProven if post.is_in_sight else NotFound
    if post.row.state == State.DELETED:
        raise Gone
    account_id = None if sent.anonymous else caller.account_id
    if not sent.anonymous and (caller.kind != "session" or account_id is None):
        raise NotProven
    signed = Byline(post.row.mask_id, account_id, post.byline.is_moderator)
    check_anonymity(post.settings, post.kind.setting, signed)
    return NewSignature(post, caller, account_id)


async def _own(
    session: Session, site: Site, caller: Caller, place: tuple[SignedType, str]
) -> SignedPost:
    """:raises NotAllowed: somebody else wrote it."""
    post = await _post(session, site, caller, *place)
    if not caller.owns(post.row):
        raise NotAllowed if post.is_in_sight else NotFound
    if post.row.state == State.DELETED:
        raise Gone
    return post


def _id_of(kind: SignedType) -> Any:
    return Path(alias=kind, pattern=PATTERN, description=f"The {kind}'s `id`.")


def _signature_of(kind: SignedType) -> Any:
    """The dependency that makes sure that a caller may sign something of a kind."""

    async def signature(
        sent: AuthorSent,
        session: CurrentSession,
        site: TheSite,
        caller: KnownCaller,
        public_id: Annotated[str, _id_of(kind)],
    ) -> NewSignature:
        return await _signature(session, site, caller, sent, (kind, public_id))

    return Depends(signature)


def _own_of(kind: SignedType) -> Any:
    """The dependency that makes sure that something of a kind is the caller's own."""

    async def own(
        session: CurrentSession,
        site: TheSite,
        caller: KnownCaller,
        public_id: Annotated[str, _id_of(kind)],
    ) -> SignedPost:
        return await _own(session, site, caller, (kind, public_id))

    return Depends(own)


PromptSignature = Annotated[NewSignature, _signature_of("prompt")]
FillSignature = Annotated[NewSignature, _signature_of("fill")]
DiscussionSignature = Annotated[NewSignature, _signature_of("discussion")]
CommentSignature = Annotated[NewSignature, _signature_of("comment")]
PromptToOrphan = Annotated[SignedPost, _own_of("prompt")]
FillToOrphan = Annotated[SignedPost, _own_of("fill")]
DiscussionToOrphan = Annotated[SignedPost, _own_of("discussion")]
CommentToOrphan = Annotated[SignedPost, _own_of("comment")]
