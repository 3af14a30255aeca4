"""How following a board says no."""

from app.core.errors import Refusal


class CursorExpired(Refusal):
    code = "cursor-expired"
    status = 410
    title = "Events are not kept that long"
    explanation = (
        "Events are kept for 90 days, and what comes after this cursor is not all there any more. "
        "Read the lists of the board anew, and follow its events from `since=latest` on (ask for "
        "that cursor first, then read the lists, so that nothing falls between). Without `since` "
        "the events that are still kept are read from the first on."
    )


class StreamsFull(Refusal):
    code = "streams-full"
    status = 503
    title = "Too many are following already"
    explanation = (
        "So many streams are open that the service takes no more, in all or from your network. "
        "Close those that you don't need, or ask for pages (`GET …/events?since=`) meanwhile: they "
        "miss nothing. Try again after `Retry-After` seconds."
    )
    sends = ("Retry-After",)

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "30"})
