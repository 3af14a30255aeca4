"""How fills say no."""

from app.core.errors import Refusal


class LastPart(Refusal):
    code = "last-part"
    status = 409
    title = "A fill keeps at least one part"
    explanation = (
        "This is the fill's only part, and the fill links to nothing elsewhere. Edit the part, or "
        "delete the whole fill."
    )


class TooManyParts(Refusal):
    code = "too-many-parts"
    status = 409
    title = "The fill has as many parts as a fill can have"
    explanation = "A fill has at most 1,000 parts. A part may have 500,000 characters."
