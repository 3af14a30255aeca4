"""How moderation says no."""

from app.core.errors import Refusal


class NothingToDo(Refusal):
    code = "nothing-to-do"
    status = 409
    title = "That is so already"
    explanation = (
        "The action would change nothing: what is to be hidden is hidden, what is to be moved "
        "stands there, or its author has deleted it meanwhile. Nothing was written to the log. Of "
        "several `targets` those are passed over that are so already; this is answered where all "
        "of them are."
    )


class TooManyActions(Refusal):
    code = "too-many-actions"
    status = 429
    title = "You have acted upon too much in this hour"
    explanation = (
        "With `targets` or `author_of` one moderator acts upon 500 things in an hour at most, so "
        "that a stolen token, or a mistake, does not empty a board. Have another moderator do the "
        "rest, or do it later."
    )
    sends = ("Retry-After",)

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "3600"})


class AnotherAuthor(Refusal):
    code = "another-author"
    status = 409
    title = "This would tie two posts to one author"
    explanation = (
        "A comment becomes a part of a fill only where readers see both as one person's, and a "
        "fill only in the conversation in which it was said: elsewhere its author wears another "
        "face, and whoever followed the stub would know both. Where the author signs with a name, "
        "a comment may become a fill anywhere."
    )


class LeavesAdultThread(Refusal):
    code = "leaves-adult-thread"
    status = 409
    title = "The comment would leave a thread about adult material"
    explanation = (
        "It stands below something adult, and would be moved below something that is not: then "
        "everybody reads it, whether or not they asked for adult material. Read it and all that is "
        "below it, and send `from_adult: true` in `to` if it may stand there."
    )


class SameModerator(Refusal):
    code = "same-moderator"
    status = 403
    title = "Another moderator decides about this"
    explanation = (
        "Whoever acted does not decide about the appeal against it, nor does whoever appealed, and "
        "nobody decides about a report of what they posted, by whichever of their tokens. Where "
        "the board has no other moderator, an administrator decides about appeals; about reports "
        "its only moderator does, too."
    )
