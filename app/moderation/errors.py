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


class LeavesAdultThread(Refusal):
    code = "leaves-adult-thread"
    status = 409
    title = "The comment would leave a thread about adult material"
    explanation = (
        "It stands below something adult, and would be moved below something that is not: then "
        "everybody reads it, whether or not they asked for adult material. Read it and all that is "
        "below it, and send `from_adult: true` in `to` if it may stand there."
    )
