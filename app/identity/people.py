"""Who is asking, who is posting, and what a post shows of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from app.core.sources import Source

#: What a token is: the edit token of a mask, the session of an account, the API key of a bot.
CallerKind = Literal["edit", "session", "key"]


class Authored(Protocol):
    """A row of something that has an author (:class:`app.identity.models.AuthoredMixin`)."""

    @property
    def mask_id(self) -> int | None: ...

    @property
    def account_id(self) -> int | None: ...


@dataclass(frozen=True)
class Caller:
    """Somebody who showed a token. ``account_id`` and ``name`` are ``None`` behind a mask. ``bots``
    are the masks of an account's bots: what those posted is the account's, too.

    An API key may do what its ``scopes`` say, write on the one board ``board_id`` if it has one,
    and post nothing that is rated above ``max_rating``. Others have none of these, and may do all.
    """

    mask_id: int
    account_id: int | None
    name: str | None
    is_administrator: bool
    kind: CallerKind = "edit"
    bots: frozenset[int] = frozenset()
    token_id: int = 0
    scopes: frozenset[str] | None = None
    board_id: int | None = None
    max_rating: str | None = None

    @property
    def masks(self) -> frozenset[int]:
        """All masks under which what was posted is theirs."""
        return self.bots | {self.mask_id}

    def may_moderate(self, board_id: int) -> bool:
        """Whether the token may keep order on a board, if the account behind it does."""
        has_scope = self.scopes is None or "moderate" in self.scopes
        return has_scope and self.may_write_on(board_id)

    def may_write_on(self, board_id: int) -> bool:
        """Whether the token is good on a board."""
        return self.board_id is None or self.board_id == board_id

    @property
    def owner_id(self) -> int | None:
        """The account whose signed posts are theirs. A bot owns what it posted itself, and nothing
        of what else its account did.
        """
        return self.account_id if self.kind == "session" else None

    def owns_mask(self, mask_id: int | None) -> bool:
        """Whether something made under a mask is theirs."""
        return mask_id is not None and (mask_id == self.mask_id or mask_id in self.bots)

    def owns(self, post: Authored) -> bool:
        """Whether a post is theirs: made under a mask of theirs, or signed with their name."""
        is_signed = post.account_id is not None and post.account_id == self.owner_id
        return is_signed or self.owns_mask(post.mask_id)


@dataclass(frozen=True)
class Subscriber:
    """Whose private feed is read: who they are, under which id the feed was made, when, and whether
    what is adult is in it.
    """

    caller: Caller
    feed_id: str
    since: datetime
    is_adult: bool


def has_name(caller: Caller | None) -> bool:
    """Whether an account's name stands behind somebody."""
    return caller is not None and caller.name is not None


@dataclass(frozen=True)
class Poster:
    """Whoever is posting, and where from. If a mask was made for this very post, ``new_mask`` is
    its public id, and ``edit_token`` the token for it.
    """

    mask_id: int
    caller: Caller | None
    edit_token: str | None = None
    new_mask: str | None = None
    source: Source | None = None


@dataclass(frozen=True)
class Byline:
    """Under which mask a post is made, and what of its author it shows: the name of the account
    ``account_id``, if there is one.
    """

    mask_id: int | None
    account_id: int | None = None
    is_moderator: bool = False

    @property
    def is_named(self) -> bool:
        """Whether it shows a name."""
        return self.account_id is not None

    @property
    def seen_as(self) -> tuple[int | None, int | None]:
        """By what readers know the author: the account of a post that shows a name, else the mask.
        Both are ``None`` where the author has cut the tie.
        """
        return (None, self.account_id) if self.is_named else (self.mask_id, None)

    def is_seen_as(self, other: "Byline") -> bool:
        """Whether readers may know that two posts of a conversation have one author: where one
        shows the author's name and the other doesn't, nobody is told.
        """
        return self.seen_as == other.seen_as != (None, None)
