"""How claims say no."""

from app.core.errors import Refusal


class ClaimsOff(Refusal):
    code = "claims-off"
    status = 409
    title = "Prompts are not claimed on this board"
    explanation = (
        "The board's setting `claims` is off: anybody may write for any prompt without saying so "
        "beforehand. Claims from before it was switched off are listed until they are withdrawn, "
        "but none is made or renewed."
    )
