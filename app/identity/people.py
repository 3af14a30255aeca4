"""Who is asking, who is posting, and what a post shows of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Caller:
    """Somebody who showed a token. ``account_id`` and ``name`` are ``None`` behind a mask."""

    mask_id: int
    account_id: int | None
    name: str | None
    is_administrator: bool

    def owns(self, mask_id: int | None) -> bool:
        """Whether something made under a mask is theirs."""
        return mask_id is not None and mask_id == self.mask_id


def has_name(caller: Caller | None) -> bool:
    """Whether an account's name stands behind somebody."""
    return caller is not None and caller.name is not None


@dataclass(frozen=True)
class Poster:
    """Whoever is posting. If a mask was made for this very post, ``new_mask`` is its public id, and
    ``edit_token`` the token for it.
    """

    mask_id: int
    caller: Caller | None
    edit_token: str | None = None
    new_mask: str | None = None


@dataclass(frozen=True)
class Byline:
    """Under which mask a post is made, and what of its author it shows."""

    mask_id: int | None
    is_named: bool
    is_moderator: bool = False

    def is_seen_as(self, other: "Byline") -> bool:
        """Whether readers may know that two posts of a conversation have one author: where one
        shows the author's name and the other doesn't, nobody is told.
        """
        same_mask = self.mask_id is not None and self.mask_id == other.mask_id
        return same_mask and self.is_named == other.is_named
