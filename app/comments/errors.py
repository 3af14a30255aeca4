"""How comments say no."""

from app.core.errors import Refusal


class ReplyToDeleted(Refusal):
    code = "reply-to-deleted"
    status = 409
    title = "What this replies to was taken away"
    explanation = (
        "The comment named by `parent_id` was deleted by its author, or hidden or moved elsewhere "
        "by a moderator. "
        "Reply to another comment, or leave `parent_id` out to begin anew in the same thread."
    )
