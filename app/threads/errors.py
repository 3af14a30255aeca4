"""How threads say no, whatever stands at their head."""

from app.core.errors import Refusal


class Frozen(Refusal):
    code = "frozen"
    status = 409
    title = "Nothing can be posted below this"
    explanation = (
        "A moderator has frozen it, or something above it. It can be read, but takes no replies, "
        "fills or parts."
    )


class LinksWait(Refusal):
    code = "links-wait"
    status = 409
    title = "New links wait for a moderator here"
    explanation = (
        "On this board posts that hold links wait for a moderator (its setting `screening`), and "
        "what people read already can't be taken away to wait. Leave the new link out, or post it "
        "in a comment, which can wait. Links that stood there before may stay, and what still "
        "waits for a moderator may be changed as you like."
    )
