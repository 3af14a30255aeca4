"""Posts that are signed, whatever kind of thing they are."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Select

from app.authors.schemas import SignedType
from app.boards.posting import PostKind
from app.comments.views import url as comment_url
from app.core.database import Session
from app.core.site import Site
from app.discussions.views import url as discussion_url
from app.fills.views import url as fill_url
from app.identity.people import Byline, Caller
from app.prompts.views import url as prompt_url

#: Where each kind of post is read, by its public id.
URLS: dict[str, Callable[[Site, str], str]] = {
    "prompt": prompt_url,
    "fill": fill_url,
    "discussion": discussion_url,
    "comment": comment_url,
}


class Signing(Protocol):
    """Has a post (its row) be signed otherwise: under a mask, and with an account's name."""

    async def __call__(
        self, session: Session, row: Any, /, *, mask_id: int | None, account_id: int | None
    ) -> None: ...


@dataclass(frozen=True)
class SignedKind:
    """A kind of post. ``find`` asks for its row by its public id, whatever its state; ``holds``
    holds whatever changes with its author, in the order of all holds. ``sign`` is the verb of its
    room, and ``setting`` the kind of anonymity that boards set for it.
    """

    find: Callable[[str], Select[Any]]
    holds: Callable[[Session, Any], Awaitable[None]]
    sign: Signing
    setting: PostKind


@dataclass(frozen=True)
class SignedPost:
    """A post, held, with what its author's badges depend on. ``op`` signs what stands at the head
    of the conversation, ``is_in_sight`` says that everybody may see it.
    """

    type: SignedType
    kind: SignedKind
    row: Any
    conversation: str
    settings: dict[str, Any]
    op: Byline
    is_in_sight: bool

    @property
    def byline(self) -> Byline:
        """How it is signed."""
        return Byline(self.row.mask_id, self.row.account_id, bool(self.row.is_moderator))


@dataclass(frozen=True)
class NewSignature:
    """A post, and the account whose name it is to show; ``None`` for none."""

    post: SignedPost
    caller: Caller
    account_id: int | None
