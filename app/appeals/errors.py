"""How appeals say no."""

from app.core.errors import Refusal


class AlreadyAppealed(Refusal):
    code = "already-appealed"
    status = 409
    title = "You have appealed against this already"
    explanation = "Each decision may be appealed against once. Read your appeal where it is."


class AlreadyDecided(Refusal):
    code = "already-decided"
    status = 409
    title = "This appeal is decided"
    explanation = "A decision about an appeal stands."
