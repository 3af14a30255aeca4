"""How authors say no."""

from app.core.errors import Refusal


class NotProven(Refusal):
    code = "not-proven"
    status = 403
    title = "Show that it is yours"
    explanation = (
        "To put your name under something, send your session's token as `Authorization`, and in "
        "`edit_token` the edit token of the mask that posted it. What your account posted itself "
        "(`anonymous: true`) needs none."
    )
