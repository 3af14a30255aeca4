"""What the authors of posts are told of them."""

from app.threads.states import State


def notices(state: State) -> list[dict[str, str]]:
    """What the author of something posted in this state should know."""
    if state != State.SCREENED:
        return []
    message = (
        "This waits for a moderator of the board. Until it is released, only you (with your "
        "token) and the moderators see it."
    )
    return [{"code": "waits-for-moderator", "message": message}]


def status_of_new(state: State) -> int:
    """The HTTP status for something posted in this state."""
    return 202 if state == State.SCREENED else 201
