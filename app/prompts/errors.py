"""How prompts say no."""

from app.core.errors import Refusal


class PromptQuota(Refusal):
    code = "prompt-quota"
    status = 429
    title = "That was enough prompts for a day"
    explanation = (
        "The board's setting `prompts_per_day` says how many prompts one may post in 24 hours: "
        "behind one mask, from one account, or, without a token, from one network. Deleting one "
        "gives none back. Try again after `Retry-After` seconds. Fills and comments are not "
        "counted."
    )
    sends = ("Retry-After",)

    def __init__(self, most: int, seconds: int) -> None:
        super().__init__(
            f"This board takes {most} in 24 hours from each.",
            headers={"Retry-After": str(seconds)},
        )
