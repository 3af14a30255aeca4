"""How reports say no."""

from app.core.errors import Refusal


class NoReceipt(Refusal):
    code = "no-receipt"
    status = 404
    title = "There is no such report for you"
    explanation = (
        "A report is read by whoever made it, with the `receipt_token` of its receipt in the "
        "header `Fillboard-Receipt`, and by the moderators of the board, with their own token."
    )
