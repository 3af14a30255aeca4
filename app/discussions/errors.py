"""How discussions say no."""

from app.core.errors import Refusal


class DiscussionClosed(Refusal):
    code = "discussion-closed"
    status = 409
    title = "The discussion is closed"
    explanation = (
        "A moderator, or whoever began it, has closed it. It can be read, and what stands in it "
        "can be edited and deleted by its authors, but it takes no comments until it is open again "
        "(`is_closed`), not even such as a moderator would move into it. Begin another discussion "
        "on the board, if there is more to say."
    )
