"""How boards say no."""

from typing import Any, ClassVar

from app.core.errors import Refusal


class SlugTaken(Refusal):
    code = "slug-taken"
    status = 409
    title = "A board has this slug already"
    explanation = "A board's `slug` is its address and belongs to one board. Choose another."


class NotOwner(Refusal):
    code = "not-owner"
    status = 403
    title = "This is for the board's owners"
    explanation = (
        "Owners of a board, and administrators, appoint its moderators and dismiss them. A "
        "moderator may leave."
    )


class LastOwner(Refusal):
    code = "last-owner"
    status = 409
    title = "The board would be left without an owner"
    explanation = (
        "One owner at least stays. To hand the board over, make somebody else its owner first."
    )


class Banned(Refusal):
    code = "banned"
    status = 403
    title = "The moderators of this board have banned you"
    explanation = (
        "You can read, and delete or export what is yours, and post nothing on this board, `until` "
        "the ban ends (null: for good). `reason` is a code of `/v1/reasons`. A ban stands in the "
        "board's public log without saying whom it meets; what you posted tells you its entry "
        "there (`moderation`), against which you may appeal."
    )
    example: ClassVar[dict[str, Any]] = {"until": "2026-12-01T18:00:00Z", "reason": "harassment"}

    def __init__(self, until: str | None, reason: str) -> None:
        when = f"until {until}" if until else "for good"
        super().__init__(f"You are banned from this board {when}.", until=until, reason=reason)


class AnonymityRequired(Refusal):
    code = "anonymity-required"
    status = 403
    title = "This board takes this from anonymous authors alone"
    explanation = (
        "The board's setting `anonymity_prompts`, `anonymity_fills` or `anonymity_comments` is "
        "`required`, and this would have shown an account's name. Send `anonymous: true`: the post "
        "is yours all the same. Only what a moderator posts as one (`as_moderator`) is exempt. "
        "It is refused at once, and not kept for a moderator to look at. A name is not revealed "
        "there, either, and no comment under a name is made into a fill."
    )


class NameRequired(Refusal):
    code = "name-required"
    status = 403
    title = "This board takes this only under an account's name"
    explanation = (
        "The board's setting `anonymity_prompts`, `anonymity_fills` or `anonymity_comments` is "
        "`off`, or its `posting` is `named` for the time being. Send an account's token, and leave "
        "`anonymous` out. What was posted anonymously before can be edited and deleted as ever. No "
        "name is hidden there, and no anonymous comment is made into a fill; but to leave what is "
        "yours without an author is always possible."
    )


class PostingPaused(Refusal):
    code = "posting-paused"
    status = 409
    title = "The board takes no posts now"
    explanation = (
        "Its moderators have paused it, which is their switch for emergencies: until it is open "
        "again only they post and edit. What is yours you can delete even now. `until` says when "
        "it opens by itself, and is null where a moderator will have to open it."
    )
    example: ClassVar[dict[str, Any]] = {"until": "2026-11-03T08:00:00Z"}


class RoundClosed(Refusal):
    code = "round-closed"
    status = 409
    title = "The round does not take this now"
    explanation = (
        "A round takes prompts in its phase `prompting`; comments, fills and parts until it is "
        "`archived`, after which not even edits are taken, only deletions. `phase` says where it "
        "stands, and `opens_at` when the board takes prompts next, if that is known."
    )
    example: ClassVar[dict[str, Any]] = {
        "detail": "Round 2 is closed. Prompts are taken from 2026-12-01T18:00:00Z on.",
        "phase": "closed",
        "opens_at": "2026-12-01T18:00:00Z",
    }
