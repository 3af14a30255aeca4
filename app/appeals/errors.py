"""How appeals say no."""

from app.core.errors import Refusal


class AlreadyAppealed(Refusal):
    code = "already-appealed"
    status = 409
    title = "You have appealed against this already"
    explanation = "Each decision may be appealed against once. Read your appeal where it is."


class SameModerator(Refusal):
    code = "same-moderator"
    status = 403
    title = "Another moderator decides about this"
    explanation = (
        "Whoever acted does not decide about the appeal against it, nor does whoever appealed. "
        "Where the board has no other moderator, an administrator does."
    )


class AlreadyDecided(Refusal):
    code = "already-decided"
    status = 409
    title = "This appeal is decided"
    explanation = "A decision about an appeal stands."
