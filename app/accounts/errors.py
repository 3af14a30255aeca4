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


class NameImitatesStaff(Refusal):
    code = "name-imitates-staff"
    status = 422
    title = "The name would be taken for somebody else's"
    explanation = (
        "It reads like the name of somebody who keeps order here (`admin`, `m0d`, or like an "
        "administrator or a moderator of this very service), or like what the service itself calls "
        "people (`anon`, `op`). Choose another."
    )


class WrongCredentials(Refusal):
    code = "wrong-credentials"
    status = 401
    title = "Name and password don't go together"
    explanation = (
        "Nobody has this name, or the password is another. Which of both is not told. After some "
        "wrong tries the answer is 429 `rate-limited`; whoever knows the password gets in with the "
        "first."
    )
    sends = ("WWW-Authenticate",)

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": "Bearer"})
