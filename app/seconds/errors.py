"""How seconds say no."""

from app.core.errors import Refusal


class AccountRequired(Refusal):
    code = "account-required"
    status = 403
    title = "This needs an account"
    explanation = (
        "On this board only accounts second prompts (`seconds_by` is `accounts`), so that each "
        "counts for one person. Send an account's token: an edit token is not enough here. What "
        "was seconded before can still be taken back."
    )
