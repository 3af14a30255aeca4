"""How accounts say no."""

from app.core.errors import Refusal


class BadName(Refusal):
    code = "bad-name"
    status = 422
    title = "The name can't be used"
    explanation = (
        "A name has 2 to 40 letters, digits, hyphens or underscores (`A-Z a-z 0-9 - _`), and "
        "begins with a letter or a digit."
    )


class NameTaken(Refusal):
    code = "name-taken"
    status = 409
    title = "The name is taken"
    explanation = "Somebody has this name already, or one that differs from it only in case."
