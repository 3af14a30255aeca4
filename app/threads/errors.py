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
